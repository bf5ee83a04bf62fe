//! Each fault once: what uses the workflow all the same adds nothing.

use uuid::Uuid;
use workflow_runtime::{Error, Runtime, Tx, workflow};

/// Everything that a program does with a workflow.
macro_rules! users {
    () => {
        pub struct Shop;

        impl order::Effects for Shop {
            type Error = sqlx::Error;

            async fn pack(
                &self,
                _: &mut sqlx::PgConnection,
                before: &Order<order::Placed>,
                after: &Order<order::Sent>,
                event: &order::event::Send,
            ) -> sqlx::Result<()> {
                println!("{:?} {} {}", before.id, after.state.by, event.by);
                Ok(())
            }
        }

        pub async fn go(shop: &Runtime<Shop>, tx: &mut Tx<'_, Shop>, id: Uuid) -> Result<(), Error<Order>> {
            let sent = shop.fire(id, order::event::Send { by: "van".into() }).await?;
            println!("{} {:?}", sent.state.by, sent.possible());
            let placed = tx.lock::<Order<order::Placed>>(id).await?;
            let sent = placed.send(tx, "van").await?;
            println!("{} {}", sent.version(), sent.state.by);
            let any: Order = sent.into();
            if let order::In::Sent(sent) = any.typed() {
                sent.lose(tx).await?;
            }
            shop.fire_all([id], order::event::Lose).await?;
            println!("{:?} {:?}", order::Label::Placed, order::MODEL);
            Ok(())
        }
    };
}

mod slip {
    use super::*;

    workflow! {
        pub workflow Order in orders {
            id: Uuid,
            states { initial Placed, Sent { by: String }, final Lost }
            transitions { send(by: String): Placed => Sent with pack, lose: Sent -> Lost }
        }
    }
    users!();
}

mod no_initial {
    use super::*;

    workflow! {
        pub workflow Order in orders {
            id: Uuid,
            states { Placed, Sent { by: String }, final Lost }
            transitions { send(by: String): Placed -> Sent with pack, lose: Sent -> Lost }
        }
    }
    users!();
}

mod unknown_target {
    use super::*;

    workflow! {
        pub workflow Order in orders {
            id: Uuid,
            states { initial Placed, Sent { by: String }, final Lost }
            transitions { send(by: String): Placed -> Sent with pack, lose: Sent -> Loss }
        }
    }
    users!();
}

mod optional_key {
    use super::*;

    workflow! {
        pub workflow Order in orders {
            id: Option<Uuid>,
            states { initial Placed, Sent { by: String }, final Lost }
            transitions { send(by: String): Placed -> Sent with pack, lose: Sent -> Lost }
        }
    }
    users!();
}

mod no_key {
    use super::*;

    workflow! {
        pub workflow Order in orders {
            states { initial Placed, Sent { by: String }, final Lost }
            transitions { send(by: String): Placed -> Sent with pack, lose: Sent -> Lost }
        }
    }
    users!();
}

mod repeated_state {
    use super::*;

    workflow! {
        pub workflow Order in orders {
            id: Uuid,
            states { initial Placed, Sent { by: String }, final Lost, Placed }
            transitions { send(by: String): Placed -> Sent with pack, lose: Sent -> Lost }
        }
    }
    users!();
}

mod reserved_event {
    use super::*;

    workflow! {
        pub workflow Order in orders {
            id: Uuid,
            states { initial Placed, Sent { by: String }, final Lost }
            transitions { send(by: String): Placed -> Sent with pack, lose: Sent -> Lost, history: Placed, clone: Sent }
        }
    }
    users!();
}

mod ambiguous_event {
    use super::*;

    workflow! {
        pub workflow Order in orders {
            id: Uuid,
            states { initial Placed, Sent { by: String }, final Lost }
            transitions { send(by: String): Placed -> Sent with pack, lose: Sent -> Lost, lose: Placed | Sent -> Lost }
        }
    }
    users!();
}

mod shared_effect {
    use super::*;

    workflow! {
        pub workflow Order in orders {
            id: Uuid,
            states { initial Placed, Sent { by: String }, final Lost }
            transitions { create: -> Placed with pack, send(by: String): Placed -> Sent with pack, lose: Sent -> Lost }
        }
    }
    users!();
}

fn main() {}
