//! Whole models against the reference: text, conditions, trajectories step by step and from end to end; and folders that can't be used.

use super::folder::OpenFolder;
use super::model::{StableAudioOpen, levels};
use super::sampler::{denoised, sigmas};
use crate::error::{FolderError, StableError};
use crate::model::{Noise, Request, Source, Stereo};
use crate::sampler::{blend, clean};
use crate::testing::{Golden, agree, fixtures, same};
use crate::{Guidance, Length, Sampler};
use candle_core::{Device, IndexOp};
use inlay_diffusion::Latents;
use std::{f64::consts::FRAC_PI_2, fs, ops::ControlFlow, sync::LazyLock};

/// Tolerance of a stage.
const STAGE: f32 = 1e-4;
/// Of what starts from words: the reference's text encoder is in half precision.
const WORDS: f32 = 5e-3;
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
fn prompts_and_lengths_become_the_reference_s_conditions() {
    let golden = Golden::of("sao10-tiny", "text");
    let (ids, mask) = (golden.get("input_ids"), golden.get("attention_mask"));
    for i in 0..3 {
        let count = mask.get(i).unwrap().to_vec1::<i64>().unwrap().iter().sum::<i64>() as usize;
        let expected: Vec<u32> = ids.get(i).unwrap().to_vec1::<i64>().unwrap()[..count].iter().map(|t| *t as u32).collect();
        let tokens = crate::Tokens { ids: expected, cut: false };
        let hidden = ONE.text.hidden(&[tokens]).unwrap().remove(0).unwrap();
        same("last_hidden_state", &hidden, &golden.get("last_hidden_state").i((i, ..count)).unwrap(), WORDS);
        same("conditioned", &hidden, &golden.get("conditioned").i((i, ..count)).unwrap(), WORDS);
    }
    for (name, model) in [("sao10-tiny", &ONE), ("sao-small-tiny", &SMALL)] {
        let golden = Golden::of(name, "conditioning");
        for (i, seconds) in golden.numbers("sweep_seconds").into_iter().enumerate() {
            let kinds = vec![seconds; model.config.numbers.len()];
            let made = model.conditioner.seconds(&kinds, &Device::Cpu).unwrap();
            same(&format!("{name} seconds"), made.last().unwrap(), &golden.get("sweep_embeds").get(i).unwrap(), STAGE);
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
    let (guided, _) = model.guided(request, length, 1).unwrap();
    for (i, level) in golden.numbers("sigma").into_iter().enumerate() {
        let x = golden.step("x", i);
        let clean = match request.sampler {
            // these tell the reference's callback something else than the clean latents
            Some(Sampler::VDdim | Sampler::Euler) => break,
            None => clean(&x, &guided.predict(&x, level, level).unwrap(), level),
            _ => denoised(&guided, &x, f64::from(level)).unwrap(),
        };
        agree(&format!("{folder} {name} step {i}"), clean.data(), golden.step("denoised", i).data(), WAVES);
    }
    let fresh = |step: usize| -> Result<Latents, StableError> { Ok(golden.step(noise.expect("a sampler with noise"), step)) };
    let start = Noise { start: golden.latents("initial_noise"), fresh: &fresh };
    let made = model.run(request, start, known.as_ref(), &mut on).unwrap();
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
