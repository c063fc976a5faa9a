//! Jumps, the host's loops, metres, and a host that is stopped.

#[path = "support/host.rs"]
mod host;

use host::{Rig, noise, sizes, steady, take};
use inlay_player::{Event, EventKind, Fact, Loop, Quantize, Transport};
use std::sync::Arc;

const RATE: u32 = 48_000;
/// Frames of a beat at 120 BPM.
const BEAT: i64 = 24_000;

fn rig(slots: u8) -> Rig {
    let mut rig = Rig::new(RATE);
    (0..slots).for_each(|slot| rig.controls.load(slot, loop_of(slot), Quantize::Now).unwrap());
    rig
}

fn loop_of(slot: u8) -> Loop {
    take(&slot.to_string(), 16.0, 120.0, RATE, |frames| noise(frames, u64::from(slot)))
}

fn audio(slot: u8) -> Arc<[f32]> {
    noise(16 * BEAT as usize, u64::from(slot))
}

/// Whether the slot plays at these frames, whose first is at `song`.
fn plays(rig: &Rig, slot: u8, from: usize, frames: usize, song: i64) -> bool {
    let audio = audio(slot);
    (0..frames).all(|i| rig.left[from + i] == audio[(song + i as i64).rem_euclid(16 * BEAT) as usize])
}

#[test]
fn after_a_jump_the_new_place_plays_within_5_ms() {
    let mut rig = rig(1);
    for song in [1_000_000, 3, -7_777, 100_000_001, 99_999_000] {
        let from = rig.now();
        rig.run(5_000, sizes(3), |at| steady(song + at as i64, 120.0, RATE));
        assert!(plays(&rig, 0, from + 240, 4_760, song + 240), "at {song}");
    }
}

#[test]
fn a_loop_of_the_host_that_is_a_multiple_of_the_takes_goes_on_without_a_fade() {
    let mut rig = rig(1);
    for _ in 0..3 {
        rig.run(32 * BEAT as usize, std::iter::repeat(1024), |at| steady(16 * BEAT + at as i64, 120.0, RATE));
    }
    assert!(plays(&rig, 0, 24, rig.now() - 24, 24));
}

#[test]
fn a_shorter_loop_of_the_host_is_followed() {
    let mut rig = rig(1);
    for pass in 0..6 {
        let from = rig.now();
        rig.run(3 * BEAT as usize, std::iter::repeat(1000), |at| steady(5 * BEAT + at as i64, 120.0, RATE));
        assert!(plays(&rig, 0, from + 240, 3 * BEAT as usize - 240, 5 * BEAT + 240), "pass {pass}");
    }
}

#[test]
fn the_downbeat_of_a_loop_that_the_host_tells_of_keeps_its_attack() {
    // Three beats from beat 5 on; the host ends its blocks at the loop's end, or tells of the loop in the block behind it.
    let host = |at: usize| {
        let song = 5 * BEAT + (at as i64 % (3 * BEAT));
        Transport { cycle: Some((5.0, 8.0)), ..steady(song, 120.0, RATE) }
    };
    let played = [1000, 1024, 17, 8192].map(|size| {
        let mut rig = rig(1);
        rig.run(18 * BEAT as usize, std::iter::repeat(size), host);
        for pass in 1..5 {
            let start = pass * 3 * BEAT as usize;
            assert!(plays(&rig, 0, start, 3 * BEAT as usize - 240, 5 * BEAT), "pass {pass} in blocks of {size}");
        }
        rig.left
    });
    assert!(played.iter().all(|p| *p == played[0]), "whatever the blocks");
}

#[test]
fn a_host_that_leaves_its_loop_is_followed() {
    let mut rig = rig(1);
    let host = |at: usize| Transport { cycle: Some((0.0, 4.0)), ..steady(at as i64, 120.0, RATE) };
    rig.run(10 * BEAT as usize, std::iter::repeat(1000), host);
    assert!(plays(&rig, 0, 24, 4 * BEAT as usize - 264, 24));
    let back = 4 * BEAT as usize + 1000 + 240;
    assert!(plays(&rig, 0, back, 5 * BEAT as usize, back as i64));
}

