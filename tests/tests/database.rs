//! Hostile clients against the generated SQL: direct statements, forged marks, shadowed names, late triggers. Every attack is made
//! by the tables' owner and by an application's role, on two workflows of one database; after it history is replayed.

#[path = "database/adoption.rs"]
mod adoption;
#[path = "database/attacks.rs"]
mod attacks;
#[path = "database/effects.rs"]
mod effects;
#[path = "database/forgery.rs"]
mod forgery;
#[path = "database/names.rs"]
mod names;
#[path = "database/rights.rs"]
mod rights;
#[path = "database/shadows.rs"]
mod shadows;
#[path = "agreement/truth.rs"]
#[allow(dead_code)] // the other test looks at more of it
mod truth;
#[path = "database/world.rs"]
mod world;
