workflow! {
    pub workflow Shipment in shipments {
        id: Uuid,
        order_id: Uuid,
        customer_id: Uuid,

        states {
            initial Packed,
            Sent { tracking: String },
            final Delivered,
            final Lost,
        }

        transitions {
            send(tracking: String): Packed -> Sent,
            deliver: Sent -> Delivered,
            lose: Packed | Sent -> Lost,
        }
    }
}
