//! Sound that tests write and read.

use inlay_audio::file::{Clip, Format, Note, Sheet, encode, read, to_24};
use inlay_music::{Beats, Bpm, SampleRate};
use std::path::Path;

/// Drums at a tempo, as somebody else's program would write them: a click on each beat, a thump on every other.
pub fn foreign(path: &Path, bpm: f64, beats: u32, rate: u32, channels: usize) {
    let hertz = f64::from(rate);
    let length = (f64::from(beats) * 60.0 / bpm * hertz + 0.5) as usize;
    let mut sound = vec![0.0f32; length];
    for beat in 0..beats {
        let start = (f64::from(beat) * 60.0 / bpm * hertz) as usize;
        let (pitch, level) = if beat % 2 == 0 { (60.0, 0.7) } else { (1500.0, 0.3) };
        for (i, v) in sound[start..].iter_mut().take(8000).enumerate() {
            let t = i as f64 / hertz;
            *v += level * ((std::f64::consts::TAU * pitch * t).sin() * (-t / 0.05).exp()) as f32;
        }
    }
    let note = Note::default();
    let sheet = Sheet {
        bpm: Bpm::new(bpm).unwrap(),
        beats: Beats::new(f64::from(beats)).unwrap(),
        root: None,
        key: "",
        title: "",
        looped: false,
        note: &note,
    };
    let (mut bytes, _) = encode(Format::Wav24, SampleRate::new(rate).unwrap(), &vec![sound; channels], &sheet).unwrap();
    // Nobody else says the tempo: the chunk goes by another name.
    let acid = bytes.windows(4).position(|w| w == b"acid").unwrap();
    bytes[acid..acid + 4].copy_from_slice(b"JUNK");
    std::fs::write(path, bytes).unwrap();
}

/// A file's audio.
pub fn clip(path: &Path) -> Clip {
    read(path).unwrap()
}

/// Checks that two files agree in all 24-bit samples outside of `first..end` (round the seam where `end` lies before `first`, in parts of
/// the loop), and that inside some differ.
pub fn assert_same_outside(a: &Clip, b: &Clip, first: f64, end: f64) {
    assert_eq!((a.rate, a.channels.len(), a.frames()), (b.rate, b.channels.len(), b.frames()));
    let frames = a.frames().get();
    let place = |part: f64| (part * frames as f64 + 0.5).floor() as usize;
    let inside = |i: usize| if first < end { (place(first)..place(end)).contains(&i) } else { i >= place(first) || i < place(end) };
    let mut changed = 0;
    for (a, b) in a.channels.iter().zip(&b.channels) {
        for i in 0..frames {
            let same = to_24(a[i]) == to_24(b[i]);
            assert!(same || inside(i), "sample {i} of {frames} lies outside and differs");
            changed += usize::from(!same);
        }
    }
    assert!(changed > 0, "nothing is new");
}
