//! LoRAs against the reference: changed weights, what they do to the network, and what doesn't fit.

use super::*;
use crate::conditioner::{Conditioner, Padding};
use crate::dit::{Conditions, Dit};
use crate::folder::layout;
use crate::testing::{FOLDER, Golden, MODEL, agree, numbers, path, same};
use crate::weights::Weights;
use candle_core::{Device, Tensor};
use std::sync::Arc;

const KINDS: [&str; 6] = ["lora", "dora-rows", "dora-cols", "bora", "lora-xs", "dora-rows-xs"];
const QKV: &str = "model.model.transformer.layers.1.self_attn.to_qkv.weight";

fn lora(kind: &str) -> Lora {
    Lora::open(&path(&format!("lora/{kind}.safetensors"))).unwrap()
}

fn changed(loras: &[(Lora, f32)]) -> Weights {
    let stack = Stack::new(loras, &layout(FOLDER.config())).unwrap();
    Weights::new(FOLDER.weights.clone(), &Device::Cpu).with_loras(Arc::new(stack))
}

#[test]
fn every_kind_changes_the_network_as_the_reference_does() {
    let golden = Golden::read("lora_golden");
    for kind in KINDS {
        for strength in [1.0, 0.7] {
            let name = |part: &str| format!("{kind}_s{strength:.1}_{part}");
            let weights = changed(&[(lora(kind), strength)]);
            agree(&name("to_qkv"), &weights.numbers(QKV, &[384, 128]).unwrap(), &golden.numbers(&name("to_qkv")), 1e-5);
            let conditioner = Conditioner::new(FOLDER.config(), &weights.pp("conditioner.conditioners")).unwrap();
            let seconds = conditioner.seconds(1.25).unwrap();
            agree(&name("seconds"), &numbers(&seconds), &golden.numbers(&name("seconds")), 1e-4);
            let dit = Dit::new(&FOLDER.config().dit, &weights.pp("model.model"), &crate::Loading::unwatched()).unwrap();
            let hidden = MODEL.text().hidden(&[MODEL.tokens("warm analog synth pulses, 112 BPM").unwrap()]).unwrap();
            let context = conditioner.context(hidden[0].as_ref(), &seconds, Padding::Learned).unwrap();
            let contexts = [Some(context)];
            let conditions = Conditions { contexts: &contexts, global: seconds, local: None, time: 74, valid: None };
            let v = dit.forward(&golden.rows("x"), &golden.numbers("t"), &dit.prepare(&conditions).unwrap()).unwrap();
            same(&name("v"), &v, &golden.rows(&name("v")), 1e-4);
        }
    }
}

#[test]
fn a_strength_of_zero_is_the_model_itself_and_stacks_apply_in_order() {
    let plain = changed(&[]).numbers(QKV, &[384, 128]).unwrap();
    let with = |loras: &[(Lora, f32)]| changed(loras).numbers(QKV, &[384, 128]).unwrap();
    assert_eq!(with(&[(lora("bora"), 0.0)]), plain);
    assert_eq!(with(&[(lora("lora"), 1.0), (lora("bora"), 0.0)]), with(&[(lora("lora"), 1.0)]));
    assert_ne!(with(&[(lora("lora"), 1.0), (lora("bora"), 1.0)]), with(&[(lora("bora"), 1.0), (lora("lora"), 1.0)]));
    // plain ones add up
    let twice = with(&[(lora("lora"), 0.5), (lora("lora"), 0.5)]);
    agree("two halves", &twice, &with(&[(lora("lora"), 1.0)]), 1e-6);
    // a weight that no file names stays
    let other = "model.model.transformer.layers.0.self_attn.to_qkv.weight";
    assert_eq!(changed(&[(lora("lora"), 1.0)]).numbers(other, &[384, 128]).unwrap(), changed(&[]).numbers(other, &[384, 128]).unwrap());
}

