//! The workflow, and the application.

use uuid::Uuid;
use workflow_runtime::{BoxError, Job, workflow};

workflow! {
    /// A picture, from the upload to the wall.
    pub workflow Picture in pictures {
        id: Uuid,
        name: String,

        states {
            /// Uploaded.
            initial Received,
            /// Nobody objects to it.
            Accepted,
            /// On the wall.
            final Shown { thumbnail: String },
        }

        transitions {
            accept: Received -> Accepted,
            show(thumbnail: String): Accepted -> Shown by draw,
        }
    }
}

/// The application.
#[derive(Debug, Clone, Copy)]
pub struct Gallery;

impl picture::Work for Gallery {
    type Error = BoxError;

    async fn draw(&self, picture: Picture<picture::Accepted>, job: &Job) -> Result<picture::Draw, BoxError> {
        // An HTTP client that is not instrumented by itself would be given this as its header `traceparent`.
        tracing::info!(traceparent = job.trace.as_deref(), "drawing {}", picture.name);
        Ok(picture::event::Show { thumbnail: format!("{}-small", picture.name) }.into())
    }
}
