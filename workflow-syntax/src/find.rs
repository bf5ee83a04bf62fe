//! The blocks of a file, for whoever reads sources without the compiler.
//!
//! Only what stands in the text is seen: a block that another macro writes, or whose tokens another macro is given, is
//! reported as [`Unseen`]. Lines and columns come from the spans, which have them when the caller's crate switches on
//! `span-locations` of proc-macro2.

mod condition;
mod file_name;

pub use condition::When;

use crate::nesting;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, Macro, Path};

/// What a file holds.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// The `workflow! { … }` blocks, in the order of the text.
    pub found: Vec<Found>,
    /// Blocks within other macros.
    pub unseen: Vec<Unseen>,
    /// The files that belong to it: `mod shipping;`.
    pub modules: Vec<Module>,
    /// The files whose text is put into it: `include!("…")`.
    pub includes: Vec<Include>,
}

/// `workflow! { … }`
#[derive(Debug, Clone)]
pub struct Found {
    /// The modules of this file in which it stands, from the outside.
    pub module: Vec<String>,
    /// What stands between its braces, for [`parse()`](crate::parse()).
    pub tokens: TokenStream,
    /// The first token of its path.
    pub span: Span,
    /// It stands in a function, where its types have no path.
    pub in_function: bool,
    /// When it is compiled.
    pub when: When,
}

/// `other! { … workflow! { … } … }`, which only the compiler can expand.
#[derive(Debug, Clone)]
pub struct Unseen {
    /// The modules of this file in which it stands, from the outside.
    pub module: Vec<String>,
    /// The word `workflow`.
    pub span: Span,
    /// When it is compiled.
    pub when: When,
}

/// `mod shipping;`
#[derive(Debug, Clone)]
pub struct Module {
    /// The modules of this file in which it is declared, from the outside.
    pub parents: Vec<String>,
    /// The folders of those modules; they are their names, unless `#[path]` says otherwise.
    pub folders: Vec<String>,
    /// Its name.
    pub name: String,
    /// `#[path = "…"]`
    pub path: Option<String>,
    /// Only the compiler knows its path: a macro writes it, or `cfg_attr` chooses it.
    pub unclear: bool,
    /// Another macro is given the declaration, such as `cfg_if!`, and most probably passes it on.
    pub in_macro: bool,
    /// Its name's place.
    pub span: Span,
    /// When it is compiled.
    pub when: When,
}

/// `include!("…")`
#[derive(Debug, Clone)]
pub struct Include {
    /// The file, from the folder of this one; none where a macro writes it.
    pub path: Option<String>,
    /// A build script writes it: `concat!(env!("OUT_DIR"), …)`.
    pub generated: bool,
    /// It stands for items, and not for an expression.
    pub items: bool,
    /// The word `include`.
    pub span: Span,
    /// When it is compiled.
    pub when: When,
}

/// Reads the text of a Rust file.
///
/// # Errors
///
/// When the text is not Rust; the error's span is the place.
pub fn find(source: &str) -> syn::Result<File> {
    let parsed = parse_file(source)?;
    let mut finder = Finder::default();
    finder.under(&parsed.attrs, |finder| visit::visit_file(finder, &parsed));
    Ok(finder.file)
}

/// As syn's own, which would overflow the stack where a text is nested too deeply.
fn parse_file(source: &str) -> syn::Result<syn::File> {
    let tokens: TokenStream = without_shebang(source).parse()?;
    match nesting::deeper_than(nesting::OF_A_FILE, tokens.clone()) {
        Some(place) => Err(syn::Error::new(place, "this is nested too deeply to be read")),
        None => syn::parse2(tokens),
    }
}

/// `#!/usr/bin/env …`, but not `#![…]`. The line stays, so that all others have their numbers.
fn without_shebang(source: &str) -> &str {
    let is_one = source.strip_prefix("#!").is_some_and(|rest| !rest.trim_start().starts_with('['));
    if is_one { source.find('\n').map_or("", |end| &source[end..]) } else { source }
}

#[derive(Default)]
struct Finder {
    file: File,
    module: Vec<String>,
    folders: Vec<String>,
    blocks: usize,
    when: When,
}

impl Finder {
    /// Visits what stands under these attributes.
    fn under(&mut self, attributes: &[Attribute], visit: impl FnOnce(&mut Self)) {
        let around = self.when.clone();
        self.when.add(attributes);
        visit(self);
        self.when = around;
    }

