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

/// A bar of bytes with a message before it, on a terminal only.
pub(crate) fn bytes_bar(global: &Global) -> ProgressBar {
    let visible = !global.quiet && stderr().is_terminal();
    let bar = if visible { ProgressBar::new(0) } else { ProgressBar::hidden() };
    let template = "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
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
