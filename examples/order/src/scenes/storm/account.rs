//! What it took, counted: by the database, by the services, and by whoever killed.

use super::customers::{Customers, TITLES};
use super::deaths::Restarted;
use super::front::Told;
use super::troupe::AllEnds;
use super::{Failure, Outside, Terms};
use crate::roles::LEASE;
use crate::scenes::expect;
use ::order::outside::ledger::Entry;
use sqlx::{AssertSqlSafe, PgPool, Row};
use std::collections::BTreeMap;

/// Whatever was counted outside of the database.
pub(super) struct Counted {
    pub(super) customers: Customers,
    pub(super) told: Told,
    pub(super) restarted: Restarted,
    pub(super) ends: AllEnds,
}

/// From here on the database writes down what becomes of each job.
pub(super) async fn open(pool: &PgPool) -> Result<(), sqlx::Error> {
    let watch = include_str!("../../sql/watch.sql").replace("{lease}", &LEASE.as_millis().to_string());
    sqlx::raw_sql(AssertSqlSafe(watch)).execute(pool).await.map(|_| ())
}

pub(super) async fn give(pool: &PgPool, terms: &Terms, counted: &Counted, outside: &Outside) -> Result<(), Failure> {
    orders(pool, terms, counted).await?;
    deaths(counted);
    mishaps("courier", &outside.courier);
    mishaps("mail service", &outside.mail);
    let Told { calls, delivered, again } = counted.told;
    println!(
        "   the courier called {calls} times that a parcel has arrived: {delivered} were answered that it took effect now, {again} that it had before"
    );
    jobs(pool).await
}

async fn orders(pool: &PgPool, terms: &Terms, counted: &Counted) -> Result<(), Failure> {
    let row = sqlx::query(include_str!("../../sql/storm.sql")).bind(TITLES).fetch_one(pool).await?;
    let [delivered, cancelled, undeliverable, all] =
        ["delivered", "cancelled", "undeliverable", "orders"].map(|column| row.try_get::<i64, _>(column));
    let (delivered, cancelled, undeliverable, all) = (delivered?, cancelled?, undeliverable?, all?);
    let Customers { out_of_stock, changed_their_mind } = counted.customers;
    println!(
        "   {delivered} delivered, {cancelled} cancelled: {out_of_stock} out of stock, {changed_their_mind} by the customer, {undeliverable} undeliverable"
    );
    expect(all == i64::from(terms.orders), "no order is lost, and none is there twice")?;
    expect(delivered + cancelled == all, "every order is delivered or cancelled")?;
    expect(
        cancelled == undeliverable + i64::from(out_of_stock + changed_their_mind),
        "an order is cancelled for one reason, and whoever cancelled it knows",
    )
}

fn deaths(counted: &Counted) {
    let (AllEnds { workers, services }, Restarted { properly, killed }) = (&counted.ends, counted.restarted);
    println!(
        "   killed: {} workers, {} services; {} services crashed by themselves",
        workers.killed, services.killed, services.crashed
    );
    println!("   PostgreSQL: {killed} times killed, {properly} times restarted");
}

fn mishaps(who: &str, ledger: &[Entry]) {
    let mut mishaps = BTreeMap::new();
    let mut declined = 0;
    for entry in ledger {
        match entry {
            Entry::Suffered { mishap } => *mishaps.entry(mishap).or_insert(0) += 1,
            Entry::Declined { .. } => declined += 1,
            _ => {}
        }
    }
    let listed: Vec<String> = mishaps.iter().map(|(mishap, times)| format!("{} {times}", mishap.words())).collect();
    let all: i32 = mishaps.values().sum();
    println!("   the {who} went wrong {all} times: {}; {declined} times it declined for good", listed.join(", "));
}

/// Stuck is what others overtake, or what nobody takes although it is due. To wait in a queue is not: it is as long as the machine is
/// slow.
async fn jobs(pool: &PgPool) -> Result<(), Failure> {
    let row = sqlx::query(include_str!("../../sql/jobs.sql")).fetch_one(pool).await?;
    let [attempts, retries, lapsed, parked] =
        ["attempts", "retries", "lapsed", "parked"].map(|column| row.try_get::<i64, _>(column));
    let (attempts, retries, lapsed) = (attempts?, retries?, lapsed?);
    let failed = retries - lapsed;
    println!(
        "   {attempts} attempts, {retries} of them retries: {failed} after a failure, {lapsed} after a lease that had run out"
    );
    let [leased, late, overtaken, idle] = ["leased", "late", "overtaken", "idle"].map(|column| row.try_get::<f64, _>(column));
    let (leased, late, overtaken, idle) = (leased?, late?, overtaken?, idle?);
    println!("   the longest lease was {leased:.2} s; the latest attempt began {late:.2} s after it was due;");
    println!(
        "   none was overtaken by more than {overtaken:.2} s, and none waited for more than {idle:.2} s while no other began"
    );
    let lease = LEASE.as_secs_f64();
    expect(leased <= lease, "no job is a worker's for longer than a lease")?;
    expect(overtaken <= lease, "no job is overtaken by one that was due a lease later")?;
    expect(idle <= lease, "no job that is due waits for a lease while none is taken")?;
    expect(parked? == 0, "no job is parked")
}
