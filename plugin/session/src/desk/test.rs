use super::*;
use inlay_music::{About, Amount, Feel, SampleRate, Sound, TakeId};
use inlay_player::Quantize;

fn knobs() -> Knobs {
    Knobs {
        bars: Bars::new(4).unwrap(),
        feel: Feel::Normal,
        steps: 16,
        guidance: 3.0,
        amount: Amount::DEFAULT,
        seed_lock: false,
        slot: 0,
        quantize: Quantize::Bar,
    }
}

fn desk(prompt: &str) -> Desk {
    Desk { prompt: prompt.into(), ..Desk::default() }
}

fn take(request: Request) -> Take {
    let about = About {
        chords: Some("Am | F | C | G".parse().unwrap()),
        request,
        parent: None,
        made_at: None,
        model: "m".into(),
        codec: "c".into(),
        gain: 1.0,
        width: 0.0,
        from_audio: false,
        made_by: None,
    };
    Take { id: TakeId("a".into()), about, latents: [].into(), sound: Sound { rate: SampleRate::CD, channels: vec![] } }
}

#[test]
fn without_words_it_says_what_to_do() {
    let refusal = desk("  ").generate(&knobs(), Seed(1)).unwrap_err();
    assert_eq!(refusal.place, Place::Prompt);
    assert_eq!(refusal.text, "Type what you want to hear, then press Enter");
}

#[test]
fn the_project_s_key_holds_for_what_has_a_pitch_and_no_other_key() {
    let key = |desk: Desk| desk.generate(&knobs(), Seed(1)).unwrap().key.map(|k| k.short());
    let project = |prompt: &str| Desk { project_key: Some("F#m".parse().unwrap()), ..desk(prompt) };
    assert_eq!(key(project("warm bass")), Some("F#m".into()));
    assert_eq!(key(project("dusty boom bap drums")), None);
    assert_eq!(key(project("warm bass in C minor")), None, "the words have one");
    assert_eq!(key(Desk { key: Some("D".parse().unwrap()), ..project("warm bass") }), Some("D".into()));
    assert_eq!(key(Desk { chords: "Am | F".into(), ..project("warm bass") }), None, "chords have none");
}

#[test]
fn chords_that_cannot_be_read_are_told_where_they_stand() {
    let desk = Desk { chords: "Am | H#".into(), ..desk("warm bass") };
    assert_eq!(desk.generate(&knobs(), Seed(1)).unwrap_err().place, Place::Chords);
    let mut typed = Desk::default();
    typed.type_chords("Am | F | C | G | Am".into(), Bars::new(4).unwrap());
    assert!(typed.chords_error.is_some(), "five bars of chords in four bars");
    typed.type_chords("Am | F".into(), Bars::new(4).unwrap());
    assert_eq!(typed.chords_error, None);
}

#[test]
fn a_variation_keeps_the_chords_of_its_take_until_others_are_said() {
    let parent = take(desk("warm rhodes chords").generate(&knobs(), Seed(1)).unwrap());
    let vary = |desk: Desk| desk.going_on(&parent, Task::Vary { amount: Amount::DEFAULT }, Bpm::DEFAULT, &knobs(), Seed(2)).unwrap();
    assert_eq!(vary(desk("")).chords, parent.about.chords);
    assert_eq!(vary(desk("")).prompt.as_str(), "warm rhodes chords");
    assert_eq!(vary(desk("soft pad in D minor")).chords, None);
    assert_eq!(vary(Desk { chords: "Dm".into(), ..desk("") }).chords, Some("Dm".parse().unwrap()));
}

#[test]
fn another_tempo_among_the_words_is_noticed() {
    assert_eq!(desk("house drums 124 bpm").other_tempo().map(Bpm::get), Some(124.0));
    assert_eq!(desk("house drums 120 bpm").other_tempo(), None);
    assert_eq!(desk("house drums").other_tempo(), None);
}

#[test]
fn regions_outside_of_the_take_are_left_out_and_others_joined() {
    let region = |start, length| Region::new(start, length, Bars::new(16).unwrap()).unwrap();
    let desk = Desk { regions: vec![region(0.0, 2.0), region(1.0, 3.0), region(40.0, 4.0)], ..Desk::default() };
    let four = Bars::new(4).unwrap();
    assert_eq!(desk.regions_in(four), [Region::new(0.0, 4.0, four).unwrap()]);
}