#[test]
fn a_switch_at_the_end_of_the_hosts_loop_plays_the_loops_start() {
    let mut rig = rig(2);
    let host = |at: usize| {
        let song = at as i64 % (4 * BEAT);
        Transport { cycle: Some((0.0, 4.0)), ..steady(song, 120.0, RATE) }
    };
    rig.run(90_000, std::iter::repeat(700), host);
    rig.controls.select(1, Quantize::Bar).unwrap();
    rig.run(90_000, std::iter::repeat(700), |at| host(at + 90_000));
    assert!(plays(&rig, 0, 24, 96_000 - 264, 24));
    assert!(plays(&rig, 1, 96_000, 80_000, 0));
}

#[test]
fn a_host_loop_of_half_frames_never_adds_up() {
    // One bar at 128 BPM and 44.1 kHz: 82 687.5 frames.
    let mut rig = Rig::new(44_100);
    let content = take("noise", 4.0, 128.0, 44_100, |frames| noise(frames, 1));
    let audio = content.renditions[0].as_ref().unwrap().1.left.clone();
    rig.controls.load(0, content, Quantize::Now).unwrap();
    let song = |at: usize| (at as f64 * 128.0 / (60.0 * 44_100.0)).rem_euclid(4.0);
    rig.run(40 * 82_688, sizes(8), |at| Transport { beats: Some(song(at)), frames: None, ..steady(0, 128.0, 44_100) });
    for pass in 1..39_usize {
        let start = (pass * 165_375).div_ceil(2);
        assert!((0..80_000).all(|i| rig.left[start + i] == audio[i]), "pass {pass}");
    }
}

/// A host in another metre: bars of `count` notes of one over `unit`, whose first starts at beat `first`.
fn metre(at: i64, (count, unit): (u32, u32), first: f64) -> Transport {
    let bar = f64::from(count) * 4.0 / f64::from(unit);
    let transport = steady(at, 120.0, RATE);
    let beats = at as f64 / BEAT as f64;
    let start = first + ((beats - first) / bar + 1e-9).floor() * bar;
    Transport { bar: Some(start), metre: Some((count, unit)), ..transport }
}

#[test]
fn switches_at_the_hosts_bars_in_any_metre_and_keeps_the_phase() {
    for (signature, first, asked, at) in
        [((3, 4), 0.0, 7.2, 9.0), ((7, 8), 0.0, 7.2, 10.5), ((3, 4), 2.0, 7.2, 8.0), ((5, 4), -1.0, 9.5, 14.0)]
    {
        let mut rig = rig(2);
        let (asked, at) = ((asked * BEAT as f64) as usize, (at * BEAT as f64) as usize);
        rig.run(asked, sizes(2), |n| metre(n as i64, signature, first));
        rig.controls.select(1, Quantize::Bar).unwrap();
        rig.run(20 * BEAT as usize - asked, sizes(4), |n| metre((asked + n) as i64, signature, first));
        assert!(plays(&rig, 0, 24, at - 240 - 24, 24), "{signature:?}");
        assert!(plays(&rig, 1, at, rig.now() - at, at as i64), "{signature:?}");
    }
}

