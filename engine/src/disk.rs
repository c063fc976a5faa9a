//! Takes by a model from disk. Such a model makes free audio in stereo: it is asked for a bar more than is needed, and what comes is brought to
//! the exact grid ([`fit`]) and closed to a loop ([`seam`]).

mod fit;
mod hear;
mod patch;
mod runner;
mod seam;
mod words;

#[cfg(test)]
mod test;

use crate::{
    error::JobError,
    make::{Made, check_counts, finish},
    maker::{DiskModel, Graphics},
    order::{Order, Source},
    pools::Pools,
    progress::{Plan, Stage, Watch},
    redo::{self, Kept},
};
use fit::{fit, wrapped};
use hear::hear;
use inlay_audio::{
    file::round_24,
    loudness::{ceiling_gain, level_gain},
    stereo::mid_side,
};
use inlay_diffusion::NoiseSource;
use inlay_music::{About, Bars, Feel, Frames, Request, SampleRate, Sound, Take, TakeId, Task, loop_length};
use inlay_stable::{Found, Identity, Lora, Part, Sampler, SettingsError, StableError, Stereo, Usual};
use runner::Runner;
pub(crate) use runner::Watched;
use std::{
    ops::{ControlFlow, Range},
    sync::Arc,
};
use words::Learnt;

/// A model from disk on a device.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// From where, and with what.
    pub from: DiskModel,
    pub identity: Identity,
    /// Of its weights, where they are in this process.
    pub bytes: u64,
    runner: Runner,
    usual: Usual,
    name: String,
    rate: SampleRate,
    /// The longest sound that it makes, in seconds.
    seconds: f64,
    /// Samples of a latent.
    latent: usize,
    /// Whether it can make regions anew.
    inpaints: bool,
    /// In which words it is told what to make.
    learnt: Learnt,
}

/// What the headers of a model's files say. No tensor was read.
#[derive(Debug)]
pub(crate) struct Looked {
    pub from: DiskModel,
    pub found: Found,
    loras: Vec<(Lora, f32)>,
}

impl Looked {
    /// Reads the headers.
    pub fn at(model: &DiskModel) -> Result<Self, JobError> {
        Ok(Self { found: model.look()?, loras: model.loras()?, from: model.clone() })
    }
}

impl Loaded {
    /// Loads the weights to where they are worked with, and tries them out on a little noise; with the reason where that isn't what was chosen.
    /// `room` says whether this process has memory for them.
    pub fn new(
        looked: &Looked,
        graphics: Option<Graphics>,
        pools: &Pools,
        loading: Watched<'_>,
        room: &dyn Fn() -> Result<(), JobError>,
    ) -> Result<(Self, Option<String>), JobError> {
        let Looked { from, found, loras } = looked;
        let rate = SampleRate::new(found.sample_rate())?;
        let identity = found.identity(loras)?;
        let (runner, reason) = Runner::load(looked, graphics, pools, loading, room)?;
        let loaded = Self {
            from: from.clone(),
            identity,
            bytes: if matches!(runner, Runner::Here(..)) { found.memory() } else { 0 },
            runner,
            usual: found.usual(),
            name: from.name(),
            rate,
            seconds: found.seconds(),
            latent: found.samples_per_latent(),
            inpaints: found.inpaints(),
            learnt: Learnt::of(found, &from.name()),
        };
        Ok((loaded, reason))
    }

    /// What it runs on, for people.
    pub fn device(&self) -> String {
        self.runner.device()
    }

    /// Whether it is worked with in another process.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.runner, Runner::Elsewhere(_))
    }

    /// Whether it has to be loaded anew: a helper ended.
    pub fn is_over(&self) -> bool {
        self.runner.is_over()
    }
}

/// One job at work.
struct Bench<'a, 'w> {
    loaded: &'a Loaded,
    order: &'a Order,
    pools: &'a Pools,
    watch: &'a mut Watch<'w>,
    /// What the model is told.
    prompt: String,
    negative: Option<String>,
    notices: Vec<String>,
}

/// How far the source of a sampling is followed.
type From<'a> = inlay_stable::Source<'a>;

impl Bench<'_, '_> {
    fn request(&self) -> &Request {
        &self.order.request
    }

    fn rate(&self) -> SampleRate {
        self.loaded.rate
    }

