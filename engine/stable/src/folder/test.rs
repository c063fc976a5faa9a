//! Folders that can't be used: a sentence each, before memory is asked for.

use super::*;
use crate::testing::{FOLDER, MODEL, changed, path, with_huge};
use crate::{StableAudio3, WeightsError};
use candle_core::{DType, Device};
use proptest::prelude::*;
use std::{collections::BTreeMap, ops::ControlFlow};

/// A copy of the tiny model's folder that a test may damage.
struct Copy(tempfile::TempDir);

impl Copy {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(TEXT)).unwrap();
        for name in ["model_config.json", "model.safetensors"] {
            fs::copy(path(name), folder.path().join(name)).unwrap();
        }
        for name in ["config.json", "model.safetensors", "tokenizer.json"] {
            fs::copy(path(TEXT).join(name), folder.path().join(TEXT).join(name)).unwrap();
        }
        Self(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn change(&self, name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
        fs::write(self.file(name), change(fs::read(self.file(name)).unwrap())).unwrap();
    }

    fn replace(&self, name: &str, from: &str, to: &str) {
        self.change(name, |bytes| {
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1).into_bytes()
        });
    }

    fn read(&self) -> Result<Folder, StableError> {
        Folder::read(self.0.path(), None)
    }

    fn error(&self) -> String {
        self.read().unwrap_err().to_string()
    }
}

const TEXT: &str = "t5gemma-b-b-ul2";

#[test]
fn a_folder_or_one_of_its_files_is_the_model() {
    let copy = Copy::new();
    for place in [copy.0.path().to_owned(), copy.file("model.safetensors"), copy.file("model_config.json")] {
        assert_eq!(Folder::read(&place, None).unwrap().config(), FOLDER.config());
    }
    assert_eq!(FOLDER.config().sample_rate, 640);
    assert_eq!(FOLDER.config().objective, Objective::Denoiser);
    assert_eq!(FOLDER.memory(), 4 * layout(FOLDER.config()).numbers());
}

#[test]
fn a_base_model_is_known_by_its_objective() {
    let config = Config::parse(&fs::read(path("model_config_base.json")).unwrap()).unwrap();
    assert_eq!((config.objective, config.sample_size), (Objective::Flow, 80_000));
}

/// `keys_small_music.txt` lists the real file's tensors, `model_config_small_music.json` is its configuration.
#[test]
fn the_real_small_model_has_exactly_the_tensors_that_are_asked_for() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let config = Config::parse(&fs::read(fixtures.join("model_config_small_music.json")).unwrap()).unwrap();
    let keys = fs::read_to_string(fixtures.join("keys_small_music.txt")).unwrap();
    let real: BTreeMap<String, String> = keys
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .map(|parts| (parts[0].to_owned(), parts[1].to_owned()))
        .filter(|(key, _)| !key.ends_with("noise_scaling_factor"))
        .collect();
    let layout = layout(&config);
    let asked: BTreeMap<String, String> = layout.iter().map(|(key, shape)| (key.to_owned(), format!("{shape:?}"))).collect();
    assert_eq!(asked, real);
    assert_eq!(asked.len(), 684);
    assert_eq!(layout.numbers(), 567_573_761);
    assert_eq!(crate::Length::new(&config, 8.0, 6.0).unwrap(), crate::Length { samples: 352_800, latents: 152, valid: 151 });
    assert_eq!(crate::Length::new(&config, 30.0, 6.0).unwrap().valid, 387);
    assert_eq!(crate::Length::new(&config, 8.0, 0.0).unwrap().latents, 88);
    assert_eq!(crate::Length::new(&config, 120.0, 6.0).unwrap().latents, 1292);
}

