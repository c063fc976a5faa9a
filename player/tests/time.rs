//! At constant tempo every sample is where an offline model says.

#[path = "support/host.rs"]
mod host;

use host::{Rig, cut, noise, rounded, sizes, sound, steady, take, tone};
use inlay_player::{Quantize, Transport};

/// The frame at which pass `k` of a loop starts, in whole numbers: round(k · beats · 60 · rate / bpm), halves up.
fn start(k: i128, beats: i128, bpm: i128, rate: i128) -> i128 {
    (2 * k * beats * 60 * rate + bpm).div_euclid(2 * bpm)
}

/// What the player plays at frame `n` of the song, by whole numbers: the frame of the pass, faded over to the next pass's frame in
/// the 64 frames before a wrap at which the pass and the rendition aren't of one length.
fn model(n: i128, audio: &[f32], beats: i128, bpm: i128, rate: i128) -> f32 {
    let mut k = (n * bpm).div_euclid(beats * 60 * rate) - 1;
    while start(k + 1, beats, bpm, rate) <= n {
        k += 1;
    }
    let (first, end) = (start(k, beats, bpm, rate), start(k + 1, beats, bpm, rate));
    let len = audio.len() as i128;
    let at = |i: i128| audio[i.rem_euclid(len) as usize];
    if end - first == len || n < end - 64 {
        return at(n - first);
    }
    let t = ((n - (end - 64)) as f32 + 0.5) / 64.0;
    let w = t * t * (3.0 - 2.0 * t);
    at(n - first) + w * (at(n - end) - at(n - first))
}

#[test]
fn every_onset_of_ten_minutes_at_128_bpm_is_at_its_sample() {
    let mut rig = Rig::new(44_100);
    let click = take("click", 4.0, 128.0, 44_100, |frames| sound(frames, |i| if i == 0 { 1.0 } else { 0.0 }));
    rig.controls.load(0, click, Quantize::Now).unwrap();
    // A bar has 82 687.5 frames; the song starts a frame before bar 1, so that the first onset isn't in the start's fade.
    let ten_minutes = 600 * 44_100;
    rig.run(ten_minutes, std::iter::repeat(480), |at| steady(at as i64 - 100, 128.0, 44_100));
    let onsets: Vec<i128> = rig.left.iter().enumerate().filter(|(_, s)| **s == 1.0).map(|(i, _)| i as i128 - 100).collect();
    let expected: Vec<i128> = (0..).map(|k| start(k, 4, 128, 44_100)).take_while(|s| *s < ten_minutes as i128 - 100).collect();
    assert_eq!(onsets.len(), 320);
    assert_eq!(onsets, expected);
    let strays = rig.left.iter().filter(|s| s.abs() > 0.0 && **s != 1.0).count();
    assert_eq!(strays, 0, "nothing sounds between onsets");
}

#[test]
fn plays_what_the_model_plays_at_every_rate() {
    for (rate, bpm, beats) in [(44_100, 97, 4), (48_000, 131, 16), (88_200, 93, 4), (96_000, 174, 8), (192_000, 111, 4)] {
        let mut rig = Rig::new(rate);
        let content = take("noise", f64::from(beats), f64::from(bpm), rate, |frames| noise(frames, 7));
        let audio = content.renditions[0].as_ref().unwrap().1.left.clone();
        rig.controls.load(0, content, Quantize::Now).unwrap();
        // From two bars before bar 1 on.
        let first = -i64::from(rate) * 4;
        rig.run(rate as usize * 14, sizes(u64::from(rate)), |at| steady(first + at as i64, f64::from(bpm), rate));
        let (beats, bpm, wide) = (i128::from(beats), i128::from(bpm), i128::from(rate));
        for (i, played) in rig.left.iter().enumerate().skip(rate as usize / 2000) {
            let expected = model(i128::from(first) + i as i128, &audio, beats, bpm, wide);
            assert_eq!(*played, expected, "frame {i} at {rate} Hz and {bpm} BPM");
        }
    }
}

