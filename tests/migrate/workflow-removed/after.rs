// Cargo.toml says `removed = ["order"]`.
