//! The progress bar: on standard error, and only where that is a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use inlay_engine::{Progress, Stage};
use std::time::Duration;

/// Steps of a bar.
const WHOLE: u64 = 1000;
const TEMPLATE: &str = "{prefix:.bold} {bar:32.cyan/dim} {percent:>3} %  {msg}";

/// One job's bar. It goes away when it is dropped.
#[derive(Debug)]
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar that says `what` is being made.
    pub fn new(what: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(WHOLE), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("━╸─"));
        bar.set_prefix(shortened(what));
        Self(bar)
    }

    /// Shows how far the job is.
    pub fn show(&self, progress: Progress) {
        self.0.set_message(format!("{}, {}", words(progress.stage), left(progress.left)));
        self.0.set_position((progress.done * WHOLE as f64) as u64);
    }

    /// Writes a line above the bar.
    pub fn aside(&self, text: &str) {
        self.0.suspend(|| crate::said::aside(text));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn shortened(what: &str) -> String {
    if what.chars().count() > 28 { what.chars().take(27).chain(['…']).collect() } else { what.into() }
}

fn words(stage: Stage) -> &'static str {
    match stage {
        Stage::Loading => "unpacking the model",
        Stage::Text => "reading the words",
        Stage::Listening => "listening",
        Stage::Sampling => "making music",
        Stage::Decoding => "making spectra",
        Stage::Phases => "making sound",
        Stage::Fitting => "finding the beat",
        Stage::Closing => "closing the loop",
    }
}

fn left(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        s if s < 10.0 => format!("{s:.1} s left"),
        s if s < 90.0 => format!("{s:.0} s left"),
        s => format!("{:.0} min left", s / 60.0),
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn the_time_left_has_the_unit_that_fits() {
        let said = |seconds| left(Duration::from_secs_f64(seconds));
        assert_eq!([said(0.64), said(31.2), said(200.0)], ["0.6 s left", "31 s left", "3 min left"]);
    }

    #[test]
    fn long_prompts_leave_room_for_the_bar() {
        assert_eq!(shortened("dusty drums"), "dusty drums");
        assert_eq!(shortened(&"é".repeat(40)).chars().count(), 28);
    }
}
