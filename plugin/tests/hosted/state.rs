//! What was saved comes back as it was.

use crate::common::{INLAY, INLAY_FX, filled, loud, rig};
use crate::project::{noise, opened, project, sound, take, tone};

#[test]
fn a_project_that_is_opened_again_plays_the_same_samples_from_its_first_block_on() {
    let mut first = filled(INLAY, 44_100.0, 128.0);
    first.song.go_to(0.0);
    first.reset();
    let before = first.play(200_000, 480).unwrap();
    assert!(loud(&before));
    let project = first.save().unwrap();
    drop(first);
    let mut second = rig(INLAY);
    second.load(&project).unwrap();
    second.activate(44_100.0, 4096).unwrap();
    second.song.tempo = 128.0;
    let after = second.play(200_000, 480).unwrap();
    assert!(before == after);
    assert!(second.save().unwrap() == project, "and is saved the same");
}

#[test]
fn parameters_come_back_and_triggers_that_were_up_pull_nothing() {
    let mut first = rig(INLAY);
    for (name, value) in [("Gain", 0.3), ("Slot", 4.0), ("Bars", 3.0), ("Generate", 1.0), ("Next", 1.0), ("Mix", 0.25)] {
        first.set(name, value, 0).unwrap();
    }
    let project = first.save().unwrap();
    let mut second = rig(INLAY);
    second.load(&project).unwrap();
    for (name, value) in [("Gain", 0.3), ("Slot", 4.0), ("Bars", 3.0), ("Generate", 1.0), ("Next", 1.0), ("Mix", 0.25)] {
        assert!((second.value(name).unwrap() - value).abs() < 1e-6, "{name}");
    }
    assert_eq!(second.save().unwrap(), project);
    second.activate(48_000.0, 480).unwrap();
    second.play(4_800, 480).unwrap();
    second.load(&project).unwrap();
    second.play(4_800, 480).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(second.save().unwrap(), project, "a trigger would have said that there are no words, or made a take");
}

#[test]
fn a_project_loads_while_it_plays() {
    let takes = [take("old", 1, 120.0, 48_000, noise(1))];
    let mut rig = opened(INLAY, 48_000, &takes);
    rig.set("Switch at", 0.0, 0).unwrap();
    rig.play(48_000, 480).unwrap();
    let new = take("new", 1, 120.0, 48_000, noise(2));
    rig.edit(|own| *own = project(std::slice::from_ref(&new))).unwrap();
    rig.play(4_800, 480).unwrap();
    let start = (rig.song.beat * 24_000.0).round() as usize;
    let played = rig.play(4_800, 480).unwrap();
    assert!((0..4_800).all(|i| played[i] == [sound(&new)[(start + i) % 96_000]; 2]));
}

#[test]
fn saving_and_loading_while_audio_runs_fails_no_block() {
    let takes: Vec<_> =
        (0..8u32).map(|slot| take(&slot.to_string(), 1, 120.0, 48_000, tone(96_000, 48_000, 100.0 * f64::from(slot) + 60.0))).collect();
    for id in [INLAY, INLAY_FX] {
        let mut rig = opened(id, 48_000, &takes);
        let done = std::sync::atomic::AtomicBool::new(false);
        let play = |audio: &mut inlay_host::Audio| {
            let mut blocks = 0;
            while !done.load(std::sync::atomic::Ordering::Relaxed) || blocks < 100 {
                audio.block(64).unwrap();
                assert!(audio.output().iter().all(|side| side[..64].iter().all(|s| s.is_finite())));
                blocks += 1;
            }
            blocks
        };
        let main = |rig: &mut inlay_host::Rig| {
            for _ in 0..4 {
                let project = rig.save().unwrap();
                rig.load(&project).unwrap();
                rig.idle();
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        };
        let (blocks, ()) = rig.alongside(play, main);
        assert!(blocks >= 100);
    }
}

#[test]
fn damage_is_refused_or_costs_itself_alone() {
    let take = take("noise", 1, 120.0, 48_000, noise(1));
    let mut rig = opened(INLAY, 48_000, std::slice::from_ref(&take));
    let good = rig.save().unwrap();
    // cut off, and bits turned over, all along
    for at in (0..good.len()).step_by(good.len() / 40 + 1) {
        let mut bad = good.clone();
        bad[at] ^= 0x15;
        let _ = rig.load(&bad);
        let _ = rig.load(&good[..at]);
        rig.play(480, 480).unwrap();
    }
    rig.load(&good).unwrap();
    rig.activate(48_000.0, 480).unwrap();
    rig.song.go_to(0.0);
    let played = rig.play(48_000, 480).unwrap();
    assert!((30..48_000).all(|i| played[i] == [sound(&take)[i]; 2]));
}

#[test]
fn a_project_keeps_what_an_instance_of_another_rate_had() {
    let take = take("noise", 1, 120.0, 48_000, noise(1));
    let mut first = opened(INLAY, 96_000, std::slice::from_ref(&take));
    let project = first.save().unwrap();
    let mut second = rig(INLAY);
    second.load(&project).unwrap();
    second.activate(48_000.0, 480).unwrap();
    let played = second.play(48_000, 480).unwrap();
    assert!((30..48_000).all(|i| played[i] == [sound(&take)[i]; 2]));
}
