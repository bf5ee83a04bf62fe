//! A fault of a declaration, as data. It is rendered in two places only: the macro and the command line.

use std::fmt;

/// A rule's code, `W021`: its page in the book is `errors/W021.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "W{:03}", self.0)
    }
}

/// One fault, where it stands, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// What is wrong: lower case, no full stop, the user's words.
    pub message: String,
    /// What to write; can be pasted where possible.
    pub help: Option<String>,
}

/// A part of a model, by position. The syntax knows which tokens stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The workflow's name.
    Workflow,
    /// The table's name (and schema).
    Table,
    /// The parent, behind `of`.
    Parent,
    /// The field that holds the parent's key.
    ParentField,
    /// An attribute of the workflow, by its name.
    Attribute(&'static str),
    /// A part of a `#[removed(…)]`, by the attribute's position: as of a transition with one source.
    Removed(usize, Part),
    /// The field that a `#[dropped(…)]` names, by the attribute's position.
    Dropped(usize),
    /// The name of a common field.
    Field(usize),
    /// The type of a common field.
    FieldType(usize),
    /// An attribute of a common field, by its name; `forward` and `back` are the texts of `was`.
    FieldAttribute(usize, &'static str),
    /// The name of a state.
    State(usize),
    /// An attribute of a state, by its name.
    StateAttribute(usize, &'static str),
    /// The name of a state's own field: state, field.
    StateField(usize, usize),
    /// The type of a state's own field: state, field.
    StateFieldType(usize, usize),
    /// An attribute of a state's own field, by its name: state, field.
    StateFieldAttribute(usize, usize, &'static str),
    /// The name of a group.
    Group(usize),
    /// A member of a group: group, member.
    GroupMember(usize, usize),
    /// A part of `create`.
    Create(Part),
    /// A part of a transition, by the transition's position.
    Transition(usize, Part),
}

/// A part of a transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The event's name.
    Event,
    /// An attribute of the line, by its name.
    Attribute(&'static str),
    /// The name of a parameter.
    Parameter(usize),
    /// The type of a parameter.
    ParameterType(usize),
    /// A source, as written.
    Source(usize),
    /// The target's name.
    Target,
    /// The name of a field that gets a literal.
    LiteralName(usize),
    /// The literal.
    Literal(usize),
    /// A clause that fires the transition.
    Trigger(usize),
    /// `with`.
    Effect,
    /// `then`, by position.
    Task(usize),
    /// When a task is due, by position.
    Time(usize),
    /// How a job is tried again, by position.
    Retry(usize),
    /// `if sql`.
    Guard,
}
