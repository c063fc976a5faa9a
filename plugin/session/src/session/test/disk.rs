//! Takes of models from disk, by a tiny one with random weights.

use super::*;
use std::fs;

fn tiny() -> tempfile::TempDir {
    inlay_tiny::folder("sa3-tiny")
}

fn name(folder: &tempfile::TempDir) -> String {
    folder.path().file_name().unwrap().to_string_lossy().into_owned()
}

/// A rig whose model was dropped on its window, with a take in slot 1.
fn made(folder: &tempfile::TempDir) -> Rig {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::OwnTempo(Some(Bpm::new(200.0).unwrap())));
    rig.ask(Command::Drop(folder.path().into()));
    rig.settle();
    rig.ask(Command::Generate);
    rig.settle();
    rig
}

#[test]
fn a_model_that_is_dropped_makes_takes_from_then_on_which_remember_it() {
    let folder = tiny();
    let mut rig = made(&folder);
    let said = rig.said();
    assert!(said.iter().any(|(tone, _, text)| *tone == Tone::Notice && text.contains("makes takes from now on")), "{said:?}");
    assert!(said.iter().any(|(_, place, text)| *place == Place::Prompt && text.contains("The model ")), "how far it was off: {said:?}");
    let take = rig.entry(0).unwrap().own.unwrap();
    assert_eq!(take.about.made_by, Some(name(&folder)));
    assert_eq!((take.about.request.steps, take.about.request.sampler.as_str()), (4, "ping-pong"));
    let snapshot = rig.session.snapshot();
    assert_eq!((&snapshot.model.name, &snapshot.history[0].model), (&name(&folder), &name(&folder)));
    assert!(snapshot.model.choices.iter().any(|c| c.chosen && c.name == Some(name(&folder)) && c.problem.is_none()));
    // and Inlay's own again
    rig.ask(Command::Model(None));
    rig.ask(Command::Vary);
    rig.settle();
    let own = rig.session.history.iter().last().unwrap().about.clone();
    assert_eq!((own.made_by, own.request.sampler.as_str()), (None, "dpm++2m"), "{:?}", rig.said());
}

#[test]
fn a_project_whose_model_is_missing_plays_its_takes_and_says_what_is_missing() {
    let folder = tiny();
    let name = name(&folder);
    let mut rig = made(&folder);
    let sound = rig.entry(0).unwrap().own.unwrap().sound.clone();
    let json = rig.session.save();
    drop(folder);

    let mut back = Rig::new();
    back.session.load(&json);
    back.activate();
    assert_eq!(back.entry(0).unwrap().own.unwrap().sound, sound);
    back.settle();
    let said = back.said();
    assert!(
        said.iter().any(|(_, place, text)| *place == Place::Instance && text.contains(&format!("{name} isn't on this machine"))),
        "{said:?}"
    );
    assert!(loud(&back.play(4.0)), "its takes play");
    assert_eq!(back.session.snapshot().history[0].model, format!("{name} (not on this machine)"));
    back.ask(Command::Generate);
    assert!(back.said().iter().any(|(tone, place, text)| (*tone, *place) == (Tone::Failure, Place::Prompt) && text.contains(&name)));
    back.settle();
    assert_eq!(back.session.history.iter().count(), 1);
    // the choice stays for the day on which the model is there
    let again = back.session.save();
    assert!(again.contains(&format!("\"model\":{{\"name\":\"{name}\"")), "{}", &again[..300]);
    back.ask(Command::Model(None));
    back.ask(Command::Generate);
    back.settle();
    assert_eq!(back.session.history.iter().count(), 2);
}

