//! The ways from noise to clean latents along a straight flow: x at level t is (1 − t) · clean + t · noise, and the network predicts
//! the velocity noise − clean.

use crate::error::{SettingsError, StableError};
use inlay_diffusion::{Latents, Step};
use std::{fmt, ops::ControlFlow, str::FromStr};

/// The least noise level that the network is asked at: it never saw 0.
const LEAST: f32 = 1e-5;

/// How the way is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sampler {
    /// To the clean latents and back to noise, less each time, with fresh noise: what post-trained models are made for.
    PingPong,
    /// Euler's method.
    Euler,
    /// The classic Runge–Kutta method: four evaluations a step.
    Rk4,
    /// DPM-Solver++ 2M (Lu et al. 2022).
    DpmPp2m,
    /// The same with as much fresh noise as there can be; for Stable Audio Open 1.0.
    DpmPp2mSde,
    /// DPM-Solver++ 3M with as much fresh noise as there can be: what Stable Audio Open 1.0 is used with.
    DpmPp3mSde,
    /// DDIM (Song et al. 2021) for Stable Audio Open 1.0.
    VDdim,
}

impl Sampler {
    /// Every sampler.
    pub const ALL: [Self; 7] = [Self::PingPong, Self::Euler, Self::Rk4, Self::DpmPp2m, Self::DpmPp2mSde, Self::DpmPp3mSde, Self::VDdim];
    /// Those of Stable Audio 3.
    pub(crate) const STRAIGHT: [Self; 4] = [Self::PingPong, Self::Euler, Self::Rk4, Self::DpmPp2m];

    fn name(self) -> &'static str {
        match self {
            Self::PingPong => "ping-pong",
            Self::Euler => "euler",
            Self::Rk4 => "rk4",
            Self::DpmPp2m => "dpm++2m",
            Self::DpmPp2mSde => "dpm++2m-sde",
            Self::DpmPp3mSde => "dpm++3m-sde",
            Self::VDdim => "v-ddim",
        }
    }

    /// The levels at which a step from `from` to `to` asks the network.
    fn times(self, from: f32, to: f32) -> Vec<f32> {
        match self {
            Self::Rk4 => {
                let middle = from + (to - from) / 2.0;
                vec![from, middle, middle, to.max(LEAST)]
            }
            _ => vec![from],
        }
    }
}

impl fmt::Display for Sampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Sampler {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim().to_ascii_lowercase();
        let plain = |s: &str| s.replace('+', "p").replace(['-', ' '], "");
        Self::ALL.into_iter().find(|s| plain(s.name()) == plain(&name)).ok_or_else(|| SettingsError::Sampler(text.into()))
    }
}

/// Whatever predicts a velocity.
pub(crate) trait Flow {
    /// The velocity at `x`, whose noise level is `t`.
    ///
    /// # Errors
    /// Whatever stops the network.
    fn velocity(&mut self, x: &Latents, t: f32) -> Result<Latents, StableError>;

    /// Predictions that an evaluation at `t` takes.
    fn cost(&self, t: f32) -> usize;
}

/// What is told before each evaluation, and may stop the run.
pub type Progress<'a> = &'a mut dyn FnMut(Step) -> ControlFlow<()>;

/// One run.
pub(crate) struct Run<'a> {
    pub sampler: Sampler,
    /// Noise levels, the last one 0.
    pub levels: &'a [f32],
    pub flow: &'a mut dyn Flow,
    /// Fresh normal noise for a step.
    pub noise: &'a dyn Fn(usize) -> Result<Latents, StableError>,
    pub progress: Progress<'a>,
}

