workflow! {
    /// The smallest of all.
    pub workflow Door in doors {
        id: i64,
        states { initial Open, final Shut }
        transitions { close: Open -> Shut }
    }
}