/// A file of one module with a note.
fn file(note: Option<&str>, tensors: &[(&str, Vec<usize>)]) -> Result<Lora, LoraError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.safetensors");
    let numbers = |shape: &Vec<usize>| Tensor::full(0.5f32, shape.as_slice(), &Device::Cpu).unwrap();
    let tensors = tensors.iter().map(|(key, shape)| (*key, numbers(shape)));
    let note = note.map(|n| std::collections::HashMap::from([("lora_config".to_owned(), n.to_owned())]));
    std::fs::write(&path, safetensors::serialize(tensors, note).unwrap()).unwrap();
    Lora::open(&path)
}

fn fits(lora: Result<Lora, LoraError>) -> Result<Stack, LoraError> {
    Stack::new(&[(lora?, 1.0)], &layout(FOLDER.config()))
}

const A: &str = "model.transformer.layers.1.self_attn.to_out.parametrizations.weight.0.lora_A";
const B: &str = "model.transformer.layers.1.self_attn.to_out.parametrizations.weight.0.lora_B";
const MAGNITUDE: &str = "model.transformer.layers.1.self_attn.to_out.parametrizations.weight.0.magnitude";

#[test]
fn older_files_tell_axis_and_rank_by_their_shapes() {
    let dora = r#"{"adapter_type": "dora", "alpha": 2}"#;
    let parts = |magnitude: Vec<usize>| vec![(A, vec![2, 128]), (B, vec![128, 2]), (MAGNITUDE, magnitude)];
    for magnitude in [vec![128], vec![128, 1], vec![1, 128]] {
        fits(file(Some(dora), &parts(magnitude))).unwrap();
    }
}

#[test]
fn a_lora_for_another_model_says_so() {
    let note = Some(r#"{"rank": 2, "alpha": 2, "adapter_type": "lora"}"#);
    let far = "model.transformer.layers.19.self_attn.to_out.parametrizations.weight.0.lora_A";
    for (tensors, words) in [
        (vec![(far, vec![2, 128])], "layers.19"),
        (vec![(A, vec![2, 1024]), (B, vec![1024, 2])], "[2, 1024]"),
        (vec![(A, vec![2, 128])], "lacks lora_B"),
        (vec![(A, vec![2, 128]), (B, vec![128, 3])], "[128, 3]"),
    ] {
        let error = fits(file(note, &tensors)).unwrap_err();
        assert!(matches!(error, LoraError::OtherModel { .. }) && error.to_string().contains(words), "{error}");
    }
    let small = Some(r#"{"rank": 200, "alpha": 2, "adapter_type": "lora-xs"}"#);
    let m = A.replace("lora_A", "M_xs");
    assert!(fits(file(small, &[(&m, vec![200, 200])])).unwrap_err().to_string().contains("rank of 200"));
}

#[test]
fn files_that_are_no_loras_are_refused() {
    let both = [(A, vec![2, 128]), (B, vec![128, 2])];
    for (note, words) in [
        (None, "no lora_config"),
        (Some("[]"), "can't be read"),
        (Some(r#"{"rank": 2, "adapter_type": "loha"}"#), "loha"),
        (Some(r#"{"rank": 0, "adapter_type": "lora"}"#), "rank"),
        (Some(r#"{"rank": 999999999999, "adapter_type": "lora"}"#), "rank"),
        (Some(r#"{"rank": 2, "alpha": 1e300, "adapter_type": "lora"}"#), "alpha"),
    ] {
        let error = file(note, &both).unwrap_err();
        assert!(matches!(error, LoraError::NoLora { .. }) && error.to_string().contains(words), "{error}");
    }
    let note = Some(r#"{"rank": 2, "adapter_type": "lora"}"#);
    assert!(file(note, &[("something.else", vec![2])]).unwrap_err().to_string().contains("something.else"));
    assert!(file(note, &[]).unwrap_err().to_string().contains("empty"));
    assert!(matches!(Lora::open(std::path::Path::new("a/mine.ckpt")), Err(LoraError::Pickle(_))));
    assert!(matches!(Lora::open(std::path::Path::new("no such.safetensors")), Err(LoraError::Weights(_))));
    for strength in [f32::NAN, 5.0, -5.0] {
        assert!(matches!(Stack::new(&[(lora("lora"), strength)], &layout(FOLDER.config())), Err(LoraError::Strength(_))));
    }
}
