use super::*;

fn understood(text: &str) -> Understood {
    Prompt::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn text(prompt: &str) -> String {
    understood(prompt).text
}

fn key(prompt: &str) -> Option<String> {
    understood(prompt).key.map(|key| key.to_string())
}

fn error(prompt: &str) -> String {
    Prompt::parse(prompt).unwrap_err().to_string()
}

#[test]
fn an_empty_or_long_prompt_gets_a_sentence() {
    assert_eq!(error(" \n "), "the prompt is empty: say what should sound, such as dusty drums");
    assert_eq!(error(&"ä".repeat(1001)), "the prompt has 1001 characters, and 1000 is the most: make it shorter");
    assert!(Prompt::parse(&"ä".repeat(1000)).is_ok());
    for silent in ["92 bpm", "Am | F", "!?", "92 bpm, Am | F,"] {
        assert_eq!(Prompt::parse(silent), Err(PromptError::NoWords), "{silent}");
    }
}

#[test]
fn finds_a_tempo_and_takes_its_words_out() {
    for (prompt, bpm, left) in [
        ("dusty drums 92 bpm", 92.0, "dusty drums"),
        ("dusty drums at 174BPM", 174.0, "dusty drums"),
        ("92-bpm dusty drums", 92.0, "dusty drums"),
        ("dusty drums, 120.5 bpm, techno", 120.5, "dusty drums, techno"),
        ("dusty drums 120,5 bpm, techno", 120.5, "dusty drums, techno"),
        ("dusty drums,92bpm", 92.0, "dusty drums"),
        ("dusty drums (92 bpm)", 92.0, "dusty drums"),
        ("dusty drums at a tempo of 92 bpm", 92.0, "dusty drums"),
        ("dusty drums, bpm: 92", 92.0, "dusty drums"),
        ("92 bpm dusty drums at 92.0 bpm", 92.0, "dusty drums"),
    ] {
        let found = understood(prompt);
        assert_eq!((found.bpm.map(Bpm::get), found.text.as_str()), (Some(bpm), left), "{prompt}");
    }
    assert_eq!(understood("fast bpm drums").bpm, None);
    assert_eq!(understood("808 kick").bpm, None);
}

#[test]
fn a_tempo_that_cannot_be_made_gets_a_sentence() {
    assert_eq!(error("drums 300 bpm"), "a tempo of 300 BPM can't be made: choose one from 40 to 240");
    assert_eq!(error("drums -5 bpm"), "a tempo of -5 BPM can't be made: choose one from 40 to 240");
    assert_eq!(error("drums 90-100 bpm"), "\"90-100\" isn't a tempo: write one number, such as 92 bpm");
    assert_eq!(error("drums 1e9bpm"), "\"1e9\" isn't a tempo: write one number, such as 92 bpm");
    assert_eq!(error("drums 92 bpm or 120 bpm"), "the prompt names two tempos, 92 BPM and 120 BPM: keep one");
}

#[test]
fn finds_keys_and_says_them_as_the_model_was_taught() {
    for (prompt, key_name, left) in [
        ("warm pad in C minor", "C minor", "warm pad in c minor"),
        ("warm pad in C minor, with echo", "C minor", "warm pad in c minor, with echo"),
        ("C# dorian warm pad", "C# dorian", "warm pad in c# dorian"),
        ("warm pad, key of A major.", "A major", "warm pad in a major"),
        ("warm pad in the key of F#m", "F# minor", "warm pad in f# minor"),
        ("warm pad in Am", "A minor", "warm pad in a minor"),
        ("warm pad key: am", "A minor", "warm pad in a minor"),
        ("warm pad key=Ebmaj", "Eb major", "warm pad in eb major"),
        ("warm pad in B flat minor", "Bb minor", "warm pad in bb minor"),
        ("warm pad in C-minor", "C minor", "warm pad in c minor"),
        ("warm pad in Bb", "Bb major", "warm pad in bb major"),
        ("warm pad in C", "C major", "warm pad in c major"),
        ("warm pad in A", "A major", "warm pad in a major"),
        ("warm pad in a minor", "A minor", "warm pad in a minor"),
        ("a minor rhodes electric piano", "A minor", "rhodes electric piano in a minor"),
        ("warm pad in A harmonic minor", "A minor", "warm pad in a minor"),
        ("warm pad C minor scale", "C minor", "warm pad in c minor"),
        ("Am of ,bpm92", "A minor", "of in a minor"),
        ("Em pad", "E minor", "pad in e minor"),
        ("sad piano - D minor - 80 BPM", "D minor", "sad piano in d minor"),
        ("pad , in C minor .", "C minor", "pad, in c minor"),
        ("warm pad in C minor at 92 bpm", "C minor", "warm pad in c minor"),
        ("warm pad in A at 92 bpm", "A major", "warm pad in a major"),
        ("pad in Db minor, C# minor", "Db minor", "pad in db minor"),
    ] {
        assert_eq!((key(prompt).as_deref(), text(prompt).as_str()), (Some(key_name), left), "{prompt}");
    }
}

#[test]
fn an_article_is_no_key() {
    for prompt in [
        "a minor detail",
        "A minor detail in a house",
        "drums in a house",
        "in a minor key",
        "drums in a flat",
        "in A house",
        "am radio",
        "in am radio",
        "FM bass in FM",
        "a major drop",
        "vitamin c drums",
        "low-key a dusty beat",
        "d'n'b drums",
        "bass",
        "a lydian mood",
        "bassline Am F C G",
    ] {
        assert_eq!(key(prompt), None, "{prompt}");
    }
}

#[test]
fn two_keys_or_an_unknown_scale_get_a_sentence() {
    assert_eq!(error("pad in C minor and F major"), "the prompt names two keys, C minor and F major: keep one");
    assert_eq!(error("pad in D mixolydian"), "\"mixolydian\" isn't a scale the model knows: choose major, minor, dorian or phrygian");
}

#[test]
fn takes_a_chart_out_of_the_text() {
    for (prompt, chart, left) in [
        ("warm rhodes electric piano chords Am | F | C G | Em7b5/Bb", "Am | F | C G | Em7b5/Bb", "warm rhodes electric piano chords"),
        ("pad over Am | F, with echo", "Am | F", "pad, with echo"),
        ("chords: |Am|F|C7(b9)|G| held", "Am | F | C7b9 | G", "chords: held"),
        ("pad in A, Am | % | F", "Am | Am | F", "pad in a major"),
    ] {
        let found = understood(prompt);
        assert_eq!((found.chords.map(|c| c.to_string()).as_deref(), found.text.as_str()), (Some(chart), left), "{prompt}");
    }
    assert_eq!(
        error("pad Am | H# | C"),
        "the prompt's chords can't be read: \"H#\" in bar 2 isn't a chord: write names like C, F#m7 or Bb/D"
    );
    assert_eq!(understood("dusty | warm drums").chords, None);
    assert_eq!(text("dusty | warm drums"), "dusty warm drums");
}

#[test]
fn aliases_replace_whole_words_once() {
    for (prompt, model) in [
        ("Dusty  LOFI drums", "dusty lo-fi drums"),
        ("dnb drums", "drum and bass drums"),
        ("D&B drums", "drum and bass drums"),
        ("drum & bass drums", "drum and bass drums"),
        ("drum 'n' bass drums", "drum and bass drums"),
        ("drum’n’bass drums", "drum and bass drums"),
        ("jungle drum and bass", "drum and bass"),
        ("jungle bass", "drum and bass bass"),
        ("hiphop beat", "hip hop beat"),
        ("ukg 2-step drums", "uk garage drums"),
        ("four on the floor house drums", "house drums"),
        ("house, 4x4", "house, house"),
        ("303", "acid 303 bass"),
        ("303 bass", "acid 303 bass"),
        ("acid 303 bass", "acid 303 bass"),
        ("tr-303x", "tr-303x"),
        ("rhodes", "rhodes electric piano"),
        ("rhodes piano, ep", "rhodes electric piano, rhodes electric piano"),
        ("only hats", "only hi-hats"),
        ("only hi-hats", "only hi-hats"),
        ("hi hats (hats)", "hi-hats (hi-hats)"),
        ("that hatstand", "that hatstand"),
        ("drums w/ kick & snares", "drums with kick and snare"),
        ("vinyl crackle", "vinyl"),
    ] {
        assert_eq!(text(prompt), model, "{prompt}");
    }
}

#[test]
fn knows_what_has_a_pitch() {
    for prompt in [
        "warm pad",
        "reese bass",
        "drum and bass reese bass",
        "jungle bass",
        "house drums and bass",
        "full techno loop",
        "full loop",
        "full drum and bass loop",
        "synth-lead",
        "RHODES",
        "chords",
        "303",
        "drums with bass and no pad",
    ] {
        assert!(understood(prompt).pitched, "{prompt}");
    }
    for prompt in [
        "dusty boom bap drums",
        "dnb drums",
        "drum and bass",
        "house drums, no bass",
        "bass drum",
        "punchy 808 kick",
        "full drums",
        "full drum loop",
        "cowbell and bells",
        "techno",
    ] {
        assert!(!understood(prompt).pitched, "{prompt}");
    }
}

#[test]
fn a_negative_prompt_keeps_all_its_words() {
    assert_eq!(Prompt::new(" Muffled HATS, 92 bpm in Am ").unwrap().plain().unwrap(), "muffled hi-hats, 92 bpm in am");
    assert_eq!(Prompt::new("?").unwrap().plain(), Err(PromptError::NoWords));
}

#[test]
fn is_a_checked_string_in_json() {
    let prompt = Prompt::new("Dusty drums").unwrap();
    assert_eq!(serde_json::to_string(&prompt).unwrap(), "\"Dusty drums\"");
    assert!(serde_json::from_str::<Prompt>("\" \"").is_err());
}

#[test]
fn control_characters_become_single_spaces() {
    let kept = |text: &str| Prompt::new(text).unwrap().to_string();
    assert_eq!(kept("dusty\u{1b}[2J\u{1b}]0;x\u{7}drums"), "dusty [2J ]0;x drums");
    assert_eq!(kept("\u{9b}31m dusty \r\n\t\0 drums\u{7f}\n"), "31m dusty drums");
    assert_eq!(kept("dusty  drums, häppy – 鼓"), "dusty  drums, häppy – 鼓");
    assert_eq!(Prompt::new("\u{1b}\u{7} \n"), Err(PromptError::Empty));
    assert_eq!(serde_json::from_str::<Prompt>(r#""dusty\u001b\u0000drums""#).unwrap().as_str(), "dusty drums");
}

#[test]
fn a_given_tempo_wins_over_those_among_the_words() {
    let given = Bpm::new(92.0).unwrap();
    let at = |text: &str| Prompt::new(text).unwrap().understand_at(Some(given));
    for prompt in ["drums at 500 bpm, in Am", "drums at 120 bpm, in Am", "90 bpm drums at 1e2 bpm 100 bpm, in Am", "drums, in Am"] {
        let found = at(prompt).unwrap();
        assert_eq!((found.bpm, found.key), (Some(given), "Am".parse().ok()), "{prompt}");
        assert!(!found.text.contains("bpm") && !found.text.contains(|c: char| c.is_ascii_digit()), "{prompt}: {}", found.text);
    }
    assert_eq!(at("500 bpm"), Err(PromptError::NoWords));
    assert!(matches!(Prompt::new("drums at 500 bpm 90 bpm").unwrap().understand_at(None), Err(PromptError::Tempo(_))));
}