#[test]
fn what_is_kept_as_it_is_comes_back_although_a_model_from_disk_is_chosen() {
    let folder = tiny();
    let mut rig = made(&folder);
    let bpm = Bpm::new(120.0).unwrap();
    let frames = inlay_music::loop_length(bpm, Bars::new(1).unwrap().beats(), SampleRate::CD).get();
    let sound = inlay_music::Sound { rate: SampleRate::CD, channels: vec![(0..frames).map(|i| 0.1 * (i as f32 * 0.05).sin()).collect()] };
    rig.session.keep_audio(Arc::new(sound.clone()), Bars::new(1).unwrap(), bpm, None, "hum", "capture");
    rig.settle();
    let json = rig.session.save();
    let mut back = Rig::new();
    back.session.load(&json);
    back.settle();
    assert_eq!(back.said(), []);
    let kept = back.session.history.iter().last().unwrap();
    assert_eq!((kept.about.made_by.as_ref(), back.session.history.iter().count()), (None, 2));
}

#[test]
fn a_lora_that_is_dropped_changes_the_chosen_model_by_its_strength() {
    let folder = tiny();
    let mut rig = made(&folder);
    let plain = rig.entry(0).unwrap().about.model;
    let lora = folder.path().join("lora/lora.safetensors");
    rig.ask(Command::Drop(lora.clone()));
    rig.settle();
    rig.ask(Command::Lora { index: 0, strength: Some(0.5) });
    assert_eq!(
        rig.session.snapshot().model.loras,
        [crate::LoraView { name: "lora.safetensors".into(), strength: 0.5 }],
        "{:?}",
        rig.said()
    );
    rig.ask(Command::Generate);
    rig.settle();
    assert_ne!(rig.entry(0).unwrap().about.model, plain, "{:?}", rig.said());
    let mut back = Rig::new();
    back.session.load(&rig.session.save());
    assert_eq!(back.session.snapshot().model.loras.len(), 1);
    rig.ask(Command::Lora { index: 0, strength: None });
    assert!(rig.session.snapshot().model.loras.is_empty());
    // without a model from disk there is nothing to change
    rig.ask(Command::Model(None));
    rig.ask(Command::Drop(lora));
    rig.settle();
    assert!(rig.said().iter().any(|(tone, _, text)| *tone == Tone::Failure && text.contains("choose the model")));
}

#[test]
fn a_take_that_comes_back_as_other_numbers_stays_the_take_and_saving_ends() {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    let entry = rig.entry(0).unwrap();
    let other = inlay_music::Take { id: TakeId("other".into()), ..(*entry.own.clone().unwrap()).clone() };
    let entry = rig.session.history.get_mut(&entry.id).unwrap();
    entry.forget_sound();
    entry.found(Arc::new(other));
    assert!(rig.session.save().contains("\"sound\""));
}

#[test]
fn a_project_comes_back_with_its_model() {
    let folder = tiny();
    let json = made(&folder).session.save();
    let mut back = Rig::new();
    back.session.load(&json);
    back.settle();
    assert_eq!(back.said(), []);
    back.ask(Command::Inpaint);
    back.ask(Command::Regions(vec![Rig::region(1.0, 1.0)]));
    back.ask(Command::Inpaint);
    back.settle();
    let (parent, child) = (back.session.history.iter().next().unwrap().clone(), back.entry(0).unwrap());
    assert_eq!((child.about.parent.as_ref(), child.about.made_by), (Some(&parent.id), parent.about.made_by));
}

#[test]
fn a_folder_that_is_no_model_says_what_is_missing_in_it() {
    let folder = tiny();
    fs::remove_file(folder.path().join("model.safetensors")).unwrap();
    let mut rig = Rig::new();
    rig.ask(Command::Drop(folder.path().into()));
    rig.settle();
    let said = rig.said();
    assert!(
        said.iter()
            .any(|(tone, place, text)| (*tone, *place) == (Tone::Failure, Place::Files) && text.contains("model.safetensors is missing"))
    );
    assert!(rig.session.snapshot().model.choices.iter().all(|c| c.name.is_none()), "nothing was chosen");
}