    fn declared(&mut self, item: &ItemMod) {
        self.file.modules.push(Module {
            parents: self.module.clone(),
            folders: self.folders.clone(),
            name: file_name::of(&item.ident),
            path: file_name::path(&item.attrs),
            unclear: file_name::unclear(&item.attrs),
            in_macro: false,
            span: item.ident.span(),
            when: self.when.clone(),
        });
    }

    fn inline(&mut self, item: &ItemMod) {
        let name = file_name::of(&item.ident);
        self.module.push(name.clone());
        self.folders.push(file_name::path(&item.attrs).unwrap_or(name));
        visit::visit_item_mod(self, item);
        self.folders.pop();
        self.module.pop();
    }

    fn found(&mut self, call: &Macro) {
        self.file.found.push(Found {
            module: self.module.clone(),
            tokens: call.tokens.clone(),
            span: call.path.span(),
            in_function: self.blocks > 0,
            when: self.when.clone(),
        });
    }

    fn included(&mut self, call: &Macro, items: bool) {
        self.file.includes.push(Include {
            path: syn::parse2::<syn::LitStr>(call.tokens.clone()).ok().map(|text| text.value()),
            generated: file_name::is_generated(call.tokens.clone()),
            items,
            span: call.path.span(),
            when: self.when.clone(),
        });
    }

    /// `workflow!` and a group, and `mod name;`, at any depth.
    fn unseen(&mut self, within: &Path, tokens: TokenStream) {
        let trees: Vec<_> = tokens.into_iter().collect();
        for (i, tree) in trees.iter().enumerate() {
            match tree {
                TokenTree::Ident(word) if word == "workflow" && is_call(&trees[i + 1..]) => {
                    self.file.unseen.push(Unseen { module: self.module.clone(), span: word.span(), when: self.when.clone() });
                }
                TokenTree::Ident(word) if word == "mod" => self.passed_on(within, &trees[i + 1..]),
                TokenTree::Group(group) => self.unseen(within, group.stream()),
                TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// Behind the word `mod` among the tokens of a macro: `name;`.
    fn passed_on(&mut self, within: &Path, behind: &[TokenTree]) {
        let [TokenTree::Ident(name), TokenTree::Punct(end), ..] = behind else { return };
        if end.as_char() != ';' {
            return;
        }
        let mut when = self.when.clone();
        when.conditions.push(format!("{}!", within.to_token_stream()).replace(' ', ""));
        self.file.modules.push(Module {
            parents: self.module.clone(),
            folders: self.folders.clone(),
            name: file_name::of(name),
            path: None,
            unclear: false,
            in_macro: true,
            span: name.span(),
            when,
        });
    }

    fn call(&mut self, call: &Macro, items: bool) {
        match call.path.segments.last() {
            Some(last) if last.ident == "workflow" => self.found(call),
            Some(last) if last.ident == "include" => self.included(call, items),
            _ => self.unseen(&call.path, call.tokens.clone()),
        }
    }
}

impl<'a> Visit<'a> for Finder {
    fn visit_macro(&mut self, call: &'a Macro) {
        self.call(call, false);
    }

    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        self.under(&item.attrs, |finder| match &item.content {
            Some(_) => finder.inline(item),
            None => finder.declared(item),
        });
    }

    fn visit_block(&mut self, block: &'a syn::Block) {
        self.blocks += 1;
        visit::visit_block(self, block);
        self.blocks -= 1;
    }

    fn visit_item_macro(&mut self, item: &'a syn::ItemMacro) {
        let items = self.blocks == 0;
        self.under(&item.attrs, |finder| finder.call(&item.mac, items));
    }

    fn visit_stmt_macro(&mut self, item: &'a syn::StmtMacro) {
        self.under(&item.attrs, |finder| visit::visit_stmt_macro(finder, item));
    }

    fn visit_expr_macro(&mut self, item: &'a syn::ExprMacro) {
        self.under(&item.attrs, |finder| visit::visit_expr_macro(finder, item));
    }

    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        self.under(&item.attrs, |finder| visit::visit_item_fn(finder, item));
    }

    fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
        self.under(&item.attrs, |finder| visit::visit_item_impl(finder, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        self.under(&item.attrs, |finder| visit::visit_impl_item_fn(finder, item));
    }
}

/// Behind the word `workflow`: `! { … }`.
fn is_call(behind: &[TokenTree]) -> bool {
    matches!(behind, [TokenTree::Punct(mark), TokenTree::Group(_), ..] if mark.as_char() == '!')
}
