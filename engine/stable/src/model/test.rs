//! The whole model against the reference: text, conditions, trajectories step by step and from end to end.

mod medium;

use super::*;
use crate::Guidance;
use crate::fourier::Fourier;
use crate::same::DecodeNoise;
use crate::sampler::{Flow, Sampler, clean};
use crate::testing::{Golden, MODEL, PROMPTS, agree, latents, numbers, same};
use candle_core::IndexOp;
use std::ops::ControlFlow;

/// Tolerance of a stage.
const STAGE: f32 = 1e-4;
/// Of what depends on cosines of large phases.
const WAVES: f32 = 2e-3;
/// Of conditions that start from words: the reference's text encoder ran in another precision where they were stored.
const WORDS: f32 = 5e-3;
/// Of a whole trajectory.
const TRAJECTORY: f32 = 1e-3;

fn on<T>(_: T) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// What the fixtures were made with, unless they say something else: 1.25 s with the headroom of training.
fn request() -> Request<'static> {
    Request { headroom: 6.0, ..Request::new(PROMPTS[0], 1.25, 7) }
}

#[test]
fn prompts_are_read_and_encoded_as_by_the_reference() {
    let golden = Golden::read("text");
    let (ids, mask) = (golden.get("input_ids"), golden.get("attention_mask"));
    let tokens: Vec<Tokens> = PROMPTS.iter().map(|p| MODEL.tokens(p).unwrap()).collect();
    let hidden = MODEL.text.hidden(&tokens).unwrap();
    for (i, (tokens, hidden)) in tokens.iter().zip(&hidden).enumerate() {
        let expected: Vec<i64> = ids.get(i).unwrap().to_vec1().unwrap();
        let count = mask.get(i).unwrap().to_vec1::<i64>().unwrap().iter().sum::<i64>() as usize;
        assert_eq!(tokens.ids.iter().map(|t| i64::from(*t)).collect::<Vec<_>>(), expected[..count]);
        assert_eq!(tokens.cut, i == 1);
        if let Some(hidden) = hidden {
            same("last_hidden_state_f32", hidden, &golden.get("last_hidden_state_f32").i((i, ..count)).unwrap(), STAGE);
        }
        let seconds = MODEL.conditioner.seconds(1.0).unwrap();
        let rows = MODEL.conditioner.context(hidden.as_ref(), &seconds, Padding::Learned).unwrap().long().unwrap().rows;
        same("conditioned", &rows.narrow(0, 0, 32).unwrap(), &golden.get("conditioned").get(i).unwrap(), STAGE);
    }
    assert!(hidden[2].is_none());
}

#[test]
fn lengths_become_the_reference_s_waves() {
    let golden = Golden::read("conditioning");
    let fourier = Fourier::new();
    let sweep = golden.numbers("sweep_seconds");
    let features: Vec<f32> = sweep.iter().flat_map(|s| fourier.features(s.clamp(0.0, 384.0) / 384.0)).collect();
    agree("sweep_fourier", &features, &golden.numbers("sweep_fourier"), WAVES);
    let embeds: Vec<f32> = sweep.iter().flat_map(|s| numbers(&MODEL.conditioner.seconds(*s).unwrap())).collect();
    agree("sweep_embeds", &embeds, &golden.numbers("sweep_embeds"), WAVES);
    let contexts = [(PROMPTS[0], 1.25), (PROMPTS[1], 0.5)].map(|(prompt, seconds)| {
        let (contexts, global, _) = MODEL.contexts(&Request::new(prompt, seconds, 0)).unwrap();
        (contexts[0].as_ref().unwrap().long().unwrap().rows, global)
    });
    for (i, (rows, global)) in contexts.iter().enumerate() {
        same("cross_attn_cond", rows, &golden.get("cross_attn_cond").get(i).unwrap(), WORDS);
        same("global_cond", &global.squeeze(0).unwrap(), &golden.get("global_cond").get(i).unwrap(), WAVES);
    }
}

