//! The migrations of the example are those of its declaration.

#[test]
fn the_migrations_are_current() {
    workflow_testing::assert_migrations_current!();
}
