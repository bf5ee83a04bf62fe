//! The syntax tree. Each type shows the text it is parsed from.

use proc_macro2::{Ident, Span};
use syn::{Attribute, LitInt, LitStr, Path, Type, Visibility};

/// `pub workflow Order in orders { … }`
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Docs and attributes.
    pub attrs: Attrs,
    /// `pub`
    pub vis: Visibility,
    /// `Order`
    pub name: Ident,
    /// `orders`
    pub table: Table,
    /// `of Customer by customer_id`
    pub parent: Option<Parent>,
    /// `id: Uuid, quantity: i32,`
    pub fields: Vec<Field>,
    /// `states { … }`
    pub states: Vec<State>,
    /// `groups { … }`
    pub groups: Vec<Group>,
    /// `create: -> Placed …`
    pub create: Option<Create>,
    /// `transitions { … }`
    pub transitions: Vec<Transition>,
}

/// `orders`, `sales.orders`
#[derive(Debug, Clone)]
pub struct Table {
    /// `sales`
    pub schema: Option<Ident>,
    /// `orders`
    pub name: Ident,
}

/// `of Order by order_id`
#[derive(Debug, Clone)]
pub struct Parent {
    /// `Order`, `crate::shop::Order`
    pub path: Path,
    /// `order_id`
    pub field: Ident,
}

/// `/// Docs.` and `#[…]`, already told apart. Unknown ones are errors of the parser.
#[derive(Debug, Clone, Default)]
pub struct Attrs {
    /// The doc comments, as they are handed through.
    pub docs: Vec<Attribute>,
    /// `#[label = "paid"]`
    pub label: Option<LitStr>,
    /// `#[renamed_from = "settled"]`
    pub renamed_from: Option<LitStr>,
    /// `#[sql = "numeric(12,2)"]`
    pub sql: Option<LitStr>,
    /// `#[snapshot = "migrations/.workflow/order.json"]`
    pub snapshot: Option<LitStr>,
    /// `#[unique]`
    pub unique: Option<Span>,
    /// `#[adopt]`, `#[adopt(status)]`
    pub adopt: Option<Adopt>,
    /// `#[default = 1]`
    pub default: Option<Literal>,
    /// `#[was(i32, "amount * 100", "cents / 100")]`
    pub was: Option<Was>,
    /// `#[retime]`
    pub retime: Option<Span>,
    /// `#[removed(Hold -> Placed)]`
    pub removed: Vec<Removed>,
    /// `#[dropped(Reserved.carrier = "none")]`
    pub dropped: Vec<Dropped>,
    /// `#[moved_from(sales.orders)]`
    pub moved_from: Option<Table>,
}

/// `#[was(i32)]`, `#[was(i32, "amount * 100", "cents / 100")]`
#[derive(Debug, Clone)]
pub struct Was {
    /// The word itself.
    pub span: Span,
    /// `i32`
    pub ty: Type,
    /// `"amount * 100", "cents / 100"`: the new value from the old column, and the old value from the new one.
    pub conversions: Option<(LitStr, LitStr)>,
}

/// `Hold -> Cancelled { reason: "was on hold" }`
#[derive(Debug, Clone)]
pub struct Removed {
    /// `Hold`
    pub state: Ident,
    /// `Cancelled { reason: "was on hold" }`
    pub target: Target,
}

/// `sku`, `Reserved.carrier = "none"`
#[derive(Debug, Clone)]
pub struct Dropped {
    /// `Reserved`
    pub state: Option<Ident>,
    /// `carrier`
    pub field: Ident,
    /// `"none"`
    pub value: Option<Literal>,
}

/// `#[adopt]`, `#[adopt(status)]`
#[derive(Debug, Clone)]
pub struct Adopt {
    /// The word itself.
    pub span: Span,
    /// `status`
    pub status: Option<Ident>,
}

/// `warehouse: String`
#[derive(Debug, Clone)]
pub struct Field {
    /// Docs and attributes.
    pub attrs: Attrs,
    /// `warehouse`
    pub name: Ident,
    /// `String`
    pub ty: Type,
}

/// `Reserved { warehouse: String }`
#[derive(Debug, Clone)]
pub struct State {
    /// Docs and attributes.
    pub attrs: Attrs,
    /// `initial`, `final`, or nothing
    pub kind: Kind,
    /// `Reserved`
    pub name: Ident,
    /// `warehouse: String`
    pub fields: Vec<Field>,
}

/// `initial`, `final`, or nothing
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// `initial`
    Initial,
    /// nothing
    Normal,
    /// `final`
    Final,
}

