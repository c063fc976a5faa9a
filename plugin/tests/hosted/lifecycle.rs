//! Instances come and go at any time.

use crate::common::{INLAY, INLAY_FX, filled, loud, prompt, quick, rig};
use std::time::{Duration, Instant};

#[test]
fn both_plugins_have_pages_for_controllers_whose_parameters_exist() {
    for id in [INLAY, INLAY_FX] {
        let pages = rig(id).pages();
        assert_eq!(pages.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Play", "Make"]);
        assert!(pages.iter().all(|p| p.controls.iter().all(Option::is_some)), "{pages:?}");
    }
}

#[test]
fn an_instance_is_removed_while_its_job_runs_and_the_next_one_works() {
    for _ in 0..3 {
        let mut rig = rig(INLAY);
        prompt(&mut rig, "slow strings");
        quick(&mut rig, 4.0);
        rig.set("Steps", 60.0, 0).unwrap();
        rig.activate(48_000.0, 480).unwrap();
        rig.play(480, 480).unwrap();
        rig.set("Generate", 1.0, 0).unwrap();
        rig.play(480, 480).unwrap();
        std::thread::sleep(Duration::from_millis(150));
        let start = Instant::now();
        drop(rig);
        assert!(start.elapsed() < Duration::from_secs(5), "nobody waits for the worker");
    }
    let mut rig = filled(INLAY, 48_000.0, 120.0);
    assert!(loud(&rig.play(96_000, 480).unwrap()));
}

#[test]
fn an_instance_is_made_active_again_and_again_at_any_rate() {
    let mut rig = filled(INLAY, 48_000.0, 120.0);
    for rate in [44_100.0, 192_000.0, 48_000.0, 88_200.0] {
        rig.activate(rate, 512).unwrap();
        rig.song.go_to(0.0);
        assert!(loud(&rig.play(rate as usize, 512).unwrap()), "at {rate} Hz from the first block on");
    }
}

#[test]
fn two_instances_make_their_own_takes() {
    let [mut a, mut b] = [120.0, 90.0].map(|tempo| filled(INLAY, 48_000.0, tempo));
    assert!(loud(&a.play(48_000, 480).unwrap()) && loud(&b.play(48_000, 480).unwrap()));
    let [a, b] = [&mut a, &mut b].map(|rig| rig.kept().unwrap()["takes"][0]["about"]["request"]["bpm"].as_f64());
    assert_eq!((a, b), (Some(120.0), Some(90.0)));
}
