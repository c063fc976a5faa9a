//! What people type may be anything: parsers give a value or a sentence, and what is shown reads back the same.

use inlay_music::{Bars, Chord, ChordChart, Feel, Key, Mode, PitchClass, Prompt, Region, Seed, Triad, merge_regions};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::fmt::{Debug, Display};
use std::str::FromStr;

/// Anything, or what is close to the grammars.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[A-Ha-h#b♭♯0-9majindsuSPo+ø°Δ()/,|% .–-]{0,24}",
        "([A-G][b#]?(m|maj|min|dim|aug|sus|7|9|add9|\\(b9\\)|/[A-G])?[ |%]{0,3}){0,8}",
        "((in|key|of|a|A|Am|C#|minor|dorian|flat|92|bpm|,|\\(|\\)|\\||F|drum|and|bass|303|hats|full|loop)[ ,]?){0,12}",
        "[0-9]{0,3}[.]?[0-9]{0,3}[.]?[0-9]{0,3}-?[0-9]{0,3}[.]?[0-9]{0,3}[.]?[0-9]{0,3}",
    ]
}

fn bars() -> impl Strategy<Value = Bars> {
    prop::sample::select(Bars::ALL.to_vec())
}

/// Regions on a grid of 1/64 beat, which decimals show exactly.
fn regions() -> impl Strategy<Value = (Bars, Region)> {
    bars().prop_flat_map(|take| {
        let ticks = take.beat_count() * 64;
        (Just(take), 0..ticks, 1..=ticks).prop_map(|(take, start, length)| {
            let beat = |ticks: u32| f64::from(ticks) / 64.0;
            (take, Region::new(beat(start), beat(length), take).unwrap())
        })
    })
}

fn chord_names() -> impl Strategy<Value = String> {
    "[A-G][b#]?(|m|dim|aug|maj7|m7|7|9|13|6|69|sus2|7sus4|m\\(maj7\\))(|\\(b5\\)|\\(#5\\)|\\(b9\\)|\\(#9,#11\\)|add9)(|/[A-G][b#]?)"
}

/// What reads must be shown so that it reads back the same.
fn reads_back<T: FromStr + Display + PartialEq + Debug>(text: &str) -> Result<(), TestCaseError> {
    if let Ok(value) = text.parse::<T>() {
        prop_assert_eq!(value.to_string().parse::<T>().ok(), Some(value));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::with_cases(256) })]

    #[test]
    fn no_text_makes_a_parser_panic_and_what_reads_reads_back(text in texts(), take in bars()) {
        reads_back::<PitchClass>(&text)?;
        reads_back::<Key>(&text)?;
        reads_back::<Chord>(&text)?;
        reads_back::<ChordChart>(&text)?;
        reads_back::<Seed>(&text)?;
        reads_back::<Feel>(&text)?;
        if let Ok(region) = Region::parse(&text, take) {
            prop_assert!(region.check(take).is_ok());
        }
        if let Ok(found) = Prompt::parse(&text) {
            prop_assert!(found.text.chars().any(char::is_alphanumeric));
            prop_assert!(!found.text.contains("  ") && found.text.trim() == found.text);
        }
        let _ = Prompt::new(&text).map(|prompt| prompt.plain());
    }

    #[test]
    fn a_chord_has_a_triad_on_its_root_and_reads_back(name in chord_names()) {
        let chord: Chord = name.parse().unwrap();
        prop_assert_eq!(chord.to_string().parse::<Chord>().unwrap(), chord);
        prop_assert_eq!(chord.lane().len(), 3);
        prop_assert!(chord.lane().contains(chord.root().number()));
    }

    #[test]
    fn a_chart_reads_back_and_fills_the_take(bars_of_names in prop::collection::vec(prop::collection::vec(chord_names(), 1..=4), 1..=16)) {
        let chart = ChordChart::new(bars_of_names.iter().map(|bar| bar.iter().map(|name| name.parse().unwrap()).collect()).collect()).unwrap();
        prop_assert_eq!(&chart.to_string().parse::<ChordChart>().unwrap(), &chart);
        for take in Bars::ALL {
            match chart.per_beat(take) {
                Ok(beats) => prop_assert_eq!(beats.len(), take.beat_count() as usize),
                Err(_) => prop_assert!(chart.bars().len() > take.get() as usize),
            }
        }
    }

    #[test]
    fn a_key_reads_back_in_all_its_forms(letter in "[A-G]", sign in "[b#]?", mode in prop::sample::select(Mode::ALL.to_vec())) {
        let key = Key { tonic: format!("{letter}{sign}").parse().unwrap(), mode };
        prop_assert_eq!(key.to_string().parse::<Key>(), Ok(key));
        prop_assert_eq!(key.short().parse::<Key>(), Ok(key));
        let prompt = Prompt::parse(&format!("warm pad in {key}")).unwrap();
        prop_assert_eq!(prompt.key, Some(key));
        // What the model is given says the key so that it is found again.
        prop_assert_eq!(Prompt::parse(&prompt.text).unwrap().key, Some(key));
        let home = Chord::of(key.tonic, if mode == Mode::Major { Triad::Major } else { Triad::Minor });
        prop_assert!(key.scale().holds_all(home.lane()));
    }

    #[test]
    fn a_region_reads_back((take, region) in regions()) {
        let again = Region::parse(&region.text(take).to_string(), take).unwrap();
        if region.length() < take.beats().get() {
            prop_assert_eq!(again, region);
        } else {
            prop_assert_eq!(again.length(), region.length());
        }
    }

    #[test]
    fn latents_and_frames_hold_the_region((take, region) in regions(), samples in 1_usize..1_000_000) {
        let latents = region.latents(take);
        let frames = region.frames(samples, take);
        prop_assert_eq!(latents.iter().count(), latents.len());
        prop_assert!(frames.len() <= samples && frames.first() < samples);
        for latent in 0..latents.count() {
            let beat = latent as f64 / 8.0;
            if region.contains(beat, take) {
                prop_assert!(latents.position(latent).is_some());
            }
        }
    }

    #[test]
    fn merged_regions_hold_the_same_beats(list in prop::collection::vec((0_u32..256, 1_u32..=256), 0..5)) {
        let take = Bars::new(16).unwrap();
        let list: Vec<Region> =
            list.iter().map(|&(start, length)| Region::new(f64::from(start) / 4.0, f64::from(length) / 4.0, take).unwrap()).collect();
        let merged = merge_regions(&list, take);
        for tick in 0..256 {
            let beat = f64::from(tick) / 4.0;
            let holds = |regions: &[Region]| regions.iter().filter(|r| r.contains(beat, take)).count();
            prop_assert_eq!(holds(&merged), usize::from(holds(&list) > 0));
        }
        prop_assert!(merged.windows(2).all(|pair| pair[0].end() < pair[1].start()));
    }
}
