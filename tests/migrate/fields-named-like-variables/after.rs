workflow! {
    pub workflow Order in orders {
        id: Uuid,
        #[renamed_from = "batch"]
        #[was(i32)]
        batch_text: String,
        last: String,
        #[renamed_from = "failures"]
        #[was(i32)]
        failures_text: String,
        #[renamed_from = "found"]
        #[was(bool, "found::integer", "found_number = 1")]
        found_number: i32,

        states {
            initial Placed,
            Reserved {
                #[renamed_from = "note"]
                #[was(i32)]
                note_text: String,
                #[renamed_from = "data"]
                data_text: String,
                #[renamed_from = "step"]
                #[was(i32, "step + 1", "(step_long - 1)::integer")]
                step_long: i64,
                #[renamed_from = "was"]
                #[was(i32)]
                was_text: String,
            },
            final Delivered,
        }

        transitions {
            reserve(note_text: String, data_text: String, step_long: i64, was_text: String): Placed -> Reserved,
            deliver: Reserved -> Delivered,
            #[retime]
            expire: Placed -> Delivered after 1 hour,
        }
    }
}
