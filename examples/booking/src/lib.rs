//! A trip is a hotel, a flight and a payment. Room and seat are in our database, and are held and released in the trip's own
//! transaction. The card service is not: there, what was done is made good again.

pub mod agency;
pub mod cards;
pub mod room;
pub mod seat;
pub mod trip;
