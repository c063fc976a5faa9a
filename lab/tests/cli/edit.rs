//! `inpaint`, `vary`, `transform`, `retime`: from what Inlay wrote, and from anything.

use super::sound::{assert_same_outside, clip, foreign};
use super::{done, inlay, said, told};
use tempfile::tempdir;

#[test]
fn outside_of_a_region_every_sample_stays_at_any_rate() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    for rate in [44_100, 96_000] {
        done(at, &format!("generate funk drums --bars 2 --bpm 101 --seed 1 --steps 2 --rate {rate} -o beat.wav --force"));
        done(at, "inpaint beat.wav --region 2.4-1.2 --steps 2 -o new.wav --force");
        // bar 2, beat 4 is beat 7 of 8; bar 1, beat 2 is beat 1
        assert_same_outside(&clip(&at.join("beat.wav")), &clip(&at.join("new.wav")), 7.0 / 8.0, 1.0 / 8.0);
    }
}

#[test]
fn a_mono_file_of_somebody_stays_mono_and_its_own_outside_of_the_region() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    foreign(&at.join("their.wav"), 120.0, 4, 48_000, 1);
    done(at, "inpaint their.wav snare roll --region 1.3-1.4 --bpm 120 --steps 2 -o new.flac");
    assert_same_outside(&clip(&at.join("their.wav")), &clip(&at.join("new.flac")), 0.5, 0.75);
    // and the file that was written goes on being audio
    done(at, "inpaint new.flac --region 1.1-1.1.125 --steps 2 -o again.wav");
    assert_same_outside(&clip(&at.join("new.flac")), &clip(&at.join("again.wav")), 0.0, 0.125 / 4.0);
}

#[test]
fn another_rate_is_rendered_first_and_then_kept_outside() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    done(at, "generate funk drums --bars 1 --seed 1 --steps 2 -o beat.wav");
    done(at, "vary beat.wav --amount 0 --rate 48k -o beat48.wav");
    done(at, "inpaint beat.wav --region 1.2 --rate 48k --steps 2 -o new48.wav");
    assert_same_outside(&clip(&at.join("beat48.wav")), &clip(&at.join("new48.wav")), 0.25, 0.5);
}

#[test]
fn a_variation_keeps_the_words_and_names_its_parent() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let parent = &told(at, "generate warm pad --key Am --bars 1 --bpm 90 --seed 7 --steps 2 -o pad.wav")[0];
    let children = told(at, "vary pad.wav --amount 0.4 --variations 2 -o child.wav");
    assert_eq!(children.len(), 2);
    for child in &children {
        assert_eq!((&child["parent"], &child["prompt"], &child["chords"]), (&parent["take"], &parent["prompt"], &parent["chords"]));
        assert_eq!((child["bpm"].as_f64(), child["steps"].as_u64(), child["amount"].as_f64()), (Some(90.0), Some(2), Some(0.4)));
        assert_ne!(child["seed"], parent["seed"]);
    }
    assert_ne!(children[0]["take"], children[1]["take"]);
}

#[test]
fn retiming_changes_the_length_and_keeps_the_rest() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    done(at, "generate acid bass --bars 1 --bpm 120 --seed 7 --steps 2 -o bass.wav");
    let told = &told(at, "retime bass.wav --bpm 150 -o faster.wav")[0];
    assert_eq!((told["frames"].as_u64(), told["seed"].as_u64(), told["task"].as_str()), (Some(70_560), Some(7), Some("retime")));
    foreign(&at.join("their.wav"), 100.0, 8, 44_100, 2);
    let output = inlay(at, "retime their.wav --from-bpm 100 --bpm 110 -o their110.wav");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let clip = clip(&at.join("their110.wav"));
    assert_eq!((clip.frames().get(), clip.channels.len()), (192_436, 2));
}

#[test]
fn a_file_is_transformed_at_the_tempo_that_is_heard_in_it() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    foreign(&at.join("their.wav"), 100.0, 19, 48_000, 6);
    let told = &told(at, "transform their.wav punchy house drums --amount 0.5 --steps 2 -o house.wav")[0];
    assert_eq!((told["bpm"].as_f64(), told["bars"].as_u64(), told["rate"].as_u64()), (Some(100.0), Some(4), Some(48_000)));
    let notices = told["notices"].to_string();
    assert!(notices.contains("detected as 100 BPM") && notices.contains("6 channels") && notices.contains("left out"), "{notices}");
}

#[test]
fn info_says_what_is_heard_in_somebodys_file() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    foreign(&at.join("their.wav"), 100.0, 16, 44_100, 2);
    let told = &told(at, "info their.wav --picture their.png")[0];
    assert_eq!((told["bpm"].as_f64(), told["tempo"].as_str(), told["inlay"].as_bool()), (Some(100.0), Some("detected"), Some(false)));
    assert!(at.join("their.png").is_file());
}
