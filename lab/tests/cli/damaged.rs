//! Files whose notes somebody changed.

use super::{done, inlay, names, said};
use inlay_audio::file::{Format, Note, Sheet, encode, read};
use inlay_music::{Beats, Bpm};
use std::path::Path;
use tempfile::tempdir;

/// The loop `from` as `to`, with one text in its note changed.
fn damage(from: &Path, to: &Path, old: &str, new: &str) {
    let clip = read(from).unwrap();
    let note = clip.note.as_ref().unwrap();
    assert!(note.json.contains(old), "{old} isn't in {}", note.json);
    let note = Note { json: note.json.replace(old, new), latents: note.latents.clone() };
    let (bpm, beats) = (Bpm::new(240.0).unwrap(), Beats::new(4.0).unwrap());
    let sheet = Sheet { bpm, beats, root: None, key: "", title: "", looped: true, note: &note };
    std::fs::write(to, encode(Format::Wav24, clip.rate, &clip.channels, &sheet).unwrap().0).unwrap();
}

#[test]
fn a_damaged_note_fails_in_a_short_sentence_and_its_sound_can_be_followed() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    done(at, "generate drums --bars 1 --bpm 240 --seed 7 --steps 3 -o beat.wav");
    let long = format!("\"sampler\":\"{}\"", "x".repeat(1000));
    let cases = [
        ("\"sampler\":\"dpm++2m\"", long.as_str()),
        ("\"steps\":3", "\"steps\":4294967295"),
        ("\"guidance\":3.0", "\"guidance\":1e308"),
        ("\"task\":", "\"\\u001b[2J\\u009b\":"),
        ("\"inlay\":1", "\"inlay\":99"),
    ];
    for (old, new) in cases {
        damage(&at.join("beat.wav"), &at.join("bad.wav"), old, new);
        for line in ["vary bad.wav --steps 1", "inpaint bad.wav drums --region 1.1", "retime bad.wav --bpm 200"] {
            let output = inlay(at, line);
            let text = said(&output);
            assert_eq!(output.status.code(), Some(1), "{new} {line}: {text}");
            assert!(text.starts_with("inlay: bad.wav: ") && text.len() < 400, "{new} {line}: {text}");
            assert!(!text.trim_end().contains(char::is_control), "{text:?}");
            assert_eq!(names(at), ["bad.wav", "beat.wav"]);
        }
        assert!(!done(at, "info bad.wav").contains('\u{1b}'));
    }
    done(at, "transform bad.wav drums --steps 1 --bpm 240 -o new.wav");
}

#[cfg(unix)]
#[test]
fn a_file_name_does_not_drive_the_terminal() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("a\u{1b}[2J\nb\u{9b}.wav"), "no audio").unwrap();
    let output = super::command(at, "info").arg("a\u{1b}[2J\nb\u{9b}.wav").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).starts_with("inlay: a\u{fffd}[2J\u{fffd}b\u{fffd}.wav: "), "{:?}", said(&output));
}
