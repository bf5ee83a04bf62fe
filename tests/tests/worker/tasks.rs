//! A task comes after the commit, and is told of the instance as its transition left it.

use super::depot::{Depot, World, does};
use std::sync::{Arc, Mutex};

#[tokio::test(flavor = "multi_thread")]
async fn a_task_sees_the_instance_as_its_transition_left_it_although_it_has_moved_on() {
    let world = World::new().await;
    world.parcel().await;
    let book = "UPDATE parcels SET state = 'booked', event = 'book', tracking = 'T1', version = 2, entered_at = now()";
    world.run(book).await;
    world.run("UPDATE parcels SET state = 'lost', event = 'lose', tracking = NULL, version = 3, entered_at = now()").await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let saw = seen.clone();
    let tell = does(move |parcel: super::parcels::Parcel<super::parcels::parcel::Booked>, _| {
        saw.lock().unwrap().push(parcel.state.tracking.clone());
        Ok(())
    });
    let working = world.work(Depot { tell, ..Depot::default() }).await;
    world.until("SELECT count(*) = 0 FROM parcels_jobs WHERE kind = 'task'").await;
    working.stop().await;
    assert_eq!(*seen.lock().unwrap(), ["T1"]);
}
