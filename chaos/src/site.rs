//! What faults strike: servers, the wire in front of them, and processes; and how often they have.

use crate::Failure;
use crate::check::Anomaly;
use crate::fault::Kind;
use crate::load::Load;
use crate::load::bank::Bank;
use crate::node::{DATABASE, Node, Programs};
use crate::troupe::Troupe;
use crate::volume::Volume;
use crate::wire::Wire;
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use workflow_runtime::Runtime;

pub(crate) struct Site {
    /// One fault at a time has it.
    pub(crate) node: tokio::sync::Mutex<Node>,
    pub(crate) wire: Wire,
    pub(crate) troupe: Troupe,
    folder: PathBuf,
    direct: Mutex<PgPool>,
    /// Where the servers' data stands, where one could be mounted.
    pub(crate) volume: Option<Volume>,
    tally: Mutex<BTreeMap<Kind, u64>>,
    /// What faults have found by themselves.
    found: Mutex<Vec<Anomaly>>,
}

impl Site {
    /// A server, migrated, and everybody at work.
    pub(crate) async fn open(folder: &Path, load: &Load, seed: u64) -> Result<Site, Failure> {
        let programs = Programs::find().await?;
        let volume = Volume::mount(&folder.join("servers"))?;
        let mut node = Node::new(&programs, folder.join("servers/1")).await?;
        node.start().await?;
        node.create_database().await?;
        let direct = node.pool(4);
        Runtime::new(direct.clone(), Bank::default()).migrate(&sqlx::migrate!()).await?;
        let wire = Wire::string(node.socket(), direct.clone()).await?;
        let logs = folder.join("logs");
        std::fs::create_dir_all(&logs)?;
        let troupe = Troupe::new(wire.url(DATABASE), logs, load.clone(), seed);
        troupe.start().await?;
        let (node, direct) = (tokio::sync::Mutex::new(node), Mutex::new(direct));
        Ok(Site {
            node,
            wire,
            troupe,
            folder: folder.to_owned(),
            direct,
            volume,
            tally: Mutex::default(),
            found: Mutex::default(),
        })
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// Past the wire.
    pub(crate) fn direct(&self) -> PgPool {
        self.direct.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on this one is it.
    pub(crate) fn move_to(&self, node: &Node) {
        let direct = node.pool(4);
        self.wire.lead_to(node.socket(), direct.clone());
        *self.direct.lock().unwrap_or_else(PoisonError::into_inner) = direct;
    }

    pub(crate) fn count(&self, kind: Kind) {
        *self.tally.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_default() += 1;
    }

    pub(crate) fn tally(&self) -> BTreeMap<Kind, u64> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn found(&self, anomaly: Anomaly) {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).push(anomaly);
    }

    pub(crate) fn anomalies(&self) -> Vec<Anomaly> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
