//! Work: what a worker does for the workflow, outside of any transaction.

use super::Expansion;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use workflow_model::State;

impl Expansion<'_> {
    /// Expands to: `pub trait Work: Effects { … }`, when there are activities or tasks.
    pub(super) fn work(&self) -> TokenStream {
        let (activities, tasks) = (self.each_activity(), self.each_task());
        if activities.is_empty() && tasks.is_empty() {
            return TokenStream::new();
        }
        let (vis, workflow, module) = (&self.scope.inside, &self.model.name.rust, &self.scope.module);
        let (parent, error_type, error) = if self.has_effects() {
            (quote!(Effects), None, quote!(<Self as Effects>::Error))
        } else {
            let declared = quote! {
                /// Why an activity or a task failed; it is tried again.
                type Error: ::core::convert::Into<::workflow_runtime::BoxError> + ::core::marker::Send;
            };
            (quote!(::core::marker::Send + ::core::marker::Sync + 'static), Some(declared), quote!(Self::Error))
        };
        let enums = activities.iter().map(|activity| self.activity_enums(activity));
        let activity_methods = activities.iter().map(|activity| self.activity_method(activity, &error));
        let task_methods = tasks.iter().map(|(name, after)| self.task_method(&self.task_name(name), after, &error));
        let message = format!("`{{Self}}` does not do the work of `{workflow}`");
        let note = format!("implement `{module}::Work` for it");
        quote! {
            #(#enums)*
            /// What a worker does: the methods behind `by` and `then`. Write them as plain `async fn`.
            #[diagnostic::on_unimplemented(message = #message, note = #note)]
            #vis trait Work: #parent {
                #error_type
                #(#activity_methods)*
                #(#task_methods)*
            }
        }
    }

    /// An activity and a task may share a name: they are jobs of different kinds.
    pub(super) fn task_name(&self, task: &str) -> Ident {
        let is_activity = self.each_activity().iter().any(|activity| activity.name == task);
        if is_activity { format_ident!("{task}_task") } else { format_ident!("{task}") }
    }

    /// Each task, and the states in which its transitions arrive.
    pub(super) fn each_task(&self) -> Vec<(&str, Vec<&State>)> {
        let mut tasks: Vec<(&str, Vec<&State>)> = Vec::new();
        let mut note = |name, states: Vec<_>| match tasks.iter_mut().find(|(task, _)| *task == name) {
            Some((_, after)) => after.extend(states),
            None => tasks.push((name, states)),
        };
        if let Some(create) = &self.model.create {
            create.tasks.iter().for_each(|task| note(task.as_str(), self.model.initial().into_iter().collect()));
        }
        for transition in &self.model.transitions {
            let after: Vec<_> = self.known.edges_of(transition).map(|e| e.to).collect();
            transition.tasks.iter().for_each(|task| note(task.as_str(), after.clone()));
        }
        tasks
    }

    /// Expands to: `fn send_tracking(&self, order: Order<Shipped>, job: &Job) -> impl Future<Output = Result<(), Self::Error>> + Send;`
    fn task_method(&self, method: &Ident, after: &[&State], error: &TokenStream) -> TokenStream {
        let (instance, order) = (&self.scope.module, &self.syntax.name);
        let ty = match only(after) {
            Some(state) => quote!(#order<#state>),
            None => quote!(#order),
        };
        quote! {
            /// A task: after the commit, at least once; `job.key` is the same each time.
            fn #method(
                &self,
                #instance: #ty,
                job: &::workflow_runtime::Job,
            ) -> impl ::core::future::Future<Output = ::core::result::Result<(), #error>> + ::core::marker::Send;
        }
    }
}

/// The one state in which all of a task's transitions arrive.
pub(super) fn only(after: &[&State]) -> Option<Ident> {
    let one = after.first().filter(|first| after.iter().all(|s| s.name == first.name))?;
    Some(format_ident!("{}", one.name.rust))
}
