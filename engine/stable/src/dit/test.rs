//! The denoiser against the reference, stage by stage.

mod medium;

use super::*;
use crate::conditioner::Padding;
use crate::nn::swiglu;
use crate::testing::{FOLDER, Golden, MODEL, agree, numbers, portable, same};
use candle_core::Device;
use std::sync::Arc;

/// Tolerance of a stage.
const STAGE: f32 = 1e-4;
/// Of what depends on cosines of large phases.
const WAVES: f32 = 2e-3;

fn dit() -> Dit {
    Dit::new(&FOLDER.config().dit, &Weights::new(FOLDER.weights.clone(), &Device::Cpu).pp("model.model"), &crate::Loading::unwatched())
        .unwrap()
}

/// What `conditioning.safetensors` was made with: two prompts, 1.25 s and 0.5 s.
fn contexts() -> ([Option<Context>; 2], Tensor) {
    let cross = Golden::read("conditioning").get("cross_attn_cond");
    let context = |i: usize| Some(Context { rows: cross.get(i).unwrap(), counts: vec![1; 33] });
    ([context(0), context(1)], Golden::read("conditioning").get("global_cond"))
}

fn conditions<'a>(contexts: &'a [Option<Context>], global: &Tensor, local: Option<Tensor>, valid: Option<&'a [usize]>) -> Conditions<'a> {
    Conditions { contexts, global: global.clone(), local, time: 74, valid }
}

#[test]
fn velocities_are_the_reference_s() {
    let (dit, golden) = (dit(), Golden::read("dit"));
    let (contexts, global) = contexts();
    let x = golden.rows("x");
    for (kind, local) in [("plain", None), ("inpaint", Some(golden.rows("inpaint_local_add_cond")))] {
        for (mask, valid) in [("", None), ("_padmask", Some([73, 65]))] {
            let prepared = dit.prepare(&conditions(&contexts, &global, local.clone(), valid.as_ref().map(|v| v.as_slice()))).unwrap();
            for t in ["t0", "t1", "t2"] {
                let name = format!("v_{kind}_{t}{mask}");
                let v = dit.forward(&x, &golden.numbers(t), &prepared).unwrap();
                same(&name, &v, &golden.rows(&name), STAGE);
            }
        }
    }
}

