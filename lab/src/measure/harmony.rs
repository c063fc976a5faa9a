//! How much of the energy lies in the chords and the key that were asked for.
//!
//! By the energy of the partials from 90 to 1300 Hz ([`inlay_audio::chroma`]): over the loop against the scale, as `report.md` has it, and beat by beat
//! against the notes of the chord. Notes between the chord's own are music, so only the scale has a bar.

use super::maker::{Ask, Maker};
use super::report::{Report, Table, mean};
use anyhow::{Context as _, Result};
use inlay_audio::chroma::chroma;
use inlay_music::{Key, PitchClassSet, SampleRate, Take};

/// A role: its name, four prompts, and the share in key that the weights were measured to have (`report.md`), where it says one.
type Role = (&'static str, [&'static str; 4], Option<f64>);

const ROLES: [Role; 6] = [
    ("bass", ["groovy slap bass", "deep sub bass", "reese bass, long note", "syncopated picked bass"], Some(0.76)),
    ("chords", ["warm rhodes electric piano chords", "offbeat stab piano chords", "held organ chords", "pulsing saw chords"], Some(0.92)),
    ("lead", ["melodic flute lead", "busy saw lead", "sparse trumpet lead", "melodic square lead"], Some(0.83)),
    ("arp", ["rising harp arp", "pluck arp, sixteenth", "alberti piano arp", "wide saw arp"], Some(0.92)),
    ("pad", ["warm pad", "string ensemble pad", "dark choir pad", "saw pad"], Some(0.90)),
    (
        "full",
        [
            "full loop house with drums, bass and chords",
            "full loop lo-fi with drums, bass and pad",
            "full loop disco with drums, bass and arp",
            "full loop funk with drums, bass and lead",
        ],
        None,
    ),
];
/// How harmony is asked for: key in its field, key in words, chords in their field, chords in words; none.
const WAYS: [&str; 5] = ["key field", "key words", "chords field", "chords words", "no harmony"];
/// Keys with a chart of their own chords over two bars.
const KEYS: [(&str, &str, &str); 6] = [
    ("Am", "a minor", "Am F | C G"),
    ("Cm", "c minor", "Cm | Ab Eb"),
    ("Em", "e minor", "Em C | G D"),
    ("G", "g major", "G D | Em C"),
    ("Ddor", "d dorian", "Dm | G"),
    ("F", "f major", "F Dm | Bb C"),
];
/// Below the weights' own share in key by this much lies an error in the engine rather than chance.
const SLACK: f64 = 0.1;

/// One take.
struct Heard {
    role: usize,
    way: usize,
    /// Share of energy in the scale, over the loop.
    key: f64,
    /// Share in the notes of the chord on each beat, by the beats' energy; none where no chords were given.
    chord: Option<f64>,
}

/// Measures 24 prompts, each asked in four ways and without harmony, with four seeds (or one).
///
/// # Errors
/// What could not be made.
pub fn measure(maker: &Maker, quick: bool, report: &mut Report) -> Result<()> {
    let mut all = vec![];
    for (role, (_, prompts, _)) in ROLES.iter().enumerate() {
        for (i, prompt) in prompts.iter().enumerate() {
            for (way, seed) in (0..WAYS.len()).flat_map(|way| (0..if quick { 1 } else { 4 }).map(move |seed| (way, seed))) {
                let key = KEYS[(role + 2 * i + seed + way) % KEYS.len()];
                let (take, key) = asked(maker, prompt, way, key, 1 + seed as u64 + 10 * i as u64)?;
                let mono = &take.sound.channels[0];
                let in_key = within(&chroma(mono, SampleRate::CD), key.scale());
                all.push(Heard { role, way, key: in_key, chord: in_chords(&take, mono)? });
            }
        }
    }
    let mut columns = vec!["role", "report.md"];
    columns.extend(WAYS);
    let mut table = Table::new("Share of energy in the scale", &columns);
    let mut chords = Table::new("Share of energy in the chord of each beat (chance: 0.25; a take without harmony has no chords)", &columns);
    let of = |role: usize, way: usize| all.iter().filter(move |h| h.role == role && h.way == way);
    for (role, (name, _, known)) in ROLES.iter().enumerate() {
        let keys = |way| mean(&of(role, way).map(|h| h.key).collect::<Vec<_>>());
        let tones = |way| mean(&of(role, way).filter_map(|h| h.chord).collect::<Vec<_>>());
        let figures = |f: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..WAYS.len()).map(f).collect() };
        let known_text = known.map_or("–".into(), |k| format!("{k:.2}"));
        table.row(&[name, &known_text], &figures(&keys));
        chords.row(&[name, ""], &figures(&tones));
        if let Some(known) = known {
            let asked: Vec<f64> = all.iter().filter(|h| h.role == role && h.way < 4).map(|h| h.key).collect();
            report.at_least(format!("{name} in key, all ways (the weights: {known})"), mean(&asked), known - SLACK);
        }
    }
    report.tables.extend([table, chords]);
    drums(maker, quick, report)
}

