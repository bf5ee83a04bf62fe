//! The runs: random operations by one client, whose every answer is foreseen, and by several, whose outcome must be one that the
//! model has.

use crate::clients::try_it;
use crate::interpreter::Interpreter;
use crate::life::{Answer, Life, Op, Run, Way};
use crate::order_life::Orders;
use crate::truth::{self, Instance, text};
use crate::visit_life::Visits;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use sqlx::PgPool;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Barrier;
use workflow_model::Model;
use workflow_runtime::Isolation;
use workflow_testing::Database;

const INSTANCES: usize = 4;

#[test]
fn every_answer_to_one_client_is_the_models_own_for_orders() {
    drive::<Orders>(1, 30, 40);
}

#[test]
fn every_answer_to_one_client_is_the_models_own_for_visits() {
    drive::<Visits>(1, 30, 40);
}

#[test]
fn many_clients_at_once_leave_what_the_model_could_have_made_of_orders() {
    drive::<Orders>(4, 12, 25);
}

#[test]
fn many_clients_at_once_leave_what_the_model_could_have_made_of_visits() {
    drive::<Visits>(4, 12, 25);
}

/// A database for all runs of a test, each with instances of its own.
struct Stage<L> {
    life: L,
    pool: PgPool,
    model: Model,
    next: AtomicU64,
}

fn drive<L: Life>(clients: usize, operations: usize, cases: u32) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let stage = Arc::new(runtime.block_on(stage::<L>()));
    let cases = std::env::var("AGREEMENT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(cases);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let events = stage.model.events().len();
    let plans = vec(vec(op(events), 1..=operations), clients..=clients);
    let outcome = TestRunner::new(config).run(&plans, |plans| {
        let faults = runtime.block_on(stage.clone().run(plans));
        prop_assert!(faults.is_empty(), "{faults:#?}");
        Ok(())
    });
    if let Err(TestError::Fail(why, plans)) = outcome {
        panic!("{why}\n{plans:#?}");
    }
    outcome.expect("a run");
    runtime.block_on(stage.covered(cases));
}

async fn stage<L: Life>() -> Stage<L> {
    let db: Database = workflow_tests::database(L::SOURCE, L::TABLES).await;
    let pool = db.pool().await.expect("a pool");
    let model = workflow_tests::models(L::SOURCE).remove(0);
    Stage { life: L::new(pool.clone()), pool, model, next: AtomicU64::new(1) }
}

fn op(events: usize) -> impl Strategy<Value = Op> {
    let way = prop_oneof![Just(Way::Fire), Just(Way::Transaction), Just(Way::Typed), Just(Way::Function), Just(Way::Raw)];
    let isolation = prop_oneof![Just(Isolation::ReadCommitted), Just(Isolation::RepeatableRead), Just(Isolation::Serializable)];
    (0..INSTANCES, 0..events, 0_u8..60, way, isolation).prop_map(|(instance, event, seed, way, isolation)| Op {
        instance,
        event,
        seed,
        way,
        isolation,
    })
}

/// What a client was told of each of its operations, by the actor under which it made it.
type Told = BTreeMap<String, (Op, Answer)>;

impl<L: Life> Stage<L> {
    async fn run(self: Arc<Self>, plans: Vec<Vec<Op>>) -> Vec<String> {
        let run = Run(self.next.fetch_add(1, Ordering::Relaxed));
        for instance in 0..INSTANCES {
            self.life.create(run, instance, &format!("{} created", run.0)).await;
        }
        let mut faults = Vec::new();
        let told = match &plans[..] {
            [alone] => self.in_turn(run, alone, &mut faults).await,
            _ => self.at_once(run, plans).await,
        };
        faults.extend(self.judge(run, &told).await);
        faults
    }

