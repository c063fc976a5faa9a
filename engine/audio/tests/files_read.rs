//! What producers have is read, and what is no audio gets a sentence.

#[path = "files/make.rs"]
mod make;

use inlay_audio::file::{Clip, Depth, MAX_CHANNELS, ReadError, Seat, from_24, read, read_bytes};
use make::{aiff, mp3, riff, wav, wav_with_speakers};
use std::fs;

fn bytes_of<const N: usize, T: Copy>(values: &[T], bytes: impl Fn(T) -> [u8; N]) -> Vec<u8> {
    values.iter().flat_map(|&value| bytes(value)).collect()
}

fn fails(file: &[u8]) -> ReadError {
    let error = read_bytes(file).expect_err("this is no good file");
    let sentence = error.to_string();
    assert!(sentence.contains(": ") && sentence.len() > 40, "says what to do: {sentence}");
    error
}

fn ok(file: &[u8]) -> Clip {
    read_bytes(file).unwrap()
}

#[test]
fn reads_every_depth_exactly() {
    let eight = ok(&wav(1, 1, 44_100, 8, &[0, 64, 128, 192, 255]));
    assert_eq!((eight.depth, &eight.channels[0][..]), (Depth::Int(8), &[-1.0, -0.5, 0.0, 0.5, 127.0 / 128.0][..]));

    let sixteen = ok(&wav(1, 1, 44_100, 16, &bytes_of(&[i16::MIN, -1, 0, 1, i16::MAX], i16::to_le_bytes)));
    assert_eq!(sixteen.channels[0], [-32_768.0, -1.0, 0.0, 1.0, 32_767.0].map(|x| x / 32_768.0));

    let values = [-8_388_608, -8_388_607, -3, -1, 0, 1, 5_592_405, 8_388_607];
    let packed = |x: i32| [x as u8, (x >> 8) as u8, (x >> 16) as u8];
    let twenty_four = ok(&wav(1, 1, 44_100, 24, &bytes_of(&values, packed)));
    assert_eq!((twenty_four.depth, &twenty_four.channels[0][..]), (Depth::Int(24), &values.map(from_24)[..]));

    let thirty_two = ok(&wav(1, 1, 44_100, 32, &bytes_of(&[i32::MIN, 1 << 30, 256], i32::to_le_bytes)));
    assert_eq!((thirty_two.depth, &thirty_two.channels[0][..]), (Depth::Int(32), &[-1.0, 0.5, from_24(1)][..]));

    let float = ok(&wav(3, 1, 44_100, 32, &bytes_of(&[0.1_f32, -1.5, 1e-20], f32::to_le_bytes)));
    assert_eq!((float.depth, &float.channels[0][..]), (Depth::Float(32), &[0.1, -1.5, 1e-20][..]));

    let double = ok(&wav(3, 1, 44_100, 64, &bytes_of(&[0.1_f64, -1.5, 1e-20], f64::to_le_bytes)));
    assert_eq!((double.depth, &double.channels[0][..]), (Depth::Float(64), &[0.1, -1.5, 1e-20][..]));
}

#[test]
fn reads_every_usual_rate() {
    for hertz in [8_000, 11_025, 22_050, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000, 384_000] {
        let clip = ok(&wav(1, 2, hertz, 16, &[1; 400]));
        assert_eq!((clip.rate.get(), clip.channels.len(), clip.frames().get()), (hertz, 2, 100));
    }
}

#[test]
fn reads_surround_with_and_without_named_speakers() {
    let frame: Vec<i16> = vec![1000, 2000, 4000, 8000, 16_000, -16_000];
    let data = bytes_of(&frame.repeat(3), i16::to_le_bytes);
    let seats = [Seat::Left, Seat::Right, Seat::Centre, Seat::Low, Seat::SurroundLeft, Seat::SurroundRight];
    for file in
        [wav(1, 6, 48_000, 16, &data), wav_with_speakers(1, 6, 48_000, 16, 0x3F, &data), wav_with_speakers(1, 6, 48_000, 16, 0x60F, &data)]
    {
        let clip = ok(&file);
        assert_eq!(clip.seats, seats);
        assert!(clip.channels.iter().zip(&frame).all(|(channel, &x)| channel[..] == [f32::from(x) / 32_768.0; 3]));
        let [left, right] = clip.stereo();
        assert!((left[0] - right[0] - (f32::from(-1000_i16) + 32_000.0 * 0.5_f32.sqrt()) / 32_768.0 / (1.0 + 2.0_f32.sqrt())).abs() < 1e-6);
    }
}