#[test]
fn a_start_anywhere_lines_up_with_the_song() {
    let mut rig = Rig::new(48_000);
    let content = take("noise", 16.0, 120.0, 48_000, |frames| noise(frames, 3));
    let audio = content.renditions[0].as_ref().unwrap().1.left.clone();
    rig.controls.load(0, content, Quantize::Now).unwrap();
    for song in [123_456, -987_654, 0, 50_000_017] {
        rig.stopped(1000);
        let before = rig.now();
        rig.run(20_000, sizes(5), |at| steady(song + at as i64, 120.0, 48_000));
        let expected = |i: usize| audio[(song + i as i64).rem_euclid(audio.len() as i64) as usize];
        assert!((24..20_000).all(|i| rig.left[before + i] == expected(i)), "from frame {song} of the song");
    }
}

#[test]
fn positions_without_frames_are_as_exact() {
    let mut rig = Rig::new(44_100);
    let content = take("noise", 4.0, 128.0, 44_100, |frames| noise(frames, 4));
    let audio = content.renditions[0].as_ref().unwrap().1.left.clone();
    rig.controls.load(0, content, Quantize::Now).unwrap();
    rig.run(1_000_000, sizes(9), |at| Transport { frames: None, ..steady(at as i64, 128.0, 44_100) });
    for i in 24..1_000_000 {
        assert_eq!(rig.left[i], model(i as i128, &audio, 4, 128, 44_100), "frame {i}");
    }
}

#[test]
fn positions_rounded_to_a_1920th_of_a_beat_dont_click() {
    for (frames, coarse) in [(true, rounded as fn(Transport) -> Transport), (false, rounded), (true, cut), (false, cut)] {
        for (size, song) in [(64, 0), (441, 1_234_567), (1, 333_333)] {
            let mut rig = Rig::new(44_100);
            let content = take("tone", 4.0, 125.0, 44_100, |frames| tone(frames, 44_100, 700.0));
            let audio = content.renditions[0].as_ref().unwrap().1.left.clone();
            let own = (0..audio.len()).map(|i| (audio[i] - audio[(i + 1) % audio.len()]).abs()).fold(0.0, f32::max);
            rig.controls.load(0, content, Quantize::Now).unwrap();
            let host = |at: usize| {
                let exact = steady(song + at as i64, 125.0, 44_100);
                coarse(Transport { frames: exact.frames.filter(|_| frames), ..exact })
            };
            rig.run(700_000, std::iter::repeat(size), host);
            let step = rig.left[30..].windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
            assert!(step <= own, "a step of {step}, the take's own are {own} (blocks of {size}, frames {frames})");
            assert_eq!(rig.controls.status().seams(), 1, "only the start breaks the line");
        }
    }
}

#[test]
fn a_host_that_drifts_is_caught_up_with_at_wraps_only() {
    let mut rig = Rig::new(48_000);
    let content = take("noise", 4.0, 120.0, 48_000, |frames| noise(frames, 4));
    let audio = content.renditions[0].as_ref().unwrap().1.left.clone();
    rig.controls.load(0, content, Quantize::Now).unwrap();
    // The host says 120 BPM and runs at 120.001: 8 frames in 10 s.
    let host = |at: usize| Transport { tempo: Some(120.0), frames: None, ..steady(at as i64, 120.001, 48_000) };
    rig.run(48_000 * 30, std::iter::repeat(333), host);
    // Between wraps a pass plays in one piece.
    for pass in 1..14 {
        let place = pass * 96_000 + 100;
        let whole = |s: &i64| (0..95_700).all(|i| rig.left[(place + i) as usize] == audio[(100 + i + s) as usize]);
        let shift = (-40..40).find(whole).unwrap();
        let drift = place as f64 * 0.001 / 120.0;
        assert!((shift as f64 - drift).abs() < 2.5, "pass {pass} is {shift} frames ahead, the host {drift}");
    }
}
