//! Any model through one interface.

use super::*;
use crate::testing::{fixtures, path};
use std::ops::ControlFlow;

fn found(name: &str) -> Found {
    Found::read(&fixtures().join(name), None).unwrap()
}

#[test]
fn a_folder_of_models_is_listed_with_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let copy = |from: &str, to: &str| {
        fs::create_dir_all(folder.path().join(to)).unwrap();
        for entry in fs::read_dir(fixtures().join(from)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, folder.path().join(to).join(path.file_name().unwrap())).unwrap();
            }
        }
    };
    copy("sao10-tiny", "open");
    copy("t5-base", "t5-base");
    copy("sa3-tiny", "three");
    fs::create_dir(folder.path().join("holiday pictures")).unwrap();
    let found = Found::all(folder.path()).unwrap();
    let names: Vec<_> = found.iter().map(|l| l.path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["open", "three"]);
    assert!(matches!(&found[0].found, Ok(Found::Open(_))));
    assert!(found[1].found.as_ref().unwrap_err().to_string().contains("t5gemma-b-b-ul2"));
    assert!(matches!(Found::all(Path::new("no such folder")), Err(FolderError::Unreadable { .. })));
}

#[test]
fn every_model_goes_from_words_to_sound_and_back_through_one_interface() {
    for (name, steps, inpaints) in [("sa3-tiny", 8, true), ("sao10-tiny", 100, false), ("sao-small-tiny", 8, false)] {
        let found = found(name);
        let model = found.load(&Device::Cpu, &[], &crate::Loading::unwatched()).unwrap();
        model.check(&crate::Loading::unwatched()).unwrap();
        assert_eq!((found.usual().steps, found.inpaints(), found.sample_rate()), (steps, inpaints, 640));
        assert_eq!((model.inpaints(), model.sample_rate(), model.seconds()), (inpaints, 640, found.seconds()));
        let request = Request { steps: 2, guidance: found.usual().guidance, ..Request::new("drums", 1.0, 5) };
        let made = model.sample(&request, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(made.length, model.length(&request).unwrap());
        assert!(!made.cut && !model.tokens("drums").unwrap().cut);
        let sound = model.sound(&made, &mut |_, _| ControlFlow::Continue(())).unwrap();
        assert!(sound[0].iter().all(|channel| channel.len() == 640));
        // a part of it is what the whole has there
        for samples in [0..640, 100..101, 64..128, 333..600, 600..9999] {
            let (part, cut) = model.make(&request, samples.clone(), &mut |_| ControlFlow::Continue(())).unwrap();
            let whole = sound[0].each_ref().map(|channel| channel[samples.start..samples.end.min(640)].to_vec());
            assert_eq!((part, cut), (whole, false), "{samples:?}");
        }
        let latents = model.encode(&sound[0], &mut |_, _| ControlFlow::Continue(())).unwrap();
        let audio = model.decode(&latents, 0..2, &mut |_, _| ControlFlow::Continue(())).unwrap();
        assert_eq!(audio[0][0].len(), 2 * model.samples_per_latent());
        assert!(model.seconds() > 3.0);
        let stopped = model.encode(&sound[0], &mut |_, _| ControlFlow::Break(()));
        assert_eq!(stopped.unwrap_err(), StableError::Cancelled);
    }
}

#[test]
fn loading_tells_how_far_it_is_and_stops_within_a_layer() {
    for name in ["sa3-tiny", "sao10-tiny"] {
        let told = std::sync::Mutex::new(vec![]);
        let on = |part: f64| {
            told.lock().unwrap().push(part);
            ControlFlow::Continue(())
        };
        let model = found(name).load(&Device::Cpu, &[], &crate::Loading::new(&on)).unwrap();
        let parts = told.into_inner().unwrap();
        assert!(parts.len() > 2 && parts[0] == 0.0 && parts.windows(2).all(|w| w[0] < w[1]), "{parts:?}");
        for stop in [0.0, 0.5, parts[parts.len() - 1]] {
            let on = |part: f64| if part < stop { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
            assert_eq!(found(name).load(&Device::Cpu, &[], &crate::Loading::new(&on)).map(drop), Err(StableError::Cancelled));
        }
        assert_eq!(model.check(&crate::Loading::new(&|_| ControlFlow::Break(()))), Err(StableError::Cancelled));
    }
}

#[test]
fn a_lora_for_stable_audio_open_says_that_there_are_none() {
    let lora = Lora::open(&path("lora/lora.safetensors")).unwrap();
    let found = Found::read(&fixtures().join("sao10-tiny"), None).unwrap();
    assert!(
        found
            .load(&Device::Cpu, &[(lora.clone(), 1.0)], &crate::Loading::unwatched())
            .unwrap_err()
            .to_string()
            .contains("lora.safetensors")
    );
    let three = Found::read(&path("model.safetensors"), None).unwrap();
    assert!(three.memory() > 0 && found.memory() > 0);
    assert!(matches!(three.load(&Device::Cpu, &[(lora, 0.5)], &crate::Loading::unwatched()), Ok(Model::Three(_))));
}
