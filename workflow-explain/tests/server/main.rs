//! What this crate says of locks, scans and rewrites, compared with a real server.

mod concurrently;
mod statements;
mod world;
