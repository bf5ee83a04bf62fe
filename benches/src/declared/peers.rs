//! The same states and events for libraries that have a state machine, and no database.

use super::{Declared, Line, State, within};
use std::fmt::Write;

impl Declared {
    /// With the data of states and events.
    pub(crate) fn for_statig(&self, number: usize) -> String {
        let name = format!("{}{number}", self.name);
        let event = |line: &Line| format!("{}{},\n", line.variant(), within(" {", line.parameters, "}"));
        let events: String = self.lines.iter().map(event).collect();
        let states: String = self.states.iter().map(|state| self.statig_state(state)).collect();
        let initial = self.states.first().map_or_else(String::new, |state| state.name.to_lowercase());
        format!(
            "#![allow(unused_variables)]\nuse chrono::{{DateTime, Utc}};\nuse statig::prelude::*;\n\
             #[derive(Debug, Default)]\npub struct {name};\n#[derive(Debug, Clone, PartialEq)]\npub enum Event {{\n{events}}}\n\
             #[state_machine(initial = \"State::{initial}()\", state(derive(Debug, Clone, PartialEq)))]\nimpl {name} {{\n{states}}}\n"
        )
    }

    fn statig_state(&self, state: &State) -> String {
        let stored: String = state.fields.iter().map(|(name, ty)| format!("{name}: &mut {ty}, ")).collect();
        let mut arms = String::new();
        for line in self.lines.iter().filter(|line| line.from.contains(&state.name)) {
            let names: Vec<_> = line.parameters.iter().map(|(name, _)| *name).collect();
            let pattern = if names.is_empty() { String::new() } else { format!(" {{ {} }}", names.join(", ")) };
            let target = self.states.iter().find(|state| state.name == line.to).map_or(&[][..], |state| state.fields);
            let given: Vec<_> = target.iter().map(|(name, _)| format!("{name}.clone()")).collect();
            let to = format!("State::{}({})", line.to.to_lowercase(), given.join(", "));
            let _ = writeln!(arms, "Event::{}{pattern} => Transition({to}),", line.variant());
        }
        let name = state.name.to_lowercase();
        format!("#[state]\nfn {name}({stored}event: &Event) -> Outcome<State> {{\nmatch event {{\n{arms}_ => Super,\n}}\n}}\n")
    }

    /// Without data.
    pub(crate) fn for_smlang(&self, number: usize) -> String {
        let name = format!("{}{number}", self.name);
        let lines = self.lines.iter().flat_map(|line| line.from.iter().map(move |from| (from, line)));
        let line = |(at, (from, line)): (usize, (&&str, &Line))| {
            let initial = if at == 0 { "*" } else { "" };
            format!("{initial}{from} + {} = {},\n", line.variant(), line.to)
        };
        let transitions: String = lines.enumerate().map(line).collect();
        format!(
            "smlang::statemachine! {{\nname: {name},\nderive_states: [Debug, Clone],\nderive_events: [Debug, Clone],\ntransitions: {{\n{transitions}}}\n}}\n\
             pub struct Context;\nimpl {name}StateMachineContext for Context {{}}\n"
        )
    }

    /// Without data; a type for each state, and no enum of them.
    pub(crate) fn for_state_machines(&self, number: usize) -> String {
        let names: Vec<_> = self.states.iter().map(|state| state.name).collect();
        let event = |Line { event, from, to, .. }: &Line| {
            let transitions = from.iter().map(|from| format!("transition: {{ from: {from}, to: {to} }}\n"));
            format!("{event} {{\n{}}}\n", transitions.collect::<String>())
        };
        let events: String = self.lines.iter().map(event).collect();
        let (initial, names) = (names.first().copied().unwrap_or_default(), names.join(", "));
        format!(
            "use state_machines::state_machine;\nstate_machine! {{\nname: {}{number},\ninitial: {initial},\nstates: [{names}],\nevents {{\n{events}}}\n}}\n",
            self.name
        )
    }
}
