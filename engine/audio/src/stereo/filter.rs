//! A high-pass around a loop.

use std::f64::consts::PI;

/// Butterworth of fourth order: two sections in a row.
pub(super) struct HighPass([Section; 2]);

/// One section of second order (transposed direct form II).
#[derive(Clone, Copy)]
struct Section {
    b: [f64; 3],
    a: [f64; 2],
    state: [f64; 2],
}

impl HighPass {
    /// With its corner (−3 dB) at `corner` Hz. Bilinear transform of the analogue prototype, in the form of R. Bristow-Johnson's
    /// "Cookbook formulae for audio EQ".
    pub(super) fn new(corner: f64, rate: f64) -> Self {
        // not the system's mathematics: it may differ in the last bit
        let angle = 2.0 * PI * corner / rate;
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        let section = |k: f64| {
            let q = 1.0 / (2.0 * libm::cos(PI * k / 8.0));
            let alpha = sin / (2.0 * q);
            let a0 = 1.0 + alpha;
            let b = (1.0 + cos) / (2.0 * a0);
            Section { b: [b, -2.0 * b, b], a: [-2.0 * cos / a0, (1.0 - alpha) / a0], state: [0.0; 2] }
        };
        Self([section(1.0), section(3.0)])
    }

    /// Filters a loop as if it had always been playing: what the filter remembers from before is the loop's end.
    ///
    /// Its memory fades by 1e−16 within 60 ms at 250 Hz; an eighth of a second is run in (several rounds of a short loop).
    pub(super) fn run_around(mut self, audio: &mut [f32]) {
        const RUN_IN: usize = 5512;
        let n = audio.len();
        for i in 0..RUN_IN {
            self.next(audio[(n - RUN_IN % n + i) % n]);
        }
        audio.iter_mut().for_each(|v| *v = self.next(*v));
    }

    fn next(&mut self, sample: f32) -> f32 {
        let mut x = f64::from(sample);
        for Section { b, a, state } in &mut self.0 {
            let y = b[0] * x + state[0];
            state[0] = b[1] * x - a[0] * y + state[1];
            state[1] = b[2] * x - a[1] * y;
            x = y;
        }
        x as f32
    }
}
