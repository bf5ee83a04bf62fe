//! Random sequences of steps, by every road into the database, held against the model.

mod act;
mod forged;
mod plan;
mod raw;
mod world;

use crate::crash::is_child;
use crate::stage::Stage;
use crate::subject::{Provable, Subject};
use crate::unproved::Unproved;
use plan::Choice;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};
use world::World;

/// How far a [`random_walk_with`] goes.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct WalkSettings {
    /// Sequences; 24 by default.
    pub cases: u32,
    /// Steps of a sequence at most; 16 by default.
    pub steps: usize,
    /// With the same seed the same sequences are made; a new one each time by default. A failure says its seed.
    pub seed: Option<u64>,
}

impl Default for WalkSettings {
    fn default() -> Self {
        WalkSettings { cases: 24, steps: 16, seed: None }
    }
}

/// What a random walk has done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RandomWalk {
    /// The workflow.
    pub workflow: &'static str,
    /// Sequences.
    pub cases: u32,
    /// Steps that were made.
    pub made: u64,
    /// Steps that were refused, by rule.
    pub refused: BTreeMap<&'static str, u64>,
    /// With it the same sequences are made.
    pub seed: u64,
}

/// For finding the shortest sequence that fails.
const SHRINKING: Duration = Duration::from_secs(20);

/// Takes random sequences of steps, legal and illegal, of two instances: through the runtime, by the functions beside the table, by a raw
/// UPDATE or INSERT, and by forged ones.
///
/// What the model forbids must be refused, and what it allows is made, or refused by a guard, an effect or a constraint; a refusal changes
/// nothing in the whole database. After each step the row, its history and its jobs tell the same, and what must
/// [never](Subject::never) be is not.
///
/// # Errors
///
/// [`Unproved::Broken`] with the shortest sequence that was found, and the seed; others say what could not be tried.
pub async fn random_walk<W: Provable<A>, A: Send + Sync + 'static>(subject: &Subject<W, A>) -> Result<RandomWalk, Unproved> {
    random_walk_with(subject, WalkSettings::default()).await
}

/// The same, as far as the settings say.
///
/// # Errors
///
/// As [`random_walk`].
pub async fn random_walk_with<W: Provable<A>, A: Send + Sync + 'static>(
    subject: &Subject<W, A>,
    settings: WalkSettings,
) -> Result<RandomWalk, Unproved> {
    let seed = settings.seed.unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0);
    let mut walk = RandomWalk { workflow: W::MODEL.name, cases: settings.cases, made: 0, refused: BTreeMap::new(), seed };
    if is_child() {
        return Ok(walk);
    }
    let mut world = World::of(Stage::set(subject).await?).await?;
    let mut runner = TestRunner::new_with_rng(Config::default(), random(seed));
    for _ in 0..settings.cases {
        let tree = plan::sequences(settings.steps).new_tree(&mut runner);
        let tree = tree.map_err(|reason| std::io::Error::other(reason.to_string()))?;
        if let Err(unproved) = world.walk(&tree.current(), &mut walk).await {
            return Err(shortest(&mut world, tree, unproved, seed).await);
        }
    }
    world.stage.leave().await?;
    Ok(walk)
}

fn random(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

/// proptest's own way to it, which its runner cannot take here, since it knows no futures.
async fn shortest<W: Provable<A>, A: Send + Sync + 'static>(
    world: &mut World<'_, W, A>,
    mut tree: impl ValueTree<Value = Vec<Choice>>,
    first: Unproved,
    seed: u64,
) -> Unproved {
    let (mut found, deadline) = (first, Instant::now() + SHRINKING);
    let mut unused = RandomWalk { workflow: W::MODEL.name, cases: 0, made: 0, refused: BTreeMap::new(), seed };
    let mut simpler = matches!(found, Unproved::Broken(_)) && tree.simplify();
    while simpler && Instant::now() < deadline {
        simpler = match world.walk(&tree.current(), &mut unused).await {
            Err(Unproved::Broken(broken)) => {
                found = Unproved::Broken(broken);
                tree.simplify()
            }
            _ => tree.complicate(),
        };
    }
    if let Unproved::Broken(broken) = &mut found {
        broken.place += &format!("\nhelp: the same again with WalkSettings {{ seed: Some({seed}), .. }}");
    }
    found
}

impl fmt::Display for RandomWalk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RandomWalk { workflow, cases, made, refused, seed } = self;
        let refusals: Vec<String> = refused.iter().map(|(rule, times)| format!("{times} by {rule}")).collect();
        let all: u64 = refused.values().sum();
        write!(
            f,
            "{workflow}: in {cases} random sequences {made} steps were made, and {all} were refused ({}) and changed nothing. The seed was {seed}.",
            refusals.join(", ")
        )
    }
}
