use super::*;
use inlay_audio::file::{Depth, Seat};
use inlay_music::SampleRate;

/// Clicks on every beat, louder and lower on the first of each bar, after `before` seconds of silence.
fn beats(bpm: f64, bars: u32, before: f64, channels: usize) -> Clip {
    let rate = 44_100.0;
    let length = ((f64::from(bars) * 240.0 / bpm + before) * rate) as usize;
    let mut sound = vec![0.0f32; length];
    for beat in 0..bars * 4 {
        let start = ((f64::from(beat) * 60.0 / bpm + before) * rate) as usize;
        let (hertz, level) = if beat % 2 == 0 { (60.0, 0.8) } else { (1800.0, 0.4) };
        for i in 0..6000.min(length - start) {
            let t = i as f64 / rate;
            sound[start + i] += level * ((std::f64::consts::TAU * hertz * t).sin() * (-t / 0.05).exp()) as f32;
        }
    }
    Clip {
        rate: SampleRate::CD,
        channels: vec![sound; channels],
        seats: vec![Seat::Centre; channels],
        depth: Depth::Int(24),
        bpm: None,
        note: None,
    }
}

fn bpm(bpm: f64) -> Bpm {
    Bpm::new(bpm).unwrap()
}

#[test]
fn a_loop_file_is_taken_whole_and_nothing_is_left_out() {
    let clip = beats(100.0, 2, 0.0, 2);
    let heard = cut(&clip, Some(bpm(100.0)), None).unwrap();
    assert_eq!((heard.bars.get(), heard.sound.frames().get(), heard.sound.channels.len()), (2, 211_680, 2));
    assert_eq!(heard.sound.channels[0].as_ref(), clip.channels[0]);
    assert!(heard.said.is_empty(), "{:?}", heard.said);
}

#[test]
fn what_is_left_out_is_said() {
    let heard = cut(&beats(120.0, 5, 0.0, 1), Some(bpm(120.0)), Some(Bars::new(2).unwrap())).unwrap();
    assert_eq!(heard.bars.get(), 2);
    assert_eq!(heard.said, ["2 bars were taken; 6.00 s after them were left out"]);
}

#[test]
fn more_bars_than_there_are_is_wrong_use() {
    let trouble = cut(&beats(120.0, 2, 0.0, 1), Some(bpm(120.0)), Some(Bars::new(4).unwrap())).unwrap_err();
    assert_eq!(trouble.code(), 2);
    assert!(trouble.to_string().starts_with("only 2 bars at 120 BPM are in it"), "{trouble}");
}

#[test]
fn six_channels_are_folded_and_that_is_said() {
    let heard = cut(&beats(120.0, 1, 0.0, 6), Some(bpm(120.0)), None).unwrap();
    assert_eq!(heard.sound.channels.len(), 2);
    assert_eq!(heard.said, ["its 6 channels were folded to stereo"]);
}

#[test]
fn slow_files_are_taken_in_bars_that_can_be_made() {
    let heard = cut(&beats(50.0, 16, 0.0, 1), Some(bpm(50.0)), None).unwrap();
    assert_eq!(heard.bars.get(), 8);
}

#[test]
fn the_tempo_the_file_states_goes_before_the_one_that_is_heard() {
    let clip = Clip { bpm: Some(bpm(100.0)), ..beats(100.0, 2, 0.0, 1) };
    let heard = cut(&clip, None, None).unwrap();
    assert_eq!((heard.known, heard.found.bpm), (Known::Stated, bpm(100.0)));
    let detected = cut(&beats(100.0, 2, 0.0, 1), None, None).unwrap();
    assert_eq!(detected.known, Known::Detected);
    assert!(detected.said[0].contains("detected as 100 BPM"), "{:?}", detected.said);
}

#[test]
fn silence_has_no_tempo_and_says_what_to_do() {
    let clip = Clip { channels: vec![vec![0.0; 200_000]], ..beats(120.0, 1, 0.0, 1) };
    assert!(cut(&clip, None, None).unwrap_err().to_string().contains("--bpm"));
}
