use super::*;
use crate::args::{Command, Parsed};

fn command(flags: &str) -> Generate {
    let words = ["inlay", "generate"].into_iter().chain(flags.split_whitespace());
    match crate::args::parse(words) {
        Ok(Parsed::Run(cli)) => match cli.command {
            Command::Generate(generate) => generate,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn wrong(text: &str) -> String {
    let trouble = parse(text, "prompts.txt", &Generate::default()).unwrap_err();
    assert_eq!(trouble.code(), 2);
    trouble.to_string()
}

#[test]
fn lines_have_flags_of_their_own_and_take_the_rest_from_the_command() {
    let text = "\u{feff}# drums\r\ndusty boom bap drums -- --bpm 92 --seed 7\r\n\r\nwarm chords --chords \"Am | F\" --steps 20\nplain";
    let entries = parse(text, "prompts.txt", &command("--bars 2 --draft --bpm 100 -o loops")).unwrap();
    assert_eq!(entries.iter().map(|e| e.line).collect::<Vec<_>>(), [2, 4, 5]);
    assert_eq!(entries.iter().map(|e| e.prompt.as_str()).collect::<Vec<_>>(), ["dusty boom bap drums", "warm chords", "plain"]);
    assert_eq!(entries[0].music.bpm.unwrap().get(), 92.0);
    assert_eq!(entries[1].music.bpm.unwrap().get(), 100.0);
    assert_eq!(entries[0].music.bars.unwrap().get(), 2);
    assert_eq!(entries[1].music.harmony.chords.as_ref().unwrap().to_string(), "Am | F");
    assert!(entries[0].quality.draft && !entries[1].quality.draft);
    assert_eq!(entries[1].quality.steps, Some(20));
}

#[test]
fn a_hyphen_inside_a_prompt_begins_no_flag() {
    let entries = parse("lo-fi drums -- tight\n2-step garage - dark", "p", &Generate::default());
    assert!(entries.is_err(), "\"tight\" after \" --\" is no flag");
    let entries = parse("2-step garage - dark", "p", &Generate::default()).unwrap();
    assert_eq!(entries[0].prompt.as_str(), "2-step garage - dark");
}

#[test]
fn errors_name_the_file_and_the_line() {
    assert_eq!(wrong("ok\nkick --bars 3"), "prompts.txt, line 2: --bars: 3 bars can't be made: choose 1, 2, 4, 8 or 16");
    assert_eq!(wrong("--bars 3"), "prompts.txt, line 1: the prompt is empty: say what should sound, such as dusty drums");
    assert_eq!(wrong("kick --chords \"Am"), "prompts.txt, line 1: a quote isn't closed");
    assert!(wrong("kick --force").starts_with("prompts.txt, line 1: unexpected argument '--force'"));
    assert_eq!(wrong("# nothing\n\n"), "prompts.txt has no prompts: write one a line");
}

#[test]
fn a_file_that_is_no_text_gets_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.txt");
    std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
    assert_eq!(read(&path, &Generate::default()).unwrap_err().code(), 2);
    let missing = read(&folder.path().join("missing.txt"), &Generate::default()).unwrap_err();
    assert_eq!(missing.code(), 1);
    std::fs::write(&path, vec![b'a'; 2 << 20]).unwrap();
    assert!(read(&path, &Generate::default()).unwrap_err().to_string().contains("larger than 1 MiB"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(\\PC|\n){0,120}") {
        let _ = parse(&text, "p", &Generate::default());
    }
}
