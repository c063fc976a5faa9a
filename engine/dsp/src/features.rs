//! Log magnitudes of a loop, as the codec makes them.

/// Natural log magnitudes `[192, frames]`, row by row: the lowest bins of the long window, then the bands of the short one.
/// A frame is 1/64 beat.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    frames: usize,
    data: Vec<f32>,
}

/// Why numbers are not features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeaturesError {
    /// There is nothing to make sound from.
    #[error("The loop has no frames: it must be at least one beat long.")]
    Empty,
    /// The numbers do not fill a rectangle of [`Features::BANDS`] rows.
    #[error("{frames} frames need {expected} numbers, but there are {given}.")]
    Shape {
        /// Frames that were announced.
        frames: usize,
        /// Numbers that many frames need.
        expected: usize,
        /// Numbers that were given.
        given: usize,
    },
    /// A number is NaN or infinite.
    #[error("The model made a number that is not finite: try another seed or less guidance.")]
    NotFinite,
}

impl Features {
    /// Rows: bins below the split, then bands above it.
    pub const BANDS: usize = crate::LOW_BINS + crate::MEL_BANDS;

    /// Takes `data` `[192, frames]`, row by row.
    ///
    /// # Errors
    /// No frames, a wrong count of numbers, or one that isn't finite.
    pub fn new(frames: usize, data: Vec<f32>) -> Result<Self, FeaturesError> {
        let expected = frames.saturating_mul(Self::BANDS);
        if frames == 0 {
            Err(FeaturesError::Empty)
        } else if data.len() != expected {
            Err(FeaturesError::Shape { frames, expected, given: data.len() })
        } else if data.iter().all(|x| x.is_finite()) {
            Ok(Self { frames, data })
        } else {
            Err(FeaturesError::NotFinite)
        }
    }

    /// For what this crate made itself, in the right shape.
    pub(crate) fn trusted(frames: usize, data: Vec<f32>) -> Self {
        debug_assert_eq!(data.len(), frames * Self::BANDS);
        Self { frames, data }
    }

    /// Frames around the circle: 64 a beat, or a multiple of it after [`crate::denser`].
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// All numbers, row by row.
    #[must_use]
    pub fn data(&self) -> &[f32] {
        &self.data
    }

    /// All frames of one band.
    #[must_use]
    pub(crate) fn row(&self, band: usize) -> &[f32] {
        &self.data[band * self.frames..(band + 1) * self.frames]
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn refuses_a_wrong_count_of_numbers() {
        assert_eq!(Features::new(0, vec![]), Err(FeaturesError::Empty));
        assert_eq!(Features::new(2, vec![0.0; 192]), Err(FeaturesError::Shape { frames: 2, expected: 384, given: 192 }));
        assert!(Features::new(usize::MAX, vec![0.0; 192]).is_err());
    }

    #[test]
    fn refuses_what_is_not_finite() {
        assert_eq!(Features::new(1, vec![f32::NAN; 192]), Err(FeaturesError::NotFinite));
    }
}
