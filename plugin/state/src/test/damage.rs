//! What is damaged costs itself alone.

use super::make::{instance, take};
use crate::{Kept, Loaded, Loss, Parcel, Saved};
use serde_json::{Value, json};

fn value() -> Value {
    serde_json::from_str(&instance().to_json()).unwrap()
}

fn load(value: &Value) -> Loaded {
    Saved::from_json(&value.to_string()).unwrap()
}

/// The places of a take's latents and sound.
fn places(value: &Value, take: usize) -> (usize, usize) {
    let place = |what: &str| value["takes"][take][what]["part"].as_u64().unwrap() as usize;
    (place("latents"), place("sound"))
}

/// Turns one letter of a part into another.
fn scratch(value: &mut Value, part: usize) {
    let text = value["parts"][part].as_str().unwrap().to_owned();
    let (head, tail) = text.split_at(text.len() / 2);
    let other = if tail.starts_with('B') { "C" } else { "B" };
    value["parts"][part] = format!("{head}{other}{}", &tail[1..]).into();
}

#[test]
fn damaged_latents_leave_the_sound() {
    let mut value = value();
    let (latents, _) = places(&value, 1);
    scratch(&mut value, latents);
    let Loaded { saved, losses } = load(&value);
    assert_eq!(losses, [], "parts are looked into when they are opened");
    let opened = saved.takes[1].take.open();
    assert!(
        matches!(&opened.losses[..], [Loss::Latents(name)] if name == "“dusty drums 1 “häppy”” (1 bar at 240 BPM)"),
        "{:?}",
        opened.losses
    );
    let back = opened.take.unwrap();
    assert_eq!(back.sound, take(1, 2).sound);
    assert!(back.latents.is_empty() && opened.latents.is_none());
    assert_eq!(saved.takes[2].take.open().take.as_deref(), Some(&take(2, 1)), "others are whole");
}

#[test]
fn a_damaged_sound_leaves_what_it_can_be_made_again_of() {
    let mut value = value();
    let (_, sound) = places(&value, 1);
    scratch(&mut value, sound);
    let opened = load(&value).saved.takes[1].take.open();
    assert!(matches!(&opened.losses[..], [Loss::Sound(_)]), "{:?}", opened.losses);
    assert!(opened.take.is_none());
    assert_eq!(opened.latents, Some(take(1, 2).latents));

    value["takes"][1]["about"]["from_audio"] = true.into();
    let opened = load(&value).saved.takes[1].take.open();
    assert!(matches!(&opened.losses[..], [Loss::SoundForGood(_)]), "{:?}", opened.losses);
}

#[test]
fn a_damaged_voice_leaves_the_take() {
    let mut value = value();
    value["takes"][0]["voices"][0]["about"]["request"]["bpm"] = 1e9.into();
    let Loaded { saved, losses } = load(&value);
    assert!(matches!(&losses[..], [Loss::Voice { .. }]), "{losses:?}");
    assert_eq!(saved.takes[0].voices.len(), 1);
    assert_eq!(saved.takes[0].take.open().take.as_deref(), Some(&take(0, 1)));
}

#[test]
fn a_take_that_makes_no_sense_leaves_the_others_and_empties_its_slot() {
    for (field, bad) in [("id", json!("../../etc")), ("id", json!(7)), ("about", json!(null)), ("about", json!({"request": "drums"}))] {
        let mut value = value();
        value["takes"][0][field] = bad;
        let Loaded { saved, losses } = load(&value);
        assert_eq!(losses, [Loss::Take, Loss::Slot(3)]);
        assert_eq!((saved.takes.len(), &saved.slots[3].take, saved.slots[3].pinned), (3, &None, true));
        assert_eq!(saved.slots[0], instance().slots[0]);
    }
}

#[test]
fn a_part_that_is_not_there_is_lost_at_once() {
    let mut value = value();
    value["takes"][1]["sound"]["part"] = 4000.into();
    value["takes"][2]["latents"]["part"] = (-1).into();
    value["takes"][2]["sound"]["channels"] = 3.into();
    let losses = load(&value).losses;
    assert!(matches!(&losses[..], [Loss::Sound(_), Loss::Latents(_), Loss::SoundForGood(_)]), "{losses:?}");
    value["parts"] = 3.into();
    assert!(load(&value).losses.len() > 5);
}

#[test]
fn settings_out_of_range_stay_at_their_start() {
    let bad = [
        ("prompt", json!("x".repeat(10_001))),
        ("negative", json!(["a"])),
        ("key", json!("H# lydian")),
        ("project_key", json!(4)),
        ("chords", json!({})),
        ("own_tempo", json!(1e300)),
        ("host_tempo", json!("fast")),
        ("seed", json!(-1)),
        ("selected", json!(200)),
        ("compare", json!([3, 3])),
        ("ahead", json!("yes")),
        ("audition", json!(null)),
        ("folder", json!("x".repeat(10_001))),
        ("format", json!("mp3")),
    ];
    for (field, bad) in bad {
        let mut value = value();
        value[field] = bad;
        let Loaded { saved, losses } = load(&value);
        assert!(matches!(&losses[..], [Loss::Setting(_)]), "{field}: {losses:?}");
        let mut expected = serde_json::from_str::<Value>(&instance().to_json()).unwrap();
        expected.as_object_mut().unwrap().remove(field);
        assert_eq!(saved, load(&expected).saved, "{field}");
    }
}

#[test]
fn lists_lose_only_what_makes_no_sense() {
    let mut value = value();
    value["regions"] = json!([{"start": 900.0, "length": 1.0}, {"start": 1.0, "length": 2.0}, {"start": 0.0, "length": 0.0}, 5]);
    value["prompts"] = json!(["a", 1, "x".repeat(1001), "b"]);
    value["slots"] = json!([{"take": "take-1", "pinned": 3}, 5, {"take": "nobody"}, {}, {}, {}, {}, {}, {"take": "take-1"}]);
    value["takes"][1]["clip"] = 1e300.into();
    let Loaded { saved, losses } = load(&value);
    assert_eq!((saved.regions.len(), saved.prompts.len()), (1, 2));
    assert_eq!(saved.slots[0].take.as_ref().unwrap().0, "take-1");
    assert!(saved.slots[1..].iter().all(|s| s.take.is_none()));
    assert_eq!(saved.takes[1].clip, None);
    assert_eq!(losses.len(), 3 + 2 + 1 + 4, "{losses:?}");
}

#[test]
fn only_what_is_no_object_at_all_fails() {
    for text in ["", "{", "[]", "3", "null", "{\"a\":}", "\u{feff}{}"] {
        let error = Saved::from_json(text).unwrap_err().to_string();
        assert!(error.starts_with("what Inlay kept in this project can't be read ("), "{error}");
    }
    assert_eq!(Saved::from_json("{}").unwrap(), Loaded { saved: Saved::default(), losses: vec![] });
}

#[test]
fn the_same_take_twice_is_one() {
    let twin = Kept::new(super::make::parcel(&take(0, 1)));
    let json = Saved { takes: vec![twin.clone(), twin], ..Saved::default() }.to_json();
    let Loaded { saved, losses } = Saved::from_json(&json).unwrap();
    assert_eq!((saved.takes.len(), losses), (1, vec![Loss::Take]));
}

#[test]
fn a_sound_that_claims_to_be_longer_than_it_is_is_refused() {
    let mut longer = Parcel::pack(&take(0, 1)).unwrap();
    let about = std::sync::Arc::make_mut(&mut longer.about);
    about.request.bpm = inlay_music::Bpm::new(40.0).unwrap();
    assert!(longer.open().take.is_none());
}