    /// Samples of the request's loop at the model's rate.
    fn length(&self) -> Frames {
        loop_length(self.request().bpm, self.request().bars.beats(), self.rate())
    }

    /// Samples of a beat as it is counted in the making, at the model's rate.
    fn beat(&self) -> f64 {
        60.0 / making(self.request()).0 * f64::from(self.rate().get())
    }

    /// Makes audio of a variation; only what is asked for is decoded.
    fn make(
        &mut self,
        Making { seconds, samples, source, variation, pass }: Making<'_>,
        stages: [Stage; 2],
        place: Place,
    ) -> Result<Stereo, JobError> {
        let request = self.request();
        let loaded = self.loaded;
        let asked = inlay_stable::Request {
            prompt: &self.prompt,
            negative: self.negative.as_deref(),
            seconds,
            headroom: loaded.from.headroom.min((loaded.seconds - seconds).max(0.0)),
            noise: NoiseSource::new([(request.seed.get(), request.variation.wrapping_add(variation))]).with_pass(pass),
            steps: request.steps as usize,
            sampler: Some(request.sampler.parse::<Sampler>().map_err(StableError::from)?),
            guidance: inlay_stable::Guidance { scale: request.guidance, ..loaded.usual.guidance.clone() },
            source,
        };
        let samples = samples.unwrap_or(0..(seconds * f64::from(loaded.rate.get())) as usize);
        self.watch.enter_take(stages[0], place)?;
        let watch = &mut *self.watch;
        let mut decodes = false;
        let mut part = |part: Part| match part {
            Part::Step { done, all } => watch.flow(done as f64 / all.max(1) as f64),
            // a stage that does both tells of the longer part alone
            Part::Decode { .. } if stages[0] == stages[1] => on(watch),
            Part::Decode { done, all } => {
                if !std::mem::replace(&mut decodes, true) && watch.enter_take(stages[1], place).is_err() {
                    return ControlFlow::Break(());
                }
                watch.flow(done as f64 / all.max(1) as f64)
            }
        };
        let (sound, cut) = loaded.runner.make(&asked, samples, self.pools, &mut part)?;
        if cut {
            let text = "the prompt is longer than the model can read: its end was left out";
            if !self.notices.iter().any(|notice| notice == text) {
                self.notices.push(text.into());
            }
        }
        Ok(sound)
    }

    /// A loop of the model as a take: at the level of all takes, or at its parent's (less where it would pass the ceiling).
    fn take(&self, variation: usize, sound: Stereo, parent: Option<TakeId>, gain: Option<f32>) -> Result<Take, JobError> {
        if sound.iter().flatten().any(|v| !v.is_finite()) || sound.iter().flatten().all(|v| v.abs() < 1e-6) {
            return Err(JobError::Mute);
        }
        let (mid, side) = mid_side(&sound[0], &sound[1]);
        let gain = match gain {
            None => level_gain(&mid, &side, 1.0, self.rate()),
            Some(parents) => parents.min(ceiling_gain(&mid, &side, 1.0)),
        };
        let channels = sound.into_iter().map(|c| c.into_iter().map(|v| round_24(v * gain)).collect()).collect();
        let about = About { gain, ..self.about(variation, parent) };
        Ok(finish(about, vec![], Sound { rate: self.rate(), channels }))
    }

    /// What there is to say of a variation.
    fn about(&self, variation: usize, parent: Option<TakeId>) -> About {
        let request = self.request();
        About {
            request: Request { variation: request.variation.wrapping_add(variation as u32), ..request.clone() },
            chords: None,
            parent,
            made_at: None,
            model: self.loaded.identity.model.clone(),
            codec: self.loaded.identity.codec.clone(),
            gain: 1.0,
            width: 1.0,
            from_audio: false,
            made_by: Some(self.loaded.name.clone()),
        }
    }
}

/// What is made in one go.
struct Making<'a> {
    seconds: f64,
    /// Which samples of them; all without.
    samples: Option<Range<usize>>,
    source: From<'a>,
    variation: u32,
    /// Parts the chance of several makings for one take.
    pass: u16,
}

/// Where in a job a take is: its number and how many there are.
type Place = (usize, usize);

