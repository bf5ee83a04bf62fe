//! `cargo workflow verify-data`

use crate::columns::plain;
use crate::database::{Database, looked, unread};
use crate::say;
use clap::Args;
use workflow_inspect::{Mismatch, Site, VerifiedData, verify_data};
use workflow_migrate::{Errors, Exit, Format};

/// Which workflow, and how much is told.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only the workflow of this label
    #[arg(value_name = "WORKFLOW")]
    workflow: Option<String>,
    /// How many mismatches of a workflow are told
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    database: Database,
}

/// Compares each workflow's rows, history and jobs.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(options: &Options) -> Exit {
    looked(asked(options).await, |all| {
        all.iter().for_each(tell);
        if all.iter().any(VerifiedData::is_wrong) { Exit::Drift } else { Exit::Fine }
    })
}

async fn asked(options: &Options) -> Result<Vec<VerifiedData>, Errors> {
    let (mut look, snapshots) = options.database.open().await?;
    let all = async {
        let mut all = Vec::new();
        for site in Site::all(&mut look, &snapshots, options.workflow.as_deref()).await? {
            all.push(verify_data(&mut look, &site, options.limit).await?);
        }
        Ok(all)
    };
    let all = all.await;
    look.close().await;
    all.map_err(|error| unread(&error))
}

fn tell(found: &VerifiedData) {
    if say::format() == Format::Json {
        return say::json(found);
    }
    let workflow = &found.workflow;
    for mismatch in &found.mismatches {
        let line = line(workflow, mismatch);
        if mismatch.older { say::remark("older", &line) } else { say::finding("mismatch", &line) }
    }
    match (found.mismatches.is_empty(), found.more) {
        (true, _) => say::remark("whole", &format!("`{workflow}`: rows, history and jobs fit")),
        (false, true) => say::remark("more", &format!("`{workflow}`: there is more; `--limit` says how much is told")),
        (false, false) => {}
    }
}

fn line(workflow: &str, mismatch: &Mismatch) -> String {
    let version = mismatch.version.map_or_else(String::new, |version| format!(" version {version}"));
    let older =
        if mismatch.older { " (older than the last migration, whose declaration before may have allowed it)" } else { "" };
    format!("`{workflow}` {}{version}: {}{older}", plain(&mismatch.id), plain(&mismatch.said))
}
