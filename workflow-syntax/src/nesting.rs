//! How deep tokens are nested, before anything recurses into them: no text may overflow the stack.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree, token_stream};

/// Of a whole file. Nobody writes this much, and what reads files has a stack for it.
pub(crate) const OF_A_FILE: usize = 500;

/// Of a block, which the compiler reads with the stack that it happens to have.
pub(crate) const OF_A_BLOCK: usize = 32;

/// The first place that is nested deeper than so many levels.
pub(crate) fn deeper_than(most: usize, tokens: TokenStream) -> Option<Span> {
    let mut outer: Vec<Level> = Vec::new();
    let mut level = Level::of(tokens, 0);
    loop {
        match level.trees.next() {
            Some(tree) => {
                let depth = level.meet(&tree);
                if depth > most {
                    return Some(tree.span());
                }
                if let TokenTree::Group(group) = tree {
                    outer.push(std::mem::replace(&mut level, Level::of(group.stream(), depth)));
                }
            }
            None => level = outer.pop()?,
        }
    }
}

/// What was met of one group. There are forms that nest without brackets: `V<V<…`, `&mut &mut …`, `a = a = …`.
struct Level {
    trees: token_stream::IntoIter,
    around: usize,
    angles: usize,
    chained: usize,
    prefixes: usize,
    before: char,
}

impl Level {
    fn of(tokens: TokenStream, around: usize) -> Level {
        Level { trees: tokens.into_iter(), around, angles: 0, chained: 0, prefixes: 0, before: ' ' }
    }

    /// The depth behind this token; never less than it is.
    fn meet(&mut self, tree: &TokenTree) -> usize {
        let c = match tree {
            TokenTree::Punct(punct) => punct.as_char(),
            TokenTree::Ident(_) | TokenTree::Literal(_) | TokenTree::Group(_) => ' ',
        };
        self.prefixes = if is_prefix(tree, self.before) { self.prefixes + 1 } else { 0 };
        match (self.before, c) {
            ('=', '>') | (_, ';') => (self.angles, self.chained) = (0, 0),
            ('-', '>') | (_, '=' | '@') => self.chained += 1,
            (_, '<') => self.angles += 1,
            (_, '>') => self.angles = self.angles.saturating_sub(1),
            (_, ',') => self.chained = 0,
            _ => {}
        }
        self.before = c;
        let depth = self.around + self.angles + self.chained + self.prefixes;
        let is_block = matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        if is_block {
            (self.angles, self.chained) = (0, 0);
        }
        depth + usize::from(matches!(tree, TokenTree::Group(_)))
    }
}

/// What may stand before an expression or a type, and before the next of its kind.
fn is_prefix(tree: &TokenTree, before: char) -> bool {
    const WORDS: [&str; 9] = ["async", "break", "const", "dyn", "move", "mut", "ref", "return", "unsafe"];
    match tree {
        TokenTree::Punct(punct) => !matches!(punct.as_char(), ',' | ';' | '<' | '>'),
        TokenTree::Ident(word) => before == '\'' || WORDS.iter().any(|prefix| word == prefix),
        TokenTree::Literal(_) | TokenTree::Group(_) => false,
    }
}
