//! `#[snapshot = "…"]`: a declaration whose migration has not been generated does not compile.

use super::Expansion;
use super::scope::at;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use workflow_model::fingerprint::fingerprint;

impl Expansion<'_> {
    /// Expands to: `const _: () = assert!(is_migrated(include_bytes!("…/order.json"), "1370f3e9…"), "…");`
    ///
    /// The file is read by the compiler, which then knows that the crate depends on it.
    pub(super) fn snapshot(&self) -> TokenStream {
        let Some(path) = &self.syntax.attrs.snapshot else { return TokenStream::new() };
        let (fingerprint, span) = (fingerprint(self.model), self.syntax.name.span());
        let file = format!("/{}", path.value());
        let bytes =
            quote_spanned!(path.span()=> ::core::include_bytes!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #file)));
        let message = format!(
            "`{}` is not what its snapshot says: run `cargo workflow generate`, and commit what it writes",
            self.model.name.label
        );
        at(
            span,
            quote! {
                const _: () = ::core::assert!(::workflow_runtime::private::is_migrated(#bytes, #fingerprint), #message);
            },
        )
    }
}
