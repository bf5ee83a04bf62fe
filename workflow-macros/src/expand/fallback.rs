//! After a fault: what can stand all the same, so that one mistake does not read like fifty.
//!
//! Two steps. [`standing`] leaves out of the syntax what would make the generated items clash or refer to nothing; a fault in a
//! literal, a clause or the graph is no reason to leave anything out, since signatures do not depend on it. [`hollow`] then
//! empties every function, since only a checked declaration promises that bodies compile.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, GenericArgument, PathArguments, Type};
use workflow_model::diagnostic::Part;
use workflow_model::{Code, Diagnostic, Model, Place, names};
use workflow_syntax::ast;

/// The rules on names: what they report would clash with another name.
const CLASHES: [Code; 4] = [Code(13), Code(16), Code(17), Code(47)];

/// The part of a faulty block that means something.
pub(crate) fn standing(block: &ast::Workflow, model: &Model, faults: &[Diagnostic]) -> ast::Workflow {
    let mut standing = block.clone();
    // From the back, so that the positions before it still hold.
    let mut clashing: Vec<Place> = faults.iter().filter(|f| CLASHES.contains(&f.code)).map(|f| f.place).collect();
    clashing.sort();
    clashing.iter().rev().for_each(|place| leave_out(&mut standing, *place));
    settle_sources(&mut standing, model);
    settle_events(&mut standing);
    settle_start(&mut standing);
    standing
}

fn leave_out(block: &mut ast::Workflow, place: Place) {
    match place {
        Place::Field(i) if i > 0 => remove(&mut block.fields, i),
        Place::State(i) => remove(&mut block.states, i),
        Place::StateField(s, i) => {
            if let Some(state) = block.states.get_mut(s) {
                remove(&mut state.fields, i);
            }
        }
        Place::Group(i) => remove(&mut block.groups, i),
        Place::Create(_) => block.create = None,
        Place::Transition(t, part) => match (part, block.transitions.get_mut(t)) {
            (Part::Event, Some(_)) => remove(&mut block.transitions, t),
            (Part::Parameter(i), Some(line)) => remove(&mut line.parameters, i),
            (Part::Effect, Some(line)) => line.clauses.effect = None,
            (Part::Trigger(i), Some(line)) => remove(&mut line.clauses.triggers, i),
            (Part::Task(i), Some(line)) => remove(&mut line.clauses.tasks, i),
            _ => {}
        },
        Place::Workflow
        | Place::Table
        | Place::Parent
        | Place::ParentField
        | Place::Attribute(_)
        | Place::Removed(..)
        | Place::Dropped(_)
        | Place::FieldAttribute(..)
        | Place::StateAttribute(..)
        | Place::StateFieldAttribute(..)
        | Place::Field(_)
        | Place::FieldType(_)
        | Place::StateFieldType(..)
        | Place::GroupMember(..) => {}
    }
}

fn remove<T>(list: &mut Vec<T>, at: usize) {
    if at < list.len() {
        list.remove(at);
    }
}

/// A method stands once in a state, and leads to a state that is there; from nowhere leads nothing.
fn settle_sources(block: &mut ast::Workflow, model: &Model) {
    let states: Vec<String> = block.states.iter().map(|s| s.name.to_string()).collect();
    let mut taken: Vec<(String, String)> = Vec::new();
    for line in &mut block.transitions {
        let event = line.event.to_string();
        line.sources.retain(|source| {
            let starts: Vec<_> =
                model.resolve(&source.to_string()).into_iter().map(|s| (event.clone(), s.name.rust.clone())).collect();
            let free = starts.iter().all(|start| states.contains(&start.1) && !taken.contains(start));
            if free {
                taken.extend(starts);
            }
            free
        });
        if line.target.as_ref().is_some_and(|target| !states.contains(&target.state.to_string())) {
            line.target = None;
        }
    }
}

/// `paid` and `Paid` are one type.
fn settle_events(block: &mut ast::Workflow) {
    let mut types: Vec<(String, String)> = Vec::new();
    block.transitions.retain(|line| {
        let event = line.event.to_string();
        let name = names::type_name(&event);
        let clash = types.iter().any(|(other, of)| *other == name && *of != event);
        types.push((name, event));
        !clash
    });
}

/// An instance starts somewhere, and has a key.
fn settle_start(block: &mut ast::Workflow) {
    if !block.states.iter().any(|s| matches!(s.kind, ast::Kind::Initial))
        && let Some(first) = block.states.first_mut()
    {
        first.kind = ast::Kind::Initial;
    }
    match block.fields.first_mut() {
        Some(key) => key.ty = optional(&key.ty).unwrap_or(key.ty.clone()),
        None => block.fields.push(any_key(block.name.span())),
    }
}

/// Some key, where none is declared.
fn any_key(span: Span) -> ast::Field {
    ast::Field {
        attrs: ast::Attrs::default(),
        name: Ident::new("id", span),
        ty: syn::parse_quote!(::workflow_runtime::private::sqlx::types::Uuid),
    }
}

/// `Uuid`, of `Option<Uuid>`
fn optional(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner.clone()),
        _ => None,
    }
}

/// The same items without anything in their functions, and without warnings of their own.
pub(crate) fn hollow(items: TokenStream) -> TokenStream {
    struct Hollow;
    impl VisitMut for Hollow {
        fn visit_block_mut(&mut self, block: &mut Block) {
            *block = syn::parse_quote!({ loop {} });
        }
        fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
            module.attrs.push(syn::parse_quote!(#[allow(unused, nonstandard_style, unreachable_code, clippy::all)]));
            visit_mut::visit_item_mod_mut(self, module);
        }
    }
    let Ok(mut file) = syn::parse2::<syn::File>(items) else { return TokenStream::new() };
    Hollow.visit_file_mut(&mut file);
    quote!(#file)
}
