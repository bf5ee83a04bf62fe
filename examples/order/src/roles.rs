//! The roles in which this program starts itself. Each ends with the process that started it: its input ends then.

use crate::scenes::Failure;
use ::order::outside::fate::{self, Fate};
use ::order::outside::{courier, mail};
use ::order::partners::Partners;
use ::order::shop::Shop;
use ::order::workflow::Order;
use clap::Args;
use sqlx::postgres::PgPoolOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use workflow_runtime::{Runtime, Worker, WorkerSettings};

/// How long a job waits after its worker has died. Longer than any pause between attempts, which are four seconds at most.
pub(crate) const LEASE: Duration = Duration::from_secs(5);

/// A courier or a mail service.
#[derive(Args)]
pub(crate) struct Service {
    ledger: PathBuf,
    #[arg(long)]
    seed: u64,
    /// Where the courier tells of arrivals.
    #[arg(long)]
    shop: Option<String>,
    /// A free one, when it is 0.
    #[arg(long)]
    port: u16,
    /// How often it was started before.
    #[arg(long)]
    start: u64,
}

#[derive(Args)]
pub(crate) struct Working {
    url: String,
    courier: String,
    mail: String,
}

pub(crate) async fn courier(service: Service) -> Result<(), Failure> {
    let Service { ledger, seed, shop, port, start } = service;
    let listener = listen(port).await?;
    tokio::select! {
        served = courier::serve(listener, &ledger, Fate::of(fate::COURIER, seed, start), shop) => Ok(served?),
        () = abandoned() => Ok(()),
    }
}

pub(crate) async fn mail(service: Service) -> Result<(), Failure> {
    let Service { ledger, seed, port, start, .. } = service;
    let listener = listen(port).await?;
    tokio::select! {
        served = mail::serve(listener, &ledger, Fate::of(fate::MAIL, seed, start)) => Ok(served?),
        () = abandoned() => Ok(()),
    }
}

/// It may be started while the database is away.
pub(crate) async fn worker(working: Working) -> Result<(), Failure> {
    let pool = PgPoolOptions::new().max_connections(10).connect_lazy(&working.url)?;
    let shop = Runtime::new(pool, Shop::with(Partners::new(working.courier, working.mail)));
    let mut settings = WorkerSettings::default();
    settings.lease = LEASE;
    settings.poll = Duration::from_millis(200);
    settings.grace = Duration::from_secs(2);
    Worker::with(shop, settings).serving::<Order>().run(abandoned()).await;
    Ok(())
}

/// A port that was ours may be somebody's outgoing connection for a moment.
async fn listen(port: u16) -> Result<TcpListener, Failure> {
    for _ in 0..200 {
        match TcpListener::bind(("127.0.0.1", port)).await {
            Err(error) if error.kind() == ErrorKind::AddrInUse => tokio::time::sleep(Duration::from_millis(50)).await,
            Err(error) => return Err(error.into()),
            Ok(listener) => {
                writeln!(std::io::stdout(), "{}", listener.local_addr()?.port())?;
                return Ok(listener);
            }
        }
    }
    Err(format!("port {port} is taken").into())
}

/// Whoever started this process is gone, or wants it to end.
async fn abandoned() {
    let _ = tokio::io::stdin().read_to_end(&mut Vec::new()).await;
}