impl Run<'_> {
    /// From latents at the first level to clean ones.
    ///
    /// # Errors
    /// [`StableError::Cancelled`], [`StableError::NotFinite`], or what stopped the network.
    pub fn walk(mut self, mut x: Latents) -> Result<Latents, StableError> {
        let steps: Vec<(f32, f32)> =
            self.levels.windows(2).filter_map(|pair| if let [a, b] = pair { Some((*a, *b)) } else { None }).collect();
        let total = steps.iter().flat_map(|(from, to)| self.sampler.times(*from, *to)).map(|t| self.flow.cost(t)).sum();
        let mut counter = Counter::new(steps.len(), total);
        let mut before = None;
        for (index, (from, to)) in steps.into_iter().enumerate() {
            let v = self.evaluate(&x, from, index, &mut counter)?;
            match self.sampler {
                Sampler::PingPong => {
                    let noise = (self.noise)(index)?;
                    let mut next = clean(&x, &v, from);
                    blend(&mut next, &noise, |d, n| (1.0 - to) * d + to * n);
                    x = next;
                }
                Sampler::Euler => blend(&mut x, &v, |x, v| x + (to - from) * v),
                Sampler::DpmPp2m | Sampler::DpmPp2mSde | Sampler::DpmPp3mSde | Sampler::VDdim => {
                    let clean = clean(&x, &v, from);
                    dpmpp2m(&mut x, clean, from, to, &mut before);
                }
                Sampler::Rk4 => x = self.rk4(&x, v, (from, to), index, &mut counter)?,
            }
        }
        Ok(x)
    }

    /// The velocity at `x`, after asking whether to go on.
    fn evaluate(&mut self, x: &Latents, t: f32, index: usize, counter: &mut Counter) -> Result<Latents, StableError> {
        counter.ask(index, t, self.progress)?;
        let v = self.flow.velocity(x, t)?;
        counter.done(self.flow.cost(t), &v)?;
        Ok(v)
    }

    /// The rest of a step whose first velocity is `k1`.
    fn rk4(
        &mut self,
        x: &Latents,
        k1: Latents,
        (from, to): (f32, f32),
        index: usize,
        counter: &mut Counter,
    ) -> Result<Latents, StableError> {
        let h = to - from;
        let at = |k: &Latents, part: f32| {
            let mut next = x.clone();
            blend(&mut next, k, |x, k| x + part * h * k);
            next
        };
        let k2 = self.evaluate(&at(&k1, 0.5), from + h / 2.0, index, counter)?;
        let k3 = self.evaluate(&at(&k2, 0.5), from + h / 2.0, index, counter)?;
        let k4 = self.evaluate(&at(&k3, 1.0), to.max(LEAST), index, counter)?;
        let mut slope = k1;
        blend(&mut slope, &k2, |k1, k2| k1 + 2.0 * k2);
        blend(&mut slope, &k3, |k, k3| k + 2.0 * k3);
        blend(&mut slope, &k4, |k, k4| k + k4);
        Ok(at(&slope, 1.0 / 6.0))
    }
}

/// Where a run is.
pub(crate) struct Counter {
    index: usize,
    steps: usize,
    done: usize,
    total: usize,
}

impl Counter {
    /// Before the first of `steps` steps with `total` predictions.
    pub fn new(steps: usize, total: usize) -> Self {
        Self { index: 0, steps, done: 0, total }
    }

    /// Asks whether to go on, before an evaluation of step `index` at level `t`.
    ///
    /// # Errors
    /// [`StableError::Cancelled`].
    pub fn ask(&mut self, index: usize, t: f32, progress: Progress<'_>) -> Result<(), StableError> {
        self.index = index;
        let step = Step { index, steps: self.steps, time: t, done: self.done, total: self.total };
        if progress(step).is_break() { Err(StableError::Cancelled) } else { Ok(()) }
    }

    /// Counts an evaluation that took `cost` predictions and made `made`.
    ///
    /// # Errors
    /// [`StableError::NotFinite`].
    pub fn done(&mut self, cost: usize, made: &Latents) -> Result<(), StableError> {
        self.done += cost;
        if made.is_finite() { Ok(()) } else { Err(StableError::NotFinite { index: self.index, steps: self.steps }) }
    }
}

/// `x` = f(`x`, `y`), number by number.
pub(crate) fn blend(x: &mut Latents, y: &Latents, f: impl Fn(f32, f32) -> f32) {
    x.data_mut().iter_mut().zip(y.data()).for_each(|(x, y)| *x = f(*x, *y));
}

/// x − t · v.
pub(crate) fn clean(x: &Latents, v: &Latents, t: f32) -> Latents {
    let mut clean = x.clone();
    blend(&mut clean, v, |x, v| x - t * v);
    clean
}

/// x' = t'/t · x + (1 − t' − (1 − t) t'/t) · d, d being the clean latents extrapolated from the step before to the middle of this one.
/// The first step has nothing to extrapolate from, and the last one, which ends at no noise, needs nothing.
fn dpmpp2m(x: &mut Latents, clean: Latents, from: f32, to: f32, before: &mut Option<(Latents, f64)>) {
    let (from, to) = (f64::from(from), f64::from(to));
    // pure noise counts as all but pure, so that what was seen in it has some little weight
    let log_snr = |t: f64| libm::log((1.0 - t).max(1e-10) / t.max(1e-10));
    let h = log_snr(to) - log_snr(from);
    let of_x = to / from;
    let of_clean = 1.0 - to - (1.0 - from) * of_x;
    let reach = match before {
        Some((_, last)) if to > 0.0 => h / (2.0 * *last),
        _ => 0.0,
    };
    let numbers = x.data_mut().iter_mut().zip(clean.data());
    match before {
        Some((last, _)) => numbers.zip(last.data()).for_each(|((x, d), last)| {
            let d = (1.0 + reach) * f64::from(*d) - reach * f64::from(*last);
            *x = (of_x * f64::from(*x) + of_clean * d) as f32;
        }),
        None => numbers.for_each(|(x, d)| *x = (of_x * f64::from(*x) + of_clean * f64::from(*d)) as f32),
    }
    *before = Some((clean, h));
}

#[cfg(test)]
mod test;
