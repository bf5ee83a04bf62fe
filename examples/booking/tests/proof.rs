//! What the workflows of a trip promise, proved on a real database: stopped, raced and wandered through.

use booking::agency::Agency;
use booking::room::Room;
use booking::trip::Trip;
use workflow_runtime::Runtime;
use workflow_testing::{Database, Provable, Subject, Unproved, crash_sweep, race_matrix, random_walk};

/// The hotel and the flight that the migrations know.
async fn subject<W: Provable<Agency>>() -> Subject<W, Agency> {
    let database = Database::create().await.unwrap();
    let agency = Runtime::connect(database.url(), Agency::default()).await.unwrap();
    agency.migrate(&sqlx::migrate!()).await.unwrap();
    Subject::new(&database, |url| async move { Runtime::connect(&url, Agency::default()).await })
        .sample("hotel", ["Adler"])
        .sample("flight", ["WF 7"])
        .never(
            "a trip with a room and no seat",
            "SELECT trip_id FROM rooms FULL JOIN seats USING (trip_id) WHERE trip_id IN (SELECT id FROM trips) AND rooms.state IS DISTINCT FROM seats.state",
        )
}

#[tokio::test]
async fn a_crash_leaves_a_trip_with_room_and_seat_or_nothing() -> Result<(), Unproved> {
    println!("{}", crash_sweep(&subject::<Trip>().await).await?);
    Ok(())
}

#[tokio::test]
async fn of_two_trips_at_the_same_time_neither_disturbs_the_other() -> Result<(), Unproved> {
    println!("{}", race_matrix(&subject::<Trip>().await).await?);
    Ok(())
}

#[tokio::test]
async fn wherever_a_trip_wanders_the_model_is_obeyed() -> Result<(), Unproved> {
    println!("{}", random_walk(&subject::<Trip>().await).await?);
    Ok(())
}

#[tokio::test]
async fn a_room_alone_keeps_its_promises() -> Result<(), Unproved> {
    let rooms = subject::<Room>().await;
    println!("{}", crash_sweep(&rooms).await?);
    println!("{}", race_matrix(&rooms).await?);
    println!("{}", random_walk(&rooms).await?);
    Ok(())
}
