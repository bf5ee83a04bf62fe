//! The trace of whoever caused a job is written with it, and goes on in what the job leads to.

use super::letters::letter::{self, event};
use super::letters::{Post, World, worker};
use super::watch::{TRACES, Watch};
use std::sync::Mutex;
use tracing::{Instrument, Span, info_span};
use uuid::Uuid;
use workflow_runtime::{Runtime, TraceContext};

const CONTEXT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// As if everything belonged to one trace.
const FIXED: TraceContext = TraceContext { current: || Some(CONTEXT.to_owned()), adopt: |_, _| () };

fn written(trace: Option<&str>) -> Vec<Option<String>> {
    vec![trace.map(str::to_owned)]
}

/// Each way in which an application writes a job, one after the other on a new letter; what each wrote.
async fn every_way(world: &World, trace: TraceContext) -> Vec<(&'static str, Vec<Option<String>>)> {
    let post = world.post(Some(trace)).await;
    let mut all = Vec::new();
    for way in ["alone", "with an effect", "in a transaction", "many", "created", "created in a transaction"] {
        world.run("DELETE FROM letters_jobs").await;
        let new = letter::New { id: Uuid::new_v4(), address: "here".into() };
        let id = if way.starts_with("created") { new.id } else { world.noted_letter().await };
        match way {
            "alone" => drop(post.fire(id, event::Send).await.unwrap()),
            "with an effect" => drop(post.fire(id, event::Stamp).await.unwrap()),
            "in a transaction" => {
                let mut tx = post.begin().await.unwrap();
                tx.fire(id, event::Send).await.unwrap();
                tx.commit().await.unwrap();
            }
            "many" => drop(post.fire_all([id], event::Send).await.unwrap()),
            "created" => drop(post.create(new).await.unwrap()),
            _ => {
                let mut tx = post.begin().await.unwrap();
                let _ = tx.create(new).await.unwrap();
                tx.commit().await.unwrap();
            }
        }
        all.push((way, world.traces().await));
    }
    all
}

#[tokio::test]
async fn a_transition_writes_its_trace_with_its_jobs_in_whichever_way_it_is_fired() {
    let world = World::new().await;
    for (way, traces) in every_way(&world, FIXED).await {
        assert_eq!(traces, written(Some(CONTEXT)), "{way}");
    }
}

#[tokio::test]
async fn what_is_no_context_reaches_no_statement() {
    let world = World::new().await;
    let forged = TraceContext { current: || Some(format!("{CONTEXT}'; DROP TABLE letters_jobs; --")), ..FIXED };
    let panics = TraceContext { current: || panic!("no tracing system"), ..FIXED };
    for trace in [forged, panics, TraceContext { current: || None, ..FIXED }] {
        let watch = Watch::begin();
        for (way, traces) in every_way(&world, trace).await {
            assert_eq!(traces, written(None), "{way}");
        }
        assert!(watch.statements().iter().all(|(text, _)| !text.contains("DROP")), "{:#?}", watch.statements());
    }
}

#[tokio::test]
async fn one_transaction_leaves_no_trace_to_the_next_on_its_connection() {
    let world = World::new().await;
    static NOW: Mutex<Option<&str>> = Mutex::new(None);
    let changing = TraceContext { current: || NOW.lock().unwrap().map(str::to_owned), ..FIXED };
    let mut settings = workflow_runtime::Settings::default();
    settings.trace = Some(changing);
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect(world.db.url()).await.unwrap();
    let post = Runtime::with(pool, Post::default(), settings);
    for event in 0..2 {
        for trace in [Some(CONTEXT), None] {
            world.run("DELETE FROM letters_jobs").await;
            let id = world.noted_letter().await;
            *NOW.lock().unwrap() = trace;
            match event {
                0 => drop(post.fire(id, event::Send).await.unwrap()),
                _ => drop(post.fire(id, event::Stamp).await.unwrap()),
            }
            assert_eq!(world.traces().await, written(trace));
        }
    }
}

#[tokio::test]
async fn a_joined_transaction_keeps_the_trace_that_it_has() {
    let world = World::new().await;
    let post = world.post(Some(TraceContext { current: || Some(CONTEXT.replace('7', "8")), ..FIXED })).await;
    let id = world.noted_letter().await;
    let mut theirs = world.admin.begin().await.unwrap();
    sqlx::query("SELECT set_config('workflow.trace', $1, true)").bind(CONTEXT).execute(&mut *theirs).await.unwrap();
    post.join(&mut theirs).fire(id, event::Send).await.unwrap();
    let _ = post.join(&mut theirs).create(letter::New { id: Uuid::new_v4(), address: "here".into() }).await.unwrap();
    theirs.commit().await.unwrap();
    assert_eq!(world.traces().await, [Some(CONTEXT.to_owned()), Some(CONTEXT.to_owned())]);
}

