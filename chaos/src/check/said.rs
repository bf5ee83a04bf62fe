//! A call for one instance, with all that its process wrote down.

use crate::log::Line;
pub(crate) use crate::log::Said;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// History has it as the actor.
    pub(crate) name: String,
    pub(crate) event: String,
    /// Of one that is made once, however often it is called.
    pub(crate) key: Option<Uuid>,
    /// In the order in which they came. None, when the process died before.
    pub(crate) answers: Vec<Said>,
}

impl Call {
    pub(crate) fn last(&self) -> Option<&Said> {
        self.answers.last()
    }
}

/// Of one process's log, the calls by their instances. A line that was cut in the middle was not said, nor was an answer that nothing asked for.
pub(crate) fn calls(process: &str, log: &str) -> HashMap<Uuid, Vec<Call>> {
    let mut calls: HashMap<Uuid, Vec<Call>> = HashMap::new();
    let mut places: HashMap<(u64, Uuid), usize> = HashMap::new();
    let lines = log.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    for Line { call, id, said } in lines.filter_map(Line::read) {
        let of_instance = calls.entry(id).or_default();
        match said {
            Said::Intent { event, key } => {
                places.insert((call, id), of_instance.len());
                of_instance.push(Call { name: format!("{process}.{call}"), event, key, answers: Vec::new() });
            }
            answer => {
                let place = places.get(&(call, id)).and_then(|place| of_instance.get_mut(*place));
                if let Some(call) = place {
                    call.answers.push(answer);
                }
            }
        }
    }
    calls
}
