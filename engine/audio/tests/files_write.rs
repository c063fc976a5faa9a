//! What is written can be read by us, bit for bit, and by others, as far as they go by the formats' rules.

#[path = "files/make.rs"]
mod make;

use inlay_audio::file::{Depth, Format, Note, Sheet, WriteError, encode, from_24, read, read_bytes, write};
use inlay_music::{Bars, Bpm, SampleRate, loop_length};
use make::tone;
use std::fs;
use std::path::Path;

fn note() -> Note {
    Note { json: "{\"prompt\":\"dusty drums, häppy\"}".into(), latents: (0..=255).cycle().take(4097).collect() }
}

fn sheet(note: &Note) -> Sheet<'_> {
    Sheet {
        bpm: Bpm::new(92.5).unwrap(),
        beats: Bars::new(4).unwrap().beats(),
        root: Some(9),
        key: "Am",
        title: "dusty boom bap",
        looped: true,
        note,
    }
}

/// The chunks of a WAV file, found by the rules of RIFF alone; panics where they are broken.
fn chunks(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let u32_at = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((&file[..4], &file[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
    assert_eq!(u32_at(4) + 8, file.len());
    let (mut at, mut found) = (12, Vec::new());
    while at < file.len() {
        let (id, len) = (String::from_utf8(file[at..at + 4].to_vec()).unwrap(), u32_at(at + 4));
        found.push((id, file[at + 8..at + 8 + len].to_vec()));
        at += 8 + len.next_multiple_of(2);
    }
    assert_eq!(at, file.len());
    found
}

fn chunk(file: &[u8], id: &str) -> Vec<u8> {
    chunks(file).into_iter().find(|(name, _)| name == id).unwrap_or_else(|| panic!("no {id}")).1
}

fn numbers(chunk: &[u8]) -> Vec<u32> {
    chunk.chunks_exact(4).map(|b| u32::from_le_bytes(b.try_into().unwrap())).collect()
}

#[test]
fn samples_of_24_bits_come_back_bit_for_bit() {
    let mut left = tone(5000, 0);
    left.extend([from_24(8_388_607), from_24(-8_388_608), from_24(1), from_24(-1), 0.0]);
    let right = left.iter().rev().copied().collect::<Vec<_>>();
    for format in [Format::Wav24, Format::Flac24] {
        for channels in [vec![left.clone()], vec![left.clone(), right.clone()]] {
            for hertz in [8_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000, 384_000] {
                let rate = SampleRate::new(hertz).unwrap();
                let (bytes, written) = encode(format, rate, &channels, &sheet(&note())).unwrap();
                let clip = read_bytes(&bytes).unwrap();
                assert!(clip.channels == channels, "{format:?} {hertz}");
                assert_eq!((clip.rate, written.clipped), (rate, 0));
                assert_eq!(clip.depth, Depth::Int(24));
            }
        }
    }
}

#[test]
fn full_scale_noise_survives_flac() {
    let mut state = 1_u32;
    let noise: Vec<f32> = (0..20_000)
        .map(|i| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            from_24(if i % 7 == 0 { (state >> 31) as i32 * 16_777_215 - 8_388_608 } else { (state >> 8) as i32 - 8_388_608 })
        })
        .collect();
    let against: Vec<f32> = noise.iter().map(|x| (-x).min(from_24(8_388_607))).collect();
    let channels = [noise, against];
    let (bytes, _) = encode(Format::Flac24, SampleRate::CD, &channels, &sheet(&Note::default())).unwrap();
    assert!(read_bytes(&bytes).unwrap().channels == channels);
}

#[test]
fn another_decoder_reads_our_flac() {
    for hertz in [44_100, 192_000] {
        let channels = [tone(9000, 0), tone(9000, 1)];
        let (bytes, _) = encode(Format::Flac24, SampleRate::new(hertz).unwrap(), &channels, &sheet(&note())).unwrap();
        let mut reader = claxon::FlacReader::new(&bytes[..]).unwrap();
        let info = reader.streaminfo();
        assert_eq!((info.sample_rate, info.channels, info.bits_per_sample, info.samples), (hertz, 2, 24, Some(9000)));
        let tag = |name: &str| reader.get_tag(name).next().unwrap_or_default().to_owned();
        assert_eq!(["TITLE", "BPM", "INITIALKEY", "LOOPLENGTH"].map(tag), ["dusty boom bap", "92.5", "Am", "9000"]);
        assert_eq!(tag("INLAY_REQUEST"), note().json);
        let samples: Vec<f32> = reader.samples().map(|sample| from_24(sample.unwrap())).collect();
        for (channel, expected) in channels.iter().enumerate() {
            assert!(samples.iter().skip(channel).step_by(2).eq(expected), "{hertz} {channel}");
        }
    }
}

#[test]
fn the_note_and_the_tempo_come_back() {
    let audio = [tone(100, 0)];
    let cases = [note(), Note::default(), Note { json: "{}".into(), latents: vec![] }, Note { json: String::new(), latents: vec![0; 3] }];
    for format in [Format::Wav24, Format::Flac24] {
        for note in &cases {
            let (bytes, _) = encode(format, SampleRate::CD, &audio, &sheet(note)).unwrap();
            let clip = read_bytes(&bytes).unwrap();
            assert_eq!(clip.note.unwrap_or_default(), *note, "{format:?}");
            assert_eq!(clip.bpm, Some(Bpm::new(92.5).unwrap()), "{format:?}");
        }
    }
}

#[test]
fn the_loop_ends_at_the_last_sample() {
    for (bpm, bars, hertz) in [(92.0, 4, 44_100), (61.3, 16, 8_000), (240.0, 1, 48_000), (173.9, 2, 96_000)] {
        let (bpm, beats, rate) = (Bpm::new(bpm).unwrap(), Bars::new(bars).unwrap().beats(), SampleRate::new(hertz).unwrap());
        let frames = loop_length(bpm, beats, rate).get();
        let note = Note::default();
        let sheet = Sheet { bpm, beats, ..sheet(&note) };
        let (file, _) = encode(Format::Wav24, rate, &[vec![0.0; frames]], &sheet).unwrap();
        let smpl = numbers(&chunk(&file, "smpl"));
        assert_eq!(smpl.len(), 15);
        assert_eq!((smpl[2], smpl[3]), ((1e9 / f64::from(hertz)).round() as u32, 69));
        // One loop: forward, from the first sample to the last one, for ever.
        assert_eq!(smpl[7..15], [1, 0, 0, 0, 0, frames as u32 - 1, 0, 0]);
        assert_eq!(chunk(&file, "data").len(), frames * 3);
    }
}

#[test]
fn the_acid_chunk_says_tempo_beats_and_root() {
    let note = Note::default();
    let (file, _) = encode(Format::Wav24, SampleRate::CD, &[tone(10, 0)], &sheet(&note)).unwrap();
    let acid = chunk(&file, "acid");
    assert_eq!(acid.len(), 24);
    assert_eq!(acid[..4], [0b110, 0, 0, 0]);
    assert_eq!(u16::from_le_bytes([acid[4], acid[5]]), 69);
    assert_eq!(numbers(&acid[12..16]), [16]);
    assert_eq!(acid[16..20], [4, 0, 4, 0]);
    assert_eq!(f32::from_le_bytes(acid[20..24].try_into().unwrap()), 92.5);

    let once = Sheet { looped: false, root: None, ..sheet(&note) };
    let (file, _) = encode(Format::Wav24, SampleRate::CD, &[tone(10, 0)], &once).unwrap();
    assert_eq!(chunk(&file, "acid")[..6], [0b101, 0, 0, 0, 60, 0]);
    assert_eq!(numbers(&chunk(&file, "smpl"))[7], 0);
}

#[test]
fn the_title_is_one_line_of_info() {
    let note = Note::default();
    let (file, _) = encode(Format::Wav24, SampleRate::CD, &[tone(10, 0)], &Sheet { title: "two\nlines", ..sheet(&note) }).unwrap();
    assert_eq!(chunk(&file, "LIST"), b"INFOINAM\x0a\0\0\0two lines\0ISFT\x06\0\0\0Inlay\0");
}

#[test]
fn stereo_has_the_plain_header_and_surround_names_its_speakers() {
    let note = Note::default();
    let fmt = |channels: usize| {
        let audio: Vec<_> = (0..channels).map(|c| tone(7, c)).collect();
        let (file, _) = encode(Format::Wav24, SampleRate::CD, &audio, &sheet(&note)).unwrap();
        let clip = read_bytes(&file).unwrap();
        assert_eq!(clip.channels, audio);
        chunk(&file, "fmt ")
    };
    assert_eq!(fmt(2), [1, 0, 2, 0, 0x44, 0xAC, 0, 0, 0x98, 0x09, 0x04, 0, 6, 0, 24, 0]);
    for (channels, mask) in [(3, 0x7), (4, 0x33), (5, 0x37), (6, 0x3F), (7, 0x70F), (8, 0x63F)] {
        let fmt = fmt(channels);
        assert_eq!((fmt.len(), numbers(&fmt[20..24])), (40, vec![mask]));
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let audio = [tone(6000, 0), tone(6000, 1)];
    for format in [Format::Wav24, Format::Flac24] {
        let once = encode(format, SampleRate::CD, &audio, &sheet(&note())).unwrap();
        let again = std::thread::spawn(move || encode(format, SampleRate::CD, &[tone(6000, 0), tone(6000, 1)], &sheet(&note())).unwrap());
        assert!(once == again.join().unwrap(), "{format:?}");
    }
}

#[test]
fn what_is_too_loud_is_held_and_counted() {
    let note = Note::default();
    let (file, written) = encode(Format::Wav24, SampleRate::CD, &[[1.5, 1.0, -1.0, -2.0]], &sheet(&note)).unwrap();
    assert_eq!(written.clipped, 2);
    assert_eq!(read_bytes(&file).unwrap().channels, [[8_388_607, 8_388_607, -8_388_608, -8_388_608].map(from_24)]);
}

#[test]
fn refuses_audio_that_is_none() {
    let empty = Note::default();
    let fails = |channels: &[Vec<f32>], note: &Note| encode(Format::Wav24, SampleRate::CD, channels, &sheet(note)).unwrap_err();
    assert!(matches!(fails(&[], &empty), WriteError::Shape { channels: 0, .. }));
    assert!(matches!(fails(&[vec![]], &empty), WriteError::Shape { frames: 0, .. }));
    assert!(matches!(fails(&[vec![0.0; 2], vec![0.0; 3]], &empty), WriteError::Shape { .. }));
    assert!(matches!(fails(&vec![vec![0.0]; 9], &empty), WriteError::Shape { channels: 9, .. }));
    assert!(matches!(fails(&[vec![0.0, f32::NAN]], &empty), WriteError::NotANumber));
    let long = Note { json: String::new(), latents: vec![0; Note::MAX_LATENTS + 1] };
    assert!(matches!(fails(&[vec![0.0]], &long), WriteError::Note { .. }));
}

#[test]
fn the_longest_note_comes_back_from_both_formats() {
    let note = Note { json: "x".repeat(Note::MAX_JSON), latents: vec![7; Note::MAX_LATENTS] };
    for format in [Format::Wav24, Format::Flac24] {
        let (bytes, _) = encode(format, SampleRate::CD, &[tone(10, 0)], &sheet(&note)).unwrap();
        assert!(read_bytes(&bytes).unwrap().note == Some(note.clone()), "{format:?}");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn replaces_a_file_only_on_purpose() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("beat.wav");
    let note = note();
    let put = |level: f32, replace: bool| write(&path, Format::Wav24, SampleRate::CD, &[[level; 4]], &sheet(&note), replace);
    put(0.25, false).unwrap();
    assert!(matches!(put(0.5, false), Err(WriteError::Exists)));
    assert_eq!(read(&path).unwrap().channels, [[0.25; 4]]);
    put(0.5, true).unwrap();
    assert_eq!(read(&path).unwrap().channels, [[0.5; 4]]);
    assert_eq!(names(folder.path()), ["beat.wav"]);
}

#[test]
fn says_what_is_wrong_with_the_place() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "no folder").unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    let note = Note::default();
    let put = |name: &str| write(&folder.path().join(name), Format::Flac24, SampleRate::CD, &[[0.0; 4]], &sheet(&note), true).unwrap_err();
    assert!(matches!(put("nowhere/beat.flac"), WriteError::Folder));
    assert!(matches!(put("file/beat.flac"), WriteError::Folder));
    assert!(matches!(put("folder"), WriteError::Name));
    assert!(matches!(put(&"x".repeat(300)), WriteError::Name));
    assert_eq!(names(folder.path()), ["file", "folder"]);
}

#[test]
fn a_failure_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("beat.wav");
    let note = Note::default();
    for format in [Format::Wav24, Format::Flac24] {
        write(&path, format, SampleRate::CD, &[[f32::INFINITY]], &sheet(&note), true).unwrap_err();
    }
    assert!(names(folder.path()).is_empty());
}
