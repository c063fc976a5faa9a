use super::*;
use crate::args::commands::Generate;
use crate::batch::parse;
use inlay_music::{About, SampleRate, Sound, TakeId};
use std::sync::Arc;

fn generated(line: &str) -> Request {
    generate(&parse(line, "prompts", &Generate::default()).unwrap()[0], &Chosen::own()).unwrap()
}

fn take(line: &str, chords: Option<&str>) -> Take {
    let about = About {
        request: generated(line),
        chords: chords.map(|c| c.parse().unwrap()),
        parent: None,
        model: String::new(),
        codec: String::new(),
        gain: 1.0,
        width: 0.3,
        from_audio: false,
        made_by: None,
        made_at: None,
    };
    let sound = Sound { rate: SampleRate::CD, channels: vec![] };
    Take { id: TakeId("parent".into()), about, latents: Arc::new([]), sound }
}

fn on(parent: &Take, words: Option<&str>, harmony: Harmony) -> Request {
    going_on(parent, Task::Retime, words.map(|w| w.parse().unwrap()), &harmony, (&Quality::default(), &Chosen::own())).unwrap()
}

#[test]
fn a_given_tempo_goes_before_the_prompts_and_that_before_120() {
    assert_eq!(generated("drums at 92 bpm --bpm 100").bpm.get(), 100.0);
    assert_eq!(generated("drums at 92 bpm").bpm.get(), 92.0);
    assert_eq!(generated("drums").bpm.get(), 120.0);
}

#[test]
fn what_nobody_says_has_its_usual_value() {
    let request = generated("drums --seed 7");
    assert_eq!((request.bars.get(), request.steps, request.guidance, request.sampler.as_str()), (4, 16, 3.0, "dpm++2m"));
    assert_eq!(generated("drums --draft").steps, 8);
    assert_ne!(generated("drums").seed, generated("drums").seed, "seeds are drawn");
}

#[test]
fn a_loops_chords_stay_until_somebody_says_others() {
    let parent = take("warm pad in a minor --bars 2", Some("Am | F"));
    let chords = |request: Request| request.chords.map(|c| c.to_string());
    assert_eq!(chords(on(&parent, None, Harmony::default())).as_deref(), Some("Am | F"));
    assert_eq!(chords(on(&parent, Some("bright pad"), Harmony::default())).as_deref(), Some("Am | F"));
    assert_eq!(chords(on(&parent, Some("bright pad in c major"), Harmony::default())), None);
    assert_eq!(key(&on(&parent, Some("bright pad"), Harmony::default())).unwrap().to_string(), "A minor");
    let dm = Harmony { key: "Dm".parse().ok(), ..Harmony::default() };
    assert_eq!(chords(on(&parent, None, dm)), None);
    let given = Harmony { chords: "G".parse().ok(), ..Harmony::default() };
    assert_eq!(chords(on(&parent, None, given)).as_deref(), Some("G"));
}

#[test]
fn going_on_keeps_the_words_and_the_quality_and_draws_a_seed() {
    let parent = take("dusty drums --bpm 92 --seed 7 --draft --negative hats", None);
    let child = on(&parent, None, Harmony::default());
    let old = &parent.about.request;
    assert_eq!((&child.prompt, &child.negative, child.steps, child.bpm), (&old.prompt, &old.negative, 8, old.bpm));
    assert_ne!(child.seed, old.seed);
    assert_eq!(on(&parent, None, Harmony { seed: Some(Seed(3)), ..Harmony::default() }).seed, Seed(3));
}

#[test]
fn words_with_another_tempo_are_answered() {
    let parent = take("dusty drums --bpm 92", None);
    assert!(other_tempo(&on(&parent, Some("fast drums 174 bpm"), Harmony::default())).unwrap().contains("92 BPM"));
    assert_eq!(other_tempo(&on(&parent, Some("drums 92 bpm"), Harmony::default())), None);
    assert_eq!(other_tempo(&parent.about.request), None);
}
