//! `generate`, and what can be read from its files.

use super::sound::clip;
use super::{done, inlay, names, said, told};
use std::fs::read;
use tempfile::tempdir;

/// Where a chunk of a WAV file begins, behind its name and size.
fn chunk(bytes: &[u8], name: &[u8; 4]) -> usize {
    bytes.windows(4).position(|w| w == name).unwrap() + 8
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

#[test]
fn a_loop_is_exactly_its_bars_long_and_says_so_to_samplers() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let told = &told(at, "generate dusty drums --bars 1 --bpm 92.5 --rate 48k --seed 7 --steps 2 -o beat.wav --picture beat.png")[0];
    // 4 beats of 60 / 92.5 s at 48 kHz: 124540.54
    assert_eq!((told["frames"].as_u64(), told["rate"].as_u64()), (Some(124_541), Some(48_000)));
    assert_eq!(clip(&at.join("beat.wav")).frames().get(), 124_541);
    let bytes = read(at.join("beat.wav")).unwrap();
    let (smpl, acid) = (chunk(&bytes, b"smpl"), chunk(&bytes, b"acid"));
    assert_eq!(
        (number(&bytes, smpl + 28), number(&bytes, smpl + 44), number(&bytes, smpl + 48)),
        (1, 0, 124_540),
        "the last sample, inclusive"
    );
    assert_eq!(f32::from_bits(number(&bytes, acid + 20)), 92.5);
    assert!(read(at.join("beat.png")).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn the_same_seed_gives_the_same_bytes_with_one_thread_and_two() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    for (threads, name) in [(1, "one"), (2, "two")] {
        done(at, &format!("generate warm rhodes --key Am --bars 2 --seed 7 --steps 3 --threads {threads} -o {name}.wav"));
    }
    assert_eq!(read(at.join("one.wav")).unwrap(), read(at.join("two.wav")).unwrap());
}

#[test]
fn a_file_knows_how_it_was_made() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let made = &told(at, "generate warm rhodes in a minor, 100 bpm --bars 1 --steps 2 --negative drums -o a.flac")[0];
    let known = &told(at, "info a.flac")[0];
    for field in ["take", "prompt", "negative", "bpm", "bars", "key", "chords", "seed", "steps", "sampler", "loudness", "peak", "frames"] {
        assert_eq!(made[field], known[field], "{field}");
    }
    assert_eq!((known["bpm"].as_f64(), known["key"].as_str(), known["inlay"].as_bool()), (Some(100.0), Some("A minor"), Some(true)));
    let program = &told(at, "info")[0];
    assert_eq!(known["model"], program["model"]);
    assert!(known["chords"].is_string() && made["timing"]["sampling"].is_number());
    assert!(done(at, "info a.flac").contains("warm rhodes in a minor, 100 bpm"));
}

#[test]
fn without_a_name_prompt_tempo_key_and_seed_are_the_name() {
    let folder = tempdir().unwrap();
    done(folder.path(), "generate Warm Pad --key Am --bpm 90 --bars 1 --seed 7 --steps 1 --variations 2");
    assert_eq!(names(folder.path()), ["warm-pad_90bpm_Am_seed7_v1.wav", "warm-pad_90bpm_Am_seed7_v2.wav"]);
}

#[test]
fn a_prompt_beyond_32_tokens_is_cut_with_a_warning() {
    let folder = tempdir().unwrap();
    let output = inlay(folder.path(), &format!("generate {} --bars 1 --steps 1 -o a.wav", "dusty boom bap drums ".repeat(12)));
    assert_eq!(output.status.code(), Some(0));
    assert!(said(&output).contains("longer than the model can read"), "{}", said(&output));
}

#[test]
fn a_batch_makes_a_loop_for_each_line_and_checks_all_before_the_first() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    std::fs::create_dir(at.join("loops")).unwrap();
    std::fs::write(at.join("good.txt"), "# two\nkick -- --seed 1 -o kick.wav\nhats --bpm 100 --seed 2 -o hats.wav\n").unwrap();
    let told = told(at, "generate --batch good.txt --bars 1 --steps 1 -o loops");
    assert_eq!(told.iter().map(|t| t["bpm"].as_f64().unwrap()).collect::<Vec<_>>(), [120.0, 100.0]);
    assert_eq!(names(&at.join("loops")), ["hats.wav", "kick.wav"]);

    std::fs::write(at.join("bad.txt"), "kick -- -o more.wav\npad in H minor --chords \"A | B | C\" -o pad.wav\n").unwrap();
    let output = inlay(at, "generate --batch bad.txt --bars 1 --steps 1 -o loops");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).starts_with("inlay: bad.txt, line 2: the chart has 3 bars and the loop only 1"), "{}", said(&output));
    assert_eq!(names(&at.join("loops")).len(), 2);
}
