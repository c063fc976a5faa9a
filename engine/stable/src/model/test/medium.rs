//! The medium model from words to sound, against the reference.

use super::*;
use crate::testing::{fixtures, path};

/// The tiny medium model in a folder as it is downloaded; its text encoder is the small one's.
fn load() -> StableAudio3 {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("t5gemma-b-b-ul2");
    std::fs::create_dir(&text).unwrap();
    for name in ["config.json", "model.safetensors", "tokenizer.json"] {
        std::fs::copy(path("t5gemma-b-b-ul2").join(name), text.join(name)).unwrap();
    }
    for name in ["model_config.json", "model.safetensors"] {
        std::fs::copy(fixtures().join("sa3-medium-tiny").join(name), folder.path().join(name)).unwrap();
    }
    StableAudio3::load(&Folder::read(folder.path(), None).unwrap(), &Device::Cpu, &[], &crate::Loading::unwatched()).unwrap()
}

#[test]
fn ping_pong_goes_where_the_reference_goes() {
    let model = load();
    let request = Request { steps: 4, ..request() };
    assert_eq!(model.length(&request).unwrap(), Length { samples: 800, latents: 76, valid: 73 });
    trajectory_of(&model, &Golden::of("sa3-medium-tiny", "pingpong4"), "medium pingpong4", &request);
}

#[test]
fn from_words_to_sound_variations_are_alone_what_they_are_together() {
    let model = load();
    let audio: Stereo = [(0..800).map(|i| (i as f32 * 0.3).sin() * 0.3).collect(), vec![0.1; 800]];
    let source = Source::Inpaint { audio: &audio, regions: &[0.4..0.8] };
    let two = Request { noise: NoiseSource::variations(5, 0..2), steps: 2, source, ..Request::new(PROMPTS[0], 1.25, 5) };
    let made = model.sample(&two, &mut on).unwrap();
    let sound = model.sound(&made, &mut |_, _| on(())).unwrap();
    assert!(sound.iter().flatten().all(|channel| channel.len() == 800 && channel.iter().any(|v| *v != 0.0)));
    let alone = model.sample(&Request { noise: NoiseSource::variations(5, 1..2), ..two }, &mut on).unwrap();
    assert_eq!(alone.latents.data(), made.latents.item(1).unwrap());
    assert_eq!(model.sound(&alone, &mut |_, _| on(())).unwrap()[0], sound[1]);
    model.check(&crate::Loading::unwatched()).unwrap();
}
