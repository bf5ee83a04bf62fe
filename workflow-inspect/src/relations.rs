//! What stands in a database, in the shape of what is expected of it.

use crate::error::InspectError;
use crate::look::Look;
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::BTreeSet;
use workflow_migrate::{Aspect, Catalogue, Expected, Kind, Thing};

/// What is there of what is expected, and what belongs to the same tables and workflows.
pub(crate) async fn found(look: &mut Look, expected: &Expected) -> Result<Catalogue, InspectError> {
    let mut catalogue = Catalogue::default();
    let mut add = |rows: Vec<PgRow>| rows.iter().try_for_each(|row| said(&mut catalogue, row));
    let named = |kinds: &[Kind]| -> Vec<String> {
        let things = expected.catalogue.things().filter(|thing| kinds.contains(&thing.kind));
        let names = things.map(|thing| thing.name.split_once('(').map_or(thing.name.clone(), |(name, _)| name.to_owned()));
        names.collect::<BTreeSet<String>>().into_iter().collect()
    };
    let relations = named(&[Kind::Table, Kind::View]);
    add(look.rows("the tables", include_str!("sql/relations.sql"), &relations).await?)?;
    add(look.rows("the functions", include_str!("sql/functions.sql"), &named(&[Kind::Function])).await?)?;
    if look.has("workflow.edges").await? && look.has("workflow.models").await? {
        add(look.rows("workflow.edges and workflow.models", include_str!("sql/records.sql"), &expected.labels).await?)?;
    }
    Ok(catalogue)
}

fn said(catalogue: &mut Catalogue, row: &PgRow) -> Result<(), InspectError> {
    let text = |column: &str| row.try_get::<Option<String>, _>(column).map_err(InspectError::reading("the catalogue"));
    let (kind, of, name) = (text("kind")?, text("of")?.unwrap_or_default(), text("name")?.unwrap_or_default());
    let Some(kind) = kind.as_deref().and_then(kind_of) else { return Ok(()) };
    let thing = Thing::new(kind, of, name);
    match text("aspect")?.as_deref().and_then(aspect_of) {
        Some(aspect) => catalogue.say(thing, aspect, text("value")?.unwrap_or_default()),
        None => catalogue.add(thing),
    }
    Ok(())
}

fn kind_of(word: &str) -> Option<Kind> {
    Some(match word {
        "table" => Kind::Table,
        "view" => Kind::View,
        "column" => Kind::Column,
        "constraint" => Kind::Constraint,
        "index" => Kind::Index,
        "function" => Kind::Function,
        "trigger" => Kind::Trigger,
        "rule" => Kind::Rule,
        "edge" => Kind::Edge,
        "record" => Kind::Record,
        _ => return None,
    })
}

fn aspect_of(word: &str) -> Option<Aspect> {
    Some(match word {
        "type" => Aspect::Type,
        "required" => Aspect::Required,
        "default" => Aspect::Default,
        "form" => Aspect::Form,
        "condition" => Aspect::Condition,
        "valid" => Aspect::Valid,
        "definition" => Aspect::Definition,
        "enabled" => Aspect::Enabled,
        "parameters" => Aspect::Parameters,
        "returns" => Aspect::Returns,
        "language" => Aspect::Language,
        "volatility" => Aspect::Volatility,
        "security" => Aspect::Security,
        "settings" => Aspect::Settings,
        "body" => Aspect::Body,
        "public" => Aspect::Public,
        "mode" => Aspect::Mode,
        "fingerprint" => Aspect::Fingerprint,
        _ => return None,
    })
}
