//! What other versions wrote.

use super::make::instance;
use crate::{Loaded, Loss, Saved, open};
use serde_json::{Value, json};

/// `instance().to_json()` of the first version; it stays as it is for good.
const FIRST: &str = include_str!("../../fixtures/v1.json");

#[test]
fn the_first_version_is_read_with_every_sample() {
    let Loaded { saved, losses } = Saved::from_json(FIRST).unwrap();
    assert_eq!(losses, []);
    let expected = instance();
    // settings and parcels, but for how the encoder of the day packed the same samples
    let sounding = |saved: &Saved| saved.takes.iter().flat_map(|k| k.sounding().cloned().collect::<Vec<_>>()).collect::<Vec<_>>();
    let (old, new) = (sounding(&saved), sounding(&expected));
    assert_eq!(old.len(), 4);
    let opened = |parcels: &[std::sync::Arc<crate::Parcel>]| open(&parcels.iter().map(|p| &**p).collect::<Vec<_>>(), 2);
    assert_eq!(opened(&old), opened(&new));
    // the host's tempo came later
    let settings = |saved: Saved| Saved { takes: vec![], host_tempo: None, ..saved };
    assert_eq!(settings(saved), settings(expected));
}

#[test]
fn what_is_missing_is_at_its_start_and_what_is_unknown_is_passed_over() {
    let text = json!({"inlay": 1, "seed": 7, "weather": {"rain": [1, 2]}, "slots": [{"take": null, "colour": "red"}]}).to_string();
    let Loaded { saved, losses } = Saved::from_json(&text).unwrap();
    assert_eq!(losses, []);
    assert_eq!(saved, Saved { seed: inlay_music::Seed(7), ..Saved::default() });
}

#[test]
fn of_a_newer_version_what_is_known_is_read() {
    let mut value: Value = serde_json::from_str(FIRST).unwrap();
    value["inlay"] = 7.into();
    value["takes"][1]["mood"] = json!({"joy": 0.5});
    value["takes"][2]["about"]["request"]["task"] = "levitate".into();
    let Loaded { saved, losses } = Saved::from_json(&value.to_string()).unwrap();
    assert_eq!(losses, [Loss::Newer(7), Loss::Take]);
    assert_eq!((saved.takes.len(), saved.prompt), (3, instance().prompt));
}