#[test]
fn every_stage_is_the_reference_s() {
    let (dit, golden) = (dit(), Golden::read("dit"));
    let (contexts, global) = contexts();
    let (x, t) = (golden.rows("x"), golden.numbers("probe_t"));
    for (i, context) in contexts.iter().flatten().enumerate() {
        same("cond_embed", &dit.to_cond_embed.forward(&context.rows).unwrap(), &golden.get("probe_cond_embed").get(i).unwrap(), STAGE);
    }
    let local = golden.rows("inpaint_local_add_cond");
    let prepared = dit.prepare(&conditions(&contexts, &global, Some(local.clone()), Some(&[73, 65]))).unwrap();
    same("global_embed", &prepared.global, &golden.get("probe_global_embed"), STAGE);
    let features: Vec<f32> = t.iter().flat_map(|t| dit.fourier.features(*t)).collect();
    agree("timestep_features", &features, &golden.numbers("probe_timestep_features"), WAVES);
    let features = Tensor::from_vec(features, (2, 256), &Device::Cpu).unwrap();
    same("timestep_embed", &dit.to_timestep_embed.forward(&features).unwrap(), &golden.get("probe_timestep_embed"), WAVES);
    let ada = dit.modulation(&t, &prepared).unwrap();
    same("ada", &ada, &golden.get("probe_ada"), WAVES);
    let pre = dit.preprocess_conv.forward(&x).unwrap();
    same("preprocess_conv", &pre, &golden.rows("probe_preprocess_conv"), STAGE);
    let h = dit.project_in.forward(&(&x + pre).unwrap()).unwrap();
    same("project_in", &h, &golden.get("probe_project_in"), STAGE);
    let h = Tensor::cat(&[dit.memory_tokens.repeat((2, 1, 1)).unwrap(), h], 1).unwrap();

    let (layer, known) = (&dit.layers[0], &prepared.layers[0]);
    let [s1, b1, g1, s2, b2, _] = layer.modulation(&ada).unwrap();
    same("pre_norm", &layer.pre_norm.forward(&h).unwrap(), &golden.get("probe_layer0_pre_norm"), STAGE);
    let ys = layer.self_attn.forward(&layer.pre_norm.modulated(&h, &s1, &b1).unwrap(), &prepared.rotary, prepared.valid.as_ref()).unwrap();
    same("self_attn", &ys, &golden.get("probe_layer0_self_attn"), STAGE);
    let mid = (&h + ys.broadcast_mul(&g1).unwrap()).unwrap();
    let ys = layer.cross_attn.forward(&layer.cross_attend_norm.forward(&mid).unwrap(), &known.prompts).unwrap();
    same("cross_attn", &ys, &golden.get("probe_layer0_cross_attn"), STAGE);
    same("local_embed", &layer.to_local_embed.forward(&local).unwrap(), &golden.get("probe_layer0_local_embed"), STAGE);
    let mid = ((mid + ys).unwrap() + &known.local).unwrap();
    let ys = swiglu(&layer.ff_in.forward(&layer.ff_norm.modulated(&mid, &s2, &b2).unwrap()).unwrap()).unwrap();
    same("ff", &layer.ff_out.forward(&ys).unwrap(), &golden.get("probe_layer0_ff"), STAGE);

    let mut h = h;
    for (i, (layer, known)) in dit.layers.iter().zip(&prepared.layers).enumerate() {
        h = layer.forward(&h, &ada, known, &prepared.rotary, prepared.valid.as_ref()).unwrap();
        same("layer", &h, &golden.get(&format!("probe_layer{i}")), STAGE);
    }
    let o = dit.project_out.forward(&h.narrow(1, 5, 74).unwrap()).unwrap();
    same("project_out", &o, &golden.get("probe_project_out"), STAGE);
    same("v", &dit.forward(&x, &t, &prepared).unwrap(), &golden.rows("probe_v"), STAGE);
}

/// A prompt of a few tokens, and of none.
fn short() -> ([Option<Context>; 2], Tensor) {
    let seconds = MODEL.conditioner().seconds(1.25).unwrap();
    let hidden = MODEL.text().hidden(&[MODEL.tokens("drums").unwrap()]).unwrap();
    let context = |h: Option<&Tensor>, padding| Some(MODEL.conditioner().context(h, &seconds, padding).unwrap());
    ([context(hidden[0].as_ref(), Padding::Learned), context(None, Padding::Learned)], seconds.repeat((2, 1)).unwrap())
}

#[test]
fn equal_rows_of_the_context_count_as_many_when_they_are_one() {
    let (dit, golden) = (dit(), Golden::read("dit"));
    let (short, global) = short();
    let long = short.clone().map(|c| Some(c.unwrap().long().unwrap()));
    assert_eq!(long[0].as_ref().unwrap().rows.dim(0).unwrap(), 33);
    assert!(short[1].as_ref().unwrap().rows.dim(0).unwrap() == 2);
    let v = |c: &[Option<Context>; 2]| {
        let prepared = dit.prepare(&conditions(c, &global, None, None)).unwrap();
        dit.forward(&golden.rows("x"), &[0.7, 0.7], &prepared).unwrap()
    };
    same("collapsed padding", &v(&short), &v(&long), 2e-6);
}

#[test]
fn no_context_is_a_context_of_zeros() {
    let (dit, golden) = (dit(), Golden::read("dit"));
    let (contexts, global) = contexts();
    let zeros = contexts.clone().map(|c| Some(Context { rows: c.unwrap().rows.zeros_like().unwrap(), counts: vec![1; 33] }));
    let v = |c: &[Option<Context>; 2]| {
        let prepared = dit.prepare(&conditions(c, &global, None, None)).unwrap();
        dit.forward(&golden.rows("x"), &[0.7, 0.7], &prepared).unwrap()
    };
    same("no context", &v(&[None, None]), &v(&zeros), 1e-7);
    let [first, _] = &contexts;
    let [_, zero] = zeros;
    same("one without", &v(&[first.clone(), None]), &v(&[first.clone(), zero]), 1e-7);
}

