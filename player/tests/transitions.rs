//! Nothing clicks, and downbeats keep their attack.

#[path = "support/host.rs"]
mod host;

use host::{Rig, sound, steady, take, tone};
use inlay_player::{Event, EventKind, PlayMode, Quantize, Transport};
use std::f64::consts::{PI, TAU};

const RATE: u32 = 44_100;
/// RMS of [`tone`]: a sine of amplitude 0.5.
const TONE_RMS: f64 = 0.353_553;

/// What of a sound is above 4 kHz: a high pass of 401 points, −90 dB below 3.5 kHz.
fn above_4_khz(x: &[f32]) -> Vec<f64> {
    let half = 200_i32;
    let cut = 3750.0 / f64::from(RATE);
    let taps: Vec<f64> = (-half..=half)
        .map(|i| {
            let u = PI * f64::from(i) / f64::from(half);
            let window = 0.35875 + 0.48829 * u.cos() + 0.14128 * (2.0 * u).cos() + 0.01168 * (3.0 * u).cos();
            let low = if i == 0 { 2.0 * cut } else { (TAU * cut * f64::from(i)).sin() / (PI * f64::from(i)) };
            (if i == 0 { 1.0 } else { 0.0 }) - low * window
        })
        .collect();
    x.windows(taps.len()).map(|w| w.iter().zip(&taps).map(|(s, t)| f64::from(*s) * t).sum()).collect()
}

/// The most that is above 4 kHz in any 10 ms of what plays in `from`..`to`, in dB under the tone's RMS.
fn splatter(played: &[f32], from: usize, to: usize) -> f64 {
    let high = above_4_khz(&played[from.saturating_sub(700)..(to + 700).min(played.len())]);
    let power = high.windows(441).step_by(20).map(|w| w.iter().map(|s| s * s).sum::<f64>() / 441.0).fold(0.0, f64::max);
    20.0 * (power.sqrt() / TONE_RMS).log10()
}

/// A player with tones of these frequencies in its slots.
fn rig(tones: &[f64]) -> Rig {
    let mut rig = Rig::new(RATE);
    for (slot, hertz) in tones.iter().enumerate() {
        let content = take(&format!("{hertz} {slot}"), 4.0, 120.0, RATE, |frames| tone(frames, RATE, *hertz));
        rig.controls.load(slot as u8, content, Quantize::Now).unwrap();
    }
    rig
}

fn play(rig: &mut Rig, frames: usize, song: i64) {
    rig.run(frames, std::iter::repeat(100), |at| steady(song + at as i64, 120.0, RATE));
}

/// The tone alone, to see that the measure itself is far below what is asked for.
#[test]
fn the_measure_is_quiet_where_nothing_changes() {
    let mut rig = rig(&[990.0]);
    play(&mut rig, 120_000, 0);
    assert!(splatter(&rig.left, 20_000, 110_000) < -85.0);
}

#[test]
fn switches_put_nothing_above_4_khz() {
    for (old, new) in [(990.0, 330.0), (40.0, 970.0), (990.0, 988.0), (500.0, 500.0)] {
        for quantize in [Quantize::Now, Quantize::Beat, Quantize::Bar, Quantize::Loop] {
            for at in [30_000, 65_900, 66_120] {
                let mut rig = rig(&[old, new]);
                play(&mut rig, at, 0);
                rig.controls.select(1, quantize).unwrap();
                play(&mut rig, 150_000, at as i64);
                let db = splatter(&rig.left, 20_000, 140_000);
                assert!(db < -60.0, "{db} dB from {old} to {new} Hz, {quantize:?}, asked at {at}");
            }
        }
    }
}

#[test]
fn jumps_stops_and_wraps_put_nothing_above_4_khz() {
    for hertz in [50.0, 440.0, 990.0] {
        let mut rig = rig(&[hertz]);
        play(&mut rig, 50_000, 0);
        play(&mut rig, 50_000, 12_345);
        play(&mut rig, 50_000, -400_001);
        let end = rig.now();
        rig.stopped(10_000);
        let db = splatter(&rig.left, 20_000, end + 5_000);
        assert!(db < -60.0, "{db} dB at {hertz} Hz");
        let tail = rig.left[end..].iter().rposition(|s| *s != 0.0).unwrap();
        assert!((200..=221).contains(&tail), "a stop fades out over 5 ms: {tail} frames");
    }
}

#[test]
fn a_start_out_of_silence_stays_40_db_under() {
    for hertz in [50.0, 440.0, 990.0] {
        for song in [0, 20, 1000, 12_345] {
            let mut rig = rig(&[hertz]);
            rig.stopped(5_000);
            play(&mut rig, 20_000, song);
            let db = splatter(&rig.left, 4_000, 15_000);
            assert!(db < -40.0, "{db} dB at {hertz} Hz from {song}");
            // All there after half a millisecond.
            let whole = tone(88_200, RATE, hertz);
            assert!((22..1000).all(|i| rig.left[5_000 + i] == whole[song as usize + i]));
        }
    }
}

