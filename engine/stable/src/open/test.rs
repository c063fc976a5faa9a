//! Whole models against the reference: text, conditions, trajectories step by step and from end to end; and folders that can't be used.

use super::flow::Guided;
use super::folder::OpenFolder;
use super::model::{StableAudioOpen, levels};
use super::sampler::{denoised, sigmas};
use crate::error::{FolderError, StableError};
use crate::model::{Noise, Request, Source, Stereo};
use crate::sampler::{Run, blend, clean};
use crate::testing::{Golden, PROMPTS, agree, fixtures, numbers, same, with_huge};
use crate::{Guidance, Length, Sampler};
use candle_core::{Device, IndexOp, Tensor};
use inlay_diffusion::{Latents, Step};
use std::{f64::consts::FRAC_PI_2, fs, ops::ControlFlow, sync::LazyLock};

/// Tolerance of a stage.
const STAGE: f32 = 1e-4;
/// Of one step, whose level is stored in f32.
const WAVES: f32 = 2e-3;
/// Of a whole trajectory.
const TRAJECTORY: f32 = 1e-3;

static ONE: LazyLock<StableAudioOpen> = LazyLock::new(|| load("sao10-tiny"));
static SMALL: LazyLock<StableAudioOpen> = LazyLock::new(|| load("sao-small-tiny"));

fn load(model: &str) -> StableAudioOpen {
    StableAudioOpen::load(&OpenFolder::read(&fixtures().join(model), None).unwrap(), &Device::Cpu, &crate::Loading::unwatched()).unwrap()
}

fn on<T>(_: T) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
fn noise_levels_are_the_reference_s() {
    for (name, steps, max) in [("dpmpp3m_sde_12_cfg7", 12, 500.0), ("dpmpp2m_8_cfg1", 8, 500.0), ("dpmpp3m_sde_12_init", 12, 8.0)] {
        let expected = Golden::of("sao10-tiny", name).numbers("sigma");
        let made: Vec<f32> = sigmas(steps, max)[..steps].iter().map(|s| *s as f32).collect();
        // beside the level itself, not beside the largest one
        let ratios: Vec<f32> = made.iter().zip(&expected).map(|(a, b)| a / b).collect();
        agree(name, &ratios, &vec![1.0; steps], 1e-5);
    }
    for (name, start) in [("pingpong8", 1.0), ("pingpong8_init", 0.7)] {
        agree(name, &levels(8, start)[..8], &Golden::of("sao-small-tiny", name).numbers("sigma"), 1e-6);
    }
}

#[test]
fn prompts_are_read_and_encoded_as_by_the_reference() {
    // both models read words alike
    let golden = Golden::of("sao10-tiny", "text");
    let (ids, mask) = (golden.get("input_ids"), golden.get("attention_mask"));
    for (i, prompt) in PROMPTS.iter().take(3).enumerate() {
        let tokens = ONE.tokens(prompt).unwrap();
        assert_eq!(SMALL.tokens(prompt).unwrap(), tokens);
        let count = tokens.ids.len();
        let full: Vec<(i64, i64)> = (0..24).map(|at| tokens.ids.get(at).map_or((0, 0), |id| (i64::from(*id), 1))).collect();
        let row = |t: &Tensor| t.get(i).unwrap().to_vec1::<i64>().unwrap();
        assert_eq!(full, row(&ids).into_iter().zip(row(&mask)).collect::<Vec<_>>(), "{prompt}");
        assert_eq!(tokens.cut, i == 1);
        let hidden = ONE.text.hidden(&[tokens]).unwrap().remove(0).unwrap();
        same("last_hidden_state", &hidden, &golden.get("last_hidden_state").i((i, ..count)).unwrap(), STAGE);
        let rows = ONE.conditioner.context(Some(&hidden), &[], &Device::Cpu).unwrap().long().unwrap().rows;
        same("conditioned", &rows, &golden.get("conditioned").get(i).unwrap(), STAGE);
    }
}