#[test]
fn a_boundary_behind_the_end_of_the_hosts_loop_comes_at_its_end() {
    // Beats 4 to 12 are played over and over; the take is longer than that, and bars are longer than beats 5 to 7.
    for (when, cycle) in [(Quantize::Loop, (4_i64, 12_i64)), (Quantize::Bar, (5, 7))] {
        let mut rig = rig(2);
        let (start, length) = (cycle.0 * BEAT, (cycle.1 - cycle.0) * BEAT);
        let host = |at: usize| {
            let song = start + at as i64 % length;
            Transport { cycle: Some((cycle.0 as f64, cycle.1 as f64)), ..steady(song, 120.0, RATE) }
        };
        rig.run(BEAT as usize, std::iter::repeat(700), host);
        rig.controls.select(1, when).unwrap();
        rig.run(2 * length as usize, std::iter::repeat(700), |at| host(at + BEAT as usize));
        assert!(plays(&rig, 0, 24, length as usize - 264, start + 24), "{when:?}");
        assert!(plays(&rig, 1, length as usize, length as usize - 264, start), "{when:?}");
    }
}

#[test]
fn a_bar_that_is_only_counted_from_the_songs_start_is_not_the_hosts() {
    // Bars of 3/4 from beat 4 on; of a block that is split, the later part has a bar that the framework made up.
    let host = |at: usize| {
        let honest = metre(at as i64, (3, 4), 4.0);
        let made_up = honest.beats.map(|b| (b / 3.0).floor() * 3.0);
        Transport { bar: if at.is_multiple_of(1000) { honest.bar } else { made_up }, ..honest }
    };
    let mut rig = rig(2);
    let asked = 110_000;
    rig.run(asked, [400, 600].into_iter().cycle(), host);
    rig.controls.select(1, Quantize::Bar).unwrap();
    rig.run(6 * BEAT as usize, [400, 600].into_iter().cycle(), |at| host(asked + at));
    let at = 7 * BEAT as usize;
    assert!(plays(&rig, 0, 24, at - 240 - 24, 24));
    assert!(plays(&rig, 1, at, rig.now() - at, at as i64));
}

#[test]
fn steps_go_to_slots_that_hold_takes_and_count_on_from_what_is_asked_for() {
    let mut rig = rig(3);
    let step = |at, forward| Event { at, kind: EventKind::Step { forward } };
    rig.block(1000, &steady(0, 120.0, RATE), &[step(10, true), step(20, true)]);
    rig.run(4 * BEAT as usize, sizes(3), |at| steady(1000 + at as i64, 120.0, RATE));
    assert_eq!(rig.controls.fact(), Some(Fact::Selected { slot: 2 }));
    assert_eq!(rig.controls.fact(), None);
    let now = rig.now() as i64;
    rig.block(1000, &steady(now, 120.0, RATE), &[step(0, true)]);
    rig.run(4 * BEAT as usize, sizes(3), |at| steady(now + 1000 + at as i64, 120.0, RATE));
    assert_eq!(rig.controls.fact(), Some(Fact::Selected { slot: 0 }), "around the end");
}

#[test]
fn who_asked_for_another_slot_hears_that_the_old_one_stays() {
    let mut rig = rig(2);
    rig.run(1000, sizes(3), |at| steady(at as i64, 120.0, RATE));
    rig.controls.select(1, Quantize::Bar).unwrap();
    let select = Event { at: 0, kind: EventKind::Select { slot: 0 } };
    rig.block(1000, &steady(1000, 120.0, RATE), &[select]);
    rig.run(4 * BEAT as usize, sizes(3), |at| steady(2000 + at as i64, 120.0, RATE));
    assert_eq!(rig.controls.fact(), Some(Fact::Selected { slot: 0 }));
}

#[test]
fn beats_of_seven_eighths_are_eighths() {
    let mut rig = rig(2);
    rig.run(1000, sizes(1), |n| metre(n as i64, (7, 8), 0.0));
    rig.controls.select(1, Quantize::Beat).unwrap();
    rig.run(40_000, sizes(4), |n| metre((1000 + n) as i64, (7, 8), 0.0));
    assert!(plays(&rig, 1, 12_000, 20_000, 12_000));
}

