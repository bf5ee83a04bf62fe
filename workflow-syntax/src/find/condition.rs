//! When something is compiled: the `#[cfg(…)]` over it.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// The `#[cfg(…)]` over an item, of the item itself and of all that encloses it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When {
    /// `#[cfg(test)]`, or in a function under `#[test]`: never in what is shipped.
    pub test: bool,
    /// Any others, as they are written, from the outside: in some builds only.
    pub conditions: Vec<String>,
}

impl When {
    /// What these attributes say.
    pub(super) fn add(&mut self, attributes: &[Attribute]) {
        for attribute in attributes {
            if attribute.path().is_ident("cfg") {
                self.cfg(attribute);
            } else if attribute.path().segments.last().is_some_and(|last| last.ident == "test") {
                self.test = true;
            } else if chosen(attribute).is_some_and(|metas| metas.iter().any(|meta| meta.path().is_ident("cfg"))) {
                self.conditions.push(written(attribute));
            }
        }
    }

    fn cfg(&mut self, attribute: &Attribute) {
        match attribute.meta.require_list() {
            Ok(list) if is_test(list.tokens.clone()) => self.test = true,
            Ok(_) | Err(_) => self.conditions.push(written(attribute)),
        }
    }
}

/// `#[cfg_attr(condition, these, …)]`
pub(super) fn chosen(attribute: &Attribute) -> Option<Vec<Meta>> {
    if !attribute.path().is_ident("cfg_attr") {
        return None;
    }
    let all = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
    Some(all.into_iter().skip(1).collect())
}

/// As the user would write it: a printed token has a blank behind it.
fn written(attribute: &Attribute) -> String {
    format!("#[{}]", attribute.meta.to_token_stream()).replace(" (", "(").replace(" ,", ",")
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
