//! The other sides, as the shop sees them: a courier and a mail service, over HTTP.

use crate::workflow::Order;
use crate::workflow::order::{Reserved, Shipped};
use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::{Job, JobError};

/// The header that makes a request harmless to repeat.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// Where they are.
#[derive(Debug, Clone)]
pub struct Partners {
    http: reqwest::Client,
    courier: String,
    mail: String,
}

/// Why a partner has not done it, as far as we know.
#[derive(Debug, thiserror::Error)]
pub enum PartnerError {
    /// No answer, or half of one: it may have been done.
    #[error("no answer")]
    Silent(#[from] reqwest::Error),
    /// An answer that says nothing of what follows: it may have been done.
    #[error("the answer was {0}")]
    Failed(StatusCode),
    /// An answer that says what follows.
    #[error(transparent)]
    Job(#[from] JobError),
}

/// What the courier is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Booking {
    /// Whose parcel.
    pub order: Uuid,
    /// Where it is.
    pub warehouse: String,
}

/// What the courier answers, and later says again when the parcel has arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Whose parcel.
    pub order: Uuid,
    /// Its number.
    pub tracking: String,
}

/// What the mail service is asked to send.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Letter {
    /// What it is about.
    pub order: Uuid,
    /// What it says.
    pub text: String,
}

impl Partners {
    /// By their addresses, such as `http://127.0.0.1:4000`.
    pub fn new(courier: impl Into<String>, mail: impl Into<String>) -> Self {
        Partners { http: reqwest::Client::new(), courier: courier.into(), mail: mail.into() }
    }

    /// Asks the courier to fetch the parcel. Asked again with the same key, it answers the same tracking number.
    ///
    /// # Errors
    ///
    /// [`PartnerError`]; but for one that says to give up, the parcel may have been booked.
    pub async fn book(&self, order: &Order<Reserved>, job: &Job) -> Result<String, PartnerError> {
        let booking = Booking { order: order.id, warehouse: order.state.warehouse.clone() };
        let parcel: Parcel = self.post(format!("{}/bookings", self.courier), job, &booking).await?.json().await?;
        Ok(parcel.tracking)
    }

    /// Has the customer told where the parcel is.
    ///
    /// # Errors
    ///
    /// [`PartnerError`]; the mail may have been sent.
    pub async fn tell(&self, order: &Order<Shipped>, job: &Job) -> Result<(), PartnerError> {
        let text = format!("Your parcel is on its way: {}.", order.state.tracking);
        self.post(format!("{}/mails", self.mail), job, &Letter { order: order.id, text }).await.map(|_| ())
    }

    /// The job's key is the same in every attempt.
    async fn post(&self, url: String, job: &Job, body: &impl Serialize) -> Result<Response, PartnerError> {
        understood(self.http.post(url).header(IDEMPOTENCY_KEY, &job.key).json(body).send().await?)
    }
}

fn understood(answer: Response) -> Result<Response, PartnerError> {
    match answer.status() {
        status if status.is_success() => Ok(answer),
        StatusCode::UNPROCESSABLE_ENTITY => Err(JobError::give_up("the courier does not go there").into()),
        StatusCode::TOO_MANY_REQUESTS => Err(JobError::retry_after(patience(&answer), "we are asked for patience").into()),
        status => Err(PartnerError::Failed(status)),
    }
}

/// What `Retry-After` says, in seconds.
fn patience(answer: &Response) -> Duration {
    let seconds = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(1))
}
