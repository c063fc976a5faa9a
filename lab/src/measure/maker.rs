//! Takes on demand.

use anyhow::{Context as _, Result};
use inlay_engine::{Engine, Order, Priority, Settings, Source};
use inlay_music::{Amount, Bars, Bpm, ChordChart, Key, Prompt, Region, Request, Seed, Sound, Take, Task};
use std::sync::Arc;

/// An engine that makes one take after another.
#[derive(Debug)]
pub struct Maker {
    engine: Engine,
}

/// A request in short.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// What should sound.
    pub prompt: &'a str,
    /// What should not.
    pub negative: Option<&'a str>,
    /// Length.
    pub bars: u32,
    /// Tempo.
    pub bpm: f64,
    /// A key in its own field.
    pub key: Option<&'a str>,
    /// Chords in their own field.
    pub chords: Option<&'a str>,
    /// All chance.
    pub seed: u64,
}

impl<'a> Ask<'a> {
    /// Two bars of `prompt` with the first seed.
    pub fn new(prompt: &'a str, bpm: f64) -> Self {
        Self { prompt, negative: None, bars: 2, bpm, key: None, chords: None, seed: 1 }
    }

    /// The request with the defaults of the command line.
    ///
    /// # Errors
    /// Where a word isn't understood.
    pub fn request(&self, task: Task) -> Result<Request> {
        Ok(Request {
            task,
            prompt: Prompt::new(self.prompt)?,
            negative: self.negative.map(Prompt::new).transpose()?,
            bars: Bars::new(self.bars)?,
            bpm: Bpm::new(self.bpm)?,
            key: self.key.map(str::parse::<Key>).transpose()?,
            chords: self.chords.map(str::parse::<ChordChart>).transpose()?,
            feel: Default::default(),
            seed: Seed(self.seed),
            variation: 0,
            steps: 16,
            guidance: 3.0,
            sampler: "dpm++2m".into(),
        })
    }
}

impl Maker {
    /// Starts an engine on all cores.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start() -> Result<Self> {
        Ok(Self { engine: Engine::start(Settings::default())? })
    }

    /// From words.
    ///
    /// # Errors
    /// What the engine says.
    pub fn generate(&self, ask: &Ask<'_>) -> Result<Arc<Take>> {
        self.make(ask.request(Task::Generate)?, Source::Nothing)
    }

    /// Something like `parent`.
    ///
    /// # Errors
    /// What the engine says.
    pub fn vary(&self, ask: &Ask<'_>, parent: &Arc<Take>, amount: f64) -> Result<Arc<Take>> {
        self.make(ask.request(Task::Vary { amount: Amount::new(amount)? })?, of(parent))
    }

    /// New music from beat `start` on, for `length` beats.
    ///
    /// # Errors
    /// What the engine says.
    pub fn inpaint(&self, ask: &Ask<'_>, parent: &Arc<Take>, start: f64, length: f64) -> Result<Arc<Take>> {
        let regions = vec![Region::new(start, length, Bars::new(ask.bars)?)?];
        self.make(ask.request(Task::Inpaint { regions })?, of(parent))
    }

    /// The same at the tempo of `ask`.
    ///
    /// # Errors
    /// What the engine says.
    pub fn retime(&self, ask: &Ask<'_>, parent: &Arc<Take>) -> Result<Arc<Take>> {
        self.make(ask.request(Task::Retime)?, of(parent))
    }

    /// From a loop of audio.
    ///
    /// # Errors
    /// What the engine says.
    pub fn transform(&self, ask: &Ask<'_>, sound: Sound, amount: f64) -> Result<Arc<Take>> {
        self.make(ask.request(Task::Transform { amount: Amount::new(amount)? })?, Source::Audio(Arc::new(sound)))
    }

    fn make(&self, request: Request, source: Source) -> Result<Arc<Take>> {
        let what = format!("{} {:?}", request.task, request.prompt.as_str());
        let job = self.engine.submit(Order { request, source, variations: 1, maker: Default::default() }, Priority::User)?;
        let outcome = job.wait(|_| ()).with_context(|| what.clone())?;
        outcome.made.takes.into_iter().next().with_context(|| format!("{what} made nothing"))
    }
}

fn of(take: &Arc<Take>) -> Source {
    Source::Take { take: Arc::clone(take), heard: None }
}
