//! A function beside the table: how it is made, replaced and taken away.

/// A function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Routine {
    /// Its name and the types of its arguments: another function of the name may be somebody else's.
    pub(crate) signature: String,
    /// A comment, `CREATE FUNCTION …;`
    text: String,
    /// Only our own triggers call it.
    private: bool,
    /// The group role that may call it.
    granted: Option<&'static str>,
}

impl Routine {
    /// A function with its text, which has one `CREATE FUNCTION` that starts a line.
    pub(crate) fn of(name: String, types: &[String], text: String) -> Routine {
        Routine { signature: format!("{name}({})", types.join(", ")), text, private: false, granted: None }
    }

    /// Not for everybody.
    pub(crate) fn private(self) -> Routine {
        Routine { private: true, ..self }
    }

    /// For a group role.
    pub(crate) fn granted(self, role: &'static str) -> Routine {
        Routine { granted: Some(role), ..self }
    }

    /// Makes it.
    pub(crate) fn create(&self) -> String {
        let text = self.text.trim_end();
        match self.private {
            true => format!("{text}\nREVOKE ALL ON FUNCTION {} FROM PUBLIC;", self.signature),
            false => text.to_owned(),
        }
    }

    /// Puts it into the place of one with the same signature; rights stay as they are. Nobody waits for that.
    pub(crate) fn replace(&self, before: &Routine) -> String {
        match self.head() == before.head() {
            true => self.text.trim_end().replacen("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1),
            // PostgreSQL does not rename a parameter, or change what is returned.
            false => format!("{}\n{}", self.drop(), self.create()),
        }
    }

    /// Whether replacing it drops it, and its rights with it.
    pub(crate) fn is_remade(&self, before: &Routine) -> bool {
        self.head() != before.head()
    }

    /// Takes it away.
    pub(crate) fn drop(&self) -> String {
        format!("DROP FUNCTION {};", self.signature)
    }

    /// `GRANT EXECUTE ON FUNCTION … TO …;`
    pub(crate) fn grant(&self) -> Option<String> {
        Some(format!("GRANT EXECUTE ON FUNCTION {} TO {};", self.signature, self.granted?))
    }

    /// What it returns, as SQL.
    pub(crate) fn returns(&self) -> Option<&str> {
        Some(self.head().rsplit_once("RETURNS ")?.1.trim())
    }

    /// What `CREATE OR REPLACE` cannot change: the names of the parameters, and what is returned.
    fn head(&self) -> &str {
        let from = self.text.find("CREATE FUNCTION").unwrap_or(0);
        let text = &self.text[from..];
        &text[..text.find("LANGUAGE").unwrap_or(text.len())]
    }
}
