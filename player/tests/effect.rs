//! An effect: the input passes, is replaced, and is captured.

#[path = "support/host.rs"]
mod host;

use host::{Rig, noise, steady, take};
use inlay_music::Beats;
use inlay_player::{Captured, Fact, Mix, Quantize, Transport};

const RATE: u32 = 48_000;
const LOOP: usize = 96_000;

/// Plays the input's frames from `song` on.
fn run(rig: &mut Rig, input: &[f32], song: i64) {
    for (i, block) in input.chunks(700).enumerate() {
        rig.block_with(block.len(), &steady(song + 700 * i as i64, 120.0, RATE), &[], Some([block, block]));
    }
}

#[test]
fn the_input_passes_where_nothing_plays() {
    let mut rig = Rig::new(RATE);
    let input = noise(10_000, 5);
    run(&mut rig, &input, 0);
    assert!(rig.left[..] == input[..] && rig.right[..] == input[..]);
}

#[test]
fn the_take_replaces_the_input_as_far_as_the_mix_says() {
    for mix in [0.0, 0.25, 1.0] {
        let mut rig = Rig::new(RATE);
        rig.mix = Mix { mix, ..Mix::default() };
        rig.controls.load(0, take("a", 4.0, 120.0, RATE, |frames| noise(frames, 1)), Quantize::Now).unwrap();
        let (input, audio) = (noise(10_000, 5), noise(LOOP, 1));
        run(&mut rig, &input, 0);
        assert!((24..10_000).all(|i| (rig.left[i] - (input[i] * (1.0 - mix) + audio[i] * mix)).abs() < 1e-6), "{mix}");
    }
}

#[test]
fn a_clip_replaces_the_input_where_it_was_captured_and_never_loops() {
    let mut rig = Rig::new(RATE);
    let mut clip = take("clip", 4.0, 120.0, RATE, |frames| noise(frames, 1));
    clip.clip = Some(2.0);
    rig.controls.load(0, clip, Quantize::Now).unwrap();
    let (input, audio) = (noise(400_000, 5), noise(LOOP, 1));
    run(&mut rig, &input, 0);
    let (on, off) = (48_000, 48_000 + LOOP);
    assert!(rig.left[..on] == input[..on]);
    assert!(rig.left[on + 24..off - 240] == audio[24..LOOP - 240]);
    assert!(rig.left[off..] == input[off..]);
}

#[test]
fn captures_the_input_in_time_with_the_song() {
    let mut rig = Rig::new(RATE);
    let input = noise(400_000, 5);
    let Captured { id, mut ring } = rig.controls.capture(Beats::new(4.0).unwrap(), 200_000, Quantize::Bar).unwrap();
    run(&mut rig, &input, 24_000 - 7);
    let captured: Vec<f32> = std::iter::from_fn(|| ring.pop().ok()).map(|frame| frame[1]).collect();
    let start = 96_000 - 24_000 + 7;
    assert!(captured[..] == input[start..start + LOOP]);
    assert_eq!(rig.controls.fact(), Some(Fact::CaptureBegan { capture: id, beat: 4.0, bpm: 120.0 }));
    assert_eq!(rig.controls.fact(), Some(Fact::CaptureEnded { capture: id, frames: 96_000, lost: 0, whole: true }));
    assert!(ring.is_abandoned() || rig.controls.collect() == 1, "its ring comes back to be freed");
}

#[test]
fn what_a_capture_has_no_room_for_is_counted_and_told() {
    let mut rig = Rig::new(RATE);
    let Captured { id, ring } = rig.controls.capture(Beats::new(1.0).unwrap(), 1000, Quantize::Now).unwrap();
    run(&mut rig, &noise(50_000, 5), 0);
    assert_eq!(ring.slots(), 1000);
    assert!(matches!(rig.controls.fact(), Some(Fact::CaptureBegan { .. })));
    assert_eq!(rig.controls.fact(), Some(Fact::CaptureEnded { capture: id, frames: 1000, lost: 23_000, whole: true }));
    assert_eq!(rig.controls.status().lost_frames(), 23_000);
}

#[test]
fn another_capture_ends_one_that_still_waits() {
    let mut rig = Rig::new(RATE);
    let waits = rig.controls.capture(Beats::new(4.0).unwrap(), 100, Quantize::Bar).unwrap();
    let mut runs = rig.controls.capture(Beats::new(1.0).unwrap(), 30_000, Quantize::Now).unwrap();
    assert_ne!(waits.id, runs.id, "facts tell them apart");
    rig.controls.select(3, Quantize::Now).unwrap();
    let input = noise(30_000, 5);
    run(&mut rig, &input, 1000);
    assert_eq!((waits.ring.slots(), runs.ring.slots()), (0, 24_000));
    assert_eq!(runs.ring.pop(), Ok([input[0]; 2]));
    assert_eq!(rig.controls.status().now().selected, 3, "what is told after it isn't held up");
}

#[test]
fn a_jump_or_a_stop_ends_a_capture() {
    for stops in [false, true] {
        let mut rig = Rig::new(RATE);
        let captured = rig.controls.capture(Beats::new(4.0).unwrap(), 200_000, Quantize::Now).unwrap();
        let input = noise(7_000, 5);
        run(&mut rig, &input, 0);
        let stopped = [&input[..], &input[..]];
        if stops {
            rig.block_with(7_000, &Transport::default(), &[], Some(stopped))
        } else {
            run(&mut rig, &input, 1_000_000)
        }
        assert!(matches!(rig.controls.fact(), Some(Fact::CaptureBegan { .. })));
        assert_eq!(rig.controls.fact(), Some(Fact::CaptureEnded { capture: captured.id, frames: 7_000, lost: 0, whole: false }));
    }
}

#[test]
fn subnormal_and_broken_input_never_comes_out() {
    let mut rig = Rig::new(RATE);
    rig.controls.load(0, take("a", 4.0, 120.0, RATE, |frames| noise(frames, 1)), Quantize::Now).unwrap();
    let input: Vec<f32> = (0..9000).map(|i| [1e-40, f32::NAN, f32::INFINITY, 1e-38][i % 4]).collect();
    rig.mix = Mix { mix: 0.5, ..Mix::default() };
    run(&mut rig, &input, 0);
    assert!(rig.left.iter().all(|s| *s == 0.0 || s.is_normal()));
    assert!(rig.left[100..].iter().filter(|s| **s == 0.0).count() < 10, "the take plays on");
}

#[test]
fn gain_and_width_move_without_a_step() {
    let mut rig = Rig::new(RATE);
    rig.controls.load(0, take("a", 4.0, 120.0, RATE, |frames| host::sound(frames, |_| 0.5)), Quantize::Now).unwrap();
    run(&mut rig, &[0.0; 7_000], 0);
    rig.mix = Mix { gain: 0.1, width: 0.0, mix: 1.0 };
    run(&mut rig, &[0.0; 7_000], 7_000);
    assert!((rig.left[6_999], rig.left[13_999]) == (0.5, 0.05));
    assert!(rig.left[100..].windows(2).all(|w| (w[1] - w[0]).abs() < 0.45 / 900.0));
}