#[test]
fn takes_of_a_model_from_disk_follow_the_tempo_and_keep_their_sound_in_the_project() {
    let folder = tiny();
    let mut rig = made(&folder);
    rig.ask(Command::OwnTempo(None));
    rig.activate();
    rig.tempo = 190.0;
    for _ in 0..3 {
        rig.now += Duration::from_secs(3);
        rig.play(0.05);
        rig.settle();
    }
    let voice = rig.entry(0).unwrap().voices[0].clone().unwrap();
    assert_eq!((voice.bpm().get(), voice.take.about.made_by.clone()), (190.0, Some(name(&folder))), "{:?}", rig.said());
    // out of its slot its sound is kept: no latents could bring it back
    rig.ask(Command::Clear(0));
    assert!(rig.session.history.iter().next().unwrap().own.is_some());
}

#[test]
fn a_text_encoder_that_is_dropped_is_used_with_the_model_that_lacks_it() {
    let (folder, elsewhere) = (tiny(), tempfile::tempdir().unwrap());
    let text = elsewhere.path().join("encoder");
    fs::rename(folder.path().join("t5gemma-b-b-ul2"), &text).unwrap();
    let mut rig = Rig::with("house drums");
    rig.ask(Command::OwnTempo(Some(Bpm::new(200.0).unwrap())));
    // alone it belongs to nothing
    rig.ask(Command::Drop(text.clone()));
    rig.settle();
    assert!(
        rig.said().iter().any(|(tone, _, said)| *tone == Tone::Failure && said.contains("drop the folder of the model")),
        "{:?}",
        rig.said()
    );
    rig.ask(Command::Drop(folder.path().into()));
    rig.settle();
    assert!(
        rig.said().iter().any(|(_, _, said)| said.contains("The text encoder is missing") || said.contains("the text encoder is missing"))
    );
    rig.ask(Command::Drop(text.clone()));
    rig.settle();
    rig.ask(Command::Generate);
    rig.settle();
    assert_eq!(rig.entry(0).unwrap().about.made_by, Some(name(&folder)), "{:?}", rig.said());
    // and again tomorrow
    let mut back = Rig::new();
    back.session.load(&rig.session.save());
    back.settle();
    back.ask(Command::Generate);
    back.settle();
    assert!(back.said().iter().any(|(tone, _, said)| *tone == Tone::Notice && said.starts_with("The model played")), "{:?}", back.said());
    // chosen anew it keeps it
    back.ask(Command::Model(None));
    back.ask(Command::Model(Some(folder.path().into())));
    assert_eq!(back.session.models.chosen.as_ref().and_then(|chosen| chosen.text.clone()), Some(text));
}

#[test]
fn what_is_dropped_together_is_read_one_after_the_other_and_choosing_a_model_again_keeps_what_changes_it() {
    let (folder, elsewhere) = (tiny(), tempfile::tempdir().unwrap());
    let text = elsewhere.path().join("encoder");
    fs::rename(folder.path().join("t5gemma-b-b-ul2"), &text).unwrap();
    let mut rig = Rig::new();
    for path in [folder.path().to_path_buf(), text.clone(), folder.path().join("lora/lora.safetensors")] {
        rig.ask(Command::Drop(path));
    }
    rig.settle();
    let chosen = |rig: &Rig| rig.session.models.chosen.clone().unwrap();
    let whole = chosen(&rig);
    assert_eq!((whole.text.as_ref(), whole.loras.len()), (Some(&text), 1), "{:?}", rig.said());
    // once more, each alone
    for path in [text.clone(), folder.path().to_path_buf()] {
        rig.ask(Command::Drop(path));
        rig.settle();
        assert_eq!(chosen(&rig), whole, "{:?}", rig.said());
    }
    // a project that was loaded knows its encoder when another model was chosen in between, and it was looked for models
    let mut back = Rig::new();
    back.session.load(&rig.session.save());
    back.settle();
    back.ask(Command::Model(None));
    back.ask(Command::LookForModels);
    back.settle();
    back.ask(Command::Model(Some(folder.path().into())));
    assert_eq!(chosen(&back).text, Some(text.clone()));
    assert!(back.session.models.maker().is_ok());
    // and where the encoder was put into the usual place meanwhile, that one is used
    fs::rename(&text, folder.path().join("t5gemma-b-b-ul2")).unwrap();
    back.ask(Command::LookForModels);
    back.settle();
    assert!(back.session.models.maker().is_ok());
}