#[test]
fn nothing_known_is_a_local_condition_of_zeros() {
    let (dit, golden) = (dit(), Golden::read("dit"));
    let (contexts, global) = contexts();
    let zeros = golden.rows("inpaint_local_add_cond").zeros_like().unwrap();
    let v = |local| {
        let prepared = dit.prepare(&conditions(&contexts, &global, local, None)).unwrap();
        numbers(&dit.forward(&golden.rows("x"), &[0.7, 0.7], &prepared).unwrap())
    };
    assert_eq!(v(None), v(Some(zeros)));
}

#[test]
fn other_devices_operations_agree_with_the_reference_too() {
    portable(|| {
        let (dit, golden) = (dit(), Golden::read("dit"));
        let (contexts, global) = contexts();
        let local = golden.rows("inpaint_local_add_cond");
        let prepared = dit.prepare(&conditions(&contexts, &global, Some(local), Some(&[73, 65]))).unwrap();
        let v = dit.forward(&golden.rows("x"), &golden.numbers("t1"), &prepared).unwrap();
        same("portable", &v, &golden.rows("v_inpaint_t1_padmask"), STAGE);
        let (short, global) = short();
        let long = short.clone().map(|c| Some(c.unwrap().long().unwrap()));
        let v = |c: &[Option<Context>; 2]| {
            dit.forward(&golden.rows("x"), &[0.7, 0.7], &dit.prepare(&conditions(c, &global, None, None)).unwrap()).unwrap()
        };
        same("portable, collapsed padding", &v(&short), &v(&long), 2e-6);
    });
}

#[test]
fn shapes_that_do_not_fit_are_errors() {
    let (dit, golden) = (dit(), Golden::read("dit"));
    let (contexts, global) = contexts();
    assert!(dit.prepare(&conditions(&contexts, &global, None, Some(&[73]))).is_err());
    assert!(dit.prepare(&conditions(&contexts[..1], &global, None, None)).is_err());
    let prepared = dit.prepare(&conditions(&contexts, &global, None, None)).unwrap();
    assert!(dit.forward(&golden.rows("x").narrow(1, 0, 70).unwrap(), &[0.5, 0.5], &prepared).is_err());
    assert!(dit.forward(&golden.rows("x"), &[0.5], &prepared).is_err());
}

/// The second pattern of differential attention is taken off the first: where both are the same, nothing is left.
#[test]
fn two_equal_patterns_of_differential_attention_cancel() {
    let mut config = FOLDER.config().dit.clone();
    let plain = Weights::new(FOLDER.weights.clone(), &Device::Cpu).pp("model.model.transformer.layers.0.self_attn");
    let qkv = plain.numbers("to_qkv.weight", &[384, 128]).unwrap();
    let part = |i: usize| qkv[i * 128 * 128..(i + 1) * 128 * 128].to_vec();
    let doubled = [part(0), part(1), part(2), part(0), part(1)].concat();
    config.attn_kwargs.differential = true;
    let file = crate::testing::file(&[
        ("to_qkv.weight", vec![640, 128], doubled),
        ("to_out.weight", vec![128, 128], plain.numbers("to_out.weight", &[128, 128]).unwrap()),
        ("q_norm.gamma", vec![64], plain.numbers("q_norm.gamma", &[64]).unwrap()),
        ("k_norm.gamma", vec![64], plain.numbers("k_norm.gamma", &[64]).unwrap()),
    ]);
    let attention = attention::SelfAttention::new(&config, &Weights::new(Arc::new(file), &Device::Cpu)).unwrap();
    let xs = Golden::read("dit").get("probe_layer0_pre_norm");
    let rotary = Rotary::new(&dit().inv_freq, 79);
    assert!(numbers(&attention.forward(&xs, &rotary, None).unwrap()).iter().all(|v| *v == 0.0));
}
