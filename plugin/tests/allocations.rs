//! `process` neither allocates nor frees: not the player, not the shell, not the framework.

#[path = "hosted/common.rs"]
mod common;
#[path = "hosted/project.rs"]
mod project;

use common::{INLAY, INLAY_FX};
use inlay_host::Dice;
use project::{opened, take, tone};

#[test]
fn the_counter_counts() {
    assert_eq!(allocation_counter::measure(|| drop(std::hint::black_box(vec![1u8; 100]))).count_total, 1);
}

#[test]
fn nothing_is_allocated_or_freed_in_10_000_random_blocks() {
    for id in [INLAY, INLAY_FX] {
        let takes: Vec<_> =
            (0..8u32).map(|slot| take(&slot.to_string(), 1, 120.0, 48_000, tone(96_000, 48_000, 100.0 * f64::from(slot) + 60.0))).collect();
        let mut rig = opened(id, 48_000, &takes);
        let mut dice = Dice::new(42);
        for n in 0..10_000 {
            let most = [4, 64, 480, 4096][dice.below(4) as usize];
            let frames = 1 + dice.below(most) as usize;
            let within = |dice: &mut Dice| dice.below(frames as u64) as u32;
            // in the order of their frames, as hosts send them
            let mut at = [within(&mut dice), within(&mut dice), within(&mut dice)];
            at.sort_unstable();
            match dice.below(8) {
                0 => {
                    rig.note_on(34 + dice.below(12) as u8, dice.below(128) as f64 / 127.0, at[0]);
                    rig.note_off(34 + dice.below(12) as u8, at[1]);
                }
                1 => {
                    let (name, most) = [("Slot", 8), ("Switch at", 4), ("Notes", 3), ("Bypass", 2), ("Bars", 5)][dice.below(5) as usize];
                    rig.set(name, dice.below(most) as f64, at[0]).unwrap();
                    rig.set("Gain", dice.below(100) as f64 / 100.0, at[1]).unwrap();
                    rig.set("Mix", dice.below(100) as f64 / 100.0, at[2]).unwrap();
                }
                2 => {
                    rig.set("Next", dice.below(2) as f64, at[0]).unwrap();
                    rig.set("Previous", dice.below(2) as f64, at[1]).unwrap();
                }
                _ => {}
            }
            match dice.below(30) {
                0 => rig.song.go_to(dice.below(4000) as f64 / 7.0 - 100.0),
                1 => rig.song.tempo = 40.0 + dice.below(200) as f64,
                2 => rig.song.playing = dice.below(3) > 0,
                3 => rig.song.cycle = (dice.below(2) == 0).then(|| (8.0, 8.0 + dice.below(16) as f64)),
                4 => rig.song.rounding = 1920.0 * dice.below(2) as f64,
                5 => rig.reset(),
                _ => {}
            }
            let counted = allocation_counter::measure(|| rig.block(frames).unwrap());
            assert_eq!((counted.count_total, counted.count_current), (0, 0), "block {n} of {frames} frames, {id}");
        }
    }
}
