//! Tables and bars.

use serde::Serialize;
use std::fmt;

/// Everything that was measured.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Figures.
    pub tables: Vec<Table>,
    /// Figures that something is demanded of.
    pub bars: Vec<Bar>,
}

/// Figures in rows.
#[derive(Debug, Serialize)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Cells as they are shown.
    pub rows: Vec<Vec<String>>,
}

/// A figure and what is demanded of it.
#[derive(Debug, Serialize)]
pub struct Bar {
    /// What was measured.
    pub what: String,
    /// How much it is.
    pub value: f64,
    /// What is demanded, in words.
    pub demand: String,
    /// Whether it is so.
    pub passed: bool,
}

impl Report {
    /// Whether no bar is missed.
    pub fn passed(&self) -> bool {
        self.bars.iter().all(|bar| bar.passed)
    }

    /// Demands that `value` is at most `most`.
    pub fn at_most(&mut self, what: impl Into<String>, value: f64, most: f64) {
        self.bars.push(Bar { what: what.into(), value, demand: format!("at most {most}"), passed: value <= most });
    }

    /// Demands that `value` is at least `least`.
    pub fn at_least(&mut self, what: impl Into<String>, value: f64, least: f64) {
        self.bars.push(Bar { what: what.into(), value, demand: format!("at least {least}"), passed: value >= least });
    }
}

impl Table {
    /// An empty table.
    pub fn new(title: impl Into<String>, columns: &[&str]) -> Self {
        Self { title: title.into(), columns: columns.iter().map(|c| (*c).to_owned()).collect(), rows: vec![] }
    }

    /// Adds a row: words, then figures with three digits behind the point.
    pub fn row(&mut self, words: &[&str], figures: &[f64]) {
        let words = words.iter().map(|w| (*w).to_owned());
        self.rows.push(words.chain(figures.iter().map(|v| format!("{v:.3}"))).collect());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n## {}\n", self.title)?;
        let lines: Vec<&Vec<String>> = std::iter::once(&self.columns).chain(&self.rows).collect();
        let width = |c: usize| lines.iter().filter_map(|l| l.get(c)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        for (i, line) in lines.iter().enumerate() {
            let cells: Vec<String> = line.iter().enumerate().map(|(c, cell)| format!("{cell:<0$}", width(c))).collect();
            writeln!(f, "| {} |", cells.join(" | "))?;
            if i == 0 {
                let rules: Vec<String> = (0..line.len()).map(|c| "-".repeat(width(c))).collect();
                writeln!(f, "| {} |", rules.join(" | "))?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tables.iter().try_for_each(|table| table.fmt(f))?;
        writeln!(f, "\n## Bars\n")?;
        for bar in &self.bars {
            let verdict = if bar.passed { "pass" } else { "FAIL" };
            writeln!(f, "{verdict}  {}: {:.3} ({})", bar.what, bar.value, bar.demand)?;
        }
        Ok(())
    }
}

/// The mean, 0 of nothing.
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// The value that a part (0 to 1) of all values lies below; 0 of nothing.
pub fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (part * sorted.len().saturating_sub(1) as f64).round() as usize;
    sorted.get(at).copied().unwrap_or(0.0)
}

/// The part of all values that is as asked; 0 of nothing.
pub fn share(values: &[f64], asked: impl Fn(f64) -> bool) -> f64 {
    mean(&values.iter().map(|v| f64::from(u8::from(asked(*v)))).collect::<Vec<_>>())
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn a_missed_bar_shows() {
        let mut report = Report::default();
        report.at_most("steps", 1.4, 1.5);
        assert!(report.passed());
        report.at_least("kicks", f64::NAN, 0.95);
        assert!(!report.passed(), "what is no number passes nothing");
        assert!(report.to_string().contains("FAIL  kicks"));
    }

    #[test]
    fn columns_line_up() {
        let mut table = Table::new("levels", &["prompt", "LUFS"]);
        table.row(&["a long prompt"], &[-18.0]);
        let text = table.to_string();
        let widths: Vec<usize> = text.lines().filter(|l| l.starts_with('|')).map(str::len).collect();
        assert!(widths.windows(2).all(|w| w[0] == w[1]), "{text}");
    }

    #[test]
    fn half_of_the_values_lie_below_the_median() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), 2.0);
        assert_eq!(quantile(&[], 0.5), 0.0);
        assert_eq!(share(&[1.0, -1.0, 2.0, 3.0], |v| v > 0.0), 0.75);
    }
}
