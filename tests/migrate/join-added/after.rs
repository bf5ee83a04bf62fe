workflow! {
    pub workflow Order in orders {
        id: Uuid,
        sku: String,

        states {
            initial Placed,
            Shipping { parts: i32 },
            final Complete,
        }

        transitions {
            pack(parts: i32): Placed -> Shipping with create_shipments,
            complete: Shipping -> Complete after all Shipment,
        }
    }
}
