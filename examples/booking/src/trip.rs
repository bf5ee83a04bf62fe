//! The trip.

use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    /// A trip, from the wish to the receipt.
    pub workflow Trip in trips {
        id: Uuid,
        hotel: String,
        flight: String,
        card: String,
        /// In euros.
        price: i32,

        states {
            /// A wish. Nothing is held for it.
            initial Wished,
            /// Room and seat are held, and the card is being charged.
            Reserved,
            Booked { receipt: String },
            /// Whatever was charged goes back.
            Refunding { reason: String },
            final Cancelled { reason: String },
        }

        transitions {
            /// Both or none.
            reserve: Wished -> Reserved with hold,
            give_up(reason: String): Wished -> Cancelled,

            charged(receipt: String): Reserved -> Booked by charge pausing 1 second to 2 seconds within 5 seconds with confirm,
            declined: Reserved -> Cancelled { reason: "the card was declined" } by charge with release,
            /// Nobody knows whether it was charged.
            unanswered: Reserved -> Refunding { reason: "the card service did not answer" } after 3 failures of charge with release,

            cancel(reason: String): Booked -> Refunding with release,
            refunded: Refunding -> Cancelled by refund up to 20 attempts pausing 1 second to 2 seconds,
        }
    }
}
