//! Who takes part: the shop's front in this process; a courier, a mail service and three workers in their own.

use super::front::{Front, Told};
use super::{Failure, Outside};
use crate::processes::{Ends, Process};
use crate::stage::Stage;
use ::order::outside::ledger::Ledger;
use std::path::PathBuf;
use tempfile::TempDir;

const WORKERS: usize = 3;

pub(crate) struct Troupe {
    pub(super) front: Front,
    pub(super) courier: Process,
    pub(super) mail: Process,
    pub(super) workers: Vec<Process>,
    /// Where the services keep their ledgers.
    folder: TempDir,
}

/// How often whose processes ended.
#[derive(Debug, Default)]
pub(crate) struct AllEnds {
    pub(crate) workers: Ends,
    pub(crate) services: Ends,
}

impl Troupe {
    pub(super) async fn open(stage: &Stage, seed: u32) -> Result<Troupe, Failure> {
        let front = Front::open(stage.database.url()).await?;
        let folder = tempfile::tempdir()?;
        let mut of_courier = service("courier", folder.path().join("courier"), seed);
        of_courier.extend(["--shop".into(), front.url.clone()]);
        let (courier, courier_url) = Process::service(of_courier).await?;
        let (mail, mail_url) = Process::service(service("mail", folder.path().join("mail"), seed)).await?;
        let worker = ["worker".into(), stage.database.url().into(), courier_url, mail_url];
        let workers = (0..WORKERS).map(|_| Process::worker(worker.to_vec())).collect::<Result<_, _>>()?;
        Ok(Troupe { front, courier, mail, workers, folder })
    }

    /// Ends all of them, and reads what the services have written down.
    pub(super) async fn close(self) -> Result<(Told, AllEnds, Outside), Failure> {
        let mut ends = AllEnds::default();
        for worker in self.workers {
            ends.workers += worker.stop().await?;
        }
        for service in [self.courier, self.mail] {
            ends.services += service.stop().await?;
        }
        let [courier, mail] = ["courier", "mail"].map(|name| Ledger::read(&self.folder.path().join(name)));
        Ok((self.front.close(), ends, Outside { courier: courier?, mail: mail? }))
    }
}

fn service(role: &str, ledger: PathBuf, seed: u32) -> Vec<String> {
    vec![role.into(), ledger.to_string_lossy().into_owned(), "--seed".into(), seed.to_string()]
}
