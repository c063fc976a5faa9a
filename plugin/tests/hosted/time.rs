//! At constant tempo every sample is where an offline model says.

use crate::common::INLAY;
use crate::model;
use crate::project::{noise, opened, sound, take};

#[test]
fn every_onset_of_ten_minutes_at_128_bpm_is_at_its_sample() {
    let click = take("click", 1, 128.0, 44_100, |i| if i == 0 { 0.5 } else { 0.0 });
    let mut rig = opened(INLAY, 44_100, &[click]);
    // a bar has 82 687.5 frames; the song starts before bar 1, so that the first onset isn't in the start's fade
    rig.song.beat = -100.0 * 128.0 / 60.0 / 44_100.0;
    let (mut at, mut onsets, mut strays) = (-100i128, vec![], 0);
    while at < 600 * 44_100 {
        rig.block(480).unwrap();
        let [left, right] = rig.output();
        assert_eq!(left[..480], right[..480]);
        for (i, sample) in left[..480].iter().enumerate() {
            match *sample {
                0.5 => onsets.push(at + i as i128),
                0.0 => {}
                _ => strays += 1,
            }
        }
        at += 480;
    }
    let expected: Vec<i128> = (0..).map(|k| model::start(k, 4, 128, 44_100)).take_while(|s| *s < at).collect();
    assert_eq!((onsets.len(), strays), (321, 0));
    assert_eq!(onsets, expected);
}

#[test]
fn plays_what_the_model_plays_at_every_rate_in_odd_and_bursty_blocks() {
    let sizes = [1, 480, 17, 4096, 64, 64, 3, 1023, 480, 480, 2];
    for (rate, bpm, bars) in [(44_100, 97, 1), (48_000, 131, 4), (88_200, 93, 1), (96_000, 174, 2), (176_400, 120, 1), (192_000, 111, 1)] {
        let noise = take("noise", bars, f64::from(bpm), rate, noise(u64::from(rate)));
        let mut rig = opened(INLAY, rate, std::slice::from_ref(&noise));
        // from two seconds before bar 1 on
        let first = -2 * i128::from(rate);
        rig.song.beat = first as f64 * f64::from(bpm) / 60.0 / f64::from(rate);
        let played = rig.play_in(7 * rate as usize, sizes.into_iter().cycle()).unwrap();
        let (beats, bpm, wide) = (i128::from(bars) * 4, i128::from(bpm), i128::from(rate));
        // after the half millisecond of the start
        for (i, frame) in played.iter().enumerate().skip(rate as usize / 2000) {
            let expected = model::frame(first + i as i128, sound(&noise), beats, bpm, wide);
            assert_eq!(*frame, [expected; 2], "frame {i} at {rate} Hz and {bpm} BPM");
        }
    }
}

#[test]
fn the_same_samples_whatever_the_blocks() {
    for tempo in [128.0, 97.3] {
        let takes = [take("a", 1, tempo, 44_100, noise(1)), take("b", 2, tempo, 44_100, noise(2))];
        let sizes: [&[usize]; 6] = [&[1], &[17], &[64], &[480], &[4096], &[5, 4096, 4096, 1, 300]];
        let played = sizes.map(|sizes| {
            let mut rig = opened(INLAY, 44_100, &takes);
            rig.song.tempo = tempo;
            let mut out = vec![];
            for (song, note) in [(3.7, 37), (-5.25, 36), (100.0, 37)] {
                rig.song.go_to(song);
                rig.note_on(note, 0.8, 0);
                out.extend(rig.play_in(120_000, sizes.iter().copied().cycle()).unwrap());
            }
            out
        });
        for (other, sizes) in played.iter().zip(sizes).skip(1) {
            let first = other.iter().zip(&played[0]).position(|(a, b)| a.map(f32::to_bits) != b.map(f32::to_bits));
            assert_eq!(first, None, "blocks of {sizes:?} at {tempo} BPM");
        }
    }
}

#[test]
fn positions_in_seconds_are_as_good() {
    let noise = take("noise", 1, 128.0, 44_100, noise(5));
    let mut rig = opened(INLAY, 44_100, std::slice::from_ref(&noise));
    rig.song.second = Some(0.0);
    let played = rig.play(300_000, 333).unwrap();
    assert!((30..300_000).all(|i| played[i][0] == model::frame(i as i128, sound(&noise), 4, 128, 44_100)));
}

#[test]
fn an_offline_bounce_is_what_was_heard() {
    let takes = [take("noise", 2, 117.0, 48_000, noise(5))];
    let heard = opened(INLAY, 48_000, &takes).play(200_000, 64).unwrap();
    let mut rig = opened(INLAY, 48_000, &takes);
    rig.offline(true);
    assert!(rig.play(200_000, 4096).unwrap() == heard);
}
