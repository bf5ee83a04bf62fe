//! What our own statements make, read from their text: `CREATE TABLE`, `INDEX`, `FUNCTION`, `TRIGGER`, `VIEW`.

use super::token::{Token, TokenKind, tokens};
use super::{Aspect, Catalogue, Kind, Thing, types};
use crate::sql::split;

/// Everything that a text of statements makes; what it does beside that is not looked at.
pub(super) fn read(catalogue: &mut Catalogue, text: &str) {
    for statement in split(text) {
        let tokens = tokens(statement);
        let mut reader = Reader { text: statement, tokens: &tokens, at: 0 };
        // A statement of another form makes nothing that we know.
        let _ = reader.statement(catalogue);
    }
}

struct Reader<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
}

impl<'t> Reader<'t> {
    fn statement(&mut self, catalogue: &mut Catalogue) -> Option<()> {
        if self.eat("revoke") {
            return self.revoke(catalogue);
        }
        self.eat("create").then_some(())?;
        self.all(&["or", "replace"]);
        if self.eat("table") {
            self.table(catalogue)
        } else if self.all(&["unique", "index"]) {
            self.index(catalogue, "unique")
        } else if self.eat("index") {
            self.index(catalogue, "plain")
        } else if self.eat("function") {
            self.function(catalogue)
        } else if self.eat("trigger") {
            self.trigger(catalogue)
        } else if self.eat("view") {
            catalogue.add(Thing::new(Kind::View, "", self.name()?));
            Some(())
        } else {
            None
        }
    }

    fn table(&mut self, catalogue: &mut Catalogue) -> Option<()> {
        self.all(&["if", "not", "exists"]);
        let table = self.name()?;
        catalogue.add(Thing::new(Kind::Table, "", &table));
        for element in self.list()? {
            Reader { text: self.text, tokens: element, at: 0 }.element(catalogue, &table)?;
        }
        Some(())
    }

    /// A column or a constraint of a table.
    fn element(&mut self, catalogue: &mut Catalogue, table: &str) -> Option<()> {
        let constraint = self.eat("constraint").then(|| self.word()).flatten();
        if self.all(&["primary", "key"]) {
            constrain(catalogue, table, PRIMARY, "primary key", &self.columns()?);
        } else if self.eat("unique") {
            constrain(catalogue, table, &constraint?, "unique", &self.columns()?);
        } else if self.eat("check") {
            constrain(catalogue, table, &constraint?, "check", self.brackets()?);
        } else {
            self.column(catalogue, table)?;
        }
        Some(())
    }

    fn column(&mut self, catalogue: &mut Catalogue, table: &str) -> Option<()> {
        let name = self.word()?;
        let column = Thing::new(Kind::Column, table, &name);
        let ends = |token: &Token| ["not", "default", "check", "primary"].iter().any(|word| token.is(word));
        catalogue.say(column.clone(), Aspect::Type, types::canonical(self.until(ends)));
        let (mut required, mut default) = ("no", "");
        while self.at < self.tokens.len() {
            if self.all(&["not", "null"]) {
                required = "yes";
            } else if self.all(&["primary", "key"]) {
                required = "yes";
                constrain(catalogue, table, PRIMARY, "primary key", &name);
            } else if self.eat("default") {
                default = self.until(|token| token.is("not") || token.is("check"));
            } else if self.eat("check") {
                let short = table.rsplit_once('.').map_or(table, |(_, short)| short);
                constrain(catalogue, table, &format!("{short}_{name}_check"), "check", self.brackets()?);
            } else {
                return None;
            }
        }
        catalogue.say(column.clone(), Aspect::Required, required);
        catalogue.say(column, Aspect::Default, default);
        Some(())
    }

    fn index(&mut self, catalogue: &mut Catalogue, form: &str) -> Option<()> {
        let name = self.word()?;
        self.eat("on").then_some(())?;
        let table = self.name()?;
        let columns = self.columns()?;
        let predicate = if self.eat("where") { self.until(|_| false) } else { "" };
        let index = Thing::new(Kind::Index, table, name);
        catalogue.say(index.clone(), Aspect::Definition, format!("{form} ({columns})"));
        catalogue.say(index.clone(), Aspect::Condition, predicate);
        catalogue.say(index, Aspect::Valid, "yes");
        Some(())
    }

