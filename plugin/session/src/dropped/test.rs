use super::*;
use inlay_audio::file::{Format, Note, Sheet};
use inlay_music::{Beats, SampleRate};

/// Clicks on the beats of `bpm`, from `start` seconds on.
fn clicks(bpm: f64, start: f64, seconds: f64) -> Vec<f32> {
    let rate = 44_100.0;
    let mut sound = vec![0.0_f32; (seconds * rate) as usize];
    let mut beat = 0;
    loop {
        let at = ((start + f64::from(beat) * 60.0 / bpm) * rate) as usize;
        if at + 2000 >= sound.len() {
            return sound;
        }
        let low = if beat % 4 == 0 { 60.0 } else { 400.0 };
        for i in 0..2000 {
            let t = i as f64 / rate;
            sound[at + i] += ((t * low * std::f64::consts::TAU).cos() * (-t * 60.0).exp()) as f32 * 0.8;
        }
        beat += 1;
    }
}

fn file(sound: &[f32], folder: &Path) -> std::path::PathBuf {
    let path = folder.join("clicks.wav");
    let note = Note { json: String::new(), latents: vec![] };
    let sheet = Sheet { bpm: Bpm::DEFAULT, beats: Beats::new(4.0).unwrap(), root: None, key: "", title: "", looped: false, note: &note };
    let (bytes, _) = file::encode(Format::Wav24, SampleRate::CD, &[sound], &sheet).unwrap();
    // the tempo chunk would be believed: what is tested is listening
    let at = bytes.windows(4).position(|w| w == b"acid");
    let bytes = at.map_or(bytes.clone(), |at| {
        let mut bytes = bytes;
        bytes[at..at + 4].copy_from_slice(b"junk");
        bytes
    });
    std::fs::write(&path, bytes).unwrap();
    path
}

fn dropped(bpm: f64, start: f64, seconds: f64) -> Dropped {
    let folder = tempfile::tempdir().unwrap();
    match Dropped::read(&file(&clicks(bpm, start, seconds), folder.path())).unwrap() {
        Found::Audio(dropped) => dropped,
        other => panic!("audio that Inlay did not write: {other:?}"),
    }
}

#[test]
fn hears_tempo_and_bars_of_a_file() {
    let dropped = dropped(100.0, 0.0, 10.0);
    assert!((dropped.bpm - 100.0).abs() < 0.5 || (dropped.bpm - 200.0).abs() < 1.0, "{}", dropped.bpm);
    let (sound, bars, bpm) = dropped.corrected(100.0, Bars::new(4).unwrap(), 0.0).cut().unwrap();
    assert_eq!((bars.get(), bpm.get(), sound.frames().get()), (4, 100.0, 423_360));
}

#[test]
fn a_correction_outside_of_what_can_be_is_held_at_its_edge() {
    let dropped = dropped(100.0, 0.0, 5.0);
    let wild = dropped.corrected(1e9, Bars::new(1).unwrap(), -3.0);
    assert_eq!((wild.bpm, wild.start), (240.0, 0.0));
    let mad = dropped.corrected(f64::NAN, Bars::new(1).unwrap(), f64::INFINITY);
    assert_eq!((mad.bpm, mad.start), (dropped.bpm, dropped.start));
}

#[test]
fn what_is_missing_behind_the_file_is_silence() {
    let (sound, ..) = dropped(100.0, 0.0, 5.0).corrected(120.0, Bars::new(4).unwrap(), 4.0).cut().unwrap();
    assert_eq!(sound.frames().get(), 352_800);
    assert!(sound.channels[0][100_000..].iter().all(|s| *s == 0.0));
}

#[test]
fn what_is_no_audio_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("words.wav");
    std::fs::write(&path, "not audio at all").unwrap();
    let error = Dropped::read(&path).unwrap_err();
    assert!(error.starts_with("words.wav: "), "{error}");
}