#[test]
fn prompts_and_lengths_become_the_reference_s_conditions() {
    for (name, model, lengths) in
        [("sao10-tiny", &ONE, [vec![0.0, 3.0], vec![1.0, 6.0]]), ("sao-small-tiny", &SMALL, [vec![3.0], vec![2.0]])]
    {
        let golden = Golden::of(name, "conditioning");
        for (i, seconds) in golden.numbers("sweep_seconds").into_iter().enumerate() {
            // the length is the last number: where a piece begins is compared below
            let made = model.conditioner.seconds(&vec![seconds; model.config.numbers.len()], &Device::Cpu).unwrap();
            same(&format!("{name} seconds"), made.last().unwrap(), &golden.get("sweep_embeds").get(i).unwrap(), STAGE);
        }
        for (i, (prompt, lengths)) in PROMPTS.iter().zip(&lengths).enumerate() {
            let seconds = model.conditioner.seconds(lengths, &Device::Cpu).unwrap();
            let hidden = model.text.hidden(&[model.tokens(prompt).unwrap()]).unwrap().remove(0);
            let rows = model.conditioner.context(hidden.as_ref(), &seconds, &Device::Cpu).unwrap().long().unwrap().rows;
            same(&format!("{name} cross_attn_cond"), &rows, &golden.get("cross_attn_cond").get(i).unwrap(), STAGE);
            let global = Tensor::cat(&seconds, 1).unwrap().squeeze(0).unwrap();
            same(&format!("{name} global_cond"), &global, &golden.get("global_cond").get(i).unwrap(), STAGE);
            // the network is given no mask: a row that is masked is a row of zeros
            let mask: Vec<f32> =
                rows.to_vec2::<f32>().unwrap().iter().map(|row| if row.iter().all(|v| *v == 0.0) { 0.0 } else { 1.0 }).collect();
            assert_eq!(mask, numbers(&golden.get("cross_attn_mask").get(i).unwrap()), "{name} {prompt}");
        }
    }
}

/// What is asked for, and what the reference was told about it.
struct Case<'a> {
    model: &'a StableAudioOpen,
    folder: &'a str,
    name: &'a str,
    request: Request<'a>,
    /// What each step's own noise is called.
    noise: Option<&'a str>,
    /// How much of a source, and of noise, it starts from.
    known: Option<(f32, f32)>,
}

/// Clean latents and the noise in `x`, where that has the part `sigma` of the circle that both are on.
fn circle(guided: &Guided<'_>, x: &Latents, sigma: f32) -> (Latents, Latents) {
    let alpha = (1.0 - sigma * sigma).sqrt();
    let t = (f64::from(sigma).asin() / FRAC_PI_2) as f32;
    let v = guided.predict(x, t, t).unwrap();
    let [mut clean, mut noise] = [x.clone(), x.clone()];
    blend(&mut clean, &v, |x, v| alpha * x - sigma * v);
    blend(&mut noise, &v, |x, v| sigma * x + alpha * v);
    (clean, noise)
}

/// What the reference calls the level of a sampler's time.
fn level(sampler: Option<Sampler>, time: f32) -> f32 {
    let angle = f64::from(time) * FRAC_PI_2;
    match sampler {
        None | Some(Sampler::Euler) => time,
        Some(Sampler::VDdim) => angle.sin() as f32,
        _ => angle.tan() as f32,
    }
}

