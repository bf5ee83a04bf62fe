//! Faults as compile errors, each at the user's own tokens.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use workflow_model::{Code, Diagnostic};
use workflow_syntax::{ParseError, ast};

pub(crate) fn parse_errors(errors: &[ParseError]) -> TokenStream {
    errors.iter().map(|e| error(e.span, e.code, &e.message, e.help.as_deref())).collect()
}

pub(crate) fn diagnostics(diagnostics: &[Diagnostic], syntax: &ast::Workflow) -> TokenStream {
    diagnostics.iter().map(|d| error(syntax.span(d.place), d.code, &d.message, d.help.as_deref())).collect()
}

/// Draws:
///
/// ```text
/// error: `Shipped.tracking` is not set by `ship` [W021]
///        help: add the parameter `tracking: String`, …
/// ```
fn error(span: Span, code: Code, message: &str, help: Option<&str>) -> TokenStream {
    let help = help.map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let text = format!("{message} [{code}]{help}");
    quote_spanned!(span=> ::core::compile_error!(#text);)
}
