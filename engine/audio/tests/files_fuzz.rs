//! Damaged files: whatever the bytes, reading answers, without a panic and without taking more memory than it says.

#[path = "files/make.rs"]
mod make;

use inlay_audio::file::{Format, Note, ReadError, Sheet, encode, read, read_bytes};
use inlay_music::{Bars, Bpm, SampleRate};
use make::{aiff, mp3, tone, wav, wav_with_speakers};
use peak_alloc::PeakAlloc;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, OnceLock};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The peak is one number for the whole process, so reads take turns.
static TURN: Mutex<()> = Mutex::new(());

/// Reads `bytes`; nothing to say about the result, but it has to end, and within the memory that the module's page states.
fn survives(bytes: &[u8]) -> Result<(), TestCaseError> {
    let _turn = TURN.lock().unwrap_or_else(|broken| broken.into_inner());
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let clip = read_bytes(bytes);
    let taken = MEMORY.peak_usage() - before;
    let size = clip.as_ref().map_or(0, |clip| clip.frames().get() * clip.channels.len() * 4);
    prop_assert!(taken <= 3 * size + (32 << 20), "{taken} bytes for a clip of {size}");
    // What reading answers when a decoder panics.
    prop_assert!(!matches!(&clip, Err(ReadError::Damaged(why)) if why.contains("gave up")));
    if let Ok(clip) = clip {
        prop_assert!(clip.channels.iter().all(|channel| channel.len() == clip.frames().get()));
        prop_assert!(clip.channels.iter().flatten().all(|x| x.is_finite()));
        prop_assert_eq!(clip.seats.len(), clip.channels.len());
        prop_assert_eq!(clip.stereo()[0].len(), clip.downmix().len());
    }
    Ok(())
}

/// Good files of every kind, small.
fn good() -> &'static [Vec<u8>] {
    static GOOD: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    GOOD.get_or_init(|| {
        let note = Note { json: "{\"prompt\":\"drums\"}".into(), latents: vec![1; 64] };
        let sheet = Sheet {
            bpm: Bpm::DEFAULT,
            beats: Bars::new(1).unwrap().beats(),
            root: Some(2),
            key: "Dm",
            title: "drums",
            looped: true,
            note: &note,
        };
        let audio = [tone(9000, 0), tone(9000, 1)];
        let make = |format, channels: usize| encode(format, SampleRate::CD, &audio[..channels], &sheet).unwrap().0;
        let bytes: Vec<u8> = (0..1200).map(|i| (i * 7) as u8).collect();
        let floats: Vec<u8> = audio[0].iter().flat_map(|sample| sample.to_le_bytes()).collect();
        vec![
            make(Format::Wav24, 2),
            wav(3, 1, 44_100, 32, &floats),
            make(Format::Flac24, 2),
            make(Format::Flac24, 1),
            wav(1, 2, 48_000, 16, &bytes),
            wav_with_speakers(1, 6, 48_000, 16, 0x3F, &bytes),
            aiff(2, &[77; 500]),
            mp3(12),
        ]
    })
}

/// One way to damage a file. Headers are short, so half of the places are in the first 128 bytes.
#[derive(Debug, Clone)]
enum Damage {
    Cut(usize),
    Flip(usize, u8),
    Number(usize, u32),
    Remove(usize, usize),
    Repeat(usize, usize),
    Insert(usize, Vec<u8>),
}

fn place() -> impl Strategy<Value = usize> {
    prop_oneof![0_usize..128, 0_usize..60_000]
}

fn damage() -> impl Strategy<Value = Damage> {
    let number = prop_oneof![Just(0), Just(1), Just(u32::MAX), Just(0x7FFF_FFFF), Just(0x8000_0000), any::<u32>(), 0_u32..70_000];
    prop_oneof![
        1 => place().prop_map(Damage::Cut),
        4 => (place(), any::<u8>()).prop_map(|(at, by)| Damage::Flip(at, by)),
        4 => (place(), number).prop_map(|(at, value)| Damage::Number(at, value)),
        1 => (place(), 1_usize..600).prop_map(|(at, len)| Damage::Remove(at, len)),
        1 => (place(), 1_usize..600).prop_map(|(at, len)| Damage::Repeat(at, len)),
        1 => (place(), prop::collection::vec(any::<u8>(), 1..40)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
    ]
}

fn apply(file: &mut Vec<u8>, damage: &Damage) {
    let len = file.len().max(1);
    match damage {
        Damage::Cut(at) => file.truncate(at % len),
        Damage::Flip(at, by) => file.iter_mut().skip(at % len).take(1).for_each(|byte| *byte ^= by),
        Damage::Number(at, value) => {
            // Both orders occur in the formats.
            let bytes = if at % 2 == 0 { value.to_le_bytes() } else { value.to_be_bytes() };
            file.iter_mut().skip(at % len).zip(bytes).for_each(|(byte, new)| *byte = new);
        }
        Damage::Remove(at, count) => drop(file.drain((at % len).min(file.len())..(at % len + count).min(file.len()))),
        Damage::Repeat(at, count) => {
            let part = file[(at % len).min(file.len())..(at % len + count).min(file.len())].to_vec();
            let at = (at % len).min(file.len());
            file.splice(at..at, part);
        }
        Damage::Insert(at, bytes) => {
            let at = (at % len).min(file.len());
            file.splice(at..at, bytes.iter().copied());
        }
    }
}

/// The same cases in every run; with `PROPTEST_CASES=n`, n new ones.
fn config() -> ProptestConfig {
    let more = std::env::var_os("PROPTEST_CASES").is_some();
    let usual = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if more { usual } else { ProptestConfig { cases: 512, rng_seed: RngSeed::Fixed(4), ..usual } }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn damaged_files_are_answered(which in 0_usize..8, damages in prop::collection::vec(damage(), 1..6)) {
        let mut file = good()[which].clone();
        damages.iter().for_each(|damage| apply(&mut file, damage));
        survives(&file)?;
    }

    #[test]
    fn noise_behind_a_good_beginning_is_answered(
        magic in prop::sample::select(vec![&b"RIFF\x24\0\0\0WAVEfmt "[..], b"fLaC\0\0\0\x22", b"FORM\0\0\0\x24AIFFCOMM", b"FORM\0\0\0\x24AIFCCOMM", b"OggS\0\x02", b"\xFF\xFB\x90\x64", b"ID3\x04\0\0"]),
        noise in prop::collection::vec(any::<u8>(), 0..3000),
    ) {
        survives(&[magic, &noise].concat())?;
    }
}

#[test]
fn undamaged_files_are_read() {
    for (index, file) in good().iter().enumerate() {
        assert!(read_bytes(file).is_ok(), "{index}");
        survives(file).unwrap();
    }
}

#[test]
fn nasty_files_of_the_past_are_answered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/fuzz");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "bin"));
    assert!(paths.len() >= 12, "the corpus is there");
    for path in paths {
        let error = read(&path).expect_err(&path.display().to_string()).to_string();
        assert!(error.contains(": "), "{}: {error}", path.display());
        survives(&fs::read(&path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}