#[test]
fn lengths_are_counted_as_by_the_reference() {
    let length = |seconds, headroom| Length::new(&MODEL.config, seconds, headroom).unwrap();
    assert_eq!(length(1.25, 6.0), Length { samples: 800, latents: 74, valid: 73 });
    assert_eq!(length(0.5, 6.0), Length { samples: 320, latents: 66, valid: 65 });
    assert_eq!(length(1.25, 0.0), Length { samples: 800, latents: 14, valid: 13 });
    assert_eq!(length(120.0, 6.0).latents, 1200);
    for seconds in [0.0, -1.0, 121.0, f64::NAN, f64::INFINITY, 1e-9] {
        assert!(Length::new(&MODEL.config, seconds, 6.0).is_err(), "{seconds}");
    }
    assert!(Length::new(&MODEL.config, 1.0, -1.0).is_err());
}

fn stereo(t: &Tensor) -> Stereo {
    [t.get(0).unwrap().to_vec1().unwrap(), t.get(1).unwrap().to_vec1().unwrap()]
}

/// Every step alone, with the reference's input; then all of them after each other; then the audio of it.
fn trajectory(name: &str, request: &Request<'_>) {
    trajectory_of(&MODEL, &Golden::read(name), name, request);
}

/// The same of any model.
fn trajectory_of(model: &StableAudio3, golden: &Golden, name: &str, request: &Request<'_>) {
    let length = model.length(request).unwrap();
    let known = request.source.audio().map(|audio| model.encoded(audio, length, &mut |_, _| ControlFlow::Continue(())).unwrap());
    if let Some(known) = &known {
        agree(&format!("{name} source_latents"), known.data(), golden.latents("source_latents").data(), STAGE);
    }
    let (mut flow, _) = model.flow(request, length, 1, known.as_ref()).unwrap();
    let times = golden.numbers("t");
    for (i, t) in times.iter().enumerate() {
        let x = golden.step("x", i);
        let denoised = clean(&x, &flow.velocity(&x, *t).unwrap(), *t);
        agree(&format!("{name} step {i}"), denoised.data(), golden.step("denoised", i).data(), STAGE);
    }
    let fresh = |step: usize| Ok(golden.step("step_noise", step));
    let noise = Noise { start: golden.latents("initial_noise"), fresh: &fresh };
    let made = model.run(request, noise, &mut on).unwrap();
    agree(&format!("{name} latents"), made.latents.data(), golden.latents("latents").data(), TRAJECTORY);

    let noise = DecodeNoise { latents: golden.rows("decode_softnorm_noise"), rows: golden.get("decode_token_noise") };
    let audio = model.codec.decode(&golden.rows("latents"), 0..length.latents, Some(&noise), &mut |_, _| on(())).unwrap();
    let audio = audio.narrow(2, 0, length.samples).unwrap().clamp(-1.0, 1.0).unwrap();
    same(&format!("{name} audio"), &audio, &golden.get("audio"), STAGE);
}

#[test]
fn ping_pong_goes_where_the_reference_goes() {
    trajectory("pingpong8", &request());
}

#[test]
fn a_source_part_of_the_way_goes_where_the_reference_goes() {
    let audio = stereo(&Golden::read("pingpong8_init").get("audio_in"));
    trajectory("pingpong8_init", &Request { source: Source::Vary { audio: &audio, amount: 0.6 }, ..request() });
}

#[test]
fn a_region_is_made_anew_as_by_the_reference() {
    let audio = stereo(&Golden::read("pingpong8_inpaint").get("audio_in"));
    let regions = [0.3..0.8];
    trajectory("pingpong8_inpaint", &Request { source: Source::Inpaint { audio: &audio, regions: &regions }, ..request() });
}

#[test]
fn two_regions_are_made_anew_as_by_the_reference() {
    let audio = stereo(&Golden::read("pingpong8_inpaint2").get("audio_in"));
    let regions = [0.1..0.35, 0.7..1.0];
    trajectory("pingpong8_inpaint2", &Request { source: Source::Inpaint { audio: &audio, regions: &regions }, ..request() });
}

