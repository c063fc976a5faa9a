//! What tells the two plugins apart.

use nice_plug::prelude::*;

/// One of the plugins in this library.
pub trait Kind: Send + 'static {
    /// As hosts list it.
    const NAME: &'static str;
    /// Names it in CLAP projects for ever.
    const CLAP_ID: &'static str;
    /// Names it in VST3 projects for ever.
    const VST3_ID: [u8; 16];
    /// In a sentence.
    const DESCRIPTION: &'static str;
    /// Where CLAP hosts list it.
    const CLAP_FEATURES: &'static [ClapFeature];
    /// Where VST3 hosts list it.
    const VST3_CATEGORIES: &'static [Vst3SubCategory];
    /// Inputs and outputs.
    const LAYOUTS: &'static [AudioIOLayout];
    /// Whether it has an input.
    const EFFECT: bool;
}

/// Inlay: notes in, stereo out.
#[derive(Debug)]
pub struct Instrument;

/// Inlay FX: stereo in and out.
#[derive(Debug)]
pub struct Effect;

impl Kind for Instrument {
    const NAME: &'static str = "Inlay";
    const CLAP_ID: &'static str = "org.inlay.inlay";
    const VST3_ID: [u8; 16] = *b"InlayInstrument1";
    const DESCRIPTION: &'static str = "Loops from words, in your project's tempo";
    const CLAP_FEATURES: &'static [ClapFeature] =
        &[ClapFeature::Instrument, ClapFeature::Sampler, ClapFeature::DrumMachine, ClapFeature::Stereo];
    const VST3_CATEGORIES: &'static [Vst3SubCategory] =
        &[Vst3SubCategory::Instrument, Vst3SubCategory::Sampler, Vst3SubCategory::Generator, Vst3SubCategory::Stereo];
    const LAYOUTS: &'static [AudioIOLayout] =
        &[AudioIOLayout { main_output_channels: Some(new_nonzero_u32(2)), ..AudioIOLayout::const_default() }];
    const EFFECT: bool = false;
}

impl Kind for Effect {
    const NAME: &'static str = "Inlay FX";
    const CLAP_ID: &'static str = "org.inlay.inlay-fx";
    const VST3_ID: [u8; 16] = *b"InlayEffect00001";
    const DESCRIPTION: &'static str = "Captures your track and makes parts of it anew, from words";
    const CLAP_FEATURES: &'static [ClapFeature] = &[ClapFeature::AudioEffect, ClapFeature::MultiEffects, ClapFeature::Stereo];
    const VST3_CATEGORIES: &'static [Vst3SubCategory] = &[Vst3SubCategory::Fx, Vst3SubCategory::Generator, Vst3SubCategory::Stereo];
    const LAYOUTS: &'static [AudioIOLayout] = &[AudioIOLayout {
        main_input_channels: Some(new_nonzero_u32(2)),
        main_output_channels: Some(new_nonzero_u32(2)),
        ..AudioIOLayout::const_default()
    }];
    const EFFECT: bool = true;
}
