//! Outlines of sound, for drawing.

use crate::snapshot::Peaks;
use inlay_music::Sound;

/// Buckets of an outline at most: more than a wide window has pixels.
const MOST: usize = 4096;

impl Peaks {
    /// The outline of a sound: of the middle of its channels.
    pub fn of(sound: &Sound) -> Self {
        let frames = sound.frames().get();
        let bucket = frames.div_ceil(MOST).max(1);
        let mut range = vec![[f32::INFINITY, f32::NEG_INFINITY]; frames.div_ceil(bucket)];
        let scale = 1.0 / sound.channels.len().max(1) as f32;
        let heard = |at: usize| sound.channels.iter().filter_map(|c| c.get(at)).sum::<f32>() * scale;
        for at in 0..frames {
            let sample = heard(at);
            let [low, high] = &mut range[at / bucket];
            (*low, *high) = (low.min(sample), high.max(sample));
        }
        Self { bucket, frames, range }
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use inlay_music::SampleRate;

    fn sound(channels: Vec<Vec<f32>>) -> Sound {
        Sound { rate: SampleRate::CD, channels: channels.into_iter().map(Into::into).collect() }
    }

    #[test]
    fn a_short_sound_has_a_bucket_for_each_frame() {
        let peaks = Peaks::of(&sound(vec![vec![0.5, -0.5], vec![0.5, 0.25]]));
        assert_eq!((peaks.bucket, peaks.frames), (1, 2));
        assert_eq!(peaks.range, [[0.5, 0.5], [-0.125, -0.125]]);
    }

    #[test]
    fn a_long_one_keeps_every_extreme() {
        let mut samples = vec![0.0; 100_001];
        (samples[77_777], samples[100_000]) = (0.75, -1.0);
        let peaks = Peaks::of(&sound(vec![samples]));
        assert!(peaks.range.len() <= MOST);
        assert_eq!(peaks.range[77_777 / peaks.bucket][1], 0.75);
        assert_eq!(peaks.range.last().map(|r| r[0]), Some(-1.0));
    }

    #[test]
    fn silence_of_no_frames_has_no_outline() {
        assert!(Peaks::of(&sound(vec![])).range.is_empty());
    }
}