/// From the stored noise to the stored latents, then to the stored audio.
fn trajectory(case: &Case<'_>) {
    let Case { model, folder, name, request, noise, known } = case;
    let golden = Golden::of(folder, name);
    // a source isn't stored, but what it was mixed into is
    let known = known.map(|(of_source, of_noise)| {
        let mut z = golden.step("x", 0);
        blend(&mut z, &golden.latents("initial_noise"), |x, n| (x - of_noise * n) / of_source);
        z
    });
    let length = Length { latents: 64, valid: 64, ..model.length(request).unwrap() };
    let (mut guided, _) = model.guided(request, length, 1).unwrap();
    let levels = golden.numbers("sigma");
    for (i, level) in levels.iter().copied().enumerate() {
        let what = |what: &str| format!("{folder} {name} {what} {i}");
        let denoised_is = |made: &Latents, tolerance| agree(&what("denoised"), made.data(), golden.step("denoised", i).data(), tolerance);
        // where these two tell of a step, they tell where it led to: it began where the one before led to
        let led_to = |made: &Latents| agree(&what("x"), made.data(), golden.step("x", i).data(), STAGE);
        let began = if i == 0 { golden.latents("initial_noise") } else { golden.step("x", i - 1) };
        let next = levels.get(i + 1).copied().unwrap_or(0.0);
        match request.sampler {
            Some(Sampler::Euler) => {
                denoised_is(&clean(&began, &guided.predict(&began, level, level).unwrap(), level), STAGE);
                let fresh = |_: usize| unreachable!("Euler's method draws nothing");
                let one = Run { sampler: Sampler::Euler, levels: &[level, next], flow: &mut guided, noise: &fresh, progress: &mut on };
                led_to(&one.walk(began).unwrap());
            }
            Some(Sampler::VDdim) => {
                let (clean, noise) = circle(&guided, &began, level);
                denoised_is(&clean, STAGE);
                let mut x = clean;
                blend(&mut x, &noise, |z, n| (1.0 - next * next).sqrt() * z + next * n);
                // the last step leads to what is told as clean, and x is told once more
                led_to(if next == 0.0 { &began } else { &x });
            }
            None => {
                let x = golden.step("x", i);
                denoised_is(&clean(&x, &guided.predict(&x, level, level).unwrap(), level), WAVES);
            }
            _ => denoised_is(&denoised(&guided, &golden.step("x", i), f64::from(level)).unwrap(), WAVES),
        }
    }
    let fresh = |step: usize| -> Result<Latents, StableError> { Ok(golden.step(noise.expect("a sampler with noise"), step)) };
    let start = Noise { start: golden.latents("initial_noise"), fresh: &fresh };
    let mut times = vec![];
    let mut tell = |step: Step| {
        times.push(step.time);
        on(step)
    };
    let made = model.run(request, start, known.as_ref(), &mut tell).unwrap();
    let made_levels: Vec<f32> = times.iter().map(|t| level(request.sampler, *t)).collect();
    agree(&format!("{folder} {name} levels"), &made_levels, &levels, 1e-4);
    agree(&format!("{folder} {name} latents"), made.latents.data(), golden.latents("latents").data(), TRAJECTORY);
    let audio = model.decode(&golden.latents("latents"), 0..64, &mut |_, _| on(())).unwrap();
    let audio: Vec<f32> = audio.into_iter().flatten().flatten().collect();
    agree(&format!("{folder} {name} audio"), &audio, &golden.numbers("audio"), STAGE);
}

/// The prompt and length that the fixtures' runs share.
fn request(seconds: f64) -> Request<'static> {
    Request::new("warm analog synth pulses, 112 BPM", seconds, 7)
}

/// For requests whose source is given by its latents.
static SILENCE: LazyLock<Stereo> = LazyLock::new(|| [vec![0.0], vec![0.0]]);

fn guided(scale: f64) -> Guidance {
    Guidance { scale, ..Guidance::NONE }
}

#[test]
fn the_small_model_goes_where_the_reference_goes() {
    let case = |name, request, noise, known| trajectory(&Case { model: &SMALL, folder: "sao-small-tiny", name, request, noise, known });
    case("pingpong8", request(3.0), Some("step_noise"), None);
    case("euler8", Request { sampler: Some(Sampler::Euler), ..request(3.0) }, None, None);
    let negative = Request { negative: Some("drums"), guidance: guided(6.0), ..request(3.0) };
    case("pingpong8_cfg6_neg", negative, Some("step_noise"), None);
    let source = Source::Vary { audio: &SILENCE, amount: 0.7 };
    case("pingpong8_init", Request { source, ..request(3.0) }, Some("step_noise"), Some((0.3, 0.7)));
}

#[test]
fn the_large_model_goes_where_the_reference_goes() {
    let case = |name, request, noise, known| trajectory(&Case { model: &ONE, folder: "sao10-tiny", name, request, noise, known });
    let with = |sampler, steps, scale| Request { sampler: Some(sampler), steps, guidance: guided(scale), ..request(3.0) };
    case("dpmpp2m_8_cfg1", with(Sampler::DpmPp2m, 8, 1.0), None, None);
    case("v_ddim_8_cfg4", with(Sampler::VDdim, 8, 4.0), None, None);
    case("dpmpp3m_sde_12_cfg7", with(Sampler::DpmPp3mSde, 12, 7.0), Some("brownian_noise"), None);
    let negative = Request { negative: Some("drums"), ..with(Sampler::DpmPp2mSde, 8, 4.0) };
    case("dpmpp2m_sde_8_cfg4_neg", negative, Some("brownian_noise"), None);
    let source = Source::Vary { audio: &SILENCE, amount: 8f64.atan() / FRAC_PI_2 };
    case("dpmpp3m_sde_12_init", Request { source, ..with(Sampler::DpmPp3mSde, 12, 7.0) }, Some("brownian_noise"), Some((1.0, 8.0)));
}

