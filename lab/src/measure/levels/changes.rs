//! What becomes of a take or a file that something new is made from.

use super::super::maker::{Ask, Maker};
use super::super::onsets::kicks;
use super::super::report::{Report, Table, mean, share};
use super::super::workbench::Workbench;
use super::{MOST, decibels, features, peak};
use anyhow::Result;
use inlay_audio::chroma::chroma;
use inlay_audio::onsets::{Listen, onsets};
use inlay_music::{SampleRate, Sound, Take};

/// Prompts that are changed, and whether they have a pitch.
const PARENTS: [(&str, bool); 6] = [
    ("warm rhodes electric piano chords in C minor", true),
    ("rising harp arp in C minor", true),
    ("groovy slap bass in C minor", true),
    ("house drums with punchy kick", false),
    ("dusty boom bap drums", false),
    ("drum and bass drums", false),
];
/// Mean distances of log magnitudes that the weights were measured to have (`report.md`), by amount.
const KNOWN: [(f64, f64); 5] = [(0.2, 0.15), (0.4, 0.23), (0.6, 0.31), (0.8, 0.44), (1.0, 0.83)];

fn parents(quick: bool) -> impl Iterator<Item = (Ask<'static>, bool)> {
    let seeds = if quick { 1..=1 } else { 1..=4 };
    seeds.flat_map(|seed| PARENTS.map(|(prompt, pitched)| (Ask { seed, ..Ask::new(prompt, 110.0) }, pitched)))
}

/// Distances to the parent grow with the amount.
pub fn vary(maker: &Maker, bench: &Workbench, quick: bool, report: &mut Report) -> Result<()> {
    let mut all = vec![vec![]; KNOWN.len()];
    let mut loudest = 0.0f64;
    for (ask, _) in parents(quick) {
        let parent = maker.generate(&ask)?;
        let of = |take: &Take| bench.decode(&Workbench::latents(take)?);
        for ((amount, _), distances) in KNOWN.into_iter().zip(&mut all) {
            let child = maker.vary(&Ask { seed: ask.seed + 50, ..ask }, &parent, amount)?;
            distances.push(features::distance(&of(&parent)?, &of(&child)?));
            loudest = loudest.max(peak(&child));
        }
    }
    let mut table = Table::new("Vary: mean distance of log magnitudes to the parent", &["amount", "distance", "report.md"]);
    let means: Vec<f64> = all.iter().map(|d| mean(d)).collect();
    KNOWN.iter().zip(&means).for_each(|((amount, known), mean)| table.row(&[&amount.to_string()], &[*mean, *known]));
    report.tables.push(table);
    let least = means.windows(2).map(|w| w[1] - w[0]).fold(f64::INFINITY, f64::min);
    report.at_least("vary: least growth of the distance from one amount to the next", least, 0.0);
    let count = all.first().map_or(0, Vec::len);
    let steady = (0..count).map(|i| f64::from(u8::from(all.windows(2).all(|w| w[1][i] > w[0][i])))).collect::<Vec<_>>();
    report.at_least("vary: share of takes whose distance grows with every amount", mean(&steady), 0.8);
    report.at_most("vary: loudest sample that is heard, dBFS", decibels(loudest), MOST);
    Ok(())
}

/// Level inside of beats 2 to 6 against the parent's there, and how far frames jump at the edges.
pub fn inpaint(maker: &Maker, quick: bool, report: &mut Report) -> Result<()> {
    let columns = ["role", "level dB", "level of log magnitudes dB", "jump", "parent's jump", "report.md", "real loops"];
    let mut table = Table::new("Inpaint beats 2 to 6: against the parent inside, and steps of log magnitudes at the edges", &columns);
    let mut outside = 0.0;
    for (name, pitched, known) in [("pitched", true, [0.33, 0.22]), ("drums", false, [0.42, 0.38])] {
        let (mut level, mut logs, mut jumps, mut before) = (vec![], vec![], vec![], vec![]);
        for (ask, _) in parents(quick).filter(|(_, p)| *p == pitched) {
            let parent = maker.generate(&ask)?;
            let child = maker.inpaint(&Ask { seed: ask.seed + 70, ..ask }, &parent, 2.0, 4.0)?;
            let (old, new) = (middle(&parent), middle(&child));
            let inside = old.len() / 4..3 * old.len() / 4;
            let rms = |v: &[f32]| v.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
            level.push(decibels(rms(&new[inside.clone()]) / rms(&old[inside.clone()])));
            // mid of two channels that were rounded by themselves; the region's first sample may be rounded the other way
            let off = (0..old.len()).filter(|i| !inside.contains(i) && (old[*i] - new[*i]).abs() > 2e-7).count();
            outside += off.saturating_sub(1) as f64;
            let (a, b) = (features::of(&old, 8), features::of(&new, 8));
            logs.push(features::level(&b, 128..384) - features::level(&a, 128..384));
            for edge in [128, 384] {
                jumps.push(features::jump(&b, edge));
                before.push(features::jump(&a, edge));
            }
        }
        table.row(&[name], &[mean(&level), mean(&logs), mean(&jumps), mean(&before), known[0], known[1]]);
        report.at_most(format!("inpaint: jump at the edges, {name}"), mean(&jumps), known[0] + 0.15);
        report.at_most(format!("inpaint: |level inside against the parent|, {name}, dB"), mean(&level).abs(), 3.0);
    }
    report.tables.push(table);
    report.at_most("inpaint: samples of mid that changed outside", outside, 0.0);
    Ok(())
}

