//! Text to syntax tree, with every fault of a block in one pass.
//!
//! After a fault the parser goes on behind the next `,` of that level, and keeps what it understood: the types that the macro
//! emits then are as many as possible, so that one mistake does not read as fifty and completion works while a line is half typed.

mod attrs;
mod children;
mod clauses;
mod cursor;
mod fields;
mod length;
mod list;
mod literals;
mod names;
mod retries;
mod states;
mod times;
mod transitions;
mod workflow;

use crate::ast;
use crate::fault::ParseError;
use crate::nesting;
use cursor::Cursor;
use proc_macro2::TokenStream;

/// What became of a block.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// What was understood. None when not even the name could be read.
    pub workflow: Option<ast::Workflow>,
    /// The faults, in the order of the text; what they touch is missing in `workflow` or a stand-in.
    pub errors: Vec<ParseError>,
}

/// Parses the tokens between the braces of `workflow! { … }`. It always ends and never panics.
pub fn parse(tokens: TokenStream) -> Parsed {
    if let Some(place) = nesting::deeper_than(nesting::OF_A_BLOCK, tokens.clone()) {
        let fault = ParseError::syntax(place, "this is nested too deeply");
        return Parsed {
            workflow: None,
            errors: vec![fault.help("give the inner type a name outside of the block: `type Inner = …;`")],
        };
    }
    let mut errors = Vec::new();
    let workflow = workflow::workflow(&mut Cursor::outermost(tokens), &mut errors);
    Parsed { workflow, errors }
}