#[test]
fn guidance_of_some_noise_levels_and_of_a_largest_length_goes_where_the_reference_goes() {
    let guidance = Guidance { scale: 4.0, interval: 0.3..=0.95, norm_threshold: 5.0, ..Guidance::NONE };
    let base = Request { sampler: Some(Sampler::Euler), guidance: guidance.clone(), ..request() };
    trajectory("base_euler8_cfg4_interval_norm", &base);
    // both bounds matter here: without either of them it goes elsewhere
    let golden = Golden::read("base_euler8_cfg4_interval_norm");
    for guidance in [Guidance { norm_threshold: 0.0, ..guidance.clone() }, Guidance { interval: 0.0..=1.0, ..guidance }] {
        let fresh = |_: usize| unreachable!("Euler's method draws nothing");
        let noise = Noise { start: golden.latents("initial_noise"), fresh: &fresh };
        let made = MODEL.run(&Request { guidance, ..base.clone() }, noise, &mut on).unwrap();
        let far = made.latents.data().iter().zip(golden.latents("latents").data()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(far > 0.05, "{far}");
    }
}

#[test]
fn euler_s_method_with_every_guidance_goes_where_the_reference_goes() {
    let four = Guidance { scale: 4.0, ..Guidance::NONE };
    let base = Request { sampler: Some(Sampler::Euler), guidance: four.clone(), ..request() };
    trajectory("base_euler8_cfg4_apg", &base);
    let half = Guidance { projection: 0.5, ..four.clone() };
    trajectory("base_euler8_cfg4_neg_apg05", &Request { negative: Some("drums"), guidance: half, ..base.clone() });
    let plain = Guidance { projection: 0.0, rescale: 0.7, ..four };
    trajectory("base_euler8_cfg4_noapg_rescale", &Request { guidance: plain, ..base });
}

#[test]
fn dpm_pp_goes_where_the_reference_goes() {
    trajectory("base_dpmpp8", &Request { sampler: Some(Sampler::DpmPp2m), ..request() });
}

#[test]
fn runge_and_kutta_go_where_the_reference_goes() {
    let golden = Golden::read("base_rk4_4");
    let request = Request { steps: 4, sampler: Some(Sampler::Rk4), ..request() };
    let fresh = |_: usize| unreachable!("rk4 draws nothing");
    let noise = Noise { start: golden.latents("initial_noise"), fresh: &fresh };
    let mut calls = 0;
    let mut count = |_| {
        calls += 1;
        ControlFlow::Continue(())
    };
    let made = MODEL.run(&request, noise, &mut count).unwrap();
    assert_eq!(calls, 16);
    agree("base_rk4_4", made.latents.data(), golden.latents("latents").data(), TRAJECTORY);
    // and every step alone
    let length = MODEL.length(&request).unwrap();
    let levels = golden.numbers("sigmas");
    agree("base_rk4_4 sigmas", &super::levels(4, 1.0, &MODEL.config.shift, length.valid), &levels, 1e-6);
    agree("base_rk4_4 x 0", golden.latents("initial_noise").data(), golden.step("x", 0).data(), 0.0);
    let (mut flow, _) = MODEL.flow(&request, length, 1, None).unwrap();
    for (i, pair) in levels.windows(2).enumerate() {
        let one = Run { sampler: Sampler::Rk4, levels: pair, flow: &mut flow, noise: &fresh, progress: &mut on };
        let led_to = if i < 3 { golden.step("x", i + 1) } else { golden.latents("latents") };
        agree(&format!("base_rk4_4 step {i}"), one.walk(golden.step("x", i)).unwrap().data(), led_to.data(), STAGE);
    }
}

/// Two prompts as one batch.
struct Pair(crate::dit::Prepared);

impl Flow for Pair {
    fn velocity(&mut self, x: &Latents, t: f32) -> Result<Latents, StableError> {
        Ok(latents(&MODEL.dit.forward(&flow::tensor(x, &Device::Cpu)?, &[t, t], &self.0)?))
    }

    fn cost(&self, _: f32) -> usize {
        1
    }
}

/// A batch of two prompts of different lengths, which the reference makes at once: here as two items of one evaluation.
#[test]
fn two_lengths_in_one_batch_are_masked_as_by_the_reference() {
    let golden = Golden::read("pingpong8_batch2");
    let cross = Golden::read("conditioning").get("cross_attn_cond");
    let context = |i: usize| Some(Context { rows: cross.get(i).unwrap(), counts: vec![1; 33] });
    let conditions = Conditions {
        contexts: &[context(0), context(1)],
        global: Golden::read("conditioning").get("global_cond"),
        local: None,
        time: 74,
        valid: Some(&[73, 65]),
    };
    let prepared = MODEL.dit.prepare(&conditions).unwrap();
    for i in 0..8 {
        let (x, t) = (golden.step("x", i), golden.get("t").get(i).unwrap().to_vec1::<f32>().unwrap());
        let v = latents(&MODEL.dit.forward(&flow::tensor(&x, &Device::Cpu).unwrap(), &t, &prepared).unwrap());
        agree("batch of two", clean(&x, &v, t[0]).data(), golden.step("denoised", i).data(), STAGE);
    }
    // all steps after each other; levels are those of either length
    let levels = super::levels(8, 1.0, &MODEL.config.shift, 65);
    assert_eq!(levels, super::levels(8, 1.0, &MODEL.config.shift, 73));
    let both: Vec<f32> = levels[..8].iter().flat_map(|t| [*t, *t]).collect();
    agree("batch of two t", &both, &golden.numbers("t"), 1e-6);
    let mut flow = Pair(prepared);
    let fresh = |step: usize| Ok(golden.step("step_noise", step));
    let run = Run { sampler: Sampler::PingPong, levels: &levels, flow: &mut flow, noise: &fresh, progress: &mut on };
    let made = run.walk(golden.latents("initial_noise")).unwrap();
    agree("batch of two latents", made.data(), golden.latents("latents").data(), TRAJECTORY);

    let noise = DecodeNoise { latents: golden.rows("decode_softnorm_noise"), rows: golden.get("decode_token_noise") };
    let audio = MODEL.codec.decode(&golden.rows("latents"), 0..74, Some(&noise), &mut |_, _| on(())).unwrap();
    let audio = audio.clamp(-1.0, 1.0).unwrap();
    for (i, seconds, valid) in [(0, 1.25, 73 * 64), (1, 0.5, 65 * 64)] {
        let (made, expected) = (audio.get(i).unwrap(), golden.get("audio").get(i).unwrap());
        let head = |t: &Tensor| t.narrow(1, 0, valid).unwrap();
        same("one of two", &head(&made), &head(&expected), STAGE);
        // what the reference silences behind a sound and its headroom is what nobody hears here
        assert!(numbers(&expected.narrow(1, valid, 74 * 64 - valid).unwrap()).iter().all(|v| *v == 0.0));
        let length = Length::new(&MODEL.config, seconds, 6.0).unwrap();
        let alone = Latents::new(1, 74, 8, golden.latents("latents").item(i).unwrap().to_vec()).unwrap();
        let sound = MODEL.sound(&Made { latents: alone, length, cut: false }, &mut |_, _| on(())).unwrap();
        assert!(sound[0].iter().all(|channel| channel.len() == length.samples && channel.len() <= valid));
    }
}

#[test]
fn from_words_to_sound_the_same_seed_is_the_same_sound_and_variations_are_alone_what_they_are_together() {
    let two = Request { noise: NoiseSource::variations(42, 0..2), ..Request::new(PROMPTS[0], 1.25, 42) };
    let made = MODEL.sample(&two, &mut on).unwrap();
    assert_eq!((made.latents.shape(), made.cut), ([2, 14, 8], false));
    let sound = MODEL.sound(&made, &mut |_, _| on(())).unwrap();
    assert!(sound.iter().flatten().all(|channel| channel.len() == 800 && channel.iter().any(|v| *v != 0.0)));
    let second = Request { noise: NoiseSource::variations(42, 1..2), ..two };
    let alone = MODEL.sample(&second, &mut on).unwrap();
    assert_eq!(alone.latents.data(), made.latents.item(1).unwrap());
    assert_eq!(MODEL.sound(&alone, &mut |_, _| on(())).unwrap()[0], sound[1]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let make = || {
        let made = MODEL.sample(&Request { steps: 2, headroom: 6.0, ..Request::new(PROMPTS[1], 9.0, 3) }, &mut on).unwrap();
        (MODEL.sound(&made, &mut |_, _| on(())).unwrap(), made.latents)
    };
    assert_eq!(pool(1).install(make), pool(3).install(make));
}

#[test]
fn what_is_heard_is_what_decoding_everything_gives() {
    let made = MODEL.sample(&Request { steps: 1, ..request() }, &mut on).unwrap();
    let whole = MODEL.decode(&made.latents, 0..74, &mut |_, _| on(())).unwrap();
    let heard = MODEL.sound(&made, &mut |_, _| on(())).unwrap();
    let expected: Vec<f32> = whole[0][1][..800].iter().map(|v| v.clamp(-1.0, 1.0)).collect();
    assert_eq!(heard[0][1], expected);
}

#[test]
fn regions_keep_what_lies_outside_of_them() {
    let length = MODEL.length(&request()).unwrap();
    // ten latents a second: 0.3 to 0.8 s, then 0.96 to 1.04 s, which holds the first sample of latent 10 only
    let keep = MODEL.keep(&[0.3..0.8, 0.96..1.04], 1.25, length);
    let anew: Vec<usize> = (0..13).filter(|i| !keep[*i]).collect();
    assert_eq!(anew, [3, 4, 5, 6, 7, 10]);
    assert!(keep[13..].iter().all(|k| !k));
}

#[test]
fn requests_that_cannot_be_made_say_why() {
    let audio: Stereo = [vec![0.1; 800], vec![0.1; 800]];
    let (outside, backwards, empty) = ([1.0..1.5], [0.8..0.3], [vec![], vec![]]);
    let inpaint = |regions| Source::Inpaint { audio: &audio, regions };
    let guided = |g: Guidance| Request { guidance: g, ..request() };
    for (request, words) in [
        (Request { steps: 0, ..request() }, "0 steps"),
        (Request { seconds: 1e9, ..request() }, "up to 120 s"),
        (Request { noise: NoiseSource::variations(0, 0..65), ..request() }, "65 variations"),
        (Request { source: Source::Vary { audio: &audio, amount: 0.001 }, ..request() }, "0.001"),
        (Request { source: Source::Vary { audio: &empty, amount: 0.5 }, ..request() }, "empty"),
        (Request { source: inpaint(&outside), ..request() }, "from 1 to 1.5 s"),
        (Request { source: inpaint(&backwards), ..request() }, "from 0.8 to 0.3 s"),
        (guided(Guidance { scale: -1.0, ..Guidance::NONE }), "guidance of -1"),
        (guided(Guidance { projection: 1.5, ..Guidance::NONE }), "1.5"),
        (guided(Guidance { interval: 0.0..=f64::NAN, ..Guidance::NONE }), "NaN"),
    ] {
        let error = MODEL.sample(&request, &mut on).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
    let mut calls = 0;
    let mut stop = |_| {
        calls += 1;
        if calls == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    assert_eq!(MODEL.sample(&request(), &mut stop).unwrap_err(), StableError::Cancelled);
    assert_eq!(calls, 3);
}

#[test]
fn a_model_that_computes_rightly_passes_its_check() {
    MODEL.check(&crate::Loading::unwatched()).unwrap();
}

#[test]
fn a_check_finds_silence_numbers_that_are_none_and_numbers_of_another_size() {
    let made = MODEL.sample(&Request { steps: 1, ..request() }, &mut on).unwrap();
    let sound = MODEL.sound(&made, &mut |_, _| on(())).unwrap();
    plausible(&made.latents, &sound).unwrap();
    for (name, factor) in [("zeros", 0.0), ("none", f32::NAN), ("large", 1e4), ("endless", f32::INFINITY)] {
        let change = |v: f32| v * factor;
        let mut latents = made.latents.clone();
        latents.data_mut().iter_mut().for_each(|v| *v = change(*v));
        let sounds: Vec<Stereo> = sound.iter().map(|s| s.clone().map(|c| c.into_iter().map(change).collect())).collect();
        // either of the two is enough
        for (what, error) in [("latents", plausible(&latents, &sound)), ("sound", plausible(&made.latents, &sounds))] {
            assert!(matches!(error, Err(StableError::Device(_))), "{what}: {name}: {error:?}");
        }
    }
    // one number that is none among many
    let mut latents = made.latents.clone();
    latents.data_mut()[7] = f32::NAN;
    assert!(matches!(plausible(&latents, &sound), Err(StableError::Device(_))));
}
