//! The large codec against the reference, stage by stage.

use super::{STAGE, on};
use crate::same::*;
use crate::testing::{Golden, medium, numbers, portable, same};
use candle_core::Device;
use inlay_diffusion::{Sequence, Stream};
use std::sync::LazyLock;

static CODEC: LazyLock<Same> = LazyLock::new(codec);
static GOLDEN: LazyLock<Golden> = LazyLock::new(|| Golden::of("sa3-medium-tiny", "codec"));

fn codec() -> Same {
    let (config, weights) = medium();
    Same::new(&config.codec, &weights.pp("pretransform.model")).unwrap()
}

fn decode(z: &Tensor, noise: Option<&DecodeNoise>) -> Tensor {
    CODEC.decode(z, 0..z.dim(1).unwrap(), noise, &mut on).unwrap()
}

/// Runs the blocks of a half one by one.
fn stages(half: &str, body: &Body, mut xs: Tensor) -> Tensor {
    for (i, block) in body.transformers.iter().enumerate() {
        xs = block.forward(&xs).unwrap();
        same(&format!("{half}_block{i}"), &xs, &GOLDEN.get(&format!("{half}_block{i}")), STAGE);
    }
    xs
}

#[test]
fn every_stage_of_the_encoder_is_the_reference_s() {
    let patches = CODEC.patches(&GOLDEN.get("audio_812").pad_with_zeros(2, 0, 20).unwrap()).unwrap();
    let mapped = CODEC.encoder.mapping.forward(&patches).unwrap();
    same("enc_mapping", &mapped, &GOLDEN.rows("enc_mapping"), STAGE);
    let new = CODEC.encoder.body.new_tokens.broadcast_as((13, 1, 32)).unwrap().contiguous().unwrap();
    let xs = Tensor::cat(&[mapped.reshape((13, 8, 32)).unwrap(), new], 1).unwrap().reshape((1, 117, 32)).unwrap();
    stages("enc", &CODEC.encoder.body, xs);
    same("latents_812", &CODEC.encode(&GOLDEN.get("audio_812"), &mut on).unwrap(), &GOLDEN.rows("latents_812"), STAGE);
}

#[test]
fn every_stage_of_the_decoder_is_the_reference_s() {
    let z = (GOLDEN.rows("z13") * CODEC.running_std).unwrap();
    let h = CODEC.decoder.project.forward(&z).unwrap().reshape((13, 1, 32)).unwrap();
    let new = CODEC.decoder.body.new_tokens.broadcast_as((13, 8, 32)).unwrap().contiguous().unwrap();
    stages("dec", &CODEC.decoder.body, Tensor::cat(&[h, new], 1).unwrap().reshape((1, 117, 32)).unwrap());
    same("dec_mapping", &CODEC.decode_rows(&z, None).unwrap(), &GOLDEN.rows("dec_mapping"), STAGE);
    same("decoded13", &decode(&GOLDEN.rows("z13"), None), &GOLDEN.get("decoded13"), STAGE);
    let noise = DecodeNoise { latents: GOLDEN.rows("decoded13_softnorm_noise"), rows: GOLDEN.get("decoded13_token_noise") };
    same("decoded13_noise", &decode(&GOLDEN.rows("z13"), Some(&noise)), &GOLDEN.get("decoded13_noise"), STAGE);
}

#[test]
fn long_sounds_are_coded_as_by_the_reference_whole_or_in_chunks() {
    let decoded = decode(&GOLDEN.rows("z145"), None);
    let latents = CODEC.encode(&GOLDEN.get("audio_145"), &mut on).unwrap();
    for way in ["direct", "chunked"] {
        same(&format!("decoded145_{way}"), &decoded, &GOLDEN.get(&format!("decoded145_{way}")), STAGE);
        same(&format!("latents145_{way}"), &latents, &GOLDEN.rows(&format!("latents145_{way}")), STAGE);
    }
}

