//! Bad input: a sentence, an exit code, no file.

use super::sound::foreign;
use super::{done, inlay, names, said};
use tempfile::tempdir;

#[test]
fn bad_input_gets_a_sentence_and_leaves_no_file() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    foreign(&at.join("their.wav"), 120.0, 4, 44_100, 1);
    std::fs::write(at.join("notes.wav"), "this is no audio, but a text that somebody gave the wrong name").unwrap();
    std::fs::write(at.join("file"), "").unwrap();
    done(at, "generate drums --bars 2 --seed 7 --steps 1 -o beat.wav");
    let there = names(at);
    let long = format!("generate {}", "é".repeat(1001));
    let cases = [
        ("generate", 2, "there is no prompt"),
        ("generate ' '", 2, "the prompt is empty"),
        (long.as_str(), 2, "the prompt has 1001 characters"),
        ("generate 92 bpm", 2, "the prompt says nothing about the sound"),
        ("generate drums 92 bpm and 100 bpm", 2, "the prompt names two tempos"),
        ("generate drums --bars 0", 2, "--bars: 0 bars can't be made"),
        ("generate drums --bpm nan", 2, "--bpm: a tempo of NaN BPM"),
        ("generate drums --bars 16 --bpm 59", 2, "16 bars below 60 BPM"),
        ("generate drums --bars 1 --feel half", 2, "one bar in half time"),
        ("generate pad --chords H#", 2, "--chords: \"H#\" in bar 1 isn't a chord"),
        ("generate pad --bars 1 --chords 'C | G'", 2, "the chart has 2 bars and the loop only 1"),
        ("generate drums --sampler magic", 2, "--sampler: there is no sampler \"magic\""),
        ("generate drums --negative '!?'", 2, "what should not be heard can't be used"),
        ("generate drums -o beat.mp3", 2, "beat.mp3 ends in neither .wav nor .flac"),
        ("generate drums -o beat.wav", 2, "beat.wav is already there: add --force"),
        ("generate drums -o nowhere/beat.wav", 1, "there is no folder nowhere"),
        ("generate drums -o file/beat.wav", 1, "there is no folder file"),
        ("generate --batch nowhere.txt", 1, "the file of prompts nowhere.txt can't be read"),
        ("generate drums --weights nowhere", 1, "the model's file unet.safetensors can't be read"),
        ("inpaint beat.wav --region 3", 2, "--region: bar 3 is outside of the loop: it has 2 bars"),
        ("inpaint beat.wav --region 0", 2, "--region: bar 0 is outside of the loop: it has 2 bars"),
        ("inpaint beat.wav --region 99", 2, "--region: bar 99 is outside of the loop: it has 2 bars"),
        ("inpaint beat.wav --region 1.1-1.1", 2, "--region: the region is empty"),
        ("inpaint beat.wav --region 1 --bpm 90", 2, "beat.wav: inlay wrote this loop at 120 BPM: leave --bpm out"),
        ("vary beat.wav --amount 2", 2, "--amount: an amount of 2 can't be used"),
        ("vary nowhere.wav", 1, "nowhere.wav: there is no such file"),
        ("vary notes.wav", 1, "notes.wav: this is not an audio file"),
        ("info notes.wav", 1, "notes.wav: this is not an audio file"),
        ("vary their.wav", 2, "their.wav wasn't made by inlay, so it has no prompt"),
        ("transform their.wav drums --bpm 120 --bars 4", 2, "their.wav: only 1 bar at 120 BPM"),
        ("transform their.wav drums --bpm 40", 1, "their.wav: this audio is shorter than one bar at 40 BPM"),
    ];
    for (line, code, sentence) in cases {
        let output = inlay(at, line);
        assert_eq!(output.status.code(), Some(code), "{line}: {}", said(&output));
        assert!(said(&output).contains(&format!("inlay: {sentence}")), "{line}: {}", said(&output));
        assert!(!said(&output).contains("panicked"), "{line}");
        assert_eq!(names(at), there, "{line}");
    }
}

#[test]
fn a_file_cut_since_it_was_written_is_audio_only() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    done(at, "generate drums --bars 1 --seed 7 --steps 1 -o beat.wav");
    let whole = std::fs::read(at.join("beat.wav")).unwrap();
    std::fs::write(at.join("half.wav"), &whole[..whole.len() / 2]).unwrap();
    let output = inlay(at, "vary half.wav");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("half.wav: a part of this file is missing"), "{}", said(&output));
}
