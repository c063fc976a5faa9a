//! What a LoRA does to one weight.

/// Kept away from dividing by zero.
const EPSILON: f64 = 1e-12;

/// W + scale · strength · B A, then rows and columns brought to learned lengths.
#[derive(Debug)]
pub(super) struct Change {
    /// `[rank, inputs]`
    pub a: Vec<f32>,
    /// `[outputs, rank]`
    pub b: Vec<f32>,
    pub rank: usize,
    pub scale: f32,
    /// `[outputs]`
    pub rows: Option<Vec<f32>>,
    /// `[inputs]`
    pub columns: Option<Vec<f32>>,
}

impl Change {
    /// Changes `weight` `[outputs, inputs]`.
    pub fn apply(&self, weight: &mut [f32], [_, inputs]: [usize; 2], strength: f32) {
        let factor = self.scale * strength;
        for (row, b) in weight.chunks_exact_mut(inputs).zip(self.b.chunks_exact(self.rank)) {
            for (b, a) in b.iter().zip(self.a.chunks_exact(inputs)) {
                let b = b * factor;
                row.iter_mut().zip(a).for_each(|(w, a)| *w += b * a);
            }
        }
        if let Some(lengths) = &self.rows {
            for (row, length) in weight.chunks_exact_mut(inputs).zip(lengths) {
                let norm = row.iter().map(|w| f64::from(*w).powi(2)).sum::<f64>().sqrt() + EPSILON;
                row.iter_mut().for_each(|w| *w = (f64::from(*w) / norm * f64::from(*length)) as f32);
            }
        }
        if let Some(lengths) = &self.columns {
            let mut squares = vec![0.0f64; inputs];
            for row in weight.chunks_exact(inputs) {
                squares.iter_mut().zip(row).for_each(|(s, w)| *s += f64::from(*w).powi(2));
            }
            let factors: Vec<f64> = squares.iter().zip(lengths).map(|(s, l)| f64::from(*l) / (s.sqrt() + EPSILON)).collect();
            for row in weight.chunks_exact_mut(inputs) {
                row.iter_mut().zip(&factors).for_each(|(w, f)| *w = (f64::from(*w) * f) as f32);
            }
        }
    }
}
