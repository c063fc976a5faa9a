//! What was read from a file.

use super::Note;
use inlay_music::{Bpm, Frames, SampleRate};
use std::f32::consts::FRAC_1_SQRT_2;

/// Audio as read from a file, with what the file says about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Clip {
    /// The rate of the samples.
    pub rate: SampleRate,
    /// `[channel][frame]`, 1 to [`MAX_CHANNELS`](super::MAX_CHANNELS) channels of equal length, at least one frame. ±1 is full scale;
    /// floating-point files may go beyond. Integers up to 24 bits are exact: value / 2^(bits − 1).
    pub channels: Vec<Vec<f32>>,
    /// Where each channel is heard, as many as `channels`.
    pub seats: Vec<Seat>,
    /// How the file keeps its samples.
    pub depth: Depth,
    /// The tempo the file states: the `acid` chunk of a WAV file, the BPM comment of a FLAC file.
    pub bpm: Option<Bpm>,
    /// What Inlay wrote beside the audio, if it made this file.
    pub note: Option<Note>,
}

/// How a file keeps a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Integers of so many bits.
    Int(u32),
    /// Floating-point numbers of 32 or 64 bits.
    Float(u32),
    /// Lossy (MP3, Vorbis): no depth of its own.
    Lossy,
}

/// Where a channel is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// Front left.
    Left,
    /// Front right.
    Right,
    /// Front centre, and the only channel of a mono file.
    Centre,
    /// The subwoofer (LFE).
    Low,
    /// At the side or behind, left.
    SurroundLeft,
    /// At the side or behind, right.
    SurroundRight,
    /// Behind, in the middle.
    SurroundCentre,
    /// Anywhere else.
    Other,
}

impl Seat {
    /// Weights towards left and right in a fold-down to stereo (ITU-R BS.775-3, table 2): centre and surrounds at −3 dB, no LFE.
    fn weights(self) -> (f32, f32) {
        match self {
            Seat::Left => (1.0, 0.0),
            Seat::Right => (0.0, 1.0),
            Seat::Centre => (FRAC_1_SQRT_2, FRAC_1_SQRT_2),
            Seat::Low => (0.0, 0.0),
            Seat::SurroundLeft => (FRAC_1_SQRT_2, 0.0),
            Seat::SurroundRight => (0.0, FRAC_1_SQRT_2),
            Seat::SurroundCentre | Seat::Other => (0.5, 0.5),
        }
    }
}

impl Clip {
    /// The length.
    pub fn frames(&self) -> Frames {
        Frames(self.channels.first().map_or(0, Vec::len))
    }

    /// The length in seconds, for display.
    pub fn seconds(&self) -> f64 {
        self.frames().get() as f64 / f64::from(self.rate.get())
    }

    /// Two channels, left and right: a stereo file as it is, a mono file twice, anything wider folded down by the usual weights
    /// (ITU-R BS.775-3), scaled so that full scale in every channel stays full scale.
    pub fn stereo(&self) -> [Vec<f32>; 2] {
        match self.channels.as_slice() {
            [] => [Vec::new(), Vec::new()],
            [mono] => [mono.clone(), mono.clone()],
            [left, right] => [left.clone(), right.clone()],
            many => self.fold(many),
        }
    }

    /// One channel: the mean of [`Clip::stereo`].
    pub fn downmix(&self) -> Vec<f32> {
        if let [mono] = self.channels.as_slice() {
            return mono.clone();
        }
        let [mut left, right] = self.stereo();
        left.iter_mut().zip(&right).for_each(|(l, r)| *l = (*l + r) * 0.5);
        left
    }

    fn fold(&self, channels: &[Vec<f32>]) -> [Vec<f32>; 2] {
        let mut weights: Vec<(f32, f32)> = self.seats.iter().map(|seat| seat.weights()).collect();
        weights.resize(channels.len(), Seat::Other.weights());
        let loudest = weights.iter().fold((0.0_f32, 0.0_f32), |sum, w| (sum.0 + w.0, sum.1 + w.1));
        let mut scale = loudest.0.max(loudest.1);
        if scale == 0.0 {
            // Nothing but subwoofers: hear them all the same.
            weights.fill((1.0, 1.0));
            scale = channels.len() as f32;
        }
        let mut out = [vec![0.0; self.frames().get()], vec![0.0; self.frames().get()]];
        for (channel, weight) in channels.iter().zip(weights) {
            for (side, weight) in out.iter_mut().zip([weight.0, weight.1]) {
                if weight != 0.0 {
                    side.iter_mut().zip(channel).for_each(|(sum, x)| *sum += x * (weight / scale));
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod test {
    use super::*;

    fn clip(seats: &[Seat], levels: &[f32]) -> Clip {
        Clip {
            rate: SampleRate::CD,
            channels: levels.iter().map(|&x| vec![x; 3]).collect(),
            seats: seats.to_vec(),
            depth: Depth::Int(24),
            bpm: None,
            note: None,
        }
    }

    const SURROUND: [Seat; 6] = [Seat::Left, Seat::Right, Seat::Centre, Seat::Low, Seat::SurroundLeft, Seat::SurroundRight];

    #[test]
    fn full_scale_in_every_channel_stays_full_scale() {
        for side in clip(&SURROUND, &[1.0; 6]).stereo() {
            assert!((side[0] - 1.0).abs() < 1e-6, "{}", side[0]);
        }
    }

    #[test]
    fn a_centre_is_heard_on_both_sides_3_db_below_the_fronts() {
        let [left, right] = clip(&SURROUND, &[0.0, 0.0, 1.0, 0.0, 0.0, 0.0]).stereo();
        let [front, other] = clip(&SURROUND, &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]).stereo();
        assert_eq!((left[1], other[1]), (right[1], 0.0));
        assert!((left[1] / front[1] - FRAC_1_SQRT_2).abs() < 1e-6);
    }

    #[test]
    fn the_subwoofer_is_left_out_unless_it_is_all_there_is() {
        assert_eq!(clip(&SURROUND, &[0.0, 0.0, 0.0, 1.0, 0.0, 0.0]).downmix(), [0.0; 3]);
        assert_eq!(clip(&[Seat::Low; 4], &[0.5; 4]).downmix(), [0.5; 3]);
    }

    #[test]
    fn mono_and_stereo_are_not_touched() {
        let mono = clip(&[Seat::Centre], &[0.3]);
        assert_eq!(mono.downmix(), mono.channels[0]);
        assert_eq!(mono.stereo()[1], mono.channels[0]);
        let stereo = clip(&[Seat::Left, Seat::Right], &[0.25, -0.75]);
        assert_eq!(stereo.stereo().to_vec(), stereo.channels);
        assert_eq!(stereo.downmix(), [-0.25; 3]);
    }
}
