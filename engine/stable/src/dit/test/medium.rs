//! The medium denoiser, whose attention is differential, against the reference.

use super::STAGE;
use crate::dit::*;
use crate::testing::{Golden, medium, portable, same};

fn dit() -> Dit {
    let (config, weights) = medium();
    Dit::new(&config.dit, &weights.pp("model.model"), &crate::Loading::unwatched()).unwrap()
}

fn golden() -> Golden {
    Golden::of("sa3-medium-tiny", "dit")
}

fn prepared(dit: &Dit, golden: &Golden, local: Option<Tensor>, valid: Option<&[usize]>) -> Prepared {
    let cross = golden.get("cross_attn_cond");
    let context = |i: usize| Some(Context { rows: cross.get(i).unwrap(), counts: vec![1; 33] });
    let contexts = [context(0), context(1)];
    dit.prepare(&Conditions { contexts: &contexts, global: golden.get("global_cond"), local, time: 37, valid }).unwrap()
}

fn velocities() {
    let (dit, golden) = (dit(), golden());
    let x = golden.rows("x");
    for (kind, local) in [("plain", None), ("inpaint", Some(golden.rows("inpaint_local_add_cond")))] {
        for (mask, valid) in [("", None), ("_padmask", Some([36, 29]))] {
            let prepared = prepared(&dit, &golden, local.clone(), valid.as_ref().map(|v| v.as_slice()));
            for t in ["t0", "t1", "t2"] {
                let name = format!("v_{kind}_{t}{mask}");
                let v = dit.forward(&x, &golden.numbers(t), &prepared).unwrap();
                same(&format!("medium {name}"), &v, &golden.rows(&name), STAGE);
            }
        }
    }
}

#[test]
fn velocities_are_the_reference_s() {
    velocities();
}

#[test]
fn other_devices_operations_agree_with_the_reference_too() {
    portable(velocities);
}

#[test]
fn every_layer_is_the_reference_s() {
    let (dit, golden) = (dit(), golden());
    let (x, t) = (golden.rows("x"), golden.numbers("probe_t"));
    let prepared = prepared(&dit, &golden, Some(golden.rows("inpaint_local_add_cond")), Some(&[36, 29]));
    let ada = dit.modulation(&t, &prepared).unwrap();
    let h = dit.project_in.forward(&add(&x, &dit.preprocess_conv.forward(&x).unwrap()).unwrap()).unwrap();
    let mut h = Tensor::cat(&[dit.memory_tokens.repeat((2, 1, 1)).unwrap(), h], 1).unwrap();
    for (i, (layer, known)) in dit.layers.iter().zip(&prepared.layers).enumerate() {
        let [s1, b1, g1, ..] = layer.modulation(&ada).unwrap();
        let ys = layer.pre_norm.modulated(&h, &s1, &b1).unwrap();
        let ys = layer.self_attn.forward(&ys, &prepared.rotary, prepared.valid.as_ref()).unwrap();
        same("medium self_attn", &ys, &golden.get(&format!("probe_layer{i}_self_attn")), STAGE);
        let mid = (&h + ys.broadcast_mul(&g1).unwrap()).unwrap();
        let ys = layer.cross_attn.forward(&layer.cross_attend_norm.forward(&mid).unwrap(), &known.prompts).unwrap();
        same("medium cross_attn", &ys, &golden.get(&format!("probe_layer{i}_cross_attn")), STAGE);
        h = layer.forward(&h, &ada, known, &prepared.rotary, prepared.valid.as_ref()).unwrap();
        same("medium layer", &h, &golden.get(&format!("probe_layer{i}")), STAGE);
    }
    same("medium probe_v", &dit.forward(&x, &t, &prepared).unwrap(), &golden.rows("probe_v"), STAGE);
}
