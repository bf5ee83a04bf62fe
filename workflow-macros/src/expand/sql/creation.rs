//! Creation at a time: asking for it, and what a worker does when it is due.

use super::super::Expansion;
use super::typed;
use workflow_model::Field;
use workflow_model::names::{constant, quoted};

impl Expansion<'_> {
    /// Asks unless the instance is there. PostgreSQL's own casts write the fields, and read them back.
    pub(super) fn create_at_statement(&self) -> String {
        let pair = |(i, f): (usize, &Field)| format!("{}, {}", constant(&f.name.label), typed(i + 3, f));
        let pairs: Vec<String> = self.created().skip(1).enumerate().map(pair).collect();
        // A function takes a hundred arguments at most.
        let objects: Vec<String> = pairs.chunks(50).map(|c| format!("jsonb_build_object({})", c.join(", "))).collect();
        let fields = if objects.is_empty() { "'{}'::jsonb".to_owned() } else { objects.join(" || ") };
        let key = self.model.key().map(|key| typed(2, key)).unwrap_or_default();
        format!(
            "SELECT a.created, a.at IS NOT NULL AS stands, CASE WHEN isfinite(a.at) THEN a.at END AS at FROM (\
             SELECT o.{} IS NOT NULL AS created, CASE WHEN o.{0} IS NULL THEN {}({key}, $1::timestamptz, {fields}) END AS at \
             FROM (SELECT 1) one LEFT JOIN {} o ON o.{0} = {key} OFFSET 0) a",
            self.key(),
            self.model.function("create_at"),
            self.model.table(),
        )
    }

    /// Takes the job, and gives what it holds as a row.
    pub(super) fn creation_statement(&self) -> String {
        let columns: String = self.created().skip(1).map(|field| format!(", r.{}", quoted(&field.name.label))).collect();
        format!(
            "WITH g AS (DELETE FROM {} j WHERE j.id = $1 AND j.version = $2 AND j.kind = $3 AND j.job = $4 AND j.attempt = $5 \
             RETURNING j.id, j.data) \
             SELECT g.id AS {}{columns} FROM g CROSS JOIN LATERAL {}(g.data) r",
            self.model.jobs(),
            self.key(),
            self.model.function("asked"),
        )
    }

    /// The key, the common fields, and those of the initial state.
    fn created(&self) -> impl Iterator<Item = &Field> {
        self.model.fields.iter().chain(self.model.initial().into_iter().flat_map(|state| &state.fields))
    }
}
