use super::*;

fn chord(name: &str) -> Chord {
    name.parse().unwrap_or_else(|e| panic!("{e}"))
}

fn lane(name: &str) -> Vec<u8> {
    let root = chord(name).root().number();
    let mut steps: Vec<u8> = chord(name).lane().iter().map(|n| (n + 12 - root) % 12).collect();
    steps.sort_unstable();
    steps
}

#[test]
fn every_way_to_write_a_chord_means_the_same() {
    let same = [
        ("C", &["C", "c", "CM", "Cmaj", "Cmajor", "CMaj"][..]),
        ("Cm", &["Cm", "Cmin", "C-", "Cmi", "Cminor", "CMIN"]),
        ("Cmaj7", &["Cmaj7", "CM7", "CΔ", "C∆7", "Cma7", "CMAJ7", "C(maj7)"]),
        ("Cm7", &["Cm7", "Cmin7", "C-7", "Cmi7"]),
        ("Cm7b5", &["Cm7b5", "Cø", "CØ7", "Cm7(b5)", "C-7♭5", "Cm7-5"]),
        ("Cdim", &["Cdim", "Co", "C°"]),
        ("Cdim7", &["Cdim7", "Co7", "C°7"]),
        ("Caug", &["Caug", "C+"]),
        ("C7#5", &["C7#5", "C7+5", "C7+", "C7(#5)"]),
        ("Csus4", &["Csus4", "Csus"]),
        ("C7sus4", &["C7sus4", "C7sus"]),
        ("C69", &["C69", "C6/9"]),
        ("Cadd9", &["Cadd9", "C(add9)", "Cadd2"]),
        ("Cm(maj7)", &["Cm(maj7)", "CmM7", "Cmmaj7", "C-Δ", "CminMaj7"]),
        ("C7b9#11", &["C7b9#11", "C7(b9,#11)", "C7(b9, ♯11)", "C7-9+11"]),
        ("Bb/D", &["Bb/D", "B♭/D", "bb/d"]),
    ];
    for (shown, names) in same {
        for name in names {
            assert_eq!(chord(name).to_string(), shown, "{name}");
        }
    }
}

#[test]
fn shows_what_it_read() {
    let names =
        "C5 C6 C9 C11 C13 Cm9 Cmaj9 Cm11 C13b9 Cm6 Cm69 Csus2 C9sus4 Cmadd9 Em7b5/Bb F#m7 C6/E C69/E Cmaj7#11 C7b13 Cbmaj7 Cdim7/Gb E#m";
    for name in names.split(' ') {
        assert_eq!(chord(name).to_string(), name);
    }
}

#[test]
fn the_lane_is_the_triad_also_under_sevenths() {
    for (name, steps) in [
        ("C", [0, 4, 7]),
        ("Bb7", [0, 4, 7]),
        ("F#m9", [0, 3, 7]),
        ("Em7b5/Bb", [0, 3, 6]),
        ("Gdim7", [0, 3, 6]),
        ("Aaug", [0, 4, 8]),
        ("A7#5", [0, 4, 8]),
        ("D7b5", [0, 4, 6]),
        ("Dsus2", [0, 2, 7]),
        ("E7sus4", [0, 5, 7]),
    ] {
        assert_eq!(lane(name), steps, "{name}");
    }
    assert_eq!(lane("C5"), [0, 7]);
}

#[test]
fn the_lane_of_a_minor_has_the_notes_a_c_and_e() {
    assert_eq!(chord("Am").lane().iter().collect::<Vec<_>>(), [0, 4, 9]);
}

#[test]
fn a_slash_bass_is_kept_but_not_in_the_lane() {
    assert_eq!(chord("C/F#").bass(), "F#".parse().ok());
    assert_eq!(chord("C/F#").lane(), chord("C").lane());
}

#[test]
fn an_altered_fifth_on_a_plain_triad_is_not_a_flat_root() {
    assert_eq!(chord("C(b5)").to_string(), "C(b5)");
    assert_eq!(lane("C(b5)"), [0, 4, 6]);
    assert_eq!(chord("Cb5").root(), "Cb".parse().unwrap());
    assert_eq!(chord("C(#9)").to_string(), "C(#9)");
}

#[test]
fn refuses_what_is_no_chord() {
    for name in
        ["", "H#", "C##", "Hm", "C7/H", "Cmsus4", "C(", "C)b5(", "dim", "bass", "add", "Cm(maj)", "C5b9", "Cfoo", "C\u{0}", "日本", "C 7"]
    {
        assert!(name.parse::<Chord>().is_err(), "{name}");
    }
    assert_eq!("H#".parse::<Chord>().unwrap_err().to_string(), "\"H#\" isn't a chord: write names like C, F#m7 or Bb/D");
}

#[test]
fn is_a_string_in_json() {
    assert_eq!(serde_json::to_string(&chord("Cø")).unwrap(), "\"Cm7b5\"");
    assert!(serde_json::from_str::<Chord>("\"H#\"").is_err());
}
