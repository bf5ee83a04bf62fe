//! The files of a change, as `cargo workflow generate` writes them, applied as `cargo workflow apply` does.

use crate::Failure;
use crate::site::Site;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use workflow_apply::Settings;
use workflow_migrate::{Errors, Project, Step, declared, plan};

/// For a phase, with all that goes wrong meanwhile.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder with one source and its migrations.
#[derive(Debug)]
pub(super) struct Files {
    home: PathBuf,
    next: i64,
}

impl Files {
    pub(super) fn new(home: PathBuf) -> std::io::Result<Files> {
        std::fs::create_dir_all(&home)?;
        Ok(Files { home, next: 1_000 })
    }

    pub(super) fn generate(&mut self, source: &str, step: Step) -> Result<(), Failure> {
        let root = self.home.join("lib.rs");
        std::fs::write(&root, source)?;
        let migrations = self.home.join("migrations");
        let project =
            Project { packages: vec!["notes".into()], migrations, removed: Vec::new(), roots: vec![root], table_name: None };
        let planned = declared(&project).and_then(|declared| plan(&project, &declared, step, self.next));
        let told = |Errors(errors): Errors| errors.iter().map(|error| error.render(false)).collect::<String>();
        let planned = planned.map_err(told)?;
        planned.write().map_err(|error| error.render(false))?;
        self.next += 1_000;
        Ok(())
    }

    /// Again and again, wherever the server is; what went wrong last, when it never succeeds.
    pub(super) async fn apply(&self, site: &Site, database: &str) -> Result<(), Failure> {
        let migrator = Migrator::new(self.home.join("migrations")).await?;
        let since = Instant::now();
        loop {
            let options: PgConnectOptions = (*site.direct().connect_options()).clone().database(database);
            match workflow_apply::apply(&options, &migrator, &Settings::default(), |_| ()).await {
                Ok(_) => return Ok(()),
                Err(error) if since.elapsed() > PATIENCE => return Err(error.into()),
                Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
    }
}
