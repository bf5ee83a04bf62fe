//! The blocks of a file, for whoever reads sources without the compiler.
//!
//! Only what stands in the text is seen: a block that another macro writes, or whose tokens another macro is given, is
//! reported as [`Unseen`]. Lines and columns come from the spans, which have them when the caller's crate switches on
//! `span-locations` of proc-macro2.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprLit, ItemMod, Lit, LitStr, Macro, Meta, Token};

/// What a file holds.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// The `workflow! { … }` blocks, in the order of the text.
    pub found: Vec<Found>,
    /// Blocks within other macros.
    pub unseen: Vec<Unseen>,
    /// The files that belong to it: `mod shipping;`.
    pub modules: Vec<Module>,
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
    /// Its name's place.
    pub span: Span,
    /// When it is compiled.
    pub when: When,
}

/// The `#[cfg(…)]` over an item, of the item itself and of all that encloses it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct When {
    /// `#[cfg(test)]`: never in what is shipped.
    pub test: bool,
    /// Any other `#[cfg(…)]`: in some builds only.
    pub conditional: bool,
}

/// Reads the text of a Rust file.
///
/// # Errors
///
/// When the text is not Rust; the error's span is the place.
pub fn find(source: &str) -> syn::Result<File> {
    let parsed = syn::parse_file(source)?;
    let mut finder = Finder::default();
    finder.under(&parsed.attrs, |finder| visit::visit_file(finder, &parsed));
    Ok(finder.file)
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
        let around = self.when;
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")) {
            let test = attribute.meta.require_list().is_ok_and(|list| is_test(list.tokens.clone()));
            self.when.test |= test;
            self.when.conditional |= !test;
        }
        visit(self);
        self.when = around;
    }

    fn declared(&mut self, item: &ItemMod) {
        self.file.modules.push(Module {
            parents: self.module.clone(),
            folders: self.folders.clone(),
            name: name(item),
            path: path(&item.attrs),
            span: item.ident.span(),
            when: self.when,
        });
    }

    fn inline(&mut self, item: &ItemMod) {
        self.module.push(name(item));
        self.folders.push(path(&item.attrs).unwrap_or_else(|| name(item)));
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
            when: self.when,
        });
    }

    /// `workflow!` and a group, at any depth.
    fn unseen(&mut self, tokens: TokenStream) {
        let trees: Vec<_> = tokens.into_iter().collect();
        for (i, tree) in trees.iter().enumerate() {
            match tree {
                TokenTree::Ident(word) if word == "workflow" && is_call(&trees[i + 1..]) => {
                    self.file.unseen.push(Unseen { module: self.module.clone(), span: word.span() });
                }
                TokenTree::Group(group) => self.unseen(group.stream()),
                TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

impl<'a> Visit<'a> for Finder {
    fn visit_macro(&mut self, call: &'a Macro) {
        if call.path.segments.last().is_some_and(|segment| segment.ident == "workflow") {
            self.found(call);
        } else {
            self.unseen(call.tokens.clone());
        }
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
        self.under(&item.attrs, |finder| visit::visit_item_macro(finder, item));
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

/// `test`, `all(test, …)`
fn is_test(condition: TokenStream) -> bool {
    match syn::parse2::<Meta>(condition) {
        Ok(Meta::Path(path)) => path.is_ident("test"),
        Ok(Meta::List(list)) if list.path.is_ident("all") => list
            .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .is_ok_and(|all| all.iter().any(|meta| is_test(meta.to_token_stream()))),
        Ok(Meta::List(_) | Meta::NameValue(_)) | Err(_) => false,
    }
}

/// `#[path = "…"]`
fn path(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("path")).find_map(|attribute| {
        let value = &attribute.meta.require_name_value().ok()?.value;
        match value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(LitStr::value(text)),
            _ => None,
        }
    })
}

/// The file of `mod r#type;` is `type.rs`.
fn name(item: &ItemMod) -> String {
    syn::ext::IdentExt::unraw(&item.ident).to_string()
}
