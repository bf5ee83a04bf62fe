//! The application: it writes letters.

use crate::claim::{Claim, claim};
use std::sync::{Arc, Mutex, PoisonError};
use workflow_runtime::{BoxError, Job};

/// Keeps what it has written. A real one would hand `job.key` to the mail service, so that no letter arrives twice.
#[derive(Debug, Clone, Default)]
pub struct Office {
    letters: Arc<Mutex<Vec<String>>>,
}

impl Office {
    /// What was written since the last time.
    pub fn letters(&self) -> Vec<String> {
        std::mem::take(&mut self.letters.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self, to: &str, text: String) {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push(format!("to {to}: {text}"));
    }
}

impl claim::Work for Office {
    type Error = BoxError;

    async fn write_to_manager(&self, claim: Claim<claim::Submitted>, _: &Job) -> Result<(), BoxError> {
        self.write("the manager", format!("{} waits for a decision about {} euros.", claim.employee, claim.amount));
        Ok(())
    }

    async fn write_to_director(&self, claim: Claim<claim::Escalated>, _: &Job) -> Result<(), BoxError> {
        self.write("the director", format!("nobody has decided about the {} euros of {}.", claim.amount, claim.employee));
        Ok(())
    }

    async fn write_to_employee(&self, claim: Claim, _: &Job) -> Result<(), BoxError> {
        let text = match &claim.state {
            claim::State::Rejected(rejected) => format!("{} euros were rejected: {}.", claim.amount, rejected.reason),
            _ => format!("{} euros were approved.", claim.amount),
        };
        self.write(&claim.employee, text);
        Ok(())
    }
}
