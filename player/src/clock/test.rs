use super::*;

const RATE: f64 = 48_000.0;

fn playing(beats: Option<f64>, frames: Option<i64>) -> Transport {
    Transport { playing: true, tempo: Some(120.0), beats, frames, ..Transport::default() }
}

/// Runs blocks of 480 frames (1/50 beat) from beat to beat; returns the clock and the next frame.
fn after(beats: impl IntoIterator<Item = Option<f64>>) -> (Clock, i64) {
    let mut clock = Clock::new(RATE);
    let mut n = 0;
    for beat in beats {
        clock.begin(n, 480, &playing(beat, None), false);
        n += 480;
    }
    (clock, n)
}

fn steady(from: f64) -> impl Iterator<Item = Option<f64>> {
    (0..).map(move |i| Some(from + f64::from(i) / 50.0))
}

#[test]
fn goes_on_from_the_first_position_alone() {
    let (clock, n) = after(steady(7.0).take(100));
    assert_eq!((clock.anchors, clock.revision), (1, 1));
    assert!((clock.line.beat_at(n) - 9.0).abs() < 1e-9);
}

#[test]
fn a_deviation_of_more_than_a_480th_of_a_beat_is_a_jump() {
    let small = after(steady(7.0).take(10).chain(steady(7.2 + 0.0020).take(10))).0;
    let large = after(steady(7.0).take(10).chain(steady(7.2 + 0.0022).take(10))).0;
    assert_eq!((small.anchors, large.anchors), (1, 2));
}

#[test]
fn goes_on_where_positions_are_missing() {
    let (clock, n) = after(steady(7.0).take(10).chain([None; 40]).chain(steady(8.0).take(10)));
    assert_eq!(clock.anchors, 1);
    assert!((clock.line.beat_at(n) - 8.2).abs() < 1e-9);
}

#[test]
fn a_song_without_any_position_starts_at_its_beginning() {
    let (clock, n) = after([None; 50]);
    assert!((clock.line.beat_at(n) - 1.0).abs() < 1e-9);
}

#[test]
fn positions_that_run_backwards_are_jumps() {
    let (clock, n) = after((0..50).map(|i| Some(10.0 - f64::from(i) / 50.0)));
    assert_eq!(clock.anchors, 50);
    assert!((clock.line.beat_at(n - 480) - 9.02).abs() < 1e-9);
}

#[test]
fn frames_hold_where_they_agree_with_beats() {
    let mut clock = Clock::new(RATE);
    clock.begin(0, 480, &playing(Some(10.0004), Some(240_000)), false);
    assert_eq!(clock.line.beat_at(0), 10.0);
    let mut clock = Clock::new(RATE);
    clock.begin(0, 480, &playing(Some(10.002), Some(240_000)), false);
    assert_eq!(clock.line.beat_at(0), 10.002, "after a change of tempo frames are another place");
}

#[test]
fn frames_alone_tell_place_and_jumps() {
    let mut clock = Clock::new(RATE);
    clock.begin(0, 480, &playing(None, Some(48_000)), false);
    clock.begin(480, 480, &playing(None, Some(48_480)), false);
    assert_eq!((clock.anchors, clock.line.beat_at(0)), (1, 2.0));
    clock.begin(960, 480, &playing(None, Some(24_000)), false);
    assert_eq!((clock.anchors, clock.line.beat_at(960)), (2, 1.0));
}

#[test]
fn runs_free_from_the_first_beat_at_the_last_tempo() {
    let mut clock = Clock::new(RATE);
    let stopped = Transport { tempo: Some(90.0), ..Transport::default() };
    clock.begin(0, 32_000, &stopped, false);
    assert!(!clock.running);
    clock.begin(32_000, 32_000, &Transport::default(), true);
    clock.begin(64_000, 32_000, &Transport::default(), true);
    assert!(clock.running);
    assert!((clock.line.beat_at(64_000) - 1.0).abs() < 1e-9);
}

#[test]
fn a_step_of_tempo_is_no_glide() {
    let mut clock = Clock::new(RATE);
    clock.begin(0, 480, &playing(Some(0.0), None), false);
    let faster = |beats| Transport { tempo: Some(180.0), ..playing(Some(beats), None) };
    clock.begin(480, 480, &faster(0.02), false);
    assert!(!clock.settled);
    clock.begin(960, 480, &faster(0.05), false);
    assert!(clock.settled && clock.anchors == 1);
    assert!((clock.line.beat_at(960 + 16_000) - 1.05).abs() < 1e-9);
}

#[test]
fn after_a_glide_it_is_where_the_host_is() {
    // A second at 120 BPM, a second in which the tempo rises to 132, then 132.
    let song = |n: i64| {
        let t = n as f64 / RATE;
        let glide = (t - 1.0).clamp(0.0, 1.0);
        let beats = t.min(1.0) * 2.0 + glide * (120.0 + 6.0 * glide) / 60.0 + (t - 2.0).max(0.0) * 2.2;
        Transport { tempo: Some(120.0 + 12.0 * glide), ..playing(Some(beats), None) }
    };
    let mut clock = Clock::new(RATE);
    for n in (0..200_000).step_by(512) {
        clock.begin(n, 512, &song(n), false);
    }
    let off = clock.line.beat_at(300_000) - song(300_000).beats.unwrap();
    assert!(clock.settled && off.abs() < 1e-9, "{off} beats");
}