    fn trigger(&mut self, catalogue: &mut Catalogue) -> Option<()> {
        let name = self.word()?;
        let definition = trigger(self.text);
        while !self.eat("on") {
            self.at += 1;
            self.tokens.get(self.at)?;
        }
        let trigger = Thing::new(Kind::Trigger, self.name()?, name);
        catalogue.say(trigger.clone(), Aspect::Definition, definition);
        catalogue.say(trigger, Aspect::Enabled, "yes");
        Some(())
    }

    fn function(&mut self, catalogue: &mut Catalogue) -> Option<()> {
        let name = self.name()?;
        let (mut names, mut kinds) = (Vec::new(), Vec::new());
        for parameter in self.list()? {
            let mut reader = Reader { text: self.text, tokens: parameter, at: 0 };
            // The stand-ins have types only.
            if parameter.len() > 1
                && !parameter[1].is(".")
                && !parameter[1].is("[")
                && !parameter[1].is("(")
                && !is_long(parameter)
            {
                names.push(reader.word()?);
            }
            kinds.push(types::of_argument(reader.until(|_| false)));
        }
        self.eat("returns").then_some(())?;
        let function = Thing::new(Kind::Function, "", format!("{name}({})", kinds.join(", ")));
        let mut say = |aspect, value: String| catalogue.say(function.clone(), aspect, value);
        say(Aspect::Parameters, names.join(", "));
        say(Aspect::Returns, types::canonical(self.until(|token| token.is("language"))));
        say(Aspect::Language, String::new());
        let (mut volatility, mut security, mut settings) = ("volatile", "invoker", Vec::new());
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            if token.is("language") {
                say(Aspect::Language, self.word()?);
            } else if token.is("stable") || token.is("immutable") {
                volatility = if token.is("stable") { "stable" } else { "immutable" };
            } else if token.is("security") {
                security = if self.eat("definer") { "definer" } else { "invoker" };
            } else if token.is("set") {
                let name = self.word()?;
                self.at += 1;
                let words = ["set", "as", "security", "language"];
                settings.push(setting(&name, self.until(|token| words.iter().any(|word| token.is(word)))));
            } else if let TokenKind::Body(text) = &token.kind {
                say(Aspect::Body, body(text));
            }
        }
        settings.sort();
        say(Aspect::Volatility, volatility.to_owned());
        say(Aspect::Security, security.to_owned());
        say(Aspect::Settings, settings.join("; "));
        Some(())
    }

    /// `REVOKE ALL ON FUNCTION … FROM PUBLIC`
    fn revoke(&mut self, catalogue: &mut Catalogue) -> Option<()> {
        self.all(&["all", "on", "function"]).then_some(())?;
        let name = self.name()?;
        let kinds: Vec<String> = self
            .list()?
            .iter()
            .map(|tokens| types::of_argument(Reader { text: self.text, tokens, at: 0 }.until(|_| false)))
            .collect();
        catalogue.say(Thing::new(Kind::Function, "", format!("{name}({})", kinds.join(", "))), Aspect::Public, "no");
        Some(())
    }

    fn eat(&mut self, text: &str) -> bool {
        self.all(&[text])
    }

    fn all(&mut self, words: &[&str]) -> bool {
        let are = words.iter().enumerate().all(|(n, word)| self.tokens.get(self.at + n).is_some_and(|t| t.is(word)));
        self.at += if are { words.len() } else { 0 };
        are
    }

    fn word(&mut self) -> Option<String> {
        let name = self.tokens.get(self.at)?.name()?.to_owned();
        self.at += 1;
        Some(name)
    }

    /// `public.orders`
    fn name(&mut self) -> Option<String> {
        let mut name = self.word()?;
        while self.eat(".") {
            name = format!("{name}.{}", self.word()?);
        }
        Some(name)
    }

    /// The text up to a token, outside brackets.
    fn until(&mut self, ends: impl Fn(&Token) -> bool) -> &'t str {
        let (start, mut depth) = (self.at, 0_usize);
        while let Some(token) = self.tokens.get(self.at).filter(|token| depth > 0 || !ends(token)) {
            depth = deeper(depth, token);
            self.at += 1;
        }
        self.span(start, self.at)
    }

    fn span(&self, start: usize, end: usize) -> &'t str {
        match (self.tokens.get(start), end.checked_sub(1).and_then(|last| self.tokens.get(last))) {
            (Some(first), Some(last)) if start < end => &self.text[first.start..last.end],
            _ => "",
        }
    }

    /// `(…)`, without the brackets.
    fn brackets(&mut self) -> Option<&'t str> {
        let tokens = self.inner()?;
        let (first, last) = (tokens.first()?, tokens.last()?);
        Some(&self.text[first.start..last.end])
    }

    fn inner(&mut self) -> Option<&'t [Token]> {
        self.eat("(").then_some(())?;
        let (start, mut depth) = (self.at, 1);
        while depth > 0 {
            depth = deeper(depth, self.tokens.get(self.at)?);
            self.at += 1;
        }
        Some(&self.tokens[start..self.at - 1])
    }

    /// `(a, b)`, each by itself.
    fn list(&mut self) -> Option<Vec<&'t [Token]>> {
        let inner = self.inner()?;
        let mut depth = 0;
        let elements = inner.split(|token| {
            depth = deeper(depth, token);
            depth == 0 && token.is(",")
        });
        Some(elements.filter(|element| !element.is_empty()).collect())
    }

    fn columns(&mut self) -> Option<String> {
        let names: Option<Vec<&str>> = self.list()?.iter().map(|element| element.first()?.name()).collect();
        Some(names?.join(", "))
    }
}

