use super::commands::Words;
use super::*;
use inlay_music::Prompt;

fn wrong(line: &str) -> String {
    let words = shlex::split(line).unwrap();
    match parse(words) {
        Err(trouble) => {
            assert_eq!(trouble.code(), 2);
            trouble.to_string()
        }
        Ok(parsed) => panic!("{line} came to {parsed:?}"),
    }
}

fn right(line: &str) -> Command {
    match parse(shlex::split(line).unwrap()) {
        Ok(Parsed::Run(cli)) => cli.command,
        other => panic!("{line} came to {other:?}"),
    }
}

#[test]
fn the_definition_holds_together() {
    Cli::command().debug_assert();
}

#[test]
fn wrong_values_get_the_sentence_of_their_kind() {
    let sentences = [
        ("--bars 0", "--bars: 0 bars can't be made: choose 1, 2, 4, 8 or 16"),
        ("--bars -3", "--bars: -3 bars can't be made: choose 1, 2, 4, 8 or 16"),
        ("--bpm nan", "--bpm: a tempo of NaN BPM can't be made: choose one from 40 to 240"),
        ("--bpm fast", "--bpm: \"fast\" is no tempo: write beats a minute, like 92 or 92.5"),
        ("--chords H#", "--chords: \"H#\" in bar 1 isn't a chord: write names like C, F#m7 or Bb/D"),
        ("--key H", "--key: \"H\" isn't a key: write one like Am, C# dorian or Bb major"),
        ("--feel slow", "--feel: \"slow\" is no feel: choose half, normal or double"),
        ("--rate 4k", "--rate: a sample rate of 4000 Hz can't be used: choose one from 8000 to 384000"),
        ("--rate cd", "--rate: \"cd\" is no sample rate: write hertz, like 48000, 44.1k or 96k"),
        ("--width 300", "--width: a width of 300 can't be used: choose one from 0 (mono) to 200 percent (100 is the take's own)"),
        ("--steps 0", "--steps: 0 steps can't be used: choose 1 to 1000 (16 is usual, 8 a draft)"),
        ("--guidance inf", "--guidance: a guidance of inf can't be used: choose one from 0 to 20 (1 is none, 3 is usual)"),
        ("--variations 65", "--variations: 65 variations can't be used: choose 1 to 64"),
        ("--threads 0", "--threads: 0 threads can't be used: choose 1 to 256"),
    ];
    for (flags, sentence) in sentences {
        assert_eq!(wrong(&format!("inlay generate drums {flags}")), sentence);
    }
    assert_eq!(
        wrong("inlay vary a.wav --amount -1"),
        "--amount: an amount of -1 can't be used: choose one from 0 (the same) to 1 (all new)"
    );
    assert!(wrong("inlay generate drums --sampler magic").starts_with("--sampler: there is no sampler \"magic\": choose dpm++2m"));
    assert!(wrong("inlay generate drums --seed -1").starts_with("--seed: \"-1\" isn't a seed"));
    assert!(wrong("inlay inpaint a.wav --region 3.7-4").starts_with("--region: there is no beat 7"));
    assert!(wrong("inlay inpaint a.wav --region 2.1-2.1").starts_with("--region: the region is empty"));
}

#[test]
fn flags_that_exclude_each_other_and_missing_ones_are_named() {
    assert!(wrong("inlay generate drums --steps 4 --draft").contains("'--draft'"));
    assert!(wrong("inlay generate drums --batch a.txt").contains("'--batch <FILE>'"));
    assert!(wrong("inlay inpaint a.wav snare").contains("--region"));
    assert!(wrong("inlay retime a.wav").contains("--bpm"));
    assert!(wrong("inlay generat drums").contains("generate"));
    assert!(!wrong("inlay generate drums --bogus").starts_with("error:"));
    wrong("inlay");
}

#[test]
fn a_prompt_needs_no_quotes_and_has_a_length() {
    let prompt = |words: &[&str]| Words { words: words.iter().map(|w| w.to_string()).collect() }.prompt();
    assert_eq!(prompt(&["dusty", "boom", "bap"]).unwrap().as_ref().map(Prompt::as_str), Some("dusty boom bap"));
    assert_eq!(prompt(&[]).unwrap(), None);
    assert!(prompt(&[" "]).unwrap_err().to_string().starts_with("the prompt is empty"));
    assert!(prompt(&[&"é".repeat(1000)]).is_ok());
    assert_eq!(
        prompt(&[&"é".repeat(1001)]).unwrap_err().to_string(),
        "the prompt has 1001 characters, and 1000 is the most: make it shorter"
    );
}

#[test]
fn every_flag_of_generate_is_read() {
    let line = "inlay generate dusty drums --bars 8 --bpm 92.5 --key 'C# dorian' --chords 'Am | F' --feel half --negative hats --seed 7 --steps 20 \
                --guidance 2.5 --sampler ddim:0.5 --rate 44.1k --width 150% --variations 3 --threads 2 --json --picture a.png --play --force \
                --format flac -o a.flac";
    let Command::Generate(all) = right(line) else { panic!() };
    assert_eq!(all.prompt.words, ["dusty", "drums"]);
    assert_eq!((all.music.bars.unwrap().get(), all.music.bpm.unwrap().get()), (8, 92.5));
    assert_eq!(all.music.harmony.key.unwrap().to_string(), "C# dorian");
    assert_eq!(all.quality.sampler.unwrap().as_str(), "ddim:0.5");
    assert_eq!((all.sound.rate.unwrap().get(), all.sound.width.unwrap().get()), (44_100, 1.5));
    assert_eq!((all.count.variations, all.run.threads), (Some(3), Some(2)));
    assert!(all.run.json && all.run.play && all.run.force);
}

#[test]
fn regions_repeat_and_wait_for_their_take() {
    let Command::Inpaint(inpaint) = right("inlay inpaint a.wav --region 3 --region 4-1 snare roll") else { panic!() };
    let four = inlay_music::Bars::new(4).unwrap();
    let region = inpaint.region[1].of(four).unwrap();
    assert_eq!((region.start(), region.length()), (12.0, 8.0));
    assert!(inpaint.region[0].of(inlay_music::Bars::new(2).unwrap()).is_err());
}

#[test]
fn help_shows_examples_that_can_be_run() {
    for help in
        [examples::ALL, examples::GENERATE, examples::INPAINT, examples::VARY, examples::TRANSFORM, examples::RETIME, examples::BENCH]
    {
        let mut found = 0;
        for line in help.lines().map(str::trim).filter(|l| l.starts_with("inlay ")) {
            let words = shlex::split(line.split(" > ").next().unwrap()).unwrap();
            assert!(matches!(parse(words), Ok(Parsed::Run(_))), "{line}");
            found += 1;
        }
        assert!(found > 0);
    }
    assert!(matches!(parse(["inlay", "generate", "--help"]), Ok(Parsed::Show(help)) if help.contains(examples::GENERATE)));
}

#[test]
fn every_shell_has_completions() {
    use clap::ValueEnum as _;
    for shell in clap_complete::Shell::value_variants() {
        let script = String::from_utf8(completions(*shell)).unwrap();
        assert!(script.contains("generate") && script.contains("chords"), "{shell}");
    }
}