/// The real small model's configuration with the medium one's sizes.
fn medium() -> serde_json::Value {
    let small = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/model_config_small_music.json")).unwrap();
    let mut config: serde_json::Value = serde_json::from_slice(&small).unwrap();
    for half in ["encoder", "decoder"] {
        let half = &mut config["model"]["pretransform"]["config"][half]["config"];
        half["channels"] = 256.into();
        half["transformer_depths"] = vec![12].into();
        half["sliding_window"] = vec![1, 1].into();
        half["conv_mapping"] = false.into();
    }
    config["model"]["pretransform"]["config"]["decoder"]["config"]["sinusoidal_blocks"] = vec![8].into();
    let dit = &mut config["model"]["diffusion"]["config"];
    (dit["embed_dim"], dit["depth"], dit["num_heads"]) = (1536.into(), 24.into(), 24.into());
    dit["attn_kwargs"]["differential"] = true.into();
    config
}

/// Sizes as the reference's port to MLX has them; numbers of tensors as people counted them in the real file.
#[test]
fn the_medium_model_has_as_many_tensors_as_the_real_one() {
    let config = Config::parse(medium().to_string().as_bytes()).unwrap();
    let layout = layout(&config);
    let shape = |end: &str| layout.iter().find(|(key, _)| key.ends_with(end)).unwrap().1.to_vec();
    let count = |start: &str| layout.iter().filter(|(key, _)| key.starts_with(start)).count();
    assert_eq!((count("model.model."), count("pretransform.model."), count("conditioner.")), (522, 471, 3));
    assert_eq!(shape("layers.23.self_attn.to_qkv.weight"), [7680, 1536]);
    assert_eq!(
        (shape("layers.23.cross_attn.to_q.weight"), shape("layers.23.cross_attn.to_kv.weight")),
        (vec![3072, 1536], vec![4608, 1536])
    );
    assert_eq!(
        (shape("transformers.11.ff.ff.0.proj.weight"), shape("transformers.11.ff.ff.2.weight")),
        (vec![9216, 1536], vec![1536, 4608])
    );
    assert_eq!(shape("decoder.layers.3.mapping.weight_v"), [512, 1536, 1]);
    assert_eq!(config.codec.reach(), [12, 12]);
    // the last seven: the reference leaves out the first of the eight
    assert_eq!((config.codec.waves, config.codec.window(), config.codec.grain), (7, 1, 2));
}

#[test]
fn a_codec_of_a_kind_that_nobody_made_is_refused() {
    for (half, key, value) in [
        ("encoder", "sliding_window", serde_json::json!([1, 2])),
        ("decoder", "sliding_window", serde_json::json!(null)),
        ("decoder", "sliding_window", serde_json::json!([1])),
        ("decoder", "sinusoidal_blocks", serde_json::json!([8, 8])),
        ("decoder", "sinusoidal_blocks", serde_json::json!([100_000])),
        ("encoder", "sinusoidal_blocks", serde_json::json!([2])),
        ("decoder", "mask_noise", serde_json::json!(-1)),
        ("decoder", "layer_scale", serde_json::json!(true)),
        ("encoder", "conv_mapping", serde_json::json!(true)),
        ("encoder", "dyt", serde_json::json!(false)),
    ] {
        let mut config = medium();
        config["model"]["pretransform"]["config"][half]["config"][key] = value.clone();
        let error = Config::parse(config.to_string().as_bytes()).unwrap_err();
        assert!(
            matches!(error, FolderError::Unknown { .. } | FolderError::Absurd { .. } | FolderError::Damaged { .. }),
            "{key} {value}: {error}"
        );
    }
    let mut config = medium();
    for half in ["encoder", "decoder"] {
        config["model"]["pretransform"]["config"][half]["config"]["sliding_window"] = vec![1000, 1000].into();
    }
    assert!(Config::parse(config.to_string().as_bytes()).unwrap_err().to_string().contains("sliding_window"));
}

#[test]
fn what_is_missing_is_named() {
    let copy = Copy::new();
    fs::remove_file(copy.file(&format!("{TEXT}/tokenizer.json"))).unwrap();
    assert!(copy.error().contains("the text encoder is missing: put the folder t5gemma-b-b-ul2"), "{}", copy.error());
    fs::remove_dir_all(copy.file(TEXT)).unwrap();
    assert_eq!(copy.read().unwrap_err(), FolderError::NoTextEncoder(TEXT.into()).into());
    fs::remove_file(copy.file("model.safetensors")).unwrap();
    assert_eq!(copy.read().unwrap_err(), FolderError::NoWeights.into());
    fs::remove_file(copy.file("model_config.json")).unwrap();
    assert_eq!(copy.read().unwrap_err(), FolderError::NoModel.into());
    assert!(Folder::read(Path::new("no such folder"), None).unwrap_err().to_string().contains("check the folder"));
}

