//! The drawing in the documentation of the module.

use super::Expansion;
use proc_macro2::TokenStream;
use quote::quote;
use std::path::Path;

impl Expansion<'_> {
    /// With the drawing that `cargo workflow diagram` has left beside the manifest, if it is there.
    ///
    /// Whether it is there is all that is asked; what is in it, rustdoc reads.
    pub(crate) fn with_diagram_of(mut self, home: Option<&Path>) -> Self {
        let file = format!("docs/{}.svg", self.model.name.label);
        self.diagram = home.filter(|home| home.join(&file).is_file()).map(|_| format!("/{file}"));
        self
    }

    /// Expands to: `#[cfg_attr(doc, doc = include_str!("docs/order.svg"))]`
    ///
    /// Only for rustdoc: otherwise a new drawing would compile the crate anew. The lines around it must not be left blank behind
    /// `<div>`, where Markdown would begin again.
    pub(super) fn diagram(&self) -> TokenStream {
        let Some(file) = &self.diagram else { return TokenStream::new() };
        quote! {
            #[cfg_attr(doc, doc = "")]
            #[cfg_attr(doc, doc = "<div class=\"wf-diagram\" style=\"overflow-x:auto\">")]
            #[cfg_attr(doc, doc = ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #file)))]
            #[cfg_attr(doc, doc = "</div>")]
        }
    }
}
