//! A take of the history, with all that an instance keeps of it.

use crate::snapshot::{EntryView, Peaks};
use half::f16;
use inlay_music::{About, Bpm, Rendition, Take, TakeId, Task};
use inlay_player::Loop;
use inlay_state::Parcel;
use std::sync::Arc;

/// A take's sound at one tempo, and how the player has it.
#[derive(Debug, Clone)]
pub(crate) struct Voice {
    /// The take itself, or the same music made for another tempo.
    pub take: Arc<Take>,
    /// At the player's rate, where it was made already.
    pub rendition: Option<Arc<Rendition>>,
}

impl Voice {
    pub fn new(take: Arc<Take>) -> Self {
        Self { take, rendition: None }
    }

    pub fn bpm(&self) -> Bpm {
        self.take.about.request.bpm
    }
}

/// What an instance knows of a take.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub id: TakeId,
    pub about: About,
    /// None where only the request is kept.
    pub latents: Option<Arc<[f16]>>,
    /// Its sound as it was born; None where it has to be made again before it can play.
    pub own: Option<Arc<Take>>,
    /// The last two tempos that it was wanted at, the latest first.
    pub voices: [Option<Voice>; 2],
    pub favourite: bool,
    /// The song position it was captured at, for a clip.
    pub clip: Option<f64>,
    /// Nobody asked for it, and nobody heard it yet.
    pub unheard: bool,
    pub peaks: Option<Arc<Peaks>>,
    /// As projects keep it, once it was packed.
    pub packed: Option<Arc<Parcel>>,
    /// The same of its sound at other tempos.
    pub packed_voices: Vec<Arc<Parcel>>,
    /// The tempos that it was last heard at, where they come from a project.
    pub order: Vec<Bpm>,
    /// Something of it can't be packed.
    pub unpackable: bool,
}

impl Entry {
    /// A take that was just made.
    pub fn new(take: Arc<Take>) -> Self {
        Self {
            id: take.id.clone(),
            about: take.about.clone(),
            latents: Some(Arc::clone(&take.latents)),
            peaks: Some(Arc::new(Peaks::of(&take.sound))),
            voices: [Some(Voice::new(Arc::clone(&take))), None],
            own: Some(take),
            favourite: false,
            clip: None,
            unheard: false,
            packed: None,
            packed_voices: vec![],
            order: vec![],
            unpackable: false,
        }
    }

    /// Whether it can play at once.
    pub fn sounds(&self) -> bool {
        self.voices.iter().any(Option::is_some)
    }

    /// Its sound is here again.
    ///
    /// Made on another machine it may be other numbers under another name: it is this take all the same.
    pub fn found(&mut self, take: Arc<Take>) {
        let take = if take.id == self.id { take } else { Arc::new(Take { id: self.id.clone(), ..(*take).clone() }) };
        if self.peaks.is_none() {
            self.peaks = Some(Arc::new(Peaks::of(&take.sound)));
        }
        self.latents = Some(Arc::clone(&take.latents));
        self.add_voice(Voice::new(Arc::clone(&take)));
        self.own = Some(take);
    }

    /// Its sound at another tempo; the tempo that was wanted before stays, too.
    pub fn add_voice(&mut self, voice: Voice) {
        let next = std::mem::take(&mut self.voices).into_iter().flatten().find(|v| v.bpm() != voice.bpm());
        self.voices = [Some(voice), next];
    }

    /// Makes the voice of a tempo the latest, where there is one; the sound that it was born with counts.
    pub fn turn_to(&mut self, bpm: Bpm) -> bool {
        let kept = self.voices.iter().flatten().find(|v| v.bpm() == bpm).cloned();
        let born = || self.own.as_ref().filter(|own| own.about.request.bpm == bpm).map(|own| Voice::new(Arc::clone(own)));
        let Some(voice) = kept.or_else(born) else { return false };
        self.add_voice(voice);
        true
    }

    /// What the player gets, as far as it was rendered.
    pub fn as_loop(&self) -> Loop {
        let rendered = |v: &Option<Voice>| v.as_ref().and_then(|v| Some((v.bpm(), Arc::clone(v.rendition.as_ref()?))));
        Loop { beats: self.about.request.bars.beats(), clip: self.clip, renditions: [rendered(&self.voices[0]), rendered(&self.voices[1])] }
    }

    /// Keeps the request and the latents only.
    pub fn forget_sound(&mut self) {
        (self.own, self.voices) = (None, [None, None]);
        self.packed = Some(Arc::new(Parcel::without_sound(self.id.clone(), &self.about, self.latents.as_deref())));
        self.packed_voices.clear();
    }

    /// Frees what only a take in a slot needs.
    pub fn rest(&mut self) {
        self.voices.iter_mut().flatten().for_each(|v| v.rendition = None);
    }

    /// For drawing; `model` gives the name of the model that made a take.
    pub fn view(&self, model: impl Fn(&About) -> String) -> EntryView {
        let request = &self.about.request;
        EntryView {
            take: self.id.clone(),
            parent: self.about.parent.clone(),
            favourite: self.favourite,
            task: task_name(&request.task),
            prompt: request.prompt.to_string(),
            negative: request.negative.as_ref().map(ToString::to_string).unwrap_or_default(),
            bars: request.bars,
            bpm: request.bpm,
            key: request.key,
            chords: self.about.chords.clone(),
            seed: request.seed,
            variation: request.variation,
            model: model(&self.about),
            peaks: self.peaks.clone(),
            clip: self.clip,
        }
    }
}

/// A kind of work in a word.
pub(crate) fn task_name(task: &Task) -> &'static str {
    match task {
        Task::Generate => "generate",
        Task::Inpaint { .. } => "inpaint",
        Task::Vary { .. } => "vary",
        Task::Transform { .. } => "transform",
        Task::Retime => "retime",
    }
}