#[test]
fn pickles_are_refused_with_what_to_do_instead() {
    for name in ["model.ckpt", "model.pt", "Model.PTH", "pytorch_model.bin"] {
        let copy = Copy::new();
        fs::rename(copy.file("model.safetensors"), copy.file(name)).unwrap();
        assert_eq!(copy.read().unwrap_err(), FolderError::Pickle(name.into()).into());
        assert!(copy.error().contains("get the model as model.safetensors"));
    }
}

#[test]
fn a_truncated_file_is_refused_before_memory_is_asked_for() {
    for name in ["model.safetensors", "t5gemma-b-b-ul2/model.safetensors"] {
        let whole = fs::read(path(name)).unwrap();
        for keep in [0, 7, 8, 100, 20_000, whole.len() / 2, whole.len() - 1] {
            let copy = Copy::new();
            copy.change(name, |bytes| bytes[..keep].to_vec());
            let error = copy.read().unwrap_err();
            assert!(matches!(&error, StableError::Weights(WeightsError::Damaged { file, .. }) if file == "model.safetensors"), "{error}");
        }
        let copy = Copy::new();
        copy.change(name, |bytes| [bytes, vec![0]].concat());
        assert!(matches!(copy.read().unwrap_err(), StableError::Weights(WeightsError::Damaged { .. })));
    }
}

