//! `cargo workflow history`

use crate::columns::{self, Side, plain, time};
use crate::database::{Instance, looked, unread};
use crate::say;
use workflow_inspect::{History, Step, history};
use workflow_migrate::{Errors, Exit, Format};

/// Shows the steps of one instance.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(instance: &Instance) -> Exit {
    looked(asked(instance).await, |history| {
        match say::format() {
            Format::Json => say::json(&history),
            Format::Human => say::data(&table(&history)),
            Format::Github => history.steps.iter().for_each(|step| say::remark("step", &sentence(step))),
        }
        Exit::Fine
    })
}

async fn asked(instance: &Instance) -> Result<History, Errors> {
    let (mut look, snapshots) = instance.database.open().await?;
    let read = async {
        let site = instance.site(&mut look, &snapshots).await?;
        history(&mut look, &site, &instance.id).await
    };
    let read = read.await;
    look.close().await;
    read.map_err(|error| unread(&error))
}

fn table(history: &History) -> String {
    let names = ["version", "at", "event", "from", "to", "actor", "role", "note", "data"];
    let head = names.map(|name| (name, if name == "version" { Side::Right } else { Side::Left }));
    let mut lines = vec![format!("`{}` {}\n", history.workflow, plain(&history.id))];
    lines.extend(columns::lines(&head, &history.steps.iter().map(row).collect::<Vec<_>>()));
    lines.join("\n")
}

fn row(step: &Step) -> Vec<String> {
    let or = |text: &Option<String>| text.as_deref().map_or_else(|| "-".to_owned(), plain);
    vec![
        step.version.to_string(),
        time(&step.at),
        step.event.clone(),
        or(&step.from_state),
        step.to_state.clone(),
        or(&step.actor),
        plain(&step.role),
        or(&step.note),
        step.data.as_ref().map_or_else(|| "-".to_owned(), |data| plain(data.get())),
    ]
}

fn sentence(step: &Step) -> String {
    let from = step.from_state.as_deref().unwrap_or("nothing");
    format!("{} {}: {from} -> {} by {}", step.version, step.event, step.to_state, step.event)
}
