use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Part in parts of Part by part_id {
        id: Uuid,
        part_id: Uuid,

        states {
            initial Packed,
            final Delivered,
        }

        transitions {
            deliver: Packed -> Delivered,
        }
    }
}

pub fn shown(part: Part) -> String {
    match part.typed() {
        part::In::Unknown(part) => format!("{part:?}"),
        known => format!("{known:?}"),
    }
}

fn main() {}
