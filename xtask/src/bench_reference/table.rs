//! Medians side by side.

use serde::Deserialize;
use std::fmt::Write as _;

/// Seconds of every stage of one run.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Stage {
    text: f64,
    sampling: f64,
    decoding: f64,
    phases: f64,
    total: f64,
}

/// One row: its name and the seconds it takes from a run.
type Row = (&'static str, fn(&Stage) -> f64);

const ROWS: [Row; 5] =
    [("text", |s| s.text), ("sampling", |s| s.sampling), ("decoding", |s| s.decoding), ("phases", |s| s.phases), ("total", |s| s.total)];

/// A table of medians in seconds and of how many times faster `ours` is.
pub fn draw(ours: &[Stage], theirs: &[Stage]) -> String {
    let mut table = format!("{:<10}{:>10}{:>12}{:>10}\n", "stage", "inlay", "reference", "faster");
    for (name, pick) in ROWS {
        let (a, b) = (median(ours.iter().map(pick).collect()), median(theirs.iter().map(pick).collect()));
        // Writing into a string can't fail.
        let _ = writeln!(table, "{name:<10}{a:>8.3} s{b:>10.3} s{:>9.2}x", b / a);
    }
    table
}

/// The middle value, or the mean of the two in the middle; NaN of nothing.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[half],
        _ => (values[half - 1] + values[half]) / 2.0,
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn the_median_stands_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 100.0]), 3.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 100.0]), 3.0);
    }

    #[test]
    fn a_ratio_above_one_means_faster_than_the_reference() {
        let run = |phases: f64| Stage { text: 0.01, sampling: 0.5, decoding: 0.02, phases, total: 0.53 + phases };
        let table = draw(&[run(0.25)], &[run(5.0)]);
        assert!(table.contains("phases       0.250 s     5.000 s    20.00x"), "{table}");
        assert_eq!(table.lines().count(), 6);
    }
}
