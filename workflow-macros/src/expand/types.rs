//! The user's types, moved into a module further down.

use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use syn::{Path, Type, visit, visit_mut};

/// `super::Money` is `super::super::Money` one module further down, and `self::Money` is `super::Money`.
pub(crate) struct Deeper(pub(crate) usize);

impl VisitMut for Deeper {
    fn visit_path_mut(&mut self, path: &mut Path) {
        let first = path.segments.first().map(|s| s.ident.to_string());
        match first.as_deref() {
            Some("self") => {
                let rest: Vec<_> = path.segments.iter().skip(1).cloned().collect();
                *path = up(self.0, &rest);
            }
            Some("super") => {
                let all: Vec<_> = path.segments.iter().cloned().collect();
                *path = up(self.0, &all);
            }
            _ => {}
        }
        visit_mut::visit_path_mut(self, path);
    }
}

fn up(depth: usize, rest: &[syn::PathSegment]) -> Path {
    let supers = vec![syn::Ident::new("super", proc_macro2::Span::call_site()); depth];
    syn::parse_quote!(#(#supers)::*::#(#rest)::*)
}

/// The first segment of every path in a type: the names that are looked up where it stands.
pub(crate) fn first_segments(ty: &Type) -> Vec<String> {
    struct Firsts(Vec<String>);
    impl<'t> Visit<'t> for Firsts {
        fn visit_path(&mut self, path: &'t Path) {
            if path.leading_colon.is_none() {
                self.0.extend(path.segments.first().map(|s| s.ident.to_string()));
            }
            visit::visit_path(self, path);
        }
    }
    let mut firsts = Firsts(Vec::new());
    firsts.visit_type(ty);
    firsts.0
}

/// The type is `String`: a method takes `impl Into<String>` for it, so that a literal will do.
pub(crate) fn is_string(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|s| s.ident == "String" && s.arguments.is_empty())
}