/// The trace's own part of a context, and the span's.
fn parts(context: &str) -> (&str, &str) {
    (&context[3..35], &context[36..52])
}

#[tokio::test]
async fn one_trace_leads_from_a_request_through_a_job_to_what_the_job_fires_and_on() {
    for takes_unstamped in [false, true] {
        let world = World::new().await;
        let id = world.noted_letter().await;
        let watch = Watch::begin();
        let post = world.runtime(Post { takes_unstamped, ..Post::default() }, |settings| settings.trace = Some(TRACES)).await;
        post.fire(id, event::Stamp).instrument(info_span!("request")).await.unwrap();
        world.work_until(worker(post), "SELECT count(*) = 0 FROM letters_jobs").await;
        let (request, jobs, fired) = (watch.span("request"), watch.spans("workflow.job"), watch.spans("workflow.fire"));
        let trace = parts(&request.context).0;
        let is_ours = |context: &str| parts(context).0 == trace;
        assert_eq!((fired.len(), jobs.len()), (2, 3), "{fired:#?} {jobs:#?}");
        assert!(jobs.iter().chain(&fired).all(|seen| is_ours(&seen.context)), "{jobs:#?} {fired:#?}");
        let parents: Vec<_> = jobs.iter().map(|job| job.adopted.clone().unwrap()).collect();
        let [stamp, carry] = &fired[..] else { panic!("{fired:#?}") };
        assert_eq!(parents.iter().filter(|&parent| *parent == stamp.context).count(), 2, "{jobs:#?}");
        assert_eq!(parents.iter().filter(|&parent| *parent == carry.context).count(), 1, "{jobs:#?}");
    }
}

#[tokio::test]
async fn a_trace_goes_on_through_a_worker_that_reads_none() {
    for takes_unstamped in [false, true] {
        let world = World::new().await;
        let id = world.noted_letter().await;
        world.post(Some(FIXED)).await.fire(id, event::Stamp).await.unwrap();
        let post = world.runtime(Post { takes_unstamped, ..Post::default() }, |_| ()).await;
        let worker = worker(post).limit("note", 0);
        world.work_until(worker, "SELECT count(*) = 1 FROM letters WHERE state = 'carried'").await;
        assert_eq!(world.traces().await, [Some(CONTEXT.to_owned()), Some(CONTEXT.to_owned())]);
    }
}

#[tokio::test]
async fn a_job_is_told_its_trace_and_what_is_none_is_passed_over() {
    static ADOPTED: Mutex<Vec<String>> = Mutex::new(Vec::new());
    fn adopt(_: &Span, parent: &str) {
        ADOPTED.lock().unwrap().push(parent.to_owned());
        panic!("no tracing system");
    }
    for claims in super::depot::CLAIMS {
        ADOPTED.lock().unwrap().clear();
        let world = super::depot::World::new().await;
        for trace in [CONTEXT, "'", ""] {
            let id = world.parcel().await;
            let set = "UPDATE parcels_jobs SET trace = $2 WHERE id = $1";
            sqlx::query(set).bind(id).bind(trace).execute(&world.admin).await.unwrap();
        }
        let depot = super::depot::Depot::default();
        let told = depot.told.clone();
        let mut settings = workflow_runtime::Settings::default();
        settings.trace = Some(TraceContext { current: || None, adopt });
        let runtime = Runtime::with(super::depot::pool(&world.url()), depot, settings);
        let worker = workflow_runtime::Worker::with(runtime, super::depot::claiming(claims)).limit("tell", 0);
        let worker = worker.serving::<super::parcels::Parcel>();
        worker.run(world.until("SELECT count(*) = 3 FROM parcels WHERE state = 'booked'")).await;
        let mut traces: Vec<_> = told.lock().unwrap().iter().map(|job| job.trace.clone()).collect();
        traces.sort();
        assert_eq!(traces, [None, None, Some(CONTEXT.to_owned())]);
        assert_eq!(*ADOPTED.lock().unwrap(), [CONTEXT]);
    }
}

#[tokio::test]
async fn timers_that_are_fired_together_have_no_trace() {
    let world = World::new().await;
    let post = world.post(Some(FIXED)).await;
    world.forgotten_letters(1).await;
    let worker = worker(post).limit("note", 0);
    world.work_until(worker, "SELECT count(*) = 1 FROM letters WHERE state = 'read'").await;
    assert_eq!(world.traces().await, written(None));
}