/// `Open = Placed | Reserved`
#[derive(Debug, Clone)]
pub struct Group {
    /// Docs; no attribute is known here.
    pub attrs: Attrs,
    /// `Open`
    pub name: Ident,
    /// `Placed | Reserved`
    pub members: Vec<Ident>,
}

/// `create: -> Placed with … then …`
#[derive(Debug, Clone)]
pub struct Create {
    /// Docs and attributes.
    pub attrs: Attrs,
    /// `create`
    pub name: Ident,
    /// `Placed`
    pub target: Ident,
    /// What follows, in its order.
    pub clauses: Clauses,
}

/// `ship(tracking: String): Reserved -> Shipped by book_courier then send_tracking`
#[derive(Debug, Clone)]
pub struct Transition {
    /// Docs and attributes.
    pub attrs: Attrs,
    /// `ship`
    pub event: Ident,
    /// `tracking: String`
    pub parameters: Vec<Field>,
    /// `Placed | Reserved`
    pub sources: Vec<Ident>,
    /// `-> Shipped { … }`
    pub target: Option<Target>,
    /// What follows, by kind.
    pub clauses: Clauses,
}

/// `Cancelled { reason: "no courier" }`
#[derive(Debug, Clone)]
pub struct Target {
    /// `Cancelled`
    pub state: Ident,
    /// `reason: "no courier"`
    pub literals: Vec<(Ident, Literal)>,
}

/// `-3`, `"text"`, `None`
#[derive(Debug, Clone)]
pub enum Literal {
    /// `None`
    None(Span),
    /// A literal, and whether a minus stands before it.
    Lit {
        /// `-`
        negative: bool,
        /// `3`
        lit: syn::Lit,
    },
}

/// The clauses of a transition.
#[derive(Debug, Clone, Default)]
pub struct Clauses {
    /// `after …`, `at …`, `by …`
    pub triggers: Vec<Trigger>,
    /// `with …`
    pub effect: Option<Effect>,
    /// `then …`
    pub tasks: Vec<Ident>,
    /// `in …`, `on …`
    pub later: Vec<Later>,
    /// `up to …`, `pausing …`, `within …`
    pub retries: Vec<Retry>,
    /// `if sql "…"`
    pub guard: Option<LitStr>,
}

/// `after 30 minutes`, `at due`, `after 5 failures of book_courier`, `by book_courier`, `after all Shipment`
#[derive(Debug, Clone)]
pub enum Trigger {
    /// `after 30 minutes`
    After {
        /// `30`
        count: LitInt,
        /// `minutes`
        unit: Ident,
    },
    /// `at due`
    At(Ident),
    /// `after 5 failures of book_courier`
    Exhausted {
        /// `5`
        failures: LitInt,
        /// `book_courier`
        activity: Ident,
    },
    /// `by book_courier`
    By(Ident),
    /// `after all Shipment`
    Joined(Path),
}

/// `in 14 days`, `on due`, behind `then send_survey`
#[derive(Debug, Clone)]
pub struct Later {
    /// `send_survey`
    pub task: Ident,
    /// `14 days`, `due`
    pub time: Time,
}

/// `in 14 days`, `on due`
#[derive(Debug, Clone)]
pub enum Time {
    /// `14 days`
    In(Length),
    /// `due`
    On(Ident),
}

/// `up to 10 attempts pausing 5 seconds to 1 hour within 2 minutes`, behind `by` or `then`
#[derive(Debug, Clone)]
pub struct Retry {
    /// What stands before it.
    pub job: Retried,
    /// The first of its words.
    pub word: Ident,
    /// `10`
    pub attempts: Option<LitInt>,
    /// `5 seconds`
    pub pause: Option<Length>,
    /// `1 hour`
    pub longest: Option<Length>,
    /// `2 minutes`
    pub within: Option<Length>,
}

/// `by book_courier`, `then send_tracking`
#[derive(Debug, Clone)]
pub enum Retried {
    /// `book_courier`
    Activity(Ident),
    /// `send_tracking`
    Task(Ident),
}

/// `5 seconds`
#[derive(Debug, Clone)]
pub struct Length {
    /// `5`
    pub count: LitInt,
    /// `seconds`
    pub unit: Ident,
}

/// `with take_stock`, `with sql "…"`
#[derive(Debug, Clone)]
pub enum Effect {
    /// `take_stock`
    App(Ident),
    /// `sql maybe "…"`
    Sql {
        /// `maybe` was written.
        maybe: bool,
        /// The statements.
        text: LitStr,
    },
}
