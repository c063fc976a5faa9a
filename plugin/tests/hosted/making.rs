//! Takes that are asked for through parameters.

use crate::common::{INLAY, filled, loud, prompt, quick, rig, takes, wait_for_takes};
use std::time::Duration;

/// The tempo that the newest take was made at.
fn tempo(rig: &mut inlay_host::Rig) -> f64 {
    let kept = rig.kept().unwrap();
    let last = kept["takes"].as_array().and_then(|takes| takes.last().cloned()).unwrap();
    last["about"]["request"]["bpm"].as_f64().unwrap()
}

#[test]
fn a_trigger_that_goes_up_makes_one_take_at_the_songs_tempo_and_it_plays() {
    let mut rig = filled(INLAY, 48_000.0, 97.0);
    assert!(loud(&rig.play_beats(8.0, 480).unwrap()));
    assert_eq!((takes(&mut rig), tempo(&mut rig)), (1, 97.0));
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(takes(&mut rig), 1, "one");
}

#[test]
fn a_trigger_that_is_up_from_the_start_makes_nothing() {
    let mut rig = rig(INLAY);
    prompt(&mut rig, "house drums");
    quick(&mut rig, 0.0);
    rig.activate(48_000.0, 480).unwrap();
    rig.set("Generate", 1.0, 0).unwrap();
    for _ in 0..50 {
        rig.play(480, 480).unwrap();
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(takes(&mut rig), 0);
    // down, and up again
    rig.set("Generate", 0.0, 0).unwrap();
    rig.play(480, 480).unwrap();
    rig.set("Generate", 1.0, 0).unwrap();
    rig.play(480, 480).unwrap();
    wait_for_takes(&mut rig, 1);
}

#[test]
fn a_host_that_never_processes_gets_its_take_at_120_bpm() {
    let mut rig = rig(INLAY);
    prompt(&mut rig, "house drums");
    quick(&mut rig, 0.0);
    // the instance looks at its parameters every now and then
    std::thread::sleep(Duration::from_millis(400));
    rig.set("Generate", 1.0, 0).unwrap();
    wait_for_takes(&mut rig, 1);
    assert_eq!(tempo(&mut rig), 120.0);
    // and audio that begins with the trigger still up asks for nothing
    rig.activate(48_000.0, 480).unwrap();
    let played = rig.play(48_000, 480).unwrap();
    assert!(loud(&played));
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(takes(&mut rig), 1);
}

#[test]
fn without_words_nothing_is_made() {
    let mut rig = rig(INLAY);
    quick(&mut rig, 0.0);
    rig.activate(48_000.0, 480).unwrap();
    rig.play(480, 480).unwrap();
    rig.set("Generate", 1.0, 0).unwrap();
    for _ in 0..40 {
        rig.play(480, 480).unwrap();
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(takes(&mut rig), 0);
}

#[test]
fn a_variation_is_made_of_what_plays() {
    let mut rig = filled(INLAY, 48_000.0, 120.0);
    rig.set("Vary", 1.0, 0).unwrap();
    rig.play(480, 480).unwrap();
    wait_for_takes(&mut rig, 2);
    let kept = rig.kept().unwrap();
    let [first, second] = [0, 1].map(|i| kept["takes"][i].clone());
    let parents = [second["about"]["parent"].clone(), first["about"]["parent"].clone()];
    assert!(parents.contains(&first["id"]) || parents.contains(&second["id"]));
}

#[test]
fn a_region_in_the_project_is_made_anew() {
    // at the takes' own rate: at another one, the region is heard as far around its edges as a filter reaches
    let mut rig = filled(INLAY, 44_100.0, 120.0);
    let before = rig.play_beats(4.0, 480).unwrap();
    rig.edit(|own| own["regions"] = serde_json::json!([{ "start": 1.0, "length": 1.0 }])).unwrap();
    // what is up in the first block after loading pulls nothing
    rig.play(480, 480).unwrap();
    rig.set("Inpaint", 1.0, 0).unwrap();
    rig.play(480, 480).unwrap();
    wait_for_takes(&mut rig, 2);
    // the new take plays from the next bar on
    rig.song.go_to(3.0);
    rig.play_beats(5.0, 480).unwrap();
    let after = rig.play_beats(4.0, 480).unwrap();
    let beat = 22_050;
    // behind the fade of the jump
    assert!((300..beat).all(|i| before[i] == after[i]), "the first beat stays");
    assert!((2 * beat + 1..4 * beat).all(|i| before[i] == after[i]), "so do the last two");
    assert!((beat..2 * beat).any(|i| before[i] != after[i]), "the second doesn't");
}