#[test]
fn a_wrong_speaker_mask_does_not_matter() {
    for mask in [0, 1, 0xFFFF_FFFF, 0x8000_0000] {
        let clip = ok(&wav_with_speakers(1, 2, 48_000, 16, mask, &[1; 8]));
        assert_eq!((clip.channels.len(), clip.seats), (2, vec![Seat::Left, Seat::Right]));
    }
}

#[test]
fn reads_aiff_and_mp3() {
    let clip = ok(&aiff(2, &[100, -100, 200, -200, 300, -300]));
    assert_eq!(clip.channels, [[100.0, 200.0, 300.0].map(|x| x / 32_768.0), [-100.0, -200.0, -300.0].map(|x| x / 32_768.0)]);
    assert_eq!((clip.rate.get(), clip.depth), (44_100, Depth::Int(16)));

    // Little-endian AIFF-C, as one system's programs write it.
    let mut aifc = aiff(1, &[256, 512]);
    aifc.splice(38..38, *b"sowt\x00\x00");
    aifc[11] = b'C';
    aifc[19] += 6;
    assert_eq!(ok(&aifc).channels, [[1.0, 2.0].map(|x| x / 32_768.0)]);

    let silence = ok(&mp3(10));
    assert_eq!((silence.rate.get(), silence.channels.len(), silence.depth), (44_100, 2, Depth::Lossy));
    assert!(silence.frames().get() >= 9 * 1152 && silence.channels.iter().flatten().all(|&x| x == 0.0));

    let mut tagged = b"ID3\x04\0\0\0\0\x01\x00".to_vec();
    tagged.extend_from_slice(&[0xFF; 128]);
    tagged.extend_from_slice(&mp3(10));
    assert_eq!(ok(&tagged).channels, silence.channels);
}

#[test]
fn finds_the_audio_among_other_chunks() {
    let plain = wav(1, 1, 44_100, 16, &[1; 20]);
    let (fmt, data) = (&plain[20..36], &plain[44..]);
    let mut acid = vec![0; 20];
    acid.extend_from_slice(&127.5_f32.to_le_bytes());
    let mut file =
        riff(&[(b"JUNK", &[0; 27]), (b"fmt ", fmt), (b"acid", &acid), (b"data", data), (b"LIST", b"INFOxyz"), (b"data", &[9; 4])]);
    let clip = ok(&file);
    assert_eq!((clip.frames().get(), clip.bpm.map(f64::from), &clip.note), (10, Some(127.5), &None));
    // Many recorders never correct the size in the first header.
    file[4..8].fill(0);
    assert_eq!(ok(&file).channels, clip.channels);
    file[4..8].fill(0xFF);
    assert_eq!(ok(&file).channels, clip.channels);
}

#[test]
fn a_note_that_is_no_text_or_cut_off_is_no_note() {
    let plain = wav(1, 1, 44_100, 16, &[1; 20]);
    let (fmt, data) = (&plain[20..36], &plain[44..]);
    assert_eq!(ok(&riff(&[(b"fmt ", fmt), (b"data", data), (b"inly", b"\xFF\xFE")])).note, None);
    let mut cut = riff(&[(b"fmt ", fmt), (b"data", data), (b"inlz", &[5; 100])]);
    cut.truncate(cut.len() - 1);
    assert_eq!(ok(&cut).note, None);
}