fn middle(take: &Take) -> Vec<f32> {
    match take.sound.channels.as_slice() {
        [left, right] => left.iter().zip(right.iter()).map(|(l, r)| 0.5 * (l + r)).collect(),
        channels => channels.first().map(|c| c.to_vec()).unwrap_or_default(),
    }
}

/// Known kicks under a chord, further and further from themselves.
pub fn transform(maker: &Maker, quick: bool, report: &mut Report) -> Result<()> {
    let mut input = kicks::on_beats(&kicks::ALL[0], 120.0, 4 * 44_100);
    for (i, v) in input.iter_mut().enumerate() {
        let t = i as f64 / 44_100.0;
        *v = 0.4 * *v + [220.0, 262.0, 330.0].map(|hz: f64| 0.08 * (std::f64::consts::TAU * hz * t).sin() as f32).iter().sum::<f32>();
    }
    let source = features::of(&input, 8);
    let mut table = Table::new("Transform of kicks and an A minor chord", &["amount", "distance", "share in A C E", "level dB"]);
    let mut last = -1.0;
    for amount in if quick { vec![0.3, 0.9] } else { vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0] } {
        let sound = Sound { rate: SampleRate::CD, channels: vec![input.clone().into()] };
        let ask = Ask { key: Some("Am"), ..Ask::new("full loop house with drums and organ chords", 120.0) };
        let take = maker.transform(&ask, sound, amount)?;
        let mono = middle(&take);
        let rms = |v: &[f32]| v.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
        let shares = chroma(&mono, SampleRate::CD);
        let away = features::distance(&features::of(&mono, 8), &source);
        table.row(&[&amount.to_string()], &[away, shares[9] + shares[0] + shares[4], decibels(rms(&mono) / rms(&input))]);
        report.at_least(format!("transform: distance at amount {amount} beyond that of the amount before"), away - last, 0.0);
        last = away;
    }
    report.tables.push(table);
    Ok(())
}

/// Pitch stays and hits stay on their beats at another tempo.
pub fn retime(maker: &Maker, quick: bool, report: &mut Report) -> Result<()> {
    let mut table =
        Table::new("Retime: notes and hits against the parent", &["prompt", "from", "to", "chroma correlation", "hits on their places"]);
    let (mut notes, mut hits) = (vec![], vec![]);
    for (ask, pitched) in parents(true) {
        let parent = maker.generate(&ask)?;
        for bpm in if quick { vec![92.0] } else { vec![70.0, 92.0, 128.0, 160.0] } {
            let child = maker.retime(&Ask { bpm, ..ask }, &parent)?;
            let (a, b) = (&parent.sound.channels[0], &child.sound.channels[0]);
            let alike = correlation(&chroma(a, SampleRate::CD), &chroma(b, SampleRate::CD));
            let same = same_places(a, ask.bpm, b, bpm);
            table.row(&[ask.prompt, &ask.bpm.to_string(), &bpm.to_string()], &[alike, same]);
            if pitched { notes.push(alike) } else { hits.push(same) }
        }
    }
    report.tables.push(table);
    report.at_least("retime: mean correlation of chroma, pitched", mean(&notes), 0.9);
    report.at_least("retime: share of hits within 20 ms of their beat, drums", mean(&hits), 0.9);
    Ok(())
}

fn correlation(a: &[f64; 12], b: &[f64; 12]) -> f64 {
    let (ma, mb) = (mean(a), mean(b));
    let product = |x: &[f64; 12], mx: f64, y: &[f64; 12], my: f64| x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>();
    product(a, ma, b, mb) / (product(a, ma, a, ma) * product(b, mb, b, mb)).sqrt().max(1e-12)
}

/// Which part of the stronger hits of `a` has one of `b` within 20 ms of the same place in beats.
fn same_places(a: &[f32], bpm_a: f64, b: &[f32], bpm_b: f64) -> f64 {
    let found = |audio: &[f32]| onsets(audio, SampleRate::CD, Listen { below: None, round: true });
    let (a, b) = (found(a), found(b));
    let strongest = a.iter().map(|o| o.strength).fold(0.0, f32::max);
    let (beats, second) = (8.0, bpm_b / 60.0);
    let near =
        |place: f64| b.iter().any(|o| ((o.time * second - place + beats / 2.0).rem_euclid(beats) - beats / 2.0).abs() < 0.02 * second);
    let strong: Vec<f64> = a.iter().filter(|o| o.strength > 0.3 * strongest).map(|o| o.time * bpm_a / 60.0).collect();
    share(&strong, near)
}
