//! What is to come: creations that were asked for, and schedules.

use crate::rows::run;
use crate::shop::{Shop, snapshots};
use std::time::Duration;
use workflow_inspect::{Look, Site, StatusAsked, history, retry, schedules, status, why};

const CLAIM: &str = "
workflow! {
    pub workflow Claim in claims {
        id: i64,
        amount: i32,

        states { initial Filed, final Paid }

        transitions { pay: Filed -> Paid }
    }
}
";

async fn look(shop: &Shop) -> Look {
    Look::open(&shop.database.url().parse().unwrap(), Duration::from_secs(10)).await.unwrap()
}

#[tokio::test]
async fn an_instance_that_is_to_be_created_is_told_from_one_that_is_not_known() {
    let shop = Shop::of("scheduled-creation", CLAIM).await;
    run(&shop.pool, r#"SELECT claims_create_at(7, '2100-01-01 00:00:00Z', '{"amount": 1}')"#).await;
    let snapshots = snapshots(&shop.at.migrations());
    let said = async |id: &str| {
        let mut look = look(&shop).await;
        let site = match Site::having(&mut look, &snapshots, None, id).await {
            Ok(site) => site,
            Err(error) => return [error.to_string(), String::new()],
        };
        let why = why(&mut look, &site, id, Duration::from_secs(60)).await.unwrap_err().to_string();
        [why, history(&mut look, &site, id).await.unwrap_err().to_string()]
    };
    let [why, history] = said("7").await;
    assert_eq!(why, "`claim` 7 is not there yet: its creation is scheduled for 2100-01-01T00:00:00+00:00");
    assert_eq!(history, why);
    assert_eq!(said("8").await[0], "there is no instance 8 of `claim`");
    run(&shop.pool, "UPDATE claims_jobs SET attempt = 3, last_error = 'no numbers left'").await;
    assert_eq!(
        said("7").await[0],
        "`claim` 7 is not there yet: its creation failed, and is tried again at 2100-01-01T00:00:00+00:00: no numbers left"
    );
    let mut touch = workflow_inspect::Touch::open(&shop.database.url().parse().unwrap(), Duration::from_secs(10)).await.unwrap();
    let mut looks = look(&shop).await;
    let site = Site::having(&mut looks, &snapshots, None, "7").await.unwrap();
    retry(&mut touch, &site, "7", "create", Duration::from_secs(30)).await.unwrap();
    touch.keep().await.unwrap();
    run(&shop.pool, "UPDATE claims_jobs SET run_at = 'infinity'").await;
    assert_eq!(said("7").await[0], "`claim` 7 is not there yet: its creation is parked: no numbers left");
    let asked = StatusAsked { late: Duration::from_secs(60), estimate: false };
    let jobs = status(&mut looks, &site, asked).await.unwrap().jobs;
    assert_eq!(jobs.iter().map(|job| (job.kind.as_str(), job.job.as_str())).collect::<Vec<_>>(), [("creation", "create")]);
}

#[tokio::test]
async fn schedules_are_shown_with_their_last_tick_and_the_error_of_the_next() {
    let shop = Shop::of("scheduled-schedules", CLAIM).await;
    let insert = "INSERT INTO workflow.schedules VALUES ('monthly', '0 6 1 * *', '2026-01-01 06:00:00Z', 2, '2026-02-01 06:00:03Z', 'no numbers left'),
        ('daily', '@daily', '2026-01-01 00:00:00Z', 0, NULL, NULL)";
    run(&shop.pool, insert).await;
    let all = schedules(&mut look(&shop).await).await.unwrap();
    assert_eq!(all.iter().map(|one| one.schedule.as_str()).collect::<Vec<_>>(), ["daily", "monthly"]);
    assert_eq!((all[1].last.as_str(), all[1].attempt), ("2026-01-01T06:00:00+00:00", 2));
    assert_eq!(all[1].last_error.as_deref(), Some("no numbers left"));
    run(&shop.pool, "DROP TABLE workflow.schedules").await;
    assert_eq!(schedules(&mut look(&shop).await).await.unwrap(), []);
}
