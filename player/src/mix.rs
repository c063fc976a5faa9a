//! Level, width, and what comes out.
//!
//! # Realtime safety
//! Arithmetic only, but for what `new` does: that is for another thread.

use crate::deck::{CHUNK, Chunk};

/// Seconds over which a parameter moves.
const GLIDE: f64 = 0.02;

/// Parameters of the sound, from the host, for one block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mix {
    /// Of the take, linear, 0 to 16.
    pub gain: f32,
    /// Weight of the take's side signal, 0 (mono) to 2.
    pub width: f32,
    /// How much the take replaces the input while it sounds: 0 (input only) to 1 (take only).
    pub mix: f32,
}

impl Default for Mix {
    fn default() -> Self {
        Self { gain: 1.0, width: 1.0, mix: 1.0 }
    }
}

/// A value that moves in a straight line, frame by frame.
#[derive(Debug, Clone, Copy)]
struct Smooth {
    value: f32,
    target: f32,
    step: f32,
    left: u32,
}

impl Smooth {
    fn at(value: f32) -> Self {
        Self { value, target: value, step: 0.0, left: 0 }
    }

    fn aim(&mut self, target: f32, frames: u32) {
        if target != self.target {
            (self.target, self.left) = (target, frames.max(1));
            self.step = (target - self.value) / self.left as f32;
        }
    }

    fn next(&mut self) -> f32 {
        if self.left > 0 {
            self.left -= 1;
            self.value = if self.left == 0 { self.target } else { self.value + self.step };
        }
        self.value
    }

    fn rests_at(&self, value: f32) -> bool {
        self.left == 0 && self.value == value
    }
}

/// Level and width, which move over 20 ms when a parameter changes.
#[derive(Debug)]
pub(crate) struct Mixer {
    gain: Smooth,
    width: Smooth,
    mix: Smooth,
    glide: u32,
    fresh: bool,
}

impl Mixer {
    /// At `rate` frames a second.
    pub fn new(rate: f64) -> Self {
        let Mix { gain, width, mix } = Mix::default();
        Self { gain: Smooth::at(gain), width: Smooth::at(width), mix: Smooth::at(mix), glide: (rate * GLIDE) as u32, fresh: true }
    }

    /// Takes a block's parameters in. The first ever are taken at once.
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub fn aim(&mut self, mix: &Mix) {
        let sane = |value: f32, most: f32, otherwise: f32| if value.is_finite() { value.clamp(0.0, most) } else { otherwise };
        let (gain, width, mix) = (sane(mix.gain, 16.0, 1.0), sane(mix.width, 2.0, 1.0), sane(mix.mix, 1.0, 1.0));
        if std::mem::take(&mut self.fresh) {
            (self.gain, self.width, self.mix) = (Smooth::at(gain), Smooth::at(width), Smooth::at(mix));
        }
        self.gain.aim(gain, self.glide);
        self.width.aim(width, self.glide);
        self.mix.aim(mix, self.glide);
    }

    /// Writes what comes out: the take, and the input as far as the take leaves room for it.
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub fn write(&mut self, chunk: &Chunk, input: Option<[&[f32]; 2]>, left: &mut [f32], right: &mut [f32]) {
        let [l, r] = &chunk.take;
        let plain = self.gain.rests_at(1.0) && self.width.rests_at(1.0) && self.mix.rests_at(1.0) && input.is_none();
        for i in 0..left.len().min(CHUNK) {
            let (mut out_l, mut out_r) = (l[i], r[i]);
            if !plain {
                let (gain, width, mix) = (self.gain.next(), self.width.next(), self.mix.next());
                if width != 1.0 {
                    let (mid, side) = ((out_l + out_r) * 0.5, (out_l - out_r) * (0.5 * width));
                    (out_l, out_r) = (mid + side, mid - side);
                }
                (out_l, out_r) = (out_l * (gain * mix), out_r * (gain * mix));
                if let Some([in_l, in_r]) = input {
                    let through = 1.0 - mix * chunk.presence[i];
                    out_l += through * dry(in_l, i);
                    out_r += through * dry(in_r, i);
                }
            }
            (left[i], right[i]) = (clean(out_l), clean(out_r));
        }
    }
}

/// A frame of the input; what is missing or no number is silence, and leaves the take alone.
fn dry(input: &[f32], i: usize) -> f32 {
    input.get(i).copied().filter(|s| s.is_finite()).unwrap_or(0.0)
}

/// A sample that every host can take: what is no number, infinite or subnormal is silence.
///
/// # Realtime safety
/// Arithmetic only.
pub fn clean(sample: f32) -> f32 {
    if sample.is_normal() { sample } else { 0.0 }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn values_move_in_a_line_and_stay_at_their_target() {
        let mut value = Smooth::at(0.0);
        value.aim(1.0, 4);
        assert_eq!([0; 6].map(|_| value.next()), [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn what_hosts_cannot_take_is_silence() {
        assert_eq!([f32::NAN, f32::INFINITY, 1e-39, -1e-40, 0.5].map(clean), [0.0, 0.0, 0.0, 0.0, 0.5]);
    }

    #[test]
    fn width_0_is_mono_and_the_input_passes_where_no_take_is() {
        let mut chunk = Chunk::new();
        (chunk.take[0][0], chunk.take[1][0], chunk.presence[0]) = (0.5, 0.25, 1.0);
        let mut mixer = Mixer::new(48_000.0);
        mixer.aim(&Mix { width: 0.0, ..Mix::default() });
        let (mut left, mut right) = ([9.0; 2], [9.0; 2]);
        mixer.write(&chunk, Some([&[0.75, 0.75], &[0.1, 0.1]]), &mut left, &mut right);
        assert_eq!((left, right), ([0.375, 0.75], [0.375, 0.1]));
    }
}
