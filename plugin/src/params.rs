//! What the host can automate and control. Ids and the order of choices are in projects for ever.

use inlay_music::{Amount, Bars, Feel};
use inlay_player::{Mix, PlayMode, Quantize, SLOTS};
use inlay_session::{GUIDANCE, Knobs, STEPS, TRIGGERS, Trigger};
use nice_plug::prelude::*;
use std::sync::Arc;

/// When a slot changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum QuantizeChoice {
    /// At once.
    #[id = "now"]
    Now,
    /// At the next beat.
    #[id = "beat"]
    Beat,
    /// At the next bar.
    #[id = "bar"]
    Bar,
    /// Where the loop begins again.
    #[id = "loop"]
    Loop,
}

/// What notes do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ModeChoice {
    /// Select a slot.
    #[id = "switch"]
    Switch,
    /// Play a slot while they are held.
    #[id = "gate"]
    Gate,
    /// Play a slot once.
    #[id = "oneshot"]
    #[name = "One shot"]
    OneShot,
}

/// How fast the music of new takes feels against the tempo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum FeelChoice {
    /// Half time.
    #[id = "half"]
    #[name = "Half time"]
    Half,
    /// As the tempo says.
    #[id = "normal"]
    Normal,
    /// Double time.
    #[id = "double"]
    #[name = "Double time"]
    Double,
}

/// Bars of new takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[expect(missing_docs, reason = "they are what they say")]
pub enum Length {
    #[id = "1"]
    #[name = "1 bar"]
    One,
    #[id = "2"]
    #[name = "2 bars"]
    Two,
    #[id = "4"]
    #[name = "4 bars"]
    Four,
    #[id = "8"]
    #[name = "8 bars"]
    Eight,
    #[id = "16"]
    #[name = "16 bars"]
    Sixteen,
}

/// All parameters of both plugins.
#[derive(Debug, Params)]
#[expect(missing_docs, reason = "their names say it; hosts show them")]
pub struct Parameters {
    #[id = "bypass"]
    pub bypass: BoolParam,
    #[id = "gain"]
    pub gain: FloatParam,
    #[id = "mix"]
    pub mix: FloatParam,
    #[id = "width"]
    pub width: FloatParam,
    #[id = "slot"]
    pub slot: IntParam,
    #[id = "quantize"]
    pub quantize: EnumParam<QuantizeChoice>,
    #[id = "mode"]
    pub mode: EnumParam<ModeChoice>,
    #[id = "feel"]
    pub feel: EnumParam<FeelChoice>,
    #[id = "bars"]
    pub bars: EnumParam<Length>,
    #[id = "steps"]
    pub steps: IntParam,
    #[id = "guidance"]
    pub guidance: FloatParam,
    #[id = "amount"]
    pub amount: FloatParam,
    #[id = "seed_lock"]
    pub seed_lock: BoolParam,
    #[id = "generate"]
    pub generate: BoolParam,
    #[id = "inpaint"]
    pub inpaint: BoolParam,
    #[id = "vary"]
    pub vary: BoolParam,
    #[id = "next"]
    pub next: BoolParam,
    #[id = "previous"]
    pub previous: BoolParam,
    /// Goes up with each change that the project should be saved with, for hosts that only watch parameters.
    #[id = "changed"]
    pub changed: IntParam,
}

/// Where [`Parameters::changed`] starts again.
const CHANGES: i32 = 1 << 16;

impl Default for Parameters {
    fn default() -> Self {
        let share = |name: &'static str, default: f32, most: f32| {
            FloatParam::new(name, default, FloatRange::Linear { min: 0.0, max: most })
                .with_unit(" %")
                .with_value_to_string(formatters::v2s_f32_percentage(0))
                .with_string_to_value(formatters::s2v_f32_percentage())
        };
        let (least, most) = (util::db_to_gain(-60.0), util::db_to_gain(12.0));
        let gain = FloatRange::Skewed { min: least, max: most, factor: FloatRange::gain_skew_factor(-60.0, 12.0) };
        Self {
            bypass: BoolParam::new("Bypass", false)
                .with_value_to_string(formatters::v2s_bool_bypass())
                .with_string_to_value(formatters::s2v_bool_bypass())
                .make_bypass(),
            gain: FloatParam::new("Gain", 1.0, gain)
                .with_unit(" dB")
                .with_value_to_string(formatters::v2s_f32_gain_to_db(1))
                .with_string_to_value(formatters::s2v_f32_gain_to_db()),
            mix: share("Mix", 1.0, 1.0),
            width: share("Width", 1.0, 2.0),
            slot: IntParam::new("Slot", 1, IntRange::Linear { min: 1, max: SLOTS as i32 }),
            quantize: EnumParam::new("Switch at", QuantizeChoice::Bar),
            mode: EnumParam::new("Notes", ModeChoice::Switch),
            feel: EnumParam::new("Feel", FeelChoice::Normal),
            bars: EnumParam::new("Bars", Length::Four),
            steps: IntParam::new("Steps", STEPS as i32, IntRange::Linear { min: 4, max: 64 }),
            guidance: FloatParam::new("Guidance", GUIDANCE as f32, FloatRange::Linear { min: 1.0, max: 10.0 })
                .with_step_size(0.1)
                .with_value_to_string(formatters::v2s_f32_rounded(1)),
            amount: share("Variation", 0.5, 1.0),
            seed_lock: BoolParam::new("Seed lock", false),
            generate: trigger("Generate"),
            inpaint: trigger("Inpaint"),
            vary: trigger("Vary"),
            next: trigger("Next"),
            previous: trigger("Previous"),
            changed: IntParam::new("Changes", 0, IntRange::Linear { min: 0, max: CHANGES - 1 }).non_automatable().hide(),
        }
    }
}

