//! Every stage against the tensors that `lab/reference/reference.py golden` stored.

use super::*;
use crate::nn;
use candle_core::{Device, Tensor};
use inlay_diffusion::{Denoiser, Guidance, Latents, NoiseSource, Sampler, Sampling, Schedule, Start, sample};
use inlay_music::{Bars, ChordChart};
use std::{collections::HashMap, ops::ControlFlow, sync::LazyLock};

const PROMPTS: [&str; 2] = ["dusty boom bap drums", "warm rhodes electric piano chords in c minor"];

static GOLDEN: LazyLock<HashMap<String, Tensor>> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../lab/reference/golden.safetensors");
    candle_core::safetensors::load(path, &Device::Cpu).unwrap()
});

static MODEL: LazyLock<EmbeddedModel> = LazyLock::new(|| EmbeddedModel::load(&Weights::embedded(), &Device::Cpu).unwrap());

/// Tolerance of a stage.
const STAGE: f32 = 1e-4;
/// Tolerance of a whole trajectory.
const TRAJECTORY: f32 = 1e-3;

fn numbers(t: &Tensor) -> Vec<f32> {
    t.flatten_all().unwrap().to_vec1().unwrap()
}

fn item(name: &str, i: usize) -> Tensor {
    GOLDEN[name].get(i).unwrap()
}

/// max|a − b| ≤ tolerance · max(1, max|b|).
fn agree(name: &str, made: &[f32], expected: &Tensor, tolerance: f32) {
    let expected = numbers(expected);
    assert_eq!(made.len(), expected.len(), "{name}");
    let worst = made.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    let scale = expected.iter().fold(1.0f32, |m, v| m.max(v.abs()));
    assert!(worst <= tolerance * scale, "{name}: off by {worst}, {} allowed", tolerance * scale);
}

fn latents(t: &Tensor) -> Latents {
    let (time, channels) = t.dims2().unwrap();
    Latents::new(1, time, channels, numbers(t)).unwrap()
}

/// The conditions that golden item `i` was made with: two bars at 92 BPM.
fn conditions(i: usize) -> Conditions {
    let chart = || "Cm Ab | Eb Bb".parse::<ChordChart>().unwrap().per_beat(Bars::new(2).unwrap()).unwrap();
    let lane = (i == 1).then(|| chord_lane(&chart().into_iter().flat_map(|c| [c; LATENTS_PER_BEAT]).collect::<Vec<_>>()));
    Conditions {
        prompt: MODEL.text.embed(PROMPTS[i]).unwrap().tokens,
        negative: None,
        bpm: 92.0,
        bars: Bars::new(2).unwrap(),
        lane,
        known: None,
    }
}

fn denoiser(conditions: &Conditions) -> EmbeddedDenoiser<'static> {
    EmbeddedDenoiser { unet: &MODEL.unet, prepared: Prepared::new(&MODEL.unet, conditions, 1, &MODEL.device).unwrap() }
}

fn run(conditions: &Conditions, steps: usize, start: Start) -> Latents {
    let sampling =
        Sampling { schedule: &Schedule::Cosine, sampler: Sampler::default(), steps, guidance: Guidance::EMBEDDED, inpaint: None };
    let noise = NoiseSource::variations(0, 0..1);
    sample(&mut denoiser(conditions), &sampling, start, &noise, &mut |_| ControlFlow::Continue(())).unwrap()
}

#[test]
fn text_is_encoded_as_by_the_reference() {
    for (i, prompt) in PROMPTS.iter().enumerate() {
        let ids: Vec<i64> = item("text.ids", i).to_vec1().unwrap();
        let (tokens, cut) = MODEL.text.tokens(prompt).unwrap();
        assert!(!cut);
        assert_eq!(tokens.iter().map(|t| i64::from(*t)).collect::<Vec<_>>(), ids[..tokens.len()]);
        let made = MODEL.text.embed(prompt).unwrap().tokens;
        agree("text.tokens", &numbers(&made), &item("text.tokens", i).narrow(0, 0, tokens.len()).unwrap(), STAGE);
    }
}

#[test]
fn a_prompt_beyond_32_tokens_is_cut_and_says_so() {
    let long = "drums ".repeat(60);
    let (tokens, cut) = MODEL.text.tokens(&long).unwrap();
    assert_eq!((tokens.len(), cut), (32, true));
    assert!(!MODEL.text.tokens(&"drums ".repeat(30)).unwrap().1);
}

#[test]
fn chords_phases_and_globals_are_the_reference_s() {
    let c = conditions(1);
    agree("lane", c.lane.as_ref().unwrap(), &item("lane", 1), 1e-6);
    agree("phase", &super::conditions::phases(64), &item("phase", 0), 1e-5);
    agree("globals", &numbers(&c.globals(&Device::Cpu).unwrap()), &item("globals", 0), 1e-6);
}

