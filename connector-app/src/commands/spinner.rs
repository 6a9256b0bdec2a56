//! What a person sees while a run asks Amazon and Epicor.

use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::pipeline::Watch;

/// A spinner with the last note, on a terminal; the notes as log lines elsewhere. Dropping it clears
/// it.
#[derive(Debug)]
pub(super) struct Spinner(ProgressBar);

impl Spinner {
    /// Turns for a run over the connection of that name.
    pub(super) fn of(connection: &str) -> Arc<Self> {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner:.dim} {msg} {elapsed:.dim}") {
            bar.set_style(style);
        }
        bar.set_message(format!("{connection}: asking Amazon and Epicor"));
        bar.enable_steady_tick(Duration::from_millis(120));
        Arc::new(Self(bar))
    }

    /// Clears the line, so that what the run came to can be printed.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Watch for Spinner {
    fn note(&self, text: &str) {
        tracing::info!("{text}");
        self.0.set_message(text.to_owned());
    }
}
