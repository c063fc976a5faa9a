//! The codec against the reference, stage by stage.

mod large;

use super::*;
use crate::testing::{FOLDER, Golden, numbers, portable, same};
use candle_core::Device;
use inlay_diffusion::{Sequence, Stream};
use std::sync::LazyLock;

/// Tolerance of a stage.
const STAGE: f32 = 1e-4;

static CODEC: LazyLock<Same> = LazyLock::new(codec);
static GOLDEN: LazyLock<Golden> = LazyLock::new(|| Golden::read("codec"));

fn codec() -> Same {
    Same::new(&FOLDER.config().codec, &Weights::new(FOLDER.weights.clone(), &Device::Cpu).pp("pretransform.model")).unwrap()
}

fn on(_: usize, _: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn decode(z: &Tensor, noise: Option<&DecodeNoise>) -> Tensor {
    CODEC.decode(z, 0..z.dim(1).unwrap(), noise, &mut on).unwrap()
}

/// The first samples of a reference, as an odd number of latents gives it one latent more.
fn cut(t: &Tensor, samples: usize) -> Tensor {
    t.narrow(2, 0, samples).unwrap()
}

#[test]
fn every_stage_of_the_encoder_is_the_reference_s() {
    let audio = GOLDEN.get("audio_1000").pad_with_zeros(2, 0, 24).unwrap();
    let patches = CODEC.patches(&audio).unwrap();
    same("patched", &patches.narrow(1, 0, 63).unwrap(), &GOLDEN.rows("patched"), STAGE);
    let mapped = CODEC.encoder.mapping.forward(&patches).unwrap();
    same("enc_mapping", &mapped, &GOLDEN.rows("enc_mapping"), STAGE);
    let new = CODEC.encoder.body.new_tokens.broadcast_as((16, 1, 64)).unwrap();
    let xs = Tensor::cat(&[mapped.reshape((16, 4, 64)).unwrap(), new.contiguous().unwrap()], 1).unwrap().reshape((1, 80, 64)).unwrap();
    let ys = stages("enc", &CODEC.encoder.body, &xs);
    let last = ys.reshape((1, 16, 5, 64)).unwrap().narrow(2, 4, 1).unwrap().squeeze(2).unwrap().contiguous().unwrap();
    same("enc_resampled", &last, &GOLDEN.rows("enc_resampled"), STAGE);
    same("enc_projected", &CODEC.encoder.project.forward(&last).unwrap(), &GOLDEN.rows("enc_projected"), STAGE);
    same("latents_1000", &CODEC.encode(&GOLDEN.get("audio_1000"), &mut on).unwrap(), &GOLDEN.rows("latents_1000"), STAGE);
}

/// Runs the blocks of the small codec's half one by one.
fn stages(half: &str, body: &Body, xs: &Tensor) -> Tensor {
    let rows = xs.dim(1).unwrap();
    let mut ys = xs.reshape((rows / 10, 10, 64)).unwrap();
    for (i, block) in body.transformers.iter().enumerate() {
        if i == 2 {
            let flat = ys.reshape((1, rows, 64)).unwrap();
            let (first, last) = (flat.narrow(1, 0, 5).unwrap(), flat.narrow(1, rows - 5, 5).unwrap());
            ys = Tensor::cat(&[first, flat, last], 1).unwrap().reshape((rows / 10 + 1, 10, 64)).unwrap();
        }
        ys = block.forward(&ys).unwrap();
        same(&format!("{half}_block{i}"), &ys, &GOLDEN.get(&format!("{half}_block{i}")), STAGE);
    }
    let ys = ys.reshape((1, rows + 10, 64)).unwrap().narrow(1, 5, rows).unwrap().contiguous().unwrap();
    assert_eq!(numbers(&ys), numbers(&body.forward(xs).unwrap()));
    ys
}

#[test]
fn every_stage_of_the_decoder_is_the_reference_s() {
    let z = (GOLDEN.rows("z13") * CODEC.running_std).unwrap();
    let h = CODEC.decoder.project.forward(&z).unwrap();
    same("dec_project_in", &h, &GOLDEN.get("dec_project_in"), STAGE);
    let h = h.pad_with_zeros(1, 0, 1).unwrap().reshape((14, 1, 64)).unwrap();
    let new = CODEC.decoder.body.new_tokens.broadcast_as((14, 4, 64)).unwrap().contiguous().unwrap();
    stages("dec", &CODEC.decoder.body, &Tensor::cat(&[h, new], 1).unwrap().reshape((1, 70, 64)).unwrap());
    same("dec_mapping", &CODEC.decode_rows(&z, None).unwrap(), &GOLDEN.rows("dec_mapping"), STAGE);
    let z = GOLDEN.rows("z13");
    same("decoded13_zero_noise", &decode(&z, None), &cut(&GOLDEN.get("decoded13_zero_noise"), 832), STAGE);
    let noise = DecodeNoise { latents: GOLDEN.rows("decoded13_softnorm_noise"), rows: GOLDEN.get("decoded13_token_noise") };
    same("decoded13_noise", &decode(&z, Some(&noise)), &cut(&GOLDEN.get("decoded13_noise"), 832), STAGE);
}

#[test]
fn folded_weights_are_the_reference_s() {
    let weights = Weights::new(FOLDER.weights.clone(), &Device::Cpu).pp("pretransform.model");
    for (half, place, shape) in [("enc", "encoder.layers.0", [64, 32, 1]), ("dec", "decoder.layers.3", [32, 64, 3])] {
        let name = format!("folded_mapping_weight_{half}");
        crate::testing::agree(&name, &weights.pp(place).pp("mapping").folded(shape).unwrap(), &GOLDEN.numbers(&name), 1e-6);
    }
}

#[test]
fn long_sounds_are_coded_as_by_the_reference_whole_or_in_chunks() {
    let decoded = decode(&GOLDEN.rows("z225"), None);
    same("decoded225_direct", &decoded, &cut(&GOLDEN.get("decoded225_direct"), 14_400), STAGE);
    // with an odd number of latents the reference's last chunk starts at an odd one, which changes all windows of it
    for (name, even) in [("decoded225_chunked", 112), ("decoded225_chunked_64_16", 168)] {
        same(name, &cut(&decoded, even * 64), &cut(&GOLDEN.get(name), even * 64), STAGE);
    }
    let z128 = GOLDEN.rows("z225").narrow(1, 0, 128).unwrap();
    same("decoded128_chunked", &decode(&z128, None), &GOLDEN.get("decoded128_chunked"), STAGE);
    let latents = CODEC.encode(&GOLDEN.get("audio_225"), &mut on).unwrap();
    same("latents225_direct", &latents, &GOLDEN.rows("latents225_direct"), STAGE);
    let even = |t: &Tensor| t.narrow(1, 0, 112).unwrap();
    same("latents225_chunked", &even(&latents), &even(&GOLDEN.rows("latents225_chunked")), STAGE);
}

#[test]
fn noise_that_the_reference_draws_for_a_chunk_belongs_to_its_latents() {
    let noise = DecodeNoise {
        latents: GOLDEN.get("decoded225_chunked_noise_softnorm").get(0).unwrap().transpose(1, 2).unwrap().contiguous().unwrap(),
        rows: GOLDEN.get("decoded225_chunked_noise_token").get(0).unwrap(),
    };
    let made = decode(&GOLDEN.rows("z225").narrow(1, 0, 128).unwrap(), Some(&noise));
    same("decoded225_chunked_noise", &cut(&made, 112 * 64), &cut(&GOLDEN.get("decoded225_chunked_noise"), 112 * 64), STAGE);
}

#[test]
fn any_range_is_decoded_alone_as_in_the_whole_bit_for_bit() {
    let z = GOLDEN.rows("z225");
    let whole = decode(&z, None);
    let place = Sequence { seed: 1, stream: Stream::Chords, variation: 0 };
    for i in 0..24 {
        let start = place.choose(2 * i, 225) as usize;
        let end = start + 1 + place.choose(2 * i + 1, (225 - start) as u32) as usize;
        let part = CODEC.decode(&z, start..end, None, &mut on).unwrap();
        assert_eq!(numbers(&part), numbers(&whole.narrow(2, start * 64, (end - start) * 64).unwrap()), "{start}..{end}");
    }
}

#[test]
fn segments_are_encoded_as_the_whole_bit_for_bit() {
    let audio = GOLDEN.get("audio_225").pad_with_zeros(2, 0, 64).unwrap();
    let whole = CODEC.encode_rows(&CODEC.patches(&audio).unwrap()).unwrap();
    assert_eq!(numbers(&CODEC.encode(&audio, &mut on).unwrap()), numbers(&whole));
}

#[test]
fn items_of_a_batch_are_decoded_as_alone() {
    let z = GOLDEN.rows("z225");
    let (a, b) = (z.narrow(1, 0, 40).unwrap(), z.narrow(1, 60, 40).unwrap());
    let both = decode(&Tensor::cat(&[&a, &b], 0).unwrap(), None);
    for (i, alone) in [a, b].iter().enumerate() {
        assert_eq!(numbers(&both.narrow(0, i, 1).unwrap()), numbers(&decode(alone, None)));
    }
}

#[test]
fn ranges_that_are_not_there_and_empty_sounds_are_refused() {
    let z = GOLDEN.rows("z13");
    #[expect(clippy::reversed_empty_ranges, reason = "what is refused")]
    for range in [0..14, 13..14, 5..5, 7..3] {
        let error = CODEC.decode(&z, range.clone(), None, &mut on).unwrap_err();
        assert!(matches!(error, StableError::Settings(SettingsError::Range { .. })), "{range:?}: {error}");
    }
    let silence = Tensor::zeros((1, 2, 0), candle_core::DType::F32, &Device::Cpu).unwrap();
    assert_eq!(CODEC.encode(&silence, &mut on).unwrap_err(), SettingsError::Empty.into());
}

#[test]
fn decoding_tells_how_far_it_is_and_can_be_stopped() {
    let z = GOLDEN.rows("z225");
    let mut told = vec![];
    let mut progress = |done: usize, parts: usize| {
        told.push((done, parts));
        ControlFlow::Continue(())
    };
    CODEC.decode(&z, 0..225, None, &mut progress).unwrap();
    assert_eq!(told, [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]);
    let mut stop = |done: usize, _: usize| if done == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    assert_eq!(CODEC.decode(&z, 0..225, None, &mut stop).unwrap_err(), StableError::Cancelled);
}

#[test]
fn other_devices_operations_agree_with_the_reference_too() {
    portable(|| {
        let (codec, z) = (codec(), GOLDEN.rows("z13"));
        let audio = codec.decode(&z, 0..13, None, &mut on).unwrap();
        same("portable decoder", &audio, &cut(&GOLDEN.get("decoded13_zero_noise"), 832), STAGE);
        same("portable encoder", &codec.encode(&GOLDEN.get("audio_1000"), &mut on).unwrap(), &GOLDEN.rows("latents_1000"), STAGE);
    });
}
