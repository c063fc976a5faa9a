//! What a negative prompt takes away.

use super::super::maker::{Ask, Maker};
use super::super::report::{Report, Table, mean};
use super::decibels;
use anyhow::Result;
use realfft::RealFftPlanner;
use std::ops::Range;

/// A prompt, what it should not be, and the frequencies in Hz that should gain or lose.
type Case = (&'static str, &'static str, Range<f64>);

const CASES: [Case; 5] = [
    ("muffled lo-fi hip hop drums", "muffled", 8000.0..20_000.0),
    ("lo-fi hip hop drums", "muffled", 8000.0..20_000.0),
    ("warm rhodes electric piano chords", "muffled", 4000.0..20_000.0),
    ("house drums", "only hi-hats", 8000.0..20_000.0),
    ("house drums", "punchy kick", 30.0..150.0),
];

/// Energy of a range relative to all of it, in dB, without and with the negative prompt.
pub fn measure(maker: &Maker, quick: bool, report: &mut Report) -> Result<()> {
    let mut table = Table::new(
        "Negative prompts: a range's share of energy in dB (mean of seeds)",
        &["prompt", "negative", "Hz", "without", "with", "change"],
    );
    for (prompt, negative, range) in CASES {
        let (mut without, mut with) = (vec![], vec![]);
        for seed in 1..=if quick { 2 } else { 8 } {
            let ask = Ask { seed, ..Ask::new(prompt, 100.0) };
            without.push(part(&maker.generate(&ask)?.sound.channels[0], &range));
            with.push(part(&maker.generate(&Ask { negative: Some(negative), ..ask })?.sound.channels[0], &range));
        }
        let (a, b) = (mean(&without), mean(&with));
        table.row(&[prompt, negative, &format!("{}-{}", range.start, range.end)], &[a, b, b - a]);
    }
    report.tables.push(table);
    Ok(())
}

fn part(mono: &[f32], range: &Range<f64>) -> f64 {
    let fft = RealFftPlanner::<f32>::new().plan_fft_forward(mono.len());
    let (mut input, mut spectrum) = (mono.to_vec(), fft.make_output_vec());
    // the lengths are those of the plan
    if fft.process(&mut input, &mut spectrum).is_err() {
        return f64::NAN;
    }
    let hertz = |k: usize| k as f64 * 44_100.0 / mono.len() as f64;
    let power = |k: usize| f64::from(spectrum[k].norm_sqr());
    let all: f64 = (1..spectrum.len()).map(power).sum();
    let inside: f64 = (1..spectrum.len()).filter(|k| range.contains(&hertz(*k))).map(power).sum();
    decibels((inside / all).sqrt())
}
