//! Groups: a type each, which an instance can be loaded and locked as.

use super::Expansion;
use super::state::docs_or;
use proc_macro2::TokenStream;
use quote::quote;

impl Expansion<'_> {
    /// Expands to: `pub enum Open { … }` and what makes it an instance.
    pub(super) fn groups(&self) -> TokenStream {
        self.syntax.groups.iter().map(|group| self.group(group)).collect()
    }

    fn group(&self, group: &workflow_syntax::ast::Group) -> TokenStream {
        let (name, order) = (&group.name, &self.syntax.name);
        let members = self.model.resolve(&name.to_string());
        let states: Vec<_> =
            self.pairs().filter(|(_, m)| members.iter().any(|s| s.name == m.name)).map(|(s, _)| s.name.clone()).collect();
        let labels: Vec<_> = members.iter().flat_map(|s| s.labels()).collect();
        let docs = docs_or(&group.attrs, &format!("One of the group `{name}`."));
        let declared = self.union_enum(name, &states, &quote!(#(#docs)*));
        quote! {
            #declared
            #[diagnostic::do_not_recommend]
            impl ::workflow_runtime::workflow::InState for #name {
                type Instance = #name;
            }
            #[diagnostic::do_not_recommend]
            impl ::workflow_runtime::workflow::Instance for #name {
                type Workflow = #order;
                const STATES: ::core::option::Option<&'static [&'static str]> = ::core::option::Option::Some(&[#(#labels),*]);
                fn narrow(any: #order) -> ::core::result::Result<Self, ::std::boxed::Box<#order>> {
                    match any.typed() {
                        #( In::#states(instance) => ::core::result::Result::Ok(#name::#states(instance)), )*
                        other => ::core::result::Result::Err(::std::boxed::Box::new(::core::convert::From::from(other))),
                    }
                }
            }
        }
    }
}
