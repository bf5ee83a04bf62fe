//! What is done, what goes wrong meanwhile, and for how long: a value.

use crate::fault::{Kind, Plan};
use crate::load::Load;
use fastrand::Rng;
use std::time::Duration;

#[derive(Debug, Clone)]
pub(crate) struct Scenario {
    pub(crate) load: Load,
    pub(crate) faults: Vec<Plan>,
    pub(crate) lasting: Duration,
    pub(crate) seed: u64,
}

/// When which fault begins, and what it draws from.
#[derive(Debug)]
pub(crate) struct Appointment {
    pub(crate) at: Duration,
    pub(crate) kind: Kind,
    pub(crate) random: Rng,
}

impl Scenario {
    /// The same for the same seed: each kind at least once, and evenly over the time, but for chance within its turn.
    pub(crate) fn timeline(&self) -> Vec<Appointment> {
        let mut seeds = Rng::with_seed(self.seed);
        let mut appointments: Vec<_> = self.faults.iter().flat_map(|plan| self.turns(*plan, seeds.fork())).collect();
        appointments.sort_by_key(|appointment| appointment.at);
        appointments
    }

    fn turns(&self, plan: Plan, mut random: Rng) -> impl Iterator<Item = Appointment> {
        let turns = (plan.an_hour * self.hours()).ceil().max(1.0);
        let turn = self.lasting.div_f64(turns);
        (0..turns as u32).map(move |n| {
            let at = turn * n + turn.mul_f64(random.f64());
            Appointment { at, kind: plan.kind, random: random.fork() }
        })
    }

    /// What a form of this length owes of so many an hour.
    pub(crate) fn floor(&self, an_hour: u64) -> u64 {
        ((an_hour as f64 * self.hours()).ceil() as u64).max(1)
    }

    fn hours(&self) -> f64 {
        self.lasting.as_secs_f64() / 3600.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::ALL;

    fn scenario(seed: u64) -> Scenario {
        let load = Load { clients: 1, tasks: 1, workers: 1, accounts: 1, together: 1 };
        Scenario { load, faults: ALL.to_vec(), lasting: Duration::from_secs(180), seed }
    }

    #[test]
    fn a_seed_decides_what_happens_when() {
        let told = |seed| scenario(seed).timeline().iter().map(|one| (one.at, one.kind)).collect::<Vec<_>>();
        assert_eq!(told(7), told(7));
        assert_ne!(told(7), told(8));
    }

    #[test]
    fn a_short_form_has_every_kind() {
        let timeline = scenario(7).timeline();
        for plan in ALL {
            assert!(timeline.iter().any(|one| one.kind == plan.kind), "{}", plan.kind);
        }
    }
}
