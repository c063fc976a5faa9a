//! The system's audio output, by cpal.

use super::Looper;
use anyhow::{Context as _, anyhow};
use cpal::traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _};
use cpal::{Device, FromSample, I24, SampleFormat, SizedSample, StreamConfig, SupportedStreamConfig, U24};
use inlay_music::SampleRate;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The default output with the settings it wants.
pub struct Output {
    device: Device,
    config: SupportedStreamConfig,
    rate: SampleRate,
}

impl Output {
    /// Finds the default output.
    ///
    /// # Errors
    /// A sentence where there is none, or it can't be asked.
    pub fn open() -> anyhow::Result<Self> {
        let device = cpal::default_host()
            .default_output_device()
            .context("no audio output was found: connect one, or leave --play out and open the file in a player")?;
        let config = device
            .default_output_config()
            .context("the audio output can't be used: connect one, or leave --play out and open the file in a player")?;
        let rate = SampleRate::new(config.sample_rate()).context("the audio output can't be used")?;
        Ok(Self { device, config, rate })
    }

    /// The rate at which loops have to come.
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// Plays a loop at [`Output::rate`] until `wait` returns, then fades out.
    ///
    /// # Errors
    /// A sentence where the output doesn't play.
    pub fn play(&self, left: Vec<f32>, right: Vec<f32>, wait: impl FnOnce()) -> anyhow::Result<()> {
        let looper = Looper::new(left, right, self.rate.get());
        match self.config.sample_format() {
            SampleFormat::F32 => self.run::<f32>(looper, wait),
            SampleFormat::F64 => self.run::<f64>(looper, wait),
            SampleFormat::I16 => self.run::<i16>(looper, wait),
            SampleFormat::I24 => self.run::<I24>(looper, wait),
            SampleFormat::I32 => self.run::<i32>(looper, wait),
            SampleFormat::U16 => self.run::<u16>(looper, wait),
            SampleFormat::U24 => self.run::<U24>(looper, wait),
            SampleFormat::U32 => self.run::<u32>(looper, wait),
            SampleFormat::I8 => self.run::<i8>(looper, wait),
            SampleFormat::U8 => self.run::<u8>(looper, wait),
            other => Err(anyhow!("the audio output wants {other} samples, which inlay can't give: open the file in a player instead")),
        }
    }

    fn run<T: SizedSample + FromSample<f32>>(&self, mut looper: Looper, wait: impl FnOnce()) -> anyhow::Result<()> {
        let config: StreamConfig = self.config.into();
        let channels = usize::from(config.channels).max(1);
        let ending = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&ending);
        let stream = self
            .device
            .build_output_stream(
                config,
                move |out: &mut [T], _: &cpal::OutputCallbackInfo| {
                    // The audio thread: no allocation, no lock; an atomic is all it shares.
                    let ending = ended.load(Ordering::Relaxed);
                    for frame in out.chunks_mut(channels) {
                        let (left, right) = looper.frame(ending);
                        match frame {
                            [only] => *only = T::from_sample((left + right) / 2.0),
                            [first, second, rest @ ..] => {
                                *first = T::from_sample(left);
                                *second = T::from_sample(right);
                                rest.fill(T::EQUILIBRIUM);
                            }
                            [] => {}
                        }
                    }
                },
                |error| eprintln!("audio output: {error}"),
                None,
            )
            .context("the audio output can't be opened: another program may be holding it")?;
        stream.play().context("the audio output doesn't start")?;
        wait();
        ending.store(true, Ordering::Relaxed);
        // The buffers on their way to the loudspeaker, and the fade.
        std::thread::sleep(Duration::from_millis(150));
        Ok(())
    }
}
