//! The denoiser against the reference.

use super::*;
use crate::Guidance;
use crate::conditioner::Context;
use crate::open::OpenFolder;
use crate::testing::{Golden, agree, fixtures, portable, same};
use candle_core::Device;

/// Tolerance of a stage.
const STAGE: f32 = 1e-4;

fn dit(model: &str) -> Dit {
    let folder = OpenFolder::read(&fixtures().join(model), None).unwrap();
    Dit::new(&folder.config().dit, &Weights::new(folder.weights.clone(), &Device::Cpu).pp("model.model"), &crate::Loading::unwatched())
        .unwrap()
}

/// What the reference's conditioner gave: every row written out.
fn conditions(model: &str) -> (Vec<Context>, Tensor) {
    let golden = Golden::of(model, "conditioning");
    let cross = golden.get("cross_attn_cond");
    let context = |i: usize| Context { rows: cross.get(i).unwrap(), counts: vec![1; cross.dim(1).unwrap()] };
    ((0..2).map(context).collect(), golden.get("global_cond"))
}

#[test]
fn predictions_with_and_without_the_prompt_are_the_reference_s() {
    for model in ["sao10-tiny", "sao-small-tiny"] {
        let (dit, golden, (contexts, global)) = (dit(model), Golden::of(model, "dit"), conditions(model));
        let x = golden.rows("x");
        let with = dit.prepare(Some(&contexts), &global, 64).unwrap();
        let without = dit.prepare(None, &global, 64).unwrap();
        for t in ["t0", "t1", "t2"] {
            let times = golden.numbers(t);
            let v = dit.forward(&x, &times, &with).unwrap();
            same(&format!("{model} v_{t}"), &v, &golden.rows(&format!("v_{t}")), STAGE);
            let plain = dit.forward(&x, &times, &without).unwrap();
            let guided = (&plain + ((v - &plain).unwrap() * 4.0).unwrap()).unwrap();
            same(&format!("{model} v_{t}_cfg4"), &guided, &golden.rows(&format!("v_{t}_cfg4")), STAGE);
        }
        let t = golden.numbers("probe_t");
        agree(&format!("{model} features"), &dit.features(&t), &golden.numbers("probe_timestep_features"), STAGE);
        let mut h = dit.start(&x, &t, &with).unwrap();
        for (i, (layer, prompts)) in dit.layers.iter().zip(&with.prompts).enumerate() {
            h = layer.forward(&h, prompts, &with.rotary).unwrap();
            same(&format!("{model} layer{i}"), &h, &golden.get(&format!("probe_layer{i}")), STAGE);
        }
        same(&format!("{model} probe_v"), &dit.forward(&x, &t, &with).unwrap(), &golden.rows("probe_v"), STAGE);
    }
}

#[test]
fn a_negative_prompt_and_a_rescaled_deviation_are_the_reference_s() {
    for model in ["sao10-tiny", "sao-small-tiny"] {
        let (golden, (contexts, global)) = (Golden::of(model, "dit"), conditions(model));
        let folder = OpenFolder::read(&fixtures().join(model), None).unwrap();
        let all = crate::StableAudioOpen::load(&folder, &Device::Cpu, &crate::Loading::unwatched()).unwrap();
        let hidden = all.text.hidden(&[all.tokens("drums").unwrap()]).unwrap();
        let negative = |c: &Context| {
            let (rows, numbers) = (c.rows.dim(0).unwrap(), folder.config().numbers.len());
            let seconds: Vec<Tensor> = (rows - numbers..rows).map(|i| c.rows.narrow(0, i, 1).unwrap()).collect();
            all.conditioner.context(hidden[0].as_ref(), &seconds, &Device::Cpu).unwrap()
        };
        let negative: Vec<Context> = contexts.iter().map(negative).collect();
        let prepare = |c: &[Context]| all.dit.prepare(Some(c), &global, 64).unwrap();
        let guidance = Guidance { scale: 4.0, rescale: 0.7, ..Guidance::NONE };
        let (with, without) = (prepare(&contexts), Some(prepare(&negative)));
        let guided = super::super::flow::Guided { dit: &all.dit, with, without, guidance: &guidance, device: &Device::Cpu };
        let v = guided.predict(&golden.latents("x"), golden.numbers("t1")[0], 0.5).unwrap();
        agree(&format!("{model} rescaled"), v.data(), golden.latents("v_t1_cfg4_neg_phi07").data(), 2e-3);
    }
}

#[test]
fn no_prompt_is_a_prompt_of_zeros() {
    for model in ["sao10-tiny", "sao-small-tiny"] {
        let (dit, golden, (contexts, global)) = (dit(model), Golden::of(model, "dit"), conditions(model));
        let zeros: Vec<Context> =
            contexts.iter().map(|c| Context { rows: c.rows.zeros_like().unwrap(), counts: c.counts.clone() }).collect();
        let v = |c: Option<&[Context]>| dit.forward(&golden.rows("x"), &[0.6, 0.6], &dit.prepare(c, &global, 64).unwrap()).unwrap();
        same(model, &v(None), &v(Some(&zeros)), 1e-7);
    }
}

#[test]
fn other_devices_operations_agree_with_the_reference_too() {
    portable(|| {
        for model in ["sao10-tiny", "sao-small-tiny"] {
            let (dit, golden, (contexts, global)) = (dit(model), Golden::of(model, "dit"), conditions(model));
            let prepared = dit.prepare(Some(&contexts), &global, 64).unwrap();
            let v = dit.forward(&golden.rows("x"), &golden.numbers("t1"), &prepared).unwrap();
            same(&format!("portable {model}"), &v, &golden.rows("v_t1"), STAGE);
        }
    });
}

#[test]
fn shapes_that_do_not_fit_are_errors() {
    let (dit, golden, (contexts, global)) = (dit("sao10-tiny"), Golden::of("sao10-tiny", "dit"), conditions("sao10-tiny"));
    assert!(dit.prepare(Some(&contexts[..1]), &global, 64).is_err());
    let prepared = dit.prepare(Some(&contexts), &global, 63).unwrap();
    assert!(dit.forward(&golden.rows("x"), &[0.5, 0.5], &prepared).is_err());
}