fn deeper(depth: usize, token: &Token) -> usize {
    if token.is("(") {
        depth + 1
    } else if token.is(")") {
        depth.saturating_sub(1)
    } else {
        depth
    }
}

/// The name under which a table's only primary key is compared: PostgreSQL chooses its name, and a table that was adopted has another.
pub(super) const PRIMARY: &str = "primary key";

fn constrain(catalogue: &mut Catalogue, table: &str, name: &str, form: &str, condition: &str) {
    let constraint = Thing::new(Kind::Constraint, table, name);
    catalogue.say(constraint.clone(), Aspect::Form, form);
    catalogue.say(constraint.clone(), Aspect::Condition, condition);
    catalogue.say(constraint, Aspect::Valid, "yes");
}

/// `timestamp with time zone` is a type without a name before it.
fn is_long(tokens: &[Token]) -> bool {
    ["with", "without", "precision", "varying"].iter().any(|word| tokens[1].is(word))
}

/// A trigger's text in one form: PostgreSQL writes `FOR EACH STATEMENT` where we leave it out.
pub(super) fn trigger(text: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    let tokens = tokens(text);
    let is_for_each =
        |n: usize| ["for", "each"].iter().enumerate().all(|(m, word)| tokens.get(n + m).is_some_and(|t| t.is(word)));
    let mut said = false;
    for (n, token) in tokens.iter().enumerate().skip(3) {
        said |= is_for_each(n);
        if token.is("execute") && !said {
            words.extend(["for", "each", "statement"]);
        }
        if !token.is(";") {
            words.push(match &token.kind {
                TokenKind::Name { text, .. } | TokenKind::Sign(text) => text,
                TokenKind::Text(text) | TokenKind::Number(text) | TokenKind::Body(text) => text,
            });
        }
    }
    words.join(" ").replace(" . ", ".").replace(" (", "(").replace("( ", "(").replace(" )", ")")
}

/// `search_path=pg_catalog, pg_temp`, however it was quoted.
pub(super) fn setting(name: &str, value: &str) -> String {
    let parts: Vec<String> = tokens(value)
        .into_iter()
        .filter_map(|token| match token.kind {
            TokenKind::Name { text, .. } | TokenKind::Text(text) | TokenKind::Number(text) => Some(text),
            TokenKind::Sign(_) | TokenKind::Body(_) => None,
        })
        .collect();
    format!("{}={}", name.to_lowercase(), parts.join(", "))
}

/// A function's text, as it is compared: blanks around it, and how its lines end, mean nothing.
pub(super) fn body(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}