#[test]
fn any_range_is_decoded_alone_as_in_the_whole_bit_for_bit() {
    let z = GOLDEN.rows("z145");
    let whole = decode(&z, None);
    let all = CODEC.decode_rows(&(&z * CODEC.running_std).unwrap(), None).unwrap();
    let all = all.reshape((1, 145 * 8, 2, 8)).unwrap().transpose(1, 2).unwrap().contiguous().unwrap();
    assert_eq!(numbers(&whole), numbers(&all));
    let place = Sequence { seed: 1, stream: Stream::Chords, variation: 0 };
    for i in 0..24 {
        let start = place.choose(2 * i, 145) as usize;
        let end = start + 1 + place.choose(2 * i + 1, (145 - start) as u32) as usize;
        let part = CODEC.decode(&z, start..end, None, &mut on).unwrap();
        assert_eq!(numbers(&part), numbers(&whole.narrow(2, start * 64, (end - start) * 64).unwrap()), "{start}..{end}");
    }
}

#[test]
fn segments_are_encoded_as_the_whole_bit_for_bit() {
    let audio = GOLDEN.get("audio_145");
    let whole = CODEC.encode_rows(&CODEC.patches(&audio).unwrap()).unwrap();
    assert_eq!(numbers(&CODEC.encode(&audio, &mut on).unwrap()), numbers(&whole));
}

/// Four layers see nine rows each. A latent's own row is the first of its nine and makes no sound: four latents before hear it, and three
/// behind, where the fourth's first row would.
#[test]
fn a_latent_is_heard_as_far_as_all_layers_see_together() {
    assert_eq!(CODEC.config.reach(), [4, 4]);
    let z = GOLDEN.rows("z13");
    let other = Tensor::cat(&[z.narrow(1, 0, 6).unwrap(), z.narrow(1, 0, 1).unwrap(), z.narrow(1, 7, 6).unwrap()], 1).unwrap();
    let (a, b) = (decode(&z, None), decode(&other, None));
    let changed = |latent: usize| {
        let part = |t: &Tensor| numbers(&t.narrow(2, latent * 64, 64).unwrap());
        part(&a) != part(&b)
    };
    assert_eq!((0..13).filter(|i| changed(*i)).collect::<Vec<_>>(), (2..=9).collect::<Vec<_>>());
}

#[test]
fn items_of_a_batch_are_decoded_as_alone() {
    let z = GOLDEN.rows("z145");
    let (a, b) = (z.narrow(1, 0, 21).unwrap(), z.narrow(1, 60, 21).unwrap());
    let both = decode(&Tensor::cat(&[&a, &b], 0).unwrap(), None);
    for (i, alone) in [a, b].iter().enumerate() {
        assert_eq!(numbers(&both.narrow(0, i, 1).unwrap()), numbers(&decode(alone, None)));
    }
}

#[test]
fn other_devices_operations_agree_with_the_reference_too() {
    portable(|| {
        let codec = codec();
        let audio = codec.decode(&GOLDEN.rows("z13"), 0..13, None, &mut on).unwrap();
        same("portable decoder", &audio, &GOLDEN.get("decoded13"), STAGE);
        let audio = codec.decode(&GOLDEN.rows("z145"), 3..90, None, &mut on).unwrap();
        same("portable decoder in segments", &audio, &GOLDEN.get("decoded145_direct").narrow(2, 192, 87 * 64).unwrap(), STAGE);
        same("portable encoder", &codec.encode(&GOLDEN.get("audio_812"), &mut on).unwrap(), &GOLDEN.rows("latents_812"), STAGE);
    });
}

#[test]
fn rows_that_are_no_whole_latents_are_an_error() {
    let rows = Tensor::zeros((1, 17, 32), candle_core::DType::F32, &Device::Cpu).unwrap();
    assert!(CODEC.decoder.body.forward(&rows).is_err());
}