#[test]
fn the_unet_predicts_what_the_reference_predicts() {
    for i in 0..2 {
        let mut denoiser = denoiser(&conditions(i));
        for time in ["990.0", "500.5", "20.25"] {
            let x = latents(&item("noise", i));
            let v = denoiser.predict(&x, time.parse().unwrap(), inlay_diffusion::Branches::Conditioned).unwrap();
            agree(time, v.conditioned.data(), &item(&format!("unet.v_at_{time}"), i), STAGE);
        }
    }
}

#[test]
fn sixteen_steps_lead_where_the_reference_s_lead() {
    for i in 0..2 {
        let z = run(&conditions(i), 16, Start::Noise(latents(&item("noise", i))));
        agree("sample.latents", z.data(), &item("sample.latents", i), TRAJECTORY);
    }
}

#[test]
fn a_negative_prompt_takes_the_null_token_s_place() {
    for i in 0..2 {
        let negative = Some(MODEL.text.embed("muffled").unwrap().tokens);
        let z = run(&Conditions { negative, ..conditions(i) }, 8, Start::Noise(latents(&item("noise", i))));
        agree("sample.negative.latents", z.data(), &item("sample.negative.latents", i), TRAJECTORY);
    }
}

#[test]
fn known_latents_guide_what_is_made_between_them() {
    for i in 0..2 {
        let keep: Vec<bool> = numbers(&item("inpaint.keep", i)).iter().map(|k| *k == 1.0).collect();
        let known = Some(Known { latents: latents(&item("sample.latents", i)), keep });
        let z = run(&Conditions { known, ..conditions(i) }, 8, Start::Noise(latents(&item("noise", 1 - i))));
        agree("inpaint.latents", z.data(), &item("inpaint.latents", i), TRAJECTORY);
    }
}

#[test]
fn a_variation_starts_part_of_the_way() {
    for i in 0..2 {
        let start = Start::From { latents: latents(&item("sample.latents", i)), amount: 0.6, noise: latents(&item("noise", 1 - i)) };
        agree("vary.latents", run(&conditions(i), 8, start).data(), &item("vary.latents", i), TRAJECTORY);
    }
}

#[test]
fn one_bar_and_four_bars_are_made_as_by_the_reference() {
    for count in [1, 4] {
        let bars = Bars::new(count).unwrap();
        let z = run(&Conditions { bpm: 120.0, bars, ..conditions(0) }, 8, Start::Noise(latents(&item(&format!("bars{count}.noise"), 0))));
        agree("bars", z.data(), &item(&format!("bars{count}.latents"), 0), TRAJECTORY);
    }
}

#[test]
fn the_codec_decodes_and_encodes_as_the_reference() {
    let features = MODEL.codec.decode(&GOLDEN["sample.latents"]).unwrap();
    agree("codec.features", &numbers(&features), &GOLDEN["codec.features"], STAGE);
    let latents = MODEL.codec.encode(&GOLDEN["analyse.features"]).unwrap();
    agree("codec.latents", &numbers(&latents), &GOLDEN["codec.latents"], STAGE);
}

#[test]
fn variations_made_together_are_those_made_alone_bit_for_bit() {
    let conditions = conditions(1);
    let both = NoiseSource::variations(5, 0..2);
    let noise = both.normals(inlay_diffusion::Stream::Latents, 64, LATENT).unwrap();
    let sampling =
        Sampling { schedule: &Schedule::Cosine, sampler: Sampler::default(), steps: 3, guidance: Guidance::EMBEDDED, inpaint: None };
    let mut denoiser = EmbeddedDenoiser { unet: &MODEL.unet, prepared: Prepared::new(&MODEL.unet, &conditions, 2, &MODEL.device).unwrap() };
    let together = sample(&mut denoiser, &sampling, Start::Noise(noise.clone()), &both, &mut |_| ControlFlow::Continue(())).unwrap();
    for i in 0..2 {
        assert_eq!(together.item(i).unwrap(), run(&conditions, 3, Start::Noise(noise.single(i).unwrap())).data());
    }
}

#[test]
fn other_devices_operations_agree_with_the_reference_too() {
    nn::cpu::PORTABLE.set(true);
    let model = EmbeddedModel::load(&Weights::embedded(), &Device::Cpu).unwrap();
    let conditions = conditions(1);
    let prepared = Prepared::new(&model.unet, &conditions, 1, &model.device).unwrap();
    let mut denoiser = EmbeddedDenoiser { unet: &model.unet, prepared };
    let predicted = denoiser.predict(&latents(&item("noise", 1)), 500.5, inlay_diffusion::Branches::Both).unwrap();
    agree("unet", predicted.conditioned.data(), &item("unet.v_at_500.5", 1), STAGE);
    let features = model.codec.decode(&GOLDEN["sample.latents"]).unwrap();
    agree("codec", &numbers(&features), &GOLDEN["codec.features"], STAGE);
    nn::cpu::PORTABLE.set(false);
}
