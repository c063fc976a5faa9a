//! While the tempo moves the player follows by varispeed.

#[path = "support/host.rs"]
mod host;

use host::{Rig, noise, rounded, sound, steady, take, tone};
use inlay_music::Bpm;
use inlay_player::{Quantize, Transport};

/// A song whose tempo goes in straight lines: (seconds, BPM), and its position by their integral.
struct Ramp<'a>(&'a [(f64, f64)]);

impl Ramp<'_> {
    fn at(&self, seconds: f64) -> (f64, f64) {
        let mut beats = 0.0;
        for pair in self.0.windows(2) {
            let ((from, a), (to, b)) = (pair[0], pair[1]);
            let t = seconds.min(to) - from;
            let now = a + (b - a) * t / (to - from);
            beats += (a + now) / 2.0 * t / 60.0;
            if seconds <= to {
                return (beats, now);
            }
        }
        let (last, bpm) = self.0[self.0.len() - 1];
        (beats + (seconds - last) * bpm / 60.0, bpm)
    }

    fn host(&self, at: usize, rate: u32) -> Transport {
        let (beats, tempo) = self.at(at as f64 / f64::from(rate));
        Transport {
            playing: true,
            tempo: Some(tempo),
            beats: Some(beats),
            frames: Some(at as i64),
            metre: Some((4, 4)),
            ..Transport::default()
        }
    }
}

/// The most that the player is away from the host at any block's start, in frames; and the same in beats.
fn furthest(ramp: &Ramp, rate: u32, size: usize, seconds: f64) -> (f64, f64) {
    let mut rig = Rig::new(rate);
    // Each frame's value is its number: what comes out tells which frame of the take plays.
    let beats = 16.0;
    let content = take("count", beats, 100.0, rate, |frames| sound(frames, |i| i as f32 / (1 << 20) as f32));
    let len = content.renditions[0].as_ref().unwrap().1.left.len() as f64;
    assert!(len < f64::from(1 << 20));
    rig.controls.load(0, content, Quantize::Now).unwrap();
    rig.run((seconds * f64::from(rate)) as usize, std::iter::repeat(size), |at| ramp.host(at, rate));
    let mut worst = (0.0_f64, 0.0_f64);
    for at in (size..rig.now()).step_by(size) {
        let (song, tempo) = ramp.at(at as f64 / f64::from(rate));
        let phase = song.rem_euclid(beats);
        // Around the wrap the interpolation rings: that is no place.
        if !(0.1..beats - 0.1).contains(&phase) {
            continue;
        }
        let played = f64::from(rig.left[at]) * f64::from(1 << 20) / len * beats;
        let off = (played - phase).abs();
        worst = (worst.0.max(off * 60.0 * f64::from(rate) / tempo), worst.1.max(off));
    }
    worst
}

#[test]
fn linear_ramps_are_followed_within_a_frame() {
    let ramp = Ramp(&[(0.0, 120.0), (2.0, 120.0), (4.0, 150.0), (5.0, 150.0), (10.0, 75.0), (12.0, 75.0), (14.0, 100.0), (16.0, 100.0)]);
    for rate in [44_100, 48_000] {
        for size in [1, 17, 64, 480, 512] {
            let (frames, _) = furthest(&ramp, rate, size, 18.0);
            assert!(frames <= 1.0, "{frames} frames away in blocks of {size} at {rate} Hz");
        }
    }
}

#[test]
fn linear_ramps_are_followed_within_a_480th_of_a_beat_in_blocks_of_4096() {
    let ramp = Ramp(&[(0.0, 120.0), (2.03, 120.0), (4.03, 150.0), (5.0, 150.0), (10.0, 75.0), (12.0, 75.0)]);
    let (_, beats) = furthest(&ramp, 44_100, 4096, 14.0);
    assert!(beats <= 1.0 / 480.0, "{beats} beats away");
}

#[test]
fn a_ramp_of_rounded_positions_doesnt_click() {
    let ramp = Ramp(&[(0.0, 120.0), (1.0, 120.0), (5.0, 150.0), (6.0, 150.0)]);
    for size in [64, 441] {
        let mut rig = Rig::new(44_100);
        let content = take("tone", 4.0, 120.0, 44_100, |frames| tone(frames, 44_100, 700.0));
        let audio = content.renditions[0].as_ref().unwrap().1.left.clone();
        let own = (0..audio.len()).map(|i| (audio[i] - audio[(i + 1) % audio.len()]).abs()).fold(0.0, f32::max);
        rig.controls.load(0, content, Quantize::Now).unwrap();
        rig.run(7 * 44_100, std::iter::repeat(size), |at| rounded(ramp.host(at, 44_100)));
        let step = rig.left[30..].windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
        // At 150 BPM the tone itself is a quarter faster; steering adds at most the host's rounding over 2048 frames.
        assert!(step <= own * 1.25 * 1.02, "a step of {step}, the take's own are {own}");
    }
}

#[test]
fn after_a_ramp_the_rendition_of_the_new_tempo_plays_frame_by_frame() {
    let ramp = Ramp(&[(0.0, 120.0), (1.0, 120.0), (2.0, 132.0)]);
    let rate = 48_000;
    let mut rig = Rig::new(rate);
    let mut content = take("noise", 4.0, 120.0, rate, |frames| noise(frames, 1));
    let faster = take("noise", 4.0, 132.0, rate, |frames| noise(frames, 1));
    let audio = faster.renditions[0].as_ref().unwrap().1.left.clone();
    assert_eq!(faster.renditions[0].as_ref().unwrap().0, Bpm::new(132.0).unwrap());
    content.renditions[1] = faster.renditions[0].clone();
    rig.controls.load(0, content, Quantize::Now).unwrap();
    rig.run(5 * 48_000, std::iter::repeat(512), |at| ramp.host(at, rate));
    // A beat later than the ramp's end: the place is the host's own, to the frame.
    for at in 3 * 48_000..4 * 48_000 {
        let (song, _) = ramp.at(at as f64 / 48_000.0);
        let exact = song.rem_euclid(4.0) * 60.0 * 48_000.0 / 132.0;
        // Passes start at whole frames: the nearest.
        let frame = (exact - 0.5 - 1e-6).ceil() as usize % audio.len();
        assert_eq!(rig.left[at], audio[frame], "frame {at}: {exact}");
    }
}

#[test]
fn a_take_of_another_tempo_keeps_the_songs_time() {
    // A click at each beat of a take of 100 BPM, in a song of 120.
    let mut rig = Rig::new(48_000);
    let content = take("clicks", 4.0, 100.0, 48_000, |frames| sound(frames, |i| if i % 28_800 == 0 { 1.0 } else { 0.0 }));
    rig.controls.load(0, content, Quantize::Now).unwrap();
    rig.run(480_000, std::iter::repeat(777), |at| steady(at as i64, 120.0, 48_000));
    for beat in 1..20 {
        let around = &rig.left[beat * 24_000 - 20..beat * 24_000 + 20];
        let peak = around.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|p| p.0);
        assert_eq!(peak, Some(20), "beat {beat}");
    }
}