/// Makes what `order` asks for: the steps on the current thread, the work inside them on `pools`.
pub(crate) fn make(loaded: &Loaded, order: &Order, pools: &Pools, watch: &mut Watch<'_>) -> Result<Made, JobError> {
    check(order)?;
    watch.enter(Stage::Text)?;
    let words::Said { prompt, negative, chart } = words::of(&order.request, loaded.learnt)?;
    let mut bench = Bench { loaded, order, pools, watch, prompt, negative, notices: vec![] };
    if order.request.chords.is_some() || chart {
        bench.notices.push("this model isn't told chords, only the other words: they were left out".into());
    }
    if order.request.negative.is_some() && order.request.guidance == 1.0 {
        bench.notices.push("what should not be heard needs guidance above 1: it was left out".into());
    }
    if let Source::Again { about, .. } = &order.source {
        redo::check_model(about, Kept::Request, Some(&loaded.identity.model), None)?;
    }
    let takes: Vec<Take> = (0..order.variations)
        .map(|i| match (&order.request.task, &order.source) {
            (Task::Generate, Source::Nothing) | (_, Source::Again { .. }) => generate(&mut bench, i),
            (Task::Inpaint { regions }, Source::Take { take, heard }) => {
                patch::inpaint(&mut bench, i, take, heard.as_deref().unwrap_or(&take.sound), regions)
            }
            (Task::Vary { amount }, Source::Take { take, .. }) => {
                vary(&mut bench, i, (&take.sound, Some(take)), amount.get(), Some(take.id.clone()))
            }
            (Task::Transform { amount }, Source::Audio(sound)) => vary(&mut bench, i, (sound, None), amount.get(), None),
            (task, _) => Err(JobError::Source(task.to_string(), "something else: give it a take, or an audio file")),
        })
        .collect::<Result<_, _>>()?;
    Ok(Made { takes: takes.into_iter().map(Arc::new).collect(), notices: bench.notices })
}

/// What can be said before any work starts.
pub(crate) fn check(order: &Order) -> Result<(), JobError> {
    let request = &order.request;
    check_counts(order)?;
    // whether they can be read doesn't depend on the model
    words::of(request, Learnt::Words)?;
    if let Source::Again { about, .. } = &order.source {
        redo::check(about, Kept::Request)?;
    }
    if let Some(chords) = &request.chords {
        chords.per_beat(request.bars)?;
    }
    request.sampler.parse::<Sampler>().map_err(StableError::from)?;
    if request.feel == Feel::Half && request.bars.get() == 1 {
        return Err(inlay_music::FeelError::HalfBar.into());
    }
    Ok(())
}

/// What can be said once a model's files were looked at, before it is loaded.
pub(crate) fn check_model(order: &Order, Looked { found, loras, .. }: &Looked) -> Result<(), JobError> {
    let request = &order.request;
    found.check(loras, request.sampler.parse::<Sampler>().map_err(StableError::from)?)?;
    let (seconds, most) = (request.bars.beats().get() * 60.0 / request.bpm.get(), found.seconds());
    match request.task {
        Task::Inpaint { .. } if !found.inpaints() => Err(StableError::from(SettingsError::NoInpainting).into()),
        // of a long loop the model may hear a part
        Task::Inpaint { .. } => Ok(()),
        _ if seconds > most => Err(JobError::Long { seconds, most }),
        _ => Ok(()),
    }
}

/// Tempo and bars as they are counted in the making.
fn making(request: &Request) -> (f64, f64) {
    let factor = match request.feel {
        Feel::Half => 0.5,
        Feel::Normal => 1.0,
        Feel::Double => 2.0,
    };
    (request.bpm.get() * factor, f64::from(request.bars.get()) * factor)
}