/// One take of a prompt with harmony asked for in one way, and the key that it should be in.
fn asked(
    maker: &Maker,
    prompt: &str,
    way: usize,
    (key, words, chart): (&str, &str, &str),
    seed: u64,
) -> Result<(std::sync::Arc<Take>, Key)> {
    let (in_words, with_chart) = (format!("{prompt} in {words}"), format!("{prompt} {chart}"));
    let plain = Ask { seed, ..Ask::new(prompt, 110.0) };
    let ask = match way {
        0 => Ask { key: Some(key), ..plain },
        1 => Ask { prompt: &in_words, ..plain },
        2 => Ask { chords: Some(chart), ..plain },
        3 => Ask { prompt: &with_chart, ..plain },
        _ => plain,
    };
    Ok((maker.generate(&ask)?, key.parse()?))
}

fn within(shares: &[f64; 12], notes: PitchClassSet) -> f64 {
    notes.iter().map(|n| shares[usize::from(n)]).sum()
}

fn in_chords(take: &Take, mono: &[f32]) -> Result<Option<f64>> {
    let Some(chart) = &take.about.chords else { return Ok(None) };
    let chords = chart.per_beat(take.about.request.bars)?;
    let (mut inside, mut whole) = (0.0, 0.0);
    for (beat, chord) in chords.iter().enumerate() {
        let place = |beat: usize| beat * mono.len() / chords.len();
        let part = mono.get(place(beat)..place(beat + 1)).context("a beat of the loop")?;
        let energy: f64 = part.iter().map(|v| f64::from(*v).powi(2)).sum();
        let shares = chroma(part, SampleRate::CD);
        inside += energy * within(&shares, chord.lane());
        whole += energy * shares.iter().sum::<f64>();
    }
    Ok((whole > 0.0).then(|| inside / whole))
}

/// Drums have no lane and no key: what pitch there is lies anywhere.
fn drums(maker: &Maker, quick: bool, report: &mut Report) -> Result<()> {
    let mut table =
        Table::new("Drums: share of what has a pitch in C major and in F# major (chance 0.58), and with a lane", &["prompt", "C", "F#"]);
    let mut lanes = 0.0;
    for prompt in ["dusty boom bap drums", "house drums", "trap drums", "drum and bass drums"].into_iter().take(if quick { 2 } else { 4 }) {
        let take = maker.generate(&Ask::new(prompt, 120.0))?;
        lanes += f64::from(u8::from(take.about.chords.is_some()));
        let shares = chroma(&take.sound.channels[0], SampleRate::CD);
        let figures = ["C", "F#"].map(|key| key.parse::<Key>().map_or(f64::NAN, |key| within(&shares, key.scale())));
        table.row(&[prompt], &figures);
    }
    report.tables.push(table);
    report.at_most("drum prompts that were given chords", lanes, 0.0);
    Ok(())
}