    async fn in_turn(&self, run: Run, plan: &[Op], faults: &mut Vec<String>) -> Told {
        let rows = self.instances(run).await.into_iter().map(|i| i.row).collect();
        let mut interpreter = Interpreter::new(&self.model, rows);
        let mut told = Told::new();
        for (n, op) in plan.iter().enumerate() {
            let actor = format!("{} 0 {n}", run.0);
            let expected = interpreter.answer::<L>(run, *op);
            let answer = try_it(&self.life, &self.pool, &self.model, run, *op, &actor).await;
            if answer != expected {
                faults.push(format!("{n}: {answer:?}, and the model says {expected:?}: {op:?}"));
                return told;
            }
            told.insert(actor, (*op, answer));
        }
        for (at, instance) in self.instances(run).await.iter().enumerate() {
            faults.extend(interpreter.differs(at, &instance.row));
        }
        told
    }

    async fn at_once(self: &Arc<Self>, run: Run, plans: Vec<Vec<Op>>) -> Told {
        let barrier = Arc::new(Barrier::new(plans.len()));
        let clients = plans.into_iter().enumerate().map(|(client, plan)| {
            let (stage, barrier) = (self.clone(), barrier.clone());
            tokio::spawn(async move {
                let mut told = Told::new();
                barrier.wait().await;
                for (n, op) in plan.into_iter().enumerate() {
                    let actor = format!("{} {client} {n}", run.0);
                    let answer = try_it(&stage.life, &stage.pool, &stage.model, run, op, &actor).await;
                    told.insert(actor, (op, answer));
                }
                told
            })
        });
        let clients: Vec<_> = clients.collect();
        let mut told = Told::new();
        for client in clients {
            told.extend(client.await.expect("a client"));
        }
        told
    }

    async fn instances(&self, run: Run) -> Vec<Instance> {
        let mut connection = self.pool.acquire().await.expect("a connection");
        let (all, _) = truth::instances(&mut connection, &self.model).await;
        let key = &self.model.key().expect("a key").name.label;
        let of = |i: &Instance| i.row[key].as_str().map_or_else(|| i.row[key].to_string(), str::to_owned);
        let mut by_key: BTreeMap<String, Instance> = all.into_iter().map(|i| (of(&i), i)).collect();
        (0..INSTANCES).map(|n| by_key.remove(&L::key(run, n)).expect("an instance")).collect()
    }

    /// Acknowledged steps are in history once and refused ones are not; history is a path; rows, jobs and totals follow from it.
    async fn judge(&self, run: Run, told: &Told) -> Vec<String> {
        let mut faults = self.life.totals(run).await;
        let mut connection = self.pool.acquire().await.expect("a connection");
        faults.extend(truth::faults(&mut connection, &self.model).await);
        drop(connection);
        let key = |n| L::key(run, n);
        let mut recorded = BTreeSet::new();
        for (at, instance) in self.instances(run).await.iter().enumerate() {
            for step in &instance.steps[1..] {
                let actor = text(step, "actor");
                match told.get(actor) {
                    Some((op, Answer::Accepted)) if op.instance == at && self.is_event(*op, text(step, "event")) => {}
                    other => faults.push(format!("{} has a step by {actor}, who was told {other:?}", key(at))),
                }
                if !recorded.insert(actor.to_owned()) {
                    faults.push(format!("{actor} moved {} twice", key(at)));
                }
            }
        }
        let accepted = told.iter().filter(|(_, (_, answer))| *answer == Answer::Accepted);
        faults.extend(
            accepted
                .filter(|(actor, _)| !recorded.contains(*actor))
                .map(|(a, t)| format!("{a} was told {t:?}, and no step is there")),
        );
        faults
    }

    /// Random runs that reach little prove little: most arrows were taken.
    async fn covered(&self, cases: u32) {
        let taken = format!(
            "SELECT DISTINCT from_state || '>' || event || '>' || to_state FROM {} WHERE from_state IS NOT NULL",
            self.model.history()
        );
        let taken: BTreeSet<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(taken)).fetch_all(&self.pool).await.expect("arrows").into_iter().collect();
        let missed: Vec<String> = self.model.edges().iter().map(|e| e.spelled()).filter(|e| !taken.contains(e)).collect();
        println!("{} of {} arrows taken, not {missed:?}", taken.len(), self.model.edges().len());
        assert!(cases < 20 || missed.len() * 4 <= self.model.edges().len(), "{missed:?}");
    }

    fn is_event(&self, op: Op, event: &str) -> bool {
        self.model.events()[op.event].event.label == event
    }
}
