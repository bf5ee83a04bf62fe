//! What a worker is told of a workflow: its jobs, which method carries one out, and which event follows.

use super::Expansion;
use super::activity::ActivityOf;
use super::event::EventOf;
use super::work::only;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use workflow_model::{Duration, Retried, State, Transition, Trigger};

impl Expansion<'_> {
    /// Expands to: `impl<A: Work> Perform<A> for Order { … }`
    pub(super) fn perform(&self) -> TokenStream {
        let events = &self.known.events;
        if events.is_empty() {
            return TokenStream::new();
        }
        let (activities, tasks) = (self.each_activity(), self.each_task());
        let bound = match activities.is_empty() && tasks.is_empty() {
            true => self.application_bound(self.has_effects()),
            false => quote!(Work),
        };
        let order = &self.syntax.name;
        let jobs = activities.iter().map(|a| self.declared_activity(a));
        let jobs = jobs.chain(tasks.iter().map(|(name, _)| self.declared_task(name)));
        let jobs = jobs.chain(events.iter().filter(|e| is_timer(e)).map(|e| self.declared_timer(e)));
        let jobs = jobs.chain(self.declared_joins(events));
        let jobs = jobs.chain([declared("Creation", "create", &quote!(), None, &silent())]);
        let arms = activities.iter().map(|a| self.perform_activity(a));
        let arms = arms.chain(tasks.iter().map(|(name, after)| self.perform_task(name, after)));
        let fired = events.iter().filter(|event| is_fired(event)).map(|event| {
            let (label, name) = (&event.first.event.label, &event.name);
            quote!(#label => ::core::option::Option::Some(Event::#name(event::#name)),)
        });
        quote! {
            #[diagnostic::do_not_recommend]
            impl<A: #bound> ::workflow_runtime::workflow::Perform<A> for #order {
                type Event = Event;
                type Creation = New;
                const JOBS: &'static [::workflow_runtime::private::Declared] = &[#(#jobs),*];
                async fn perform(
                    self,
                    app: &A,
                    job: &::workflow_runtime::Job,
                ) -> ::core::result::Result<::workflow_runtime::private::Done<Event>, ::workflow_runtime::BoxError> {
                    let _ = app;
                    match (job.kind, job.name.as_str()) {
                        #(#arms)*
                        _ => ::core::result::Result::Ok(::workflow_runtime::private::Done::Elsewhere),
                    }
                }
                fn fired(event: &str) -> ::core::option::Option<Event> {
                    match event { #(#fired)* _ => ::core::option::Option::None }
                }
            }
        }
    }

    /// Expands to: `Declared { kind: JobKind::Activity, name: "book_courier", exhausted: &[…], due: None, retry: … }`
    fn declared_activity(&self, activity: &ActivityOf<'_>) -> TokenStream {
        let lines = self.model.transitions.iter().filter_map(|line| Some((line, failures(line, activity.name)?)));
        let exhausted = lines.map(|(line, failures)| {
            let event = &line.event.label;
            let sources = self.known.sources(line).iter().flat_map(|state| state.labels()).map(str::to_owned).collect::<Vec<_>>();
            quote! {
                ::workflow_runtime::private::Exhausted { failures: #failures, event: #event, sources: &[#(#sources),*] }
            }
        });
        let retry = self.retry(&Retried::Activity(activity.name.to_owned()));
        declared("Activity", activity.name, &quote!(#(#exhausted),*), None, &retry)
    }

    fn declared_task(&self, name: &str) -> TokenStream {
        declared("Task", name, &quote!(), None, &self.retry(&Retried::Task(name.to_owned())))
    }

    fn declared_timer(&self, event: &EventOf<'_>) -> TokenStream {
        let due = event.effect().is_none().then(|| self.due(event));
        declared("Timer", &event.first.event.label, &quote!(), due, &silent())
    }

    /// Expands to: `Retry { attempts: Some(10), pause: …, longest: …, within: … }`, or `Retry::SILENT`
    fn retry(&self, job: &Retried) -> TokenStream {
        let Some(said) = self.model.retries().find(|retry| retry.job == *job) else { return silent() };
        let attempts = option(said.attempts.map(|attempts| quote!(#attempts)));
        let [pause, longest, within] = [said.pause, said.longest, said.within].map(|length| option(length.map(seconds)));
        quote! {
            ::workflow_runtime::private::Retry {
                attempts: #attempts, pause: #pause, longest: #longest, within: #within,
            }
        }
    }

    /// Expands to: `(JobKind::Activity, "book_courier") => { … app.book_courier(instance, job).await … }`
    fn perform_activity(&self, activity: &ActivityOf<'_>) -> TokenStream {
        let (name, method) = (activity.name, format_ident!("{}", activity.name));
        let outcome = format_ident!("{}", workflow_model::names::type_name(activity.name));
        let (arms, events) = (self.activity_arms(activity), self.activity_events(activity));
        quote! {
            (::workflow_runtime::JobKind::Activity, #name) => {
                let instance = match self.typed() {
                    #arms
                    _ => return ::core::result::Result::Ok(::workflow_runtime::private::Done::Elsewhere),
                };
                match <A as Work>::#method(app, instance, job).await {
                    #( ::core::result::Result::Ok(#outcome::#events(event)) => {
                        ::core::result::Result::Ok(::workflow_runtime::private::Done::Event(Event::#events(event)))
                    } )*
                    ::core::result::Result::Err(error) => ::core::result::Result::Err(::core::convert::Into::into(error)),
                }
            }
        }
    }

    /// Expands to: `(JobKind::Task, "send_tracking") => { … app.send_tracking(instance, job).await … }`
    fn perform_task(&self, name: &str, after: &[&State]) -> TokenStream {
        let method = self.task_name(name);
        let instance = instance(only(after));
        quote! {
            (::workflow_runtime::JobKind::Task, #name) => {
                #instance
                match <A as Work>::#method(app, instance, job).await {
                    ::core::result::Result::Ok(()) => ::core::result::Result::Ok(::workflow_runtime::private::Done::Task),
                    ::core::result::Result::Err(error) => ::core::result::Result::Err(::core::convert::Into::into(error)),
                }
            }
        }
    }
}

/// A task is told of the instance as its transition left it.
fn instance(only: Option<Ident>) -> TokenStream {
    match only {
        None => quote!(let instance = self;),
        Some(state) => quote! {
            let instance = match self.typed() {
                In::#state(instance) => instance,
                _ => return ::core::result::Result::Ok(::workflow_runtime::private::Done::Elsewhere),
            };
        },
    }
}

fn declared(kind: &str, name: &str, exhausted: &TokenStream, due: Option<String>, retry: &TokenStream) -> TokenStream {
    let kind = format_ident!("{kind}");
    let due = option(due.map(|due| quote!(#due)));
    quote! {
        ::workflow_runtime::private::Declared {
            kind: ::workflow_runtime::JobKind::#kind, name: #name, exhausted: &[#exhausted], due: #due, retry: #retry, join: &[],
        }
    }
}

pub(super) fn declared_join(name: &str, parts: &[TokenStream]) -> TokenStream {
    let retry = silent();
    quote! {
        ::workflow_runtime::private::Declared {
            kind: ::workflow_runtime::JobKind::Join,
            name: #name,
            exhausted: &[],
            due: ::core::option::Option::None,
            retry: #retry,
            join: &[#(#parts),*],
        }
    }
}

fn silent() -> TokenStream {
    quote!(::workflow_runtime::private::Retry::SILENT)
}

fn seconds(length: Duration) -> TokenStream {
    let seconds = length.seconds;
    quote!(::core::time::Duration::from_secs(#seconds))
}

pub(super) fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

fn is_timer(event: &EventOf<'_>) -> bool {
    triggers(event).any(|trigger| match trigger {
        Trigger::After(_) | Trigger::At(_) => true,
        Trigger::By(_) | Trigger::Exhausted { .. } | Trigger::Joined { .. } => false,
    })
}

/// By a worker, without an outcome of anybody's: such events have no parameters.
fn is_fired(event: &EventOf<'_>) -> bool {
    triggers(event).any(|trigger| match trigger {
        Trigger::After(_) | Trigger::At(_) | Trigger::Exhausted { .. } | Trigger::Joined { .. } => true,
        Trigger::By(_) => false,
    })
}

fn triggers<'e>(event: &'e EventOf<'_>) -> impl Iterator<Item = &'e Trigger> {
    event.lines.iter().flat_map(|line| &line.triggers)
}

/// After how many failures of the activity the line is taken.
fn failures(line: &Transition, activity: &str) -> Option<u32> {
    line.triggers.iter().find_map(|trigger| match trigger {
        Trigger::Exhausted { failures, activity: of } if of == activity => Some(*failures),
        Trigger::Exhausted { .. } | Trigger::After(_) | Trigger::At(_) | Trigger::By(_) | Trigger::Joined { .. } => None,
    })
}
