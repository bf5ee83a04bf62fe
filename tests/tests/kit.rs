//! The proofs find what is wrong: each test plants a fault that they must find, and reads what they say of it.

/// One module a proof.
pub mod kit {
    mod crashes;
    mod depot;
    mod kinds;
    mod races;
    mod reaching;
    mod walks;
}
