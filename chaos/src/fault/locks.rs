//! Somebody holds rows for longer than anybody waits for them.

use super::{Kind, away};
use crate::Failure;
use crate::site::Site;
use std::time::Duration;

/// The runtime's time-out is 2 seconds.
const SO_LONG: Duration = Duration::from_millis(2_500);

pub(super) async fn hold(site: &Site, kind: Kind, sql: &'static str) -> Result<(), Failure> {
    let held = async {
        let mut session = site.direct().begin().await?;
        sqlx::query(sql).execute(&mut *session).await?;
        tokio::time::sleep(SO_LONG).await;
        session.rollback().await
    };
    held.await.inspect(|()| site.count(kind)).or_else(away)
}
