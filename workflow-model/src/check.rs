//! The rules. An empty list is the licence to go on.
//!
//! Each rule has a code, a page `docs/src/errors/W0xx.md`, and one function named for the fault that it finds. Codes below W010
//! belong to the parser. [`RULES`] is the table of contents of this folder: read it from the top.

mod blocks;
mod changes;
mod children;
mod context;
mod data;
mod events;
mod graph;
mod labels;
mod literals;
mod names;
mod reserved;
mod retries;
mod sql;
mod times;
mod triggers;

pub use context::{Context, Faults};

use crate::diagnostic::{Code, Diagnostic};
use crate::model::Model;

/// A rule: what it is called, and how its fault is found.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// `W021`.
    pub code: Code,
    /// The title of its page: a target's field has no value.
    pub title: &'static str,
    /// Reports every place where the rule is broken.
    pub find: fn(&Context<'_>, &mut Faults),
}

const fn rule(code: u16, title: &'static str, find: fn(&Context<'_>, &mut Faults)) -> Rule {
    Rule { code: Code(code), title, find }
}

/// All rules: names, data, the graph, triggers and clauses, what an event's lines say together, how jobs are
/// tried again, what is said of changes, children, and when tasks are due.
pub const RULES: &[Rule] = &[
    rule(10, "a name means nothing", names::unknown_names),
    rule(11, "a name has the wrong case", names::miscased_names),
    rule(12, "a name is too long for PostgreSQL", labels::long_names),
    rule(13, "a name is reserved", reserved::reserved_names),
    rule(14, "a label has a character that is not allowed", labels::malformed_labels),
    rule(15, "two things share a label", labels::shared_labels),
    rule(16, "a name is declared twice", names::repeated_names),
    rule(17, "a generated type would have the name of another one", reserved::colliding_types),
    rule(18, "a removed state is still declared", names::removed_but_declared),
    rule(20, "there is no key", data::missing_key),
    rule(21, "a target's field has no value", data::unset_fields),
    rule(22, "a parameter's type differs from its field's", data::mistyped_parameters),
    rule(23, "a field is declared differently in two states", data::diverging_fields),
    rule(24, "a literal does not fit its field", literals::mistyped_literals),
    rule(25, "a literal is given for a field that the target lacks", data::misplaced_literals),
    rule(26, "a field gets two values", data::doubled_values),
    rule(27, "no column type is known", data::unknown_column_types),
    rule(28, "`#[sql]` is not the name of a type", data::malformed_column_types),
    rule(29, "a parameter is not used", data::unused_parameters),
    rule(30, "there is no initial state", graph::missing_initial),
    rule(31, "there are several initial states", graph::several_initials),
    rule(32, "a state cannot be reached", graph::unreachable_states),
    rule(33, "a state is a trap", graph::traps),
    rule(34, "a final state has a way out", graph::final_with_way_out),
    rule(35, "no final state can be reached", graph::endless_states),
    rule(36, "a group is empty or contains itself", graph::baseless_groups),
    rule(37, "a line names a state twice", graph::states_named_twice),
    rule(38, "creation does not lead to the initial state", graph::misled_creation),
    rule(40, "something fires in a final state", triggers::triggers_on_final_states),
    rule(41, "two clauses fire one transition", triggers::doubled_triggers),
    rule(42, "a timer's field is no timestamp", triggers::timers_without_timestamp),
    rule(43, "an activity that is not started cannot be exhausted", triggers::exhaustion_of_unknown_activity),
    rule(44, "nobody gives a timer's event its parameters", triggers::parameters_nobody_gives),
    rule(45, "a task stands twice in one line", triggers::repeated_tasks),
    rule(46, "creation has a clause that it cannot have", triggers::misplaced_clauses_of_creation),
    rule(47, "creation shares its effect with a transition", triggers::shared_effects_of_creation),
    rule(48, "the statements of `with sql` cannot run in a trigger", triggers::unfit_effect_sql),
    rule(49, "`if sql` is not one expression", triggers::unfit_guard_sql),
    rule(50, "an event leads out of a state twice", events::ambiguous_events),
    rule(51, "the lines of an event carry different payloads", events::disagreeing_payloads),
    rule(52, "the lines of an event carry different labels", events::disagreeing_labels),
    rule(53, "an event sets the key", events::events_that_set_the_key),
    rule(54, "an internal transition sets a field that its states lack", events::fields_some_sources_lack),
    rule(55, "how a job is tried again is said twice", retries::said_twice),
    rule(56, "a job has two numbers of attempts", retries::doubled_counts),
    rule(57, "the first pause is longer than the longest", retries::shrinking_pauses),
    rule(60, "a default says nothing", changes::idle_defaults),
    rule(61, "the key has a default or a former type", changes::changes_of_the_key),
    rule(62, "a field of another type has no column of its own", changes::conversions_in_place),
    rule(63, "a conversion is not one expression", changes::unfit_conversions),
    rule(64, "a dropped field is still declared", changes::dropped_but_declared),
    rule(65, "a thing is renamed from its own label", changes::renamed_from_themselves),
    rule(66, "two things are renamed from one label", changes::shared_pasts),
    rule(67, "a former label is still in use", changes::pasts_in_use),
    rule(68, "a table is moved from itself", changes::moves_to_the_same_table),
    rule(69, "there is no duration to retime", changes::nothing_to_retime),
    rule(70, "the field that names a child's parent cannot do so", children::unfit_parent_fields),
    rule(71, "a child would change its parent", children::changing_parents),
    rule(72, "a child never ends", children::endless_children),
    rule(73, "a workflow is a child of itself", children::children_of_themselves),
    rule(74, "all children are waited for in a circle", children::lines_that_wait_again),
    rule(75, "the field of a task's time is no timestamp", times::tasks_without_timestamp),
];

/// Every fault of the model, in the order of its places. A consequence of a reported fault is not reported again.
pub fn check(model: &Model) -> Vec<Diagnostic> {
    let context = Context::new(model);
    let mut found = Vec::new();
    for rule in RULES {
        let mut faults = Faults::of(rule.code);
        (rule.find)(&context, &mut faults);
        found.extend(faults.into_diagnostics());
    }
    found.sort_by_key(|fault| (fault.place, fault.code));
    found
}
