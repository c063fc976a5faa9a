//! What the host says about time, for one block.
//!
//! # Realtime safety
//! Arithmetic and copies only: all of it may run on the audio thread.

/// The host's transport at the first frame of a block. Hosts leave things out, round them, and say nonsense: all of it is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Transport {
    /// Whether the song runs.
    pub playing: bool,
    /// Quarter notes a minute.
    pub tempo: Option<f64>,
    /// Song position in quarter notes; negative before bar 1.
    pub beats: Option<f64>,
    /// Song position in frames.
    pub frames: Option<i64>,
    /// Song position in quarter notes of the bar's start that the block's first frame is in.
    pub bar: Option<f64>,
    /// Metre: so many notes of one over so many.
    pub metre: Option<(u32, u32)>,
    /// Start and end of the host's loop in quarter notes, while it is on.
    pub cycle: Option<(f64, f64)>,
}

impl Transport {
    /// The tempo, where it is one that a song can have.
    pub(crate) fn sane_tempo(&self) -> Option<f64> {
        self.tempo.filter(|t| (1.0..=2000.0).contains(t))
    }

    /// The position in beats, where it is one that a song can have.
    pub(crate) fn sane_beats(&self) -> Option<f64> {
        self.beats.filter(|b| b.abs() <= 1e8)
    }

    /// The position in frames, where it is one that a song can have.
    pub(crate) fn sane_frames(&self) -> Option<i64> {
        self.frames.filter(|f| f.unsigned_abs() <= 1 << 40)
    }

    /// The host's loop, where it is one.
    pub(crate) fn sane_cycle(&self) -> Option<(f64, f64)> {
        self.cycle.filter(|(start, end)| start.abs() <= 1e8 && end.abs() <= 1e8 && end - start >= 1.0 / 16.0)
    }

    /// Quarter notes in one of the metre's beats, and of those in a bar.
    pub(crate) fn sane_metre(&self) -> Option<(f64, u32)> {
        let (count, unit) = self.metre?;
        ((1..=256).contains(&count) && (1..=64).contains(&unit)).then(|| (4.0 / f64::from(unit), count))
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn nonsense_of_hosts_is_taken_as_missing() {
        let nonsense = Transport {
            playing: true,
            tempo: Some(f64::NAN),
            beats: Some(f64::INFINITY),
            frames: Some(i64::MIN),
            bar: None,
            metre: Some((4, 0)),
            cycle: Some((1.0, f64::NAN)),
        };
        assert_eq!(nonsense.sane_tempo(), None);
        assert_eq!(nonsense.sane_beats(), None);
        assert_eq!(nonsense.sane_frames(), None);
        assert_eq!(nonsense.sane_metre(), None);
        assert_eq!(nonsense.sane_cycle(), None);
        assert_eq!(Transport { tempo: Some(0.0), ..nonsense }.sane_tempo(), None);
    }
}
