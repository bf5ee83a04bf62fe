//! A small account, sound, and then broken in every way.