/// A parameter that acts when it goes up.
fn trigger(name: &'static str) -> BoolParam {
    let said = |up| if up { "Go" } else { "Ready" }.to_owned();
    let heard = |text: &str| match text.trim().to_ascii_lowercase().as_str() {
        "go" | "on" | "true" | "1" => Some(true),
        "ready" | "off" | "false" | "0" => Some(false),
        _ => None,
    };
    BoolParam::new(name, false).with_value_to_string(Arc::new(said)).with_string_to_value(Arc::new(heard))
}

impl Parameters {
    /// Level, width and mix for a block; a bypassed effect lets its input pass, a bypassed instrument is silent.
    ///
    /// # Realtime safety
    /// Loads only.
    pub(crate) fn mix(&self, effect: bool) -> Mix {
        let bypass = self.bypass.value();
        let heard = |value: f32, is: bool| if is { value } else { 0.0 };
        Mix {
            gain: heard(self.gain.value(), effect || !bypass),
            width: self.width.value(),
            mix: if effect { heard(self.mix.value(), !bypass) } else { 1.0 },
        }
    }

    /// # Realtime safety
    /// Loads only.
    pub(crate) fn quantize(&self) -> Quantize {
        match self.quantize.value() {
            QuantizeChoice::Now => Quantize::Now,
            QuantizeChoice::Beat => Quantize::Beat,
            QuantizeChoice::Bar => Quantize::Bar,
            QuantizeChoice::Loop => Quantize::Loop,
        }
    }

    /// # Realtime safety
    /// Loads only.
    pub(crate) fn play_mode(&self) -> PlayMode {
        match self.mode.value() {
            ModeChoice::Switch => PlayMode::Switch,
            ModeChoice::Gate => PlayMode::Gate,
            ModeChoice::OneShot => PlayMode::OneShot,
        }
    }

    /// The slot that the parameter names, from 0.
    ///
    /// # Realtime safety
    /// Loads only.
    pub(crate) fn slot(&self) -> u8 {
        (self.slot.value() - 1).clamp(0, SLOTS as i32 - 1) as u8
    }

    /// Which triggers are up.
    ///
    /// # Realtime safety
    /// Loads only.
    pub(crate) fn triggers(&self) -> [bool; TRIGGERS] {
        Trigger::ALL.map(|trigger| {
            match trigger {
                Trigger::Generate => &self.generate,
                Trigger::Inpaint => &self.inpaint,
                Trigger::Vary => &self.vary,
                Trigger::Next => &self.next,
                Trigger::Previous => &self.previous,
            }
            .value()
        })
    }

    /// What [`changed`](Self::changed) is after one more change.
    ///
    /// # Realtime safety
    /// Loads only.
    pub(crate) fn next_change(&self) -> i32 {
        (self.changed.value() + 1) % CHANGES
    }

    /// What requests are made with.
    pub(crate) fn knobs(&self) -> Knobs {
        let [one, two, four, eight, sixteen] = Bars::ALL;
        let bars = match self.bars.value() {
            Length::One => one,
            Length::Two => two,
            Length::Four => four,
            Length::Eight => eight,
            Length::Sixteen => sixteen,
        };
        let feel = match self.feel.value() {
            FeelChoice::Half => Feel::Half,
            FeelChoice::Normal => Feel::Normal,
            FeelChoice::Double => Feel::Double,
        };
        Knobs {
            bars,
            feel,
            steps: self.steps.value().clamp(1, 1000) as u32,
            // as it is shown: the digits beyond are those of single precision
            guidance: (f64::from(self.guidance.value()) * 10.0).round() / 10.0,
            amount: Amount::new((f64::from(self.amount.value()) * 1000.0).round() / 1000.0).unwrap_or(Amount::DEFAULT),
            seed_lock: self.seed_lock.value(),
            slot: self.slot(),
            quantize: self.quantize(),
        }
    }

    /// Pages for controllers.
    pub(crate) fn pages(&self, context: &mut impl RemoteControlsContext) {
        context.add_section("Inlay", |section| {
            section.add_page("Play", |page| {
                page.add_param(&self.slot);
                page.add_param(&self.quantize);
                page.add_param(&self.mode);
                page.add_param(&self.previous);
                page.add_param(&self.next);
                page.add_param(&self.gain);
                page.add_param(&self.width);
                page.add_param(&self.mix);
            });
            section.add_page("Make", |page| {
                page.add_param(&self.generate);
                page.add_param(&self.inpaint);
                page.add_param(&self.vary);
                page.add_param(&self.amount);
                page.add_param(&self.bars);
                page.add_param(&self.feel);
                page.add_param(&self.seed_lock);
                page.add_param(&self.guidance);
            });
        });
    }
}
