//! Playing a loop round and round through the system's audio output (feature `play`).

#[cfg(feature = "play")]
mod output;
#[cfg(feature = "play")]
mod wait;

use crate::trouble::{Outcome, Trouble};
use inlay_music::SampleRate;
#[cfg(feature = "play")]
pub use output::Output;

/// Whether `--play` can be followed.
///
/// # Errors
/// [`Trouble::Usage`] with the way to build it, where this build has no audio output.
pub fn available() -> Outcome {
    if cfg!(feature = "play") {
        return Ok(());
    }
    Err(Trouble::usage(
        "--play: this build of inlay has no audio output. Build one with: cargo build --profile ci --package inlay-lab --features play \
         (on Linux it needs the packages libasound2-dev and pkg-config)",
    ))
}

/// Plays one or two channels at `rate` round and round until Enter is pressed; where nobody can press it, once.
///
/// # Errors
/// Where the output doesn't play or isn't part of this build; [`Trouble::Cancelled`] after Ctrl-C.
#[cfg(feature = "play")]
pub fn round<C: AsRef<[f32]>>(channels: &[C], rate: SampleRate) -> Outcome {
    let (Some(left), Some(right)) = (channels.first(), channels.last()) else { return Ok(()) };
    let output = Output::open()?;
    let frames = left.as_ref().len() as f64 * f64::from(output.rate().get()) / f64::from(rate.get());
    let at_rate = |channel: &C| inlay_audio::rates::resample_loop(channel.as_ref(), inlay_music::Frames(frames.round() as usize));
    let once = std::time::Duration::from_secs_f64(left.as_ref().len() as f64 / f64::from(rate.get()));
    let mut stopped = false;
    output.play(at_rate(left), at_rate(right), || stopped = wait::for_enter(once).is_break())?;
    if stopped { Err(Trouble::Cancelled) } else { Ok(()) }
}

/// Says how to get a build that plays.
///
/// # Errors
/// Always.
#[cfg(not(feature = "play"))]
pub fn round<C: AsRef<[f32]>>(_: &[C], _: SampleRate) -> Outcome {
    available()
}

/// A loop that is being played: what the audio thread owns.
#[derive(Debug, Clone)]
pub struct Looper {
    left: Vec<f32>,
    right: Vec<f32>,
    at: usize,
    /// Frames a fade lasts.
    fade: usize,
    /// Frames of the fade that are left; none while nobody has asked for the end.
    left_over: Option<usize>,
}

impl Looper {
    /// A loop from its first frame. `rate` in hertz gives the end a fade of 5 ms.
    pub fn new(mut left: Vec<f32>, mut right: Vec<f32>, rate: u32) -> Self {
        let length = left.len().min(right.len());
        left.truncate(length);
        right.truncate(length);
        Self { left, right, at: 0, fade: (rate / 200).max(1) as usize, left_over: None }
    }

    /// Gives the next frame, left and right; with `ending` the loop fades out and stays silent.
    ///
    /// # Realtime safety
    /// No allocation, no lock, no system call, no panic.
    pub fn frame(&mut self, ending: bool) -> (f32, f32) {
        let (Some(&left), Some(&right)) = (self.left.get(self.at), self.right.get(self.at)) else { return (0.0, 0.0) };
        self.at = if self.at + 1 < self.left.len() { self.at + 1 } else { 0 };
        if !ending {
            return (left, right);
        }
        let left_over = self.left_over.unwrap_or(self.fade);
        self.left_over = Some(left_over.saturating_sub(1));
        let gain = left_over as f32 / self.fade as f32;
        (left * gain, right * gain)
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn goes_round_without_a_gap() {
        let mut looper = Looper::new(vec![1.0, 2.0, 3.0], vec![-1.0, -2.0, -3.0, -4.0], 44_100);
        let frames: Vec<_> = (0..7).map(|_| looper.frame(false)).collect();
        assert_eq!(frames.iter().map(|f| f.0).collect::<Vec<_>>(), [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0]);
        assert_eq!(frames[5].1, -3.0);
    }

    #[test]
    fn fades_out_in_5_ms_and_stays_silent() {
        let mut looper = Looper::new(vec![1.0; 10], vec![1.0; 10], 1000);
        let gains: Vec<f32> = (0..8).map(|_| looper.frame(true).0).collect();
        assert_eq!(gains, [1.0, 0.8, 0.6, 0.4, 0.2, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn an_empty_loop_is_silence() {
        assert_eq!(Looper::new(vec![], vec![1.0], 44_100).frame(false), (0.0, 0.0));
    }

    #[cfg(not(feature = "play"))]
    #[test]
    fn without_the_feature_a_sentence_says_how_to_build_it() {
        let trouble = available().unwrap_err();
        assert_eq!(trouble.code(), 2);
        assert!(trouble.to_string().contains("--features play"));
    }
}
