//! The codec against the reference, stage by stage.

use super::*;
use crate::open::OpenFolder;
use crate::testing::{Golden, fixtures, numbers, portable, same};
use candle_core::Device;
use std::ops::ControlFlow;

/// Tolerance of a stage.
const STAGE: f32 = 1e-4;

fn codec(model: &str) -> Oobleck {
    let folder = OpenFolder::read(&fixtures().join(model), None).unwrap();
    Oobleck::new(&folder.config().codec, &Weights::new(folder.weights.clone(), &Device::Cpu).pp("pretransform.model")).unwrap()
}

fn on(_: usize, _: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
fn every_stage_is_the_reference_s() {
    for model in ["sao10-tiny", "sao-small-tiny"] {
        let (codec, golden) = (codec(model), Golden::of(model, "codec"));
        let stage = |name: &str, made: &Tensor| same(&format!("{model} {name}"), made, &golden.rows(name), STAGE);
        let mut h = codec.encoder.first.forward(&golden.rows("audio")).unwrap();
        stage("enc_layer0", &h);
        for (i, block) in codec.encoder.blocks.iter().enumerate() {
            h = block.forward(&h).unwrap();
            stage(&format!("enc_layer{}", i + 1), &h);
        }
        let h = codec.encoder.snake.forward(&h).unwrap();
        stage("enc_layer4", &h);
        stage("encoder_out", &codec.encoder.last.forward(&h).unwrap());
        stage("latents", &codec.encode(&golden.get("audio"), &golden.rows("vae_noise")).unwrap());

        let mut h = codec.decoder.first.forward(&golden.rows("z")).unwrap();
        stage("dec_layer0", &h);
        for (i, block) in codec.decoder.blocks.iter().enumerate() {
            h = block.forward(&h).unwrap();
            stage(&format!("dec_layer{}", i + 1), &h);
        }
        stage("dec_layer4", &codec.decoder.snake.forward(&h).unwrap());
        for (latents, audio) in [("z", "decoded"), ("z200", "decoded200"), ("z200", "decoded200_chunked")] {
            let z = golden.rows(latents);
            let made = codec.decode(&z, 0..z.dim(1).unwrap(), &mut on).unwrap();
            same(&format!("{model} {audio}"), &made, &golden.get(audio), STAGE);
        }
    }
}

#[test]
fn any_range_is_decoded_alone_as_in_the_whole_bit_for_bit() {
    let (codec, z) = (codec("sao10-tiny"), Golden::of("sao10-tiny", "codec").rows("z200"));
    let whole = codec.decode_rows(&z).unwrap().transpose(1, 2).unwrap();
    for range in [0..200, 0..1, 199..200, 57..58, 3..180, 90..130] {
        let part = codec.decode(&z, range.clone(), &mut on).unwrap();
        assert_eq!(numbers(&part), numbers(&whole.narrow(2, range.start * 32, range.len() * 32).unwrap()), "{range:?}");
    }
    assert!(codec.decode(&z, 0..201, &mut on).is_err());
    let mut stop = |done: usize, _: usize| if done == 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    assert_eq!(codec.decode(&z, 0..200, &mut stop).unwrap_err(), StableError::Cancelled);
}

#[test]
fn other_devices_operations_agree_with_the_reference_too() {
    portable(|| {
        let (codec, golden) = (codec("sao10-tiny"), Golden::of("sao10-tiny", "codec"));
        same("portable decoder", &codec.decode(&golden.rows("z"), 0..33, &mut on).unwrap(), &golden.get("decoded"), STAGE);
        let latents = codec.encode(&golden.get("audio"), &golden.rows("vae_noise")).unwrap();
        same("portable encoder", &latents, &golden.rows("latents"), STAGE);
    });
}