#[test]
fn an_empty_file_and_a_text_file_are_no_audio() {
    assert!(matches!(fails(b""), ReadError::Empty));
    assert!(matches!(fails(b"x"), ReadError::NotAudio));
    assert!(matches!(fails("Am | F | C G\n".repeat(5000).as_bytes()), ReadError::NotAudio));
    assert!(matches!(fails(b"\x00\x00\x00\x20ftypM4A "), ReadError::Kind(_)));
    assert!(matches!(fails(&wav(2, 1, 44_100, 4, &[0; 64])), ReadError::Kind(_)));
    assert!(matches!(fails(&wav(1, 1, 44_100, 12, &[0; 64])), ReadError::Kind(_)));
}

#[test]
fn headers_that_make_no_sense_are_refused() {
    assert!(matches!(fails(&wav(1, 0, 44_100, 16, &[0; 64])), ReadError::NoChannels));
    assert!(matches!(fails(&wav(1, 9, 44_100, 16, &[0; 90])), ReadError::Channels(9)));
    assert!(matches!(fails(&wav(1, 65_535, 44_100, 16, &[0; 90])), ReadError::Channels(65_535)));
    assert!(matches!(fails(&wav(1, 1, 0, 16, &[0; 64])), ReadError::Rate(0)));
    assert!(matches!(fails(&wav(1, 1, 1_000_000, 16, &[0; 64])), ReadError::Rate(1_000_000)));
    assert!(matches!(fails(&wav(1, 1, 44_100, 16, &[])), ReadError::NoAudio));
    assert!(matches!(fails(&riff(&[(b"data", &[0; 64])])), ReadError::Damaged(_)));
    assert!(matches!(fails(&riff(&[(b"fmt ", &[1; 15]), (b"data", &[0; 64])])), ReadError::Damaged(_)));
    assert_eq!(ok(&wav(1, MAX_CHANNELS as u16, 44_100, 16, &[0; 64])).channels.len(), MAX_CHANNELS);
}

#[test]
fn a_truncated_file_is_refused_wherever_it_ends() {
    let whole = wav(1, 2, 44_100, 24, &[3; 600]);
    for len in 12..whole.len() {
        assert!(matches!(fails(&whole[..len]), ReadError::Truncated | ReadError::Damaged(_)), "{len}");
    }
    let whole = aiff(2, &[5; 400]);
    for len in 12..whole.len() {
        fails(&whole[..len]);
    }
}

#[test]
fn a_header_that_claims_4_gib_takes_no_memory() {
    let mut file = wav(1, 2, 44_100, 16, &[3; 600]);
    file[40..44].fill(0xFF);
    assert!(matches!(fails(&file), ReadError::Truncated));
}

#[test]
fn samples_that_are_no_sound_are_refused_with_their_place() {
    for (bad, number) in [(f32::NAN, false), (f32::NEG_INFINITY, false), (1e30, true)] {
        let mut samples = [0.5; 44_100];
        samples[22_050] = bad;
        match fails(&wav(3, 1, 44_100, 32, &bytes_of(&samples, f32::to_le_bytes))) {
            ReadError::NotANumber { seconds } => assert!(seconds == 0.5 && !number),
            ReadError::Loud { seconds } => assert!(seconds == 0.5 && number),
            other => panic!("{other}"),
        }
    }
    // A double beyond what a float holds.
    assert!(matches!(fails(&wav(3, 1, 44_100, 64, &1e300_f64.to_le_bytes())), ReadError::NotANumber { .. }));
}

#[test]
fn more_than_twenty_minutes_is_too_long() {
    let file = wav(1, 1, 8_000, 8, &vec![128; 20 * 60 * 8_000 + 1]);
    assert!(matches!(fails(&file), ReadError::Long));
    assert_eq!(ok(&wav(1, 1, 8_000, 8, &vec![128; 20 * 60 * 8_000])).seconds(), 1200.0);
}

#[test]
fn places_that_are_no_files_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read(folder.path()), Err(ReadError::NotAFile)));
    assert!(matches!(read(&folder.path().join("nothing.wav")), Err(ReadError::Missing)));
    let path = folder.path().join("name says nothing.txt");
    fs::write(&path, wav(1, 1, 44_100, 16, &[0; 8])).unwrap();
    assert_eq!(read(&path).unwrap().frames().get(), 4);
    #[cfg(unix)]
    assert!(matches!(read("/dev/zero".as_ref()), Err(ReadError::NotAFile)));
}
