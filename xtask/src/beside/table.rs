//! Medians side by side.

use std::fmt::Write as _;

/// One row: its name and the seconds it takes from a run.
pub type Row<T> = (&'static str, fn(&T) -> f64);

/// A table of medians in seconds and of how many times faster `ours` is.
pub fn draw<T>(rows: &[Row<T>], ours: &[T], theirs: &[T]) -> String {
    let mut table = format!("{:<10}{:>10}{:>12}{:>10}\n", "stage", "inlay", "reference", "faster");
    for (name, pick) in rows {
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
        let rows: [Row<f64>; 2] = [("phases", |s| *s), ("total", |s| *s + 0.5)];
        let table = draw(&rows, &[0.25], &[5.0]);
        assert!(table.contains("phases       0.250 s     5.000 s    20.00x"), "{table}");
        assert_eq!(table.lines().count(), 3);
    }
}