/// Seconds that the stages are likely to take on two cores. `looked`: what is known of the model, as far as anything is.
pub(crate) fn plan(order: &Order, looked: Option<&Looked>, loaded: bool) -> Plan {
    let request = &order.request;
    let seconds = request.bars.beats().get() * 60.0 / request.bpm.get();
    let bar = f64::from(Bars::BEATS) * 60.0 / making(request).0;
    // 10.8 latents a second; with guidance each step asks the network twice; by how much larger than Stable Audio 3 small the model is
    let size = looked.map_or(1.0, |looked| (looked.found.memory() as f64 / 2.35e9).clamp(0.01, 10.0));
    let step = 0.085 * size * if request.guidance == 1.0 { 1.0 } else { 2.0 };
    let sampling = |seconds: f64| seconds * step * f64::from(request.steps);
    let takes = f64::from(order.variations);
    let headroom = match &order.maker {
        crate::Maker::Disk(model) => model.headroom,
        crate::Maker::Own => 0.0,
    };
    // Stable Audio Open always makes its whole length, and no seam
    let whole = looked.filter(|looked| !looked.found.inpaints()).map(|looked| looked.found.seconds());
    let closing = if whole.is_some() { 0.0 } else { seam::seconds(seconds) + headroom };
    let stages = vec![
        (Stage::Loading, if loaded { 0.0 } else { 2.5 }),
        (Stage::Text, 0.05),
        (Stage::Sampling, takes * sampling(whole.unwrap_or(seconds + bar + headroom))),
        (Stage::Decoding, takes * (seconds + bar) * 0.12),
        (Stage::Fitting, takes * seconds * 0.02),
        (Stage::Closing, takes * (sampling(closing) + closing * 0.02)),
    ];
    Plan { stages, round: Stage::Sampling }
}

/// From words.
fn generate(bench: &mut Bench<'_, '_>, variation: u32) -> Result<Take, JobError> {
    let place = (variation as usize, bench.order.variations as usize);
    let audio = fresh(bench, variation, place)?;
    bench.take(place.0, audio, None, None)
}

/// A loop from words: a bar more than is asked for, of which the best bars are taken.
fn fresh(bench: &mut Bench<'_, '_>, variation: u32, place: Place) -> Result<Stereo, JobError> {
    let (bpm, bars) = making(bench.request());
    let (bar, most) = (f64::from(Bars::BEATS) * 60.0 / bpm, bench.loaded.seconds);
    let seconds = bars * bar;
    if seconds > most {
        return Err(JobError::Long { seconds, most });
    }
    let audio = bench.make(
        Making { seconds: (seconds + bar).min(most), samples: None, source: From::Nothing, variation, pass: 0 },
        [Stage::Sampling, Stage::Decoding],
        place,
    )?;
    bench.watch.enter_take(Stage::Fitting, place)?;
    let (rate, length) = (bench.rate(), bench.length());
    let (audio, report) = bench.pools.run(|| fit(&audio, rate, bpm, bars, length))?;
    let report = report.to_string();
    bench.notices.push(if place.1 > 1 { format!("variation {}: {report}", variation + 1) } else { report });
    seam::close(bench, audio, variation, place)
}

/// Something like a sound, which is a loop: heard with its own end before and its own start behind.
fn vary(
    bench: &mut Bench<'_, '_>,
    variation: u32,
    (sound, take): (&Sound, Option<&Take>),
    amount: f64,
    parent: Option<TakeId>,
) -> Result<Take, JobError> {
    let place = (variation as usize, bench.order.variations as usize);
    let heard = hear(bench, sound, take)?;
    let (rate, length) = (f64::from(bench.rate().get()), bench.length().get());
    let most = (bench.loaded.seconds * rate) as usize;
    if length > most {
        return Err(JobError::Long { seconds: length as f64 / rate, most: bench.loaded.seconds });
    }
    // half a bar on either side, as far as the model goes
    let around = ((2.0 * bench.beat()) as usize).min((most - length) / 2);
    let wide: Stereo = heard.audio.each_ref().map(|c| wrapped(c, around, length + 2 * around));
    let source = From::Vary { audio: &wide, amount: amount.clamp(0.01, 1.0) };
    let seconds = wide[0].len() as f64 / rate;
    let audio = bench.make(Making { seconds, samples: None, source, variation, pass: 0 }, [Stage::Sampling, Stage::Decoding], place)?;
    bench.watch.enter_take(Stage::Fitting, place)?;
    let audio = fit::cut(&audio, around, length, bench.rate());
    let audio = seam::close(bench, audio, variation, place)?;
    let gain = parent.is_some().then_some(heard.gain);
    bench.take(place.0, audio, parent, gain)
}

/// Whether a job goes on, for callbacks without a part that is done.
fn on(watch: &Watch<'_>) -> ControlFlow<()> {
    if watch.proceed() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}
