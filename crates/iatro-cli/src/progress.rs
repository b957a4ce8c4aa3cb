//! Progress on a terminal; silence everywhere else.

use std::io::{IsTerminal, stderr};

use iatro_reports::ingest;
use indicatif::{ProgressBar, ProgressStyle};

use crate::global::Global;

/// A spinner with the current step, on a terminal only.
pub(crate) struct Steps {
    bar: Option<ProgressBar>,
}

impl Steps {
    pub(crate) fn new(global: &Global) -> Self {
        let visible = !global.quiet && stderr().is_terminal();
        let bar = visible.then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) =
                ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len}")
            {
                bar.set_style(style);
            }
            bar
        });
        Self { bar }
    }

    /// Ends the bar.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl ingest::Progress for Steps {
    fn step(&mut self, what: &str, done: usize, all: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
            bar.set_message(what.to_owned());
        }
    }
}