#[test]
fn a_stopped_host_is_silence_unless_an_audition_is_on() {
    let mut rig = rig(1);
    rig.stopped(5_000);
    assert!(rig.left.iter().all(|s| *s == 0.0));
    rig.controls.audition(true).unwrap();
    let from = rig.now();
    rig.stopped(100_000);
    assert!(plays(&rig, 0, from + 24, 90_000, 24), "free, from the first beat");
    rig.controls.audition(false).unwrap();
    rig.stopped(5_000);
    assert!(rig.left[rig.now() - 4_000..].iter().all(|s| *s == 0.0));
}

#[test]
fn a_song_without_positions_plays_from_its_start() {
    let mut rig = rig(1);
    rig.run(50_000, sizes(6), |_| Transport { playing: true, ..Transport::default() });
    assert!(plays(&rig, 0, 24, 49_976, 24), "at 120 BPM");
}

#[test]
fn the_loop_of_the_next_second_can_be_loaded_while_the_song_stands() {
    let mut rig = rig(0);
    rig.run(1000, sizes(6), |at| steady(at as i64, 120.0, RATE));
    rig.controls.load(0, loop_of(0), Quantize::Now).unwrap();
    rig.controls.select(5, Quantize::Now).unwrap();
    rig.controls.select(0, Quantize::Now).unwrap();
    rig.run(10_000, sizes(6), |at| steady(1000 + at as i64, 120.0, RATE));
    assert!(plays(&rig, 0, 1024, 9_000, 1024));
}

#[test]
fn renditions_come_back_and_are_freed_by_the_conductor() {
    let mut rig = rig(0);
    let held: Vec<Loop> = (0..8).map(loop_of).collect();
    let shared = || held.iter().map(|l| Arc::strong_count(&l.renditions[0].as_ref().unwrap().1)).sum::<usize>();
    for content in &held[..7] {
        rig.controls.load(0, content.clone(), Quantize::Now).unwrap();
    }
    assert_eq!(shared(), 15);
    rig.run(500, [500], |_| Transport::default());
    assert_eq!(shared(), 15, "the audio thread frees none");
    assert_eq!(rig.controls.collect(), 6);
    assert_eq!(shared(), 9);
    rig.controls.clear(0, Quantize::Now).unwrap();
    rig.run(500, [500], |_| Transport::default());
    assert_eq!((rig.controls.collect(), shared()), (1, 8));
}

#[test]
fn takes_that_come_faster_than_blocks_are_refused_and_none_is_lost() {
    let mut rig = rig(0);
    let content = |i: u64| take(&i.to_string(), 1.0, 240.0, 8_000, |frames| noise(frames, i));
    let told = (0..400).filter(|i| rig.controls.load((i % 8) as u8, content(*i), Quantize::Now).is_ok()).count();
    assert_eq!(told, 128, "as many as the ring holds");
    // Each block takes in what the shelf has room for, and gives back what the next command replaced.
    let mut freed = 0;
    for _ in 0..20 {
        rig.run(64, [64], |_| Transport::default());
        freed += rig.controls.collect();
    }
    assert_eq!(freed, told - 8);
    assert_eq!(rig.controls.load(0, content(0), Quantize::Now), Ok(()));
}

#[test]
fn says_which_slot_is_selected_and_what_sounds() {
    let mut rig = rig(2);
    rig.run(BEAT as usize, sizes(6), |at| steady(at as i64, 120.0, RATE));
    rig.controls.select(1, Quantize::Bar).unwrap();
    rig.run(4 * BEAT as usize, sizes(6), |at| steady(BEAT + at as i64, 120.0, RATE));
    assert_eq!(rig.controls.fact(), Some(Fact::Selected { slot: 1 }));
    let now = rig.controls.status().now();
    let (slot, phase) = now.sounding.unwrap();
    assert!(now.running && now.selected == 1 && slot == 1);
    assert!((phase - 5.0).abs() < 1e-6 && (now.beat - 5.0).abs() < 1e-6 && now.tempo == 120.0);
}
