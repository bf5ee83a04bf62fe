//! Somebody takes all connections.

use super::Kind;
use crate::Failure;
use crate::site::Site;
use fastrand::Rng;
use sqlx::Connection;
use std::time::Duration;

/// More than the server has.
const MOST: usize = 200;

/// What is there is taken; some of those who work are ended, and find no place any more.
pub(super) async fn exhaust(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let options = site.direct().connect_options();
    let (mut taken, mut refused) = (Vec::new(), false);
    for _ in 0..MOST {
        match sqlx::PgConnection::connect_with(&options).await {
            Ok(connection) => taken.push(connection),
            Err(error) => {
                refused = error.as_database_error().and_then(|error| error.code()).as_deref() == Some("53300");
                break;
            }
        }
    }
    site.wire.cut(|number| number.is_multiple_of(4));
    tokio::time::sleep(Duration::from_millis(random.u64(300..2_000))).await;
    if refused {
        site.count(Kind::Exhaust);
    }
    Ok(())
}