#[test]
fn a_header_that_promises_the_earth_is_refused_before_memory_is_asked_for() {
    let tensor = |shape: &str, end: u64| {
        let header = format!(r#"{{"mean":{{"dtype":"F16","shape":{shape},"data_offsets":[0,{end}]}}}}"#);
        [(header.len() as u64).to_le_bytes().to_vec(), header.into_bytes(), vec![0; 64]].concat()
    };
    let huge_header = [u64::MAX.to_le_bytes().to_vec(), vec![0; 64]].concat();
    for bytes in [tensor("[1000000000000]", 2_000_000_000_000), tensor("[18446744073709551615,2]", 64), tensor("[3]", 64), huge_header] {
        let copy = Copy::new();
        copy.change("model.safetensors", |_| bytes);
        assert!(matches!(copy.read().unwrap_err(), StableError::Weights(WeightsError::Damaged { .. })));
    }
}

/// Changes the header of a file and leaves its length as it is.
fn header(bytes: &[u8], change: impl FnOnce(String) -> String) -> Vec<u8> {
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header = change(String::from_utf8(bytes[8..8 + length].to_vec()).unwrap());
    [(header.len() as u64).to_le_bytes().to_vec(), header.into_bytes(), bytes[8 + length..].to_vec()].concat()
}

#[test]
fn a_tensor_of_another_kind_name_or_shape_is_named() {
    let with = |from: &str, to: &str| {
        let copy = Copy::new();
        copy.change("model.safetensors", |bytes| {
            header(&bytes, |h| {
                assert!(h.contains(from), "{from}");
                h.replacen(from, to, 1)
            })
        });
        copy.read().unwrap_err()
    };
    let tokens = r#""model.model.transformer.memory_tokens":{"dtype":"F32","shape":[5,128]"#;
    let error = with(tokens, &tokens.replace("F32", "I32"));
    assert!(
        matches!(&error, StableError::Weights(WeightsError::Kind { tensor, found, .. }) if tensor.ends_with("memory_tokens") && found == "I32"),
        "{error}"
    );
    let error = with(tokens, &tokens.replace("[5,128]", "[10,64]"));
    assert!(
        matches!(&error, StableError::Weights(WeightsError::Shape { expected, found, .. }) if expected == &[5, 128] && found == &[10, 64]),
        "{error}"
    );
    let error = with(tokens, &tokens.replace("memory_tokens", "memory_token"));
    assert!(matches!(&error, StableError::Weights(WeightsError::Missing { tensor, .. }) if tensor.ends_with("memory_tokens")), "{error}");
}

#[test]
fn numbers_that_are_none_are_named_when_they_are_loaded() {
    let copy = Copy::new();
    copy.change("model.safetensors", |mut bytes| {
        let end = bytes.len();
        bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
        bytes
    });
    let error = StableAudio3::load(&copy.read().unwrap(), &Device::Cpu, &[], &crate::Loading::unwatched()).unwrap_err();
    assert!(matches!(error, StableError::Weights(WeightsError::NotFinite { .. })), "{error}");
}

#[test]
fn an_absurd_configuration_is_refused() {
    for (from, to) in [
        ("\"depth\": 2", "\"depth\": 1000000000000"),
        ("\"depth\": 2", "\"depth\": 0"),
        ("\"depth\": 2", "\"depth\": -1"),
        ("\"embed_dim\": 128", "\"embed_dim\": 1000000000"),
        ("\"num_heads\": 2", "\"num_heads\": 0"),
        ("\"num_heads\": 2", "\"num_heads\": 3"),
        ("\"num_heads\": 2", "\"num_heads\": 128"),
        ("\"num_memory_tokens\": 5", "\"num_memory_tokens\": 5000000"),
        ("\"mult\": 4.0", "\"mult\": 1e30"),
        ("\"sample_rate\": 640", "\"sample_rate\": 0"),
        ("\"sample_size\": 76800", "\"sample_size\": 99999999999"),
        ("\"audio_channels\": 2", "\"audio_channels\": 6"),
        ("\"patch_size\": 16", "\"patch_size\": 0"),
        ("\"dim_heads\": 32", "\"dim_heads\": 0"),
        ("\"chunk_size\": 8", "\"chunk_size\": 0"),
        ("\"max_length\": 32", "\"max_length\": 0"),
        ("\"max_val\": 384", "\"max_val\": 0"),
        ("\"cond_dim\": 32", "\"cond_dim\": 33"),
        ("\"subfolder\": \"t5gemma-b-b-ul2\"", "\"subfolder\": \"../../secrets\""),
        ("\"diffusion_objective\": \"rf_denoiser\"", "\"diffusion_objective\": \"v\""),
        ("\"type\": \"taae_v2\"", "\"type\": \"oobleck\""),
        ("\"model_type\": \"diffusion_cond_inpaint\"", "\"model_type\": \"lm\""),
        ("\"qk_norm\": \"rms\"", "\"qk_norm\": \"ln\""),
        ("{", "["),
    ] {
        let copy = Copy::new();
        copy.replace("model_config.json", from, to);
        let error = copy.read().unwrap_err();
        assert!(matches!(error, StableError::Folder(_)), "{to}: {error}");
    }
    // sizes that could be, but aren't this file's
    let copy = Copy::new();
    copy.replace("model_config.json", "\"depth\": 2", "\"depth\": 20");
    assert!(copy.error().contains("layers.2."), "{}", copy.error());
}

#[test]
fn an_absurd_text_encoder_is_refused() {
    for (from, to) in [
        ("\"hidden_size\": 32", "\"hidden_size\": 0"),
        ("\"head_dim\": 8", "\"head_dim\": 7"),
        ("\"rope_theta\": 10000.0", "\"rope_theta\": 0"),
        ("\"hidden_activation\": \"gelu_pytorch_tanh\"", "\"hidden_activation\": \"relu\""),
    ] {
        let copy = Copy::new();
        copy.change(&format!("{TEXT}/config.json"), |bytes| {
            // the decoder comes first and is ignored
            let text = String::from_utf8(bytes).unwrap();
            let at = text.find("\"encoder\"").unwrap();
            assert!(text[at..].contains(from), "{from}");
            format!("{}{}", &text[..at], text[at..].replacen(from, to, 1)).into_bytes()
        });
        assert!(matches!(copy.read().unwrap_err(), StableError::Folder(FolderError::Damaged { .. })), "{to}");
    }
    let copy = Copy::new();
    copy.change(&format!("{TEXT}/tokenizer.json"), |_| b"{}".to_vec());
    let error = StableAudio3::load(&copy.read().unwrap(), &Device::Cpu, &[], &crate::Loading::unwatched()).unwrap_err();
    assert!(error.to_string().contains("tokenizer.json"), "{error}");
}

fn loaded(copy: &Copy) -> StableAudio3 {
    StableAudio3::load(&copy.read().unwrap(), &Device::Cpu, &[], &crate::Loading::unwatched()).unwrap()
}

#[test]
fn half_precision_files_are_the_same_model_but_for_rounding() {
    let request = crate::Request { steps: 1, ..crate::Request::new("drums", 1.0, 1) };
    // one step from pure noise: the noise less one velocity
    let made = |model: &StableAudio3| model.sample(&request, &mut |_| ControlFlow::Continue(())).unwrap().latents;
    let whole = made(&MODEL);
    let heard = |model: &StableAudio3| -> Vec<f32> {
        let sound = model.decode(&whole, 0..whole.frames(), &mut |_, _| ControlFlow::Continue(())).unwrap();
        sound.into_iter().flatten().flatten().collect()
    };
    let far = |a: &[f32], b: &[f32]| {
        let square = |numbers: &mut dyn Iterator<Item = f32>| numbers.map(|v| f64::from(v).powi(2)).sum::<f64>();
        (square(&mut a.iter().zip(b).map(|(a, b)| a - b)) / square(&mut b.iter().copied())).sqrt()
    };
    // with how far a number is off at most, beside itself
    for (kind, rounding) in [(DType::F16, 0.5f64.powi(11)), (DType::BF16, 0.5f64.powi(8))] {
        let copy = Copy::new();
        copy.change("model.safetensors", |bytes| changed(&bytes, |_, t| t.to_dtype(kind).unwrap()));
        let model = loaded(&copy);
        for (what, far) in [("latents", far(made(&model).data(), whole.data())), ("sound", far(&heard(&model), &heard(&MODEL)))] {
            println!("{kind:?} {what}: {far:.1e}, rounding {rounding:.1e}");
            assert!(far > 0.01 * rounding && far < 4.0 * rounding, "{kind:?} {what}: {far} where one rounding is {rounding}");
        }
    }
}

#[test]
fn a_model_whose_numbers_are_of_another_size_does_not_pass_its_check() {
    // not by its codec's `running_std`: what that scales goes through norms that are bounded, and its rows are dropped at the end
    for key in ["pretransform.model.decoder.layers.3.mapping.weight_g", "model.model.transformer.project_out.weight"] {
        let copy = Copy::new();
        copy.change("model.safetensors", |bytes| with_huge(&bytes, key));
        let error = loaded(&copy).check(&crate::Loading::unwatched()).unwrap_err();
        assert!(matches!(error, StableError::Device(_)), "{key}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn configurations_with_any_damage_are_refused_or_read_but_never_panic(at in any::<usize>(), byte in any::<u8>(), keep in any::<usize>()) {
        let damaged = |name: PathBuf| {
            let mut bytes = fs::read(name).unwrap();
            let at = at % bytes.len();
            bytes[at] = byte;
            bytes.truncate(keep % (2 * bytes.len()));
            bytes
        };
        let _ = Config::parse(&damaged(path("model_config.json")));
        let _ = t5gemma::Config::parse(&damaged(path(TEXT).join("config.json")));
    }

    #[test]
    fn a_header_with_any_damage_is_refused_or_read_but_never_panics(at in any::<usize>(), bytes in proptest::collection::vec(any::<u8>(), 1..9)) {
        let mut whole = fs::read(path("lora/lora.safetensors")).unwrap();
        let length = u64::from_le_bytes(whole[..8].try_into().unwrap()) as usize;
        let at = at % (8 + length - bytes.len());
        whole[at..at + bytes.len()].copy_from_slice(&bytes);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("any.safetensors");
        fs::write(&file, whole).unwrap();
        if let Ok(lora) = crate::Lora::open(&file) {
            let _ = StableAudio3::load(&FOLDER, &Device::Cpu, &[(lora, 1.0)], &crate::Loading::unwatched());
        }
    }
}
