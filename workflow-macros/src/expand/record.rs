//! How types are written and read by serde. What derives would say for each is said once, in `workflow_runtime::private::record`.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use workflow_syntax::ast;

/// A variant of an enum.
pub(super) struct Variant<'v> {
    pub(super) name: &'v Ident,
    /// How it is written, and then what is read for it, too.
    pub(super) spellings: Vec<&'v str>,
}

/// Expands to: `impl Serialize for event::Reserve { … } impl Deserialize for event::Reserve { … }`
pub(super) fn of_struct(path: &TokenStream, name: &Ident, fields: &[&ast::Field]) -> TokenStream {
    let written = written(name.span(), None, path, &struct_written(name, fields));
    let read = read(name.span(), path, &struct_read(name, fields));
    quote! { #written #read }
}

/// The same, for an enum whose variants have a value each.
pub(super) fn of_enum(name: &Ident, variants: &[Variant<'_>]) -> TokenStream {
    let (written, read) = (enum_written(name, variants), enum_read(name, variants, true));
    quote! { #written #read }
}

/// The same, for an enum whose variants have none.
pub(super) fn of_labels(name: &Ident, variants: &[Variant<'_>]) -> TokenStream {
    let arms = variants.iter().enumerate().map(|(at, variant)| {
        let (at, one, label) = (at as u32, variant.name, variant.spellings.first());
        quote!(Self::#one => (#at, #label),)
    });
    let text = text(name);
    let written = written(
        name.span(),
        None,
        &quote!(#name),
        &quote_spanned! {name.span()=>
            let (at, label) = match self { #(#arms)* };
            ::workflow_runtime::private::serde::Serializer::serialize_unit_variant(to, #text, at, label)
        },
    );
    let read = enum_read(name, variants, false);
    quote! { #written #read }
}

/// Expands to: `impl Serialize for In { … }`, for an enum that nobody reads.
pub(super) fn of_union(name: &Ident, variants: &[Ident]) -> TokenStream {
    let texts: Vec<_> = variants.iter().map(text).collect();
    let variants = variants.iter().zip(&texts).map(|(name, text)| Variant { name, spellings: vec![text] });
    enum_written(name, &variants.collect::<Vec<_>>())
}

/// Expands to: `impl<S: Serialize> Serialize for Order<S> { … }`
pub(super) fn of_instance<'n>(name: &Ident, fields: impl Iterator<Item = (&'n Ident, Span)>) -> TokenStream {
    let generics = quote!(<S: ::workflow_runtime::private::serde::Serialize>);
    written(name.span(), Some(generics), &quote!(#name<S>), &fields_written(name, fields))
}

fn written(span: Span, generics: Option<TokenStream>, path: &TokenStream, body: &TokenStream) -> TokenStream {
    quote_spanned! {span=>
        impl #generics ::workflow_runtime::private::serde::Serialize for #path {
            fn serialize<T: ::workflow_runtime::private::serde::Serializer>(
                &self,
                to: T,
            ) -> ::core::result::Result<T::Ok, T::Error> {
                #body
            }
        }
    }
}

fn read(span: Span, path: &TokenStream, body: &TokenStream) -> TokenStream {
    quote_spanned! {span=>
        impl<'de> ::workflow_runtime::private::serde::Deserialize<'de> for #path {
            fn deserialize<T: ::workflow_runtime::private::serde::Deserializer<'de>>(
                from: T,
            ) -> ::core::result::Result<Self, T::Error> {
                #body
            }
        }
    }
}

fn struct_written(name: &Ident, fields: &[&ast::Field]) -> TokenStream {
    if fields.is_empty() {
        let text = text(name);
        return quote_spanned!(name.span()=> ::workflow_runtime::private::serde::Serializer::serialize_unit_struct(to, #text));
    }
    fields_written(name, fields.iter().map(|field| (&field.name, field.ty.span())))
}

/// Expands to: `write(to, "Reserve", &["warehouse", "until"], (Field(&self.warehouse), Field(&self.until)))`
fn fields_written<'n>(name: &Ident, fields: impl Iterator<Item = (&'n Ident, Span)>) -> TokenStream {
    // At its type, but with the function's own `self`.
    let field = |(field, span): (&Ident, Span)| {
        let span = span.resolved_at(name.span());
        (text(field), quote_spanned!(span=> ::workflow_runtime::private::record::Field(&self.#field)))
    };
    let (names, values): (Vec<_>, Vec<_>) = fields.map(field).unzip();
    let (span, name, values) = (name.span(), text(name), pairs(name.span(), &values));
    quote_spanned!(span=> ::workflow_runtime::private::record::write(to, #name, &[#(#names),*], #values))
}

/// Expands to: `let (Field(field0), Field(field1)) = read(…)?; Ok(Self { warehouse: field0, until: field1 })`
fn struct_read(name: &Ident, fields: &[&ast::Field]) -> TokenStream {
    let text_of_all = text(name);
    if fields.is_empty() {
        return quote_spanned!(name.span()=> ::workflow_runtime::private::record::read_unit(from, #text_of_all, Self));
    }
    let names = fields.iter().map(|field| text(&field.name));
    let locals: Vec<_> = (0..fields.len()).map(|at| format_ident!("__field{at}", span = name.span())).collect();
    let patterns: Vec<_> = locals.iter().map(|local| quote!(::workflow_runtime::private::record::Field(#local))).collect();
    let pattern = pairs(name.span(), &patterns);
    let fields = fields.iter().map(|field| &field.name);
    // What serde cannot read is said at the name, once.
    quote_spanned! {name.span()=>
        let #pattern = ::workflow_runtime::private::record::read(from, #text_of_all, &[#(#names),*])?;
        ::core::result::Result::Ok(Self { #(#fields: #locals),* })
    }
}

fn enum_written(name: &Ident, variants: &[Variant<'_>]) -> TokenStream {
    let text = text(name);
    let arms = variants.iter().enumerate().map(|(at, variant)| {
        let (at, one, label) = (at as u32, variant.name, variant.spellings.first());
        quote_spanned! {name.span()=>
            Self::#one(value) => {
                ::workflow_runtime::private::serde::Serializer::serialize_newtype_variant(to, #text, #at, #label, value)
            }
        }
    });
    written(name.span(), None, &quote!(#name), &quote_spanned!(name.span()=> match self { #(#arms)* }))
}

fn enum_read(name: &Ident, variants: &[Variant<'_>], values: bool) -> TokenStream {
    // As derives list them: sorted, for each.
    let spellings = variants.iter().map(|variant| {
        let mut spellings = variant.spellings.clone();
        spellings.sort_unstable();
        spellings
    });
    let spellings: Vec<_> = spellings.flatten().collect();
    let each = variants.iter().map(|variant| Literal::usize_unsuffixed(variant.spellings.len()));
    let arms = variants.iter().enumerate().map(|(at, variant)| {
        let (number, one) = (Literal::usize_unsuffixed(at), variant.name);
        let at = if at + 1 == variants.len() { quote!(_) } else { quote!(#number) };
        let with = if values { quote!(with_value) } else { quote!(without_value) };
        quote!(#at => ::workflow_runtime::private::record::#with(variant, Self::#one),)
    });
    let (span, text) = (name.span(), text(name));
    let read = read(span, &quote!(#name), &quote_spanned!(span=> ::workflow_runtime::private::record::read_variant(from)));
    quote! {
        impl<'de> ::workflow_runtime::private::record::Variants<'de> for #name {
            const NAME: &'static str = #text;
            const SPELLINGS: &'static [&'static str] = &[#(#spellings),*];
            const EACH: &'static [usize] = &[#(#each),*];
            fn read<A: ::workflow_runtime::private::serde::de::VariantAccess<'de>>(
                at: usize,
                variant: A,
            ) -> ::core::result::Result<Self, A::Error> {
                match at { #(#arms)* }
            }
        }
        #read
    }
}

/// `(a, (b, c))`
fn pairs(span: Span, of: &[TokenStream]) -> TokenStream {
    match of {
        [] => quote!(()),
        [one] => one.clone(),
        many => {
            let (first, second) = many.split_at(many.len() / 2);
            let (first, second) = (pairs(span, first), pairs(span, second));
            quote_spanned!(span=> (#first, #second))
        }
    }
}

/// As serde spells a name: `type` for `r#type`.
fn text(name: &Ident) -> String {
    name.unraw().to_string()
}
