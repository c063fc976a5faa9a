//! Tempo and length in the making, against those that were asked for.

use crate::{
    error::JobError,
    models::embedded::{LATENT, LATENTS_PER_BEAT},
};
use inlay_music::{Bars, Region, Request, Take};

/// What the network works on for a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    /// Beats a minute in the making.
    pub bpm: f64,
    /// Bars in the making.
    pub bars: Bars,
    /// Beats made for each one asked: 0.5, 1 or 2.
    factor: f64,
}

impl Shape {
    /// By feel, tempo and bars of a request.
    pub fn of_request(request: &Request) -> Result<Self, JobError> {
        let making = request.feel.making(request.bpm, request.bars)?;
        Ok(Self { bpm: making.bpm(), bars: making.bars(), factor: making.beats_made() })
    }

    /// By the latents of a take that a request starts from: they stay as many, whatever the tempo is now.
    pub fn of_take(request: &Request, take: &Take) -> Result<Self, JobError> {
        if take.latents.is_empty() {
            // they were lost with a part of a project: there were as many as its making asks for
            let about = &take.about;
            let making = Request { bpm: about.made_at.unwrap_or(about.request.bpm), ..about.request.clone() };
            let made = Self::of_request(&making)?;
            return Ok(Self { bpm: request.bpm.get() * made.factor, ..made });
        }
        Self::of_latents(request, take.latents.len())
    }

    /// By the count of numbers in its latents.
    pub fn of_latents(request: &Request, numbers: usize) -> Result<Self, JobError> {
        let damaged = || JobError::Damaged(format!("{numbers} numbers for {}", request.bars));
        let bar = LATENT * LATENTS_PER_BEAT * Bars::BEATS as usize;
        let made = u32::try_from(numbers / bar).map_err(|_| damaged())?;
        let bars = Bars::new(made).map_err(|_| damaged())?;
        let factor = f64::from(bars.get()) / f64::from(request.bars.get());
        if numbers != made as usize * bar || ![0.5, 1.0, 2.0].contains(&factor) {
            return Err(damaged());
        }
        Ok(Self { bpm: request.bpm.get() * factor, bars, factor })
    }

    /// Latents in all.
    pub fn latents(self) -> usize {
        self.beats() * LATENTS_PER_BEAT
    }

    /// Beats in the making.
    pub fn beats(self) -> usize {
        self.bars.beat_count() as usize
    }

    /// The asked beat, from 0, in which latent `t` lies.
    pub fn asked_beat(self, t: usize) -> usize {
        (t as f64 / (LATENTS_PER_BEAT as f64 * self.factor)).floor() as usize
    }

    /// Start and end of a region in beats of the making.
    pub fn beats_of(self, region: &Region) -> (f64, f64) {
        let made = region.scaled(self.factor);
        (made.start(), made.end())
    }

    /// Which latents lie in one of the regions.
    pub fn mask(self, regions: &[Region]) -> Vec<bool> {
        let mut mask = vec![false; self.latents()];
        for region in regions {
            region.scaled(self.factor).latents(self.bars).iter().for_each(|t| mask[t] = true);
        }
        mask
    }
}
