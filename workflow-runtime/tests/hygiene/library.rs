//! A crate that refuses everything it can refuse, with a workflow that has everything. It is a library, since only there is
//! what is public looked at; building it is the test.

#![deny(
    warnings,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    nonstandard_style,
    rust_2018_idioms,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unreachable_pub,
    unsafe_code,
    unused,
    unused_qualifications,
    unused_results,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::cargo
)]
#![allow(clippy::multiple_crate_versions, clippy::cargo_common_metadata)] // about the whole tree of dependencies

use chrono::{DateTime, Utc};
use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    /// An order.
    pub workflow Order in orders {
        id: Uuid,
        #[unique]
        number: i64,
        note: Option<String>,

        states {
            initial Placed { due: DateTime<Utc> },
            Reserved { warehouse: String },
            Shipped { tracking: String },
            final Delivered,
            final Cancelled { reason: String },
        }

        groups {
            Open = Placed | Reserved,
        }

        transitions {
            create: -> Placed with charge then thank,
            reserve(warehouse: String, weight: i32): Placed -> Reserved with take_stock if sql "number > 0",
            ship(tracking: String): Reserved -> Shipped by book_courier then send_tracking then thank,
            undeliverable: Reserved -> Cancelled { reason: "no courier" } after 5 failures of book_courier with return_stock,
            deliver: Shipped -> Delivered with sql "UPDATE stock SET number = number - 1 WHERE id = NEW.id",
            expire: Placed -> Cancelled { reason: "late" } at due with return_stock,
            cancel(reason: String): Open -> Cancelled with return_stock,
            cancel(reason: String): Shipped -> Cancelled with call_back,
            remind: Open after 2 days,
            annotate(note: Option<String>): Open | Shipped,
            again: Reserved -> Reserved,
        }
    }
}

workflow! {
    /// Nothing but a key.
    pub workflow Ticket in tickets {
        number: i64,
        states { initial Open, final Closed }
        transitions { close: Open -> Closed }
    }
}

mod inside {
    use workflow_runtime::workflow;

    workflow! {
        pub(crate) workflow Parcel in parcels {
            id: i32,
            states { initial Packed, final Sent { by: String } }
            transitions { send(by: String): Packed -> Sent with weigh }
        }
    }
}

/// What is not public is used.
#[must_use]
pub fn sent(parcel: i32) -> String {
    let send = inside::parcel::event::Send { by: parcel.to_string() };
    let new = inside::parcel::New { id: parcel };
    format!("{send:?} {new:?} {:?}", inside::parcel::MODEL)
}
