//! A parcel, or a pallet, is sent and stopped through the public interface; and all read one meter.

use crate::Failure;
use crate::parcel::{Depot, meter, pallet, parcel};
use crate::rounds::{Load, rate};
use workflow_runtime::Runtime;

/// Moves a second of a transition that changes nothing else.
pub(crate) async fn parcels(depot: &Runtime<Depot>, load: Load) -> Result<f64, Failure> {
    let depot = depot.clone();
    let twice = rate(load, move |id| {
        let depot = depot.clone();
        async move {
            depot.fire(id, parcel::event::Send { truck: "north".into() }).await?;
            depot.fire(id, parcel::event::Stop).await?;
            Ok(())
        }
    });
    Ok(2.0 * twice.await?)
}

/// The same, with `with sql`.
pub(crate) async fn pallets(depot: &Runtime<Depot>, load: Load) -> Result<f64, Failure> {
    let depot = depot.clone();
    let twice = rate(load, move |id| {
        let depot = depot.clone();
        async move {
            depot.fire(id, pallet::event::Send { truck: "north".into() }).await?;
            depot.fire(id, pallet::event::Stop).await?;
            Ok(())
        }
    });
    Ok(2.0 * twice.await?)
}

/// Moves a second of one instance, which is everybody's.
pub(crate) async fn one_meter(depot: &Runtime<Depot>, load: Load) -> Result<f64, Failure> {
    let depot = depot.clone();
    let once = rate(load, move |_| {
        let depot = depot.clone();
        async move { Ok(depot.fire(1, meter::event::Read).await.map(drop)?) }
    });
    once.await
}
