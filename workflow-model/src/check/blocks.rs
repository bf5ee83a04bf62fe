//! Whether the statements of `with sql` close what they open: they stand between an `IF` and an `END IF` of ours.

use super::sql::Unfit;
use crate::sql::Token;

/// `END IF; DELETE FROM a; IF true THEN`, `PERFORM 1; ELSE DELETE FROM a`: what would end our block, or begin another part of it.
pub(super) fn unbalanced_blocks(tokens: &[Token<'_>]) -> Option<Unfit> {
    let tokens: Vec<Token<'_>> = tokens.iter().copied().filter(|token| *token != Token::Comment).collect();
    let mut reader = Reader::default();
    for (i, token) in tokens.iter().enumerate() {
        if let Token::Word(word) = token
            && let Err(fault) = reader.meet(&tokens[..i], &word.to_ascii_lowercase())
        {
            return Some(fault);
        }
    }
    let open = reader.open.pop()?.to_uppercase();
    let closes = if open == "BEGIN" { "END".to_owned() } else { format!("END {open}") };
    Some((format!("`{open}` is opened and not closed"), format!("write the `{closes}` that closes it")))
}

#[derive(Default)]
struct Reader {
    /// What is open, from the outside.
    open: Vec<&'static str>,
    /// The word with which the statement began.
    head: String,
}

impl Reader {
    fn meet(&mut self, before: &[Token<'_>], word: &str) -> Result<(), Unfit> {
        let starts = starts_statement(before);
        if starts {
            word.clone_into(&mut self.head);
        }
        let is_name = matches!(before.last(), Some(Token::Sign('.'))) || is_word(before.last(), &["as", "end"]);
        match word {
            _ if is_name => {}
            "end" => drop(self.open.pop().ok_or_else(|| stray(word))?),
            "else" | "elsif" | "elseif" | "when" | "exception" if starts && self.open.is_empty() => return Err(stray(word)),
            "case" => self.open.push("case"),
            "if" if starts => self.open.push("if"),
            "begin" if starts => self.open.push("begin"),
            "loop" if matches!(self.head.as_str(), "loop" | "while" | "for" | "foreach") => self.open.push("loop"),
            _ => {}
        }
        Ok(())
    }
}

fn stray(word: &str) -> Unfit {
    let word = word.to_uppercase();
    (format!("this `{word}` would end the block around the effect"), "leave it out, or write what opens its block".to_owned())
}

/// Behind `;`, a label, or a word that statements follow.
fn starts_statement(before: &[Token<'_>]) -> bool {
    match before {
        [] | [.., Token::Sign(';')] | [.., Token::Sign('>'), Token::Sign('>')] => true,
        [.., last] => is_word(Some(last), &["begin", "declare", "else", "loop", "then"]),
    }
}

fn is_word(token: Option<&Token<'_>>, words: &[&str]) -> bool {
    matches!(token, Some(Token::Word(word)) if words.iter().any(|w| word.eq_ignore_ascii_case(w)))
}

#[cfg(test)]
mod tests {
    use super::super::sql::unfit_statements;

    #[test]
    fn statements_close_what_they_open() {
        for text in [
            "IF NEW.a THEN UPDATE b SET c = 1; ELSIF x THEN PERFORM f(); ELSE RETURN; END IF",
            "IF a THEN IF b THEN PERFORM 1; END IF; END IF; PERFORM 2",
            "UPDATE a SET b = CASE WHEN c THEN 1 ELSE 2 END WHERE d = CASE x WHEN 1 THEN 2 END",
            "CASE x WHEN 1 THEN PERFORM 1; ELSE PERFORM 2; END CASE",
            "FOR r IN SELECT * FROM a LOOP PERFORM f(r.b); END LOOP",
            "<<outer>> WHILE true LOOP EXIT outer; END LOOP outer",
            "DECLARE n int; BEGIN SELECT 1 INTO n; EXCEPTION WHEN unique_violation THEN NULL; END",
            "MERGE INTO a USING b ON c WHEN MATCHED THEN UPDATE SET d = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)",
            "UPDATE a SET loop = 1, begin = o.end FROM o",
            "DROP TABLE IF EXISTS a",
            "RAISE EXCEPTION 'no'",
            "UPDATE a SET b = 'END IF; ELSE'",
        ] {
            assert_eq!(unfit_statements(text), None, "{text}");
        }
        for text in [
            "END IF; DELETE FROM a; IF true THEN PERFORM 1",
            "PERFORM 1; ELSE DELETE FROM a",
            "PERFORM 1; ELSIF true THEN DELETE FROM a",
            "PERFORM 1; END IF; DELETE FROM a; IF true THEN PERFORM 2; END IF",
            "PERFORM 1; END; $body$ LANGUAGE plpgsql; DROP TABLE orders; --",
            "PERFORM 1 -- \r; END IF; DELETE FROM a; IF true THEN PERFORM 2",
            "PERFORM 1; EXCEPTION WHEN OTHERS THEN NULL",
            "IF a THEN PERFORM 1",
            "FOR r IN SELECT 1 LOOP PERFORM 1",
        ] {
            assert!(unfit_statements(text).is_some(), "{text}");
        }
    }
}