#[test]
fn from_words_to_sound_and_back() {
    let three = Request { steps: 3, ..request(1.0) };
    for model in [&ONE, &SMALL] {
        let made = model.sample(&three, &mut on).unwrap();
        let sound = model.sound(&made, &mut |_, _| on(())).unwrap();
        assert!(sound[0].iter().all(|c| c.len() == 640));
        assert_eq!(model.sample(&three, &mut on).unwrap(), made);
        let again = Request { source: Source::Vary { audio: &sound[0], amount: 0.5 }, ..three.clone() };
        assert!(model.sample(&again, &mut on).unwrap().latents.is_finite());
        let inpaint = Request { source: Source::Inpaint { audio: &sound[0], regions: &[] }, ..three.clone() };
        assert!(model.sample(&inpaint, &mut on).unwrap_err().to_string().contains("Stable Audio 3"));
    }
    let wrong = Request { sampler: Some(Sampler::PingPong), ..three.clone() };
    assert!(ONE.sample(&wrong, &mut on).unwrap_err().to_string().contains("choose dpm++3m-sde"));
    let long = Request { seconds: 100.0, ..three };
    assert!(ONE.sample(&long, &mut on).unwrap_err().to_string().contains("up to 6.4 s"));
}

#[test]
fn a_model_passes_its_check_unless_its_numbers_are_of_another_size() {
    let unwatched = crate::Loading::unwatched();
    ONE.check(&unwatched).unwrap();
    SMALL.check(&unwatched).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let [whole, file] = [fixtures().join("sao10-tiny"), folder.path().to_owned()].map(|f| f.join("model.safetensors"));
    fs::copy(fixtures().join("sao10-tiny/model_config.json"), folder.path().join("model_config.json")).unwrap();
    for key in ["pretransform.model.decoder.layers.5.weight_g", "model.model.transformer.project_out.weight"] {
        fs::write(&file, with_huge(&fs::read(&whole).unwrap(), key)).unwrap();
        let read = OpenFolder::read(folder.path(), Some(&fixtures().join("t5-base"))).unwrap();
        let error = StableAudioOpen::load(&read, &Device::Cpu, &unwatched).unwrap().check(&unwatched).unwrap_err();
        assert!(matches!(error, StableError::Device(_)), "{key}: {error}");
    }
}

#[test]
fn folders_that_cannot_be_used_say_why() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model_config.json", "model.safetensors"] {
        fs::copy(fixtures().join("sao10-tiny").join(name), folder.path().join(name)).unwrap();
    }
    let read = |text: Option<&std::path::Path>| OpenFolder::read(folder.path(), text).unwrap_err();
    assert_eq!(read(None), FolderError::NoTextEncoder("t5-base".into()).into());
    assert_eq!(read(Some(folder.path())), FolderError::NoTextEncoder("t5-base".into()).into());
    let t5 = fixtures().join("t5-base");
    assert!(OpenFolder::read(folder.path(), Some(&t5)).is_ok());
    let config = fs::read_to_string(folder.path().join("model_config.json")).unwrap();
    for (from, to) in [
        ("\"depth\": 2", "\"depth\": 99999999999"),
        ("\"depth\": 2", "\"depth\": 3"),
        ("\"num_heads\": 2", "\"num_heads\": 0"),
        ("\"channels\": 8", "\"channels\": 0"),
        ("\"downsampling_ratio\": 32", "\"downsampling_ratio\": 64"),
        ("\"t5_model_name\": \"t5-base\"", "\"t5_model_name\": \"../secrets\""),
        ("\"max_val\": 512", "\"max_val\": 0"),
        ("\"sample_size\": 4096", "\"sample_size\": 0"),
        ("\"model_type\": \"diffusion_cond\"", "\"model_type\": \"lm\""),
    ] {
        assert!(config.contains(from), "{from}");
        fs::write(folder.path().join("model_config.json"), config.replacen(from, to, 1)).unwrap();
        let error = read(Some(&t5)).to_string();
        assert!(error.contains("model_config.json"), "{to}: {error}");
    }
    fs::write(folder.path().join("model_config.json"), &config).unwrap();
    let bytes = fs::read(folder.path().join("model.safetensors")).unwrap();
    fs::write(folder.path().join("model.safetensors"), &bytes[..bytes.len() / 2]).unwrap();
    assert!(read(Some(&t5)).to_string().contains("cut off or damaged"));
    let wrong = crate::Folder::read(&fixtures().join("sao10-tiny"), None).unwrap_err();
    assert!(wrong.to_string().contains("diffusion_cond"), "{wrong}");
}