#[test]
fn steps_of_tempo_put_nothing_above_4_khz() {
    for hertz in [50.0, 440.0, 700.0] {
        let mut rig = rig(&[hertz]);
        play(&mut rig, 44_100, 0);
        let song = |at: usize| 2.0 + at as f64 * 133.0 / (60.0 * f64::from(RATE));
        rig.run(60_000, std::iter::repeat(100), |at| Transport {
            tempo: Some(133.0),
            beats: Some(song(at)),
            frames: None,
            ..steady(0, 133.0, RATE)
        });
        let back = song(60_000);
        rig.run(60_000, std::iter::repeat(100), |at| {
            let beats = back + at as f64 * 120.0 / (60.0 * f64::from(RATE));
            Transport { beats: Some(beats), frames: None, ..steady(0, 120.0, RATE) }
        });
        let db = splatter(&rig.left, 20_000, 150_000);
        assert!(db < -60.0, "{db} dB at {hertz} Hz");
    }
}

#[test]
fn notes_put_nothing_above_4_khz() {
    for mode in [PlayMode::Gate, PlayMode::OneShot] {
        let mut rig = rig(&[300.0, 990.0]);
        rig.mode = mode;
        let on = |at, note| Event { at, kind: EventKind::NoteOn { note, velocity: 1.0 } };
        rig.block(5000, &steady(0, 120.0, RATE), &[on(17, 36)]);
        rig.block(20_000, &steady(5000, 120.0, RATE), &[on(5000, 37), on(9000, 36), on(9050, 37), on(12_000, 37)]);
        let off = |at, note| Event { at, kind: EventKind::NoteOff { note } };
        rig.block(20_000, &steady(25_000, 120.0, RATE), &[off(3000, 37), off(6000, 36)]);
        let db = splatter(&rig.left, 2_000, 44_000);
        assert!(db < -60.0, "{db} dB, {mode:?}");
    }
}

/// A kick: 150 Hz falling to 50, whose peak comes after a millisecond and a half.
fn kick(i: usize) -> f32 {
    let t = i as f64 / f64::from(RATE);
    let phase = TAU * (50.0 * t + 100.0 * 0.03 * (1.0 - (-t / 0.03).exp()));
    (0.9 * phase.sin() * (-t / 0.1).exp()) as f32
}

#[test]
fn a_kick_on_the_boundary_keeps_its_peak() {
    let own = (0..10_000).map(|i| kick(i).abs()).fold(0.0, f32::max);
    let peak_at = |rig: &Rig, at: usize| rig.left[at..at + 3000].iter().map(|s| s.abs()).fold(0.0, f32::max);
    let kicks = || take("kicks", 4.0, 120.0, RATE, |frames| sound(frames, |i| kick(i % 22_050)));
    for quantize in [Quantize::Beat, Quantize::Bar, Quantize::Loop] {
        let mut rig = rig(&[60.0]);
        rig.controls.load(1, kicks(), Quantize::Now).unwrap();
        play(&mut rig, 70_000, 0);
        rig.controls.select(1, quantize).unwrap();
        play(&mut rig, 40_000, 70_000);
        assert!((88_200..91_000).all(|i| rig.left[i] == kick(i - 88_200)), "{quantize:?}: as it is from its first frame on");
    }
    // A start of the host on the downbeat.
    let mut rig = rig(&[60.0]);
    rig.controls.load(0, kicks(), Quantize::Now).unwrap();
    play(&mut rig, 10_000, 0);
    let db = 20.0 * (peak_at(&rig, 0) / own).log10();
    assert!(db.abs() < 0.5, "{db} dB at a start");
}

#[test]
fn a_take_that_sounds_changes_at_the_boundary() {
    let mut rig = rig(&[300.0]);
    play(&mut rig, 50_000, 0);
    let before = rig.left.clone();
    let new = take("new", 4.0, 120.0, RATE, |frames| tone(frames, RATE, 500.0));
    let audio = new.renditions[0].as_ref().unwrap().1.left.clone();
    rig.controls.load(0, new, Quantize::Bar).unwrap();
    play(&mut rig, 60_000, 50_000);
    let old = tone(88_200, RATE, 300.0);
    assert!(before[100..] == old[100..50_000]);
    assert!((100..88_200 - 221).all(|i| rig.left[i] == old[i]), "the old one until 5 ms before the bar");
    assert!((88_200..110_000).all(|i| rig.left[i] == audio[i - 88_200]), "the new one from the bar on");
}
