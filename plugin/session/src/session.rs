//! One instance: its words, slots, history and jobs, and the rules that bind them.
//!
//! A session is a plain value that is told things and asked for a snapshot. It starts no thread and waits for nothing: its
//! [conductor](crate::Conductor) moves it on.

mod ahead;
mod choosing;
mod follow;
mod obey;
mod save;
mod view;
mod work;

#[cfg(test)]
mod test;

use crate::capture::Capture;
use crate::dropped::{Dropped, Found};
use crate::entry::Entry;
use crate::history::History;
use crate::jobs::Jobs;
use crate::knobs::{Host, Knobs};
use crate::message::{Message, Place, Tone};
use crate::models::{self, Kin, ModelPlace, Models, Seen};
use crate::playback::{Missing, Playback};
use crate::signals::{Signals, TRIGGERS};
use crate::slots::Slots;
use crate::snapshot::{Desk, ExportFormat};
use crate::undo::{Memento, Undo};
use follow::TempoWatch;
use inlay_engine::redo::{self, Kept};
use inlay_engine::{Engine, JobError, Playing};
use inlay_music::{Bars, Bpm, Rendition, SampleRate, Take, TakeId};
use inlay_state::Parcel;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// Messages that are shown at most.
const MESSAGES: usize = 12;
/// Prompts that are remembered.
const PROMPTS: usize = 50;

/// Something that takes time, for another thread or outside of the session's lock.
#[derive(Debug)]
pub(crate) enum Chore {
    /// A sound that a slot lacks.
    Render(Missing, SampleRate),
    /// Reads an audio file, or looks into a model's folder; the models that a text encoder may belong to.
    Read(PathBuf, Vec<ModelPlace>),
    /// Looks for models, in these folders, too; for which of the projects that were loaded.
    Look(Vec<ModelPlace>, u64),
    /// Looks at a LoRA.
    Lora(PathBuf),
    /// Packs a take for the project.
    Pack(TakeId, Arc<Take>),
    /// Writes one.
    Write { take: Arc<Take>, rate: SampleRate, folder: PathBuf, format: ExportFormat },
}

impl Chore {
    /// Whether it may take longer than a block.
    pub fn is_long(&self) -> bool {
        matches!(self, Chore::Read(..) | Chore::Look(..) | Chore::Lora(_) | Chore::Write { .. })
    }

    /// Does it.
    pub fn run(self) -> Done {
        match self {
            Chore::Render(missing, rate) => {
                let rendition = Arc::new(inlay_engine::render(&missing.take, rate));
                Done::Rendered(missing, rendition)
            }
            Chore::Pack(entry, take) => Done::Packed(entry, Parcel::pack(&take).map(Arc::new).map_err(|e| e.to_string())),
            Chore::Read(path, models) => match Kin::of(&path) {
                Kin::Model => Done::Read(Ok(Found::Model(models::look_at(&path, &models)))),
                Kin::Text => Done::Read(models::look_at_text(&path, &models).map(Found::Model)),
                Kin::Lora => Chore::Lora(path).run(),
                Kin::Audio => Done::Read(Dropped::read(&path)),
            },
            Chore::Look(elsewhere, load) => Done::Looked(models::look(&elsewhere), load),
            Chore::Lora(path) => Done::Lora(models::look_at_lora(&path).map(|()| path)),
            Chore::Write { take, rate, folder, format } => Done::Written(crate::export::write(&take, rate, &folder, format)),
        }
    }
}

/// What came of a chore.
#[derive(Debug)]
pub(crate) enum Done {
    Rendered(Missing, Arc<Rendition>),
    Packed(TakeId, Result<Arc<Parcel>, String>),
    Read(Result<Found, String>),
    Looked(Vec<Seen>, u64),
    Lora(Result<PathBuf, String>),
    Written(Result<PathBuf, String>),
}

/// One instance of the plugin: a plain value that is told things and asked for a [`Snapshot`](crate::Snapshot).
pub struct Session {
    host: Arc<dyn Host>,
    signals: Arc<Signals>,
    engine: Option<Engine>,
    /// Held while the host plays: jobs leave a core to it.
    playing: Option<Playing>,
    effect: bool,

    desk: Desk,
    slots: Slots,
    selected: u8,
    history: History,
    jobs: Jobs,
    models: Models,
    /// A project was loaded whose models weren't looked for yet.
    models_unchecked: bool,
    /// Counts the projects that were loaded.
    loads: u64,
    undo: Undo,
    playback: Option<Playback>,
    capture: Option<Capture>,
    file: Option<Arc<Dropped>>,
    compare: Option<[u8; 2]>,
    ahead: bool,
    audition: bool,
    folder: Option<PathBuf>,
    format: ExportFormat,
    exported: Option<PathBuf>,
    prompts: Vec<String>,

    /// What was said when the project became too large.
    trimmed: String,
    messages: Vec<Message>,
    message_count: u64,
    chores: Vec<Chore>,
    /// Files that were dropped and wait to be read.
    dropped: VecDeque<PathBuf>,
    /// One is being read.
    reading: bool,
    /// The last variation ahead could not be made: none is tried until something else is asked for.
    ahead_failed: bool,
    /// Takes that can't be brought to a tempo.
    unmakeable: Vec<(TakeId, Bpm)>,
    tempo: TempoWatch,
    /// The host's tempo, as long as it was one that takes can have.
    last_tempo: Bpm,
    project_key: u64,
    /// The bars that the chords were held against.
    chord_bars: Bars,
    pulled: [u32; TRIGGERS],
    /// Blocks so far, and when the last of this activation was seen.
    blocks: (u64, Option<Instant>),
    /// Whether the host runs the audio thread.
    audio_runs: bool,
    /// Counts what a snapshot would show differently.
    revision: u64,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("revision", &self.revision).field("desk", &self.desk).finish_non_exhaustive()
    }
}

impl Session {
    /// An empty session; `effect`: of a plugin that has an input.
    pub fn new(host: Arc<dyn Host>, signals: Arc<Signals>, effect: bool) -> Self {
        Self {
            pulled: signals.pulled(),
            chord_bars: host.knobs().bars,
            host,
            signals,
            engine: None,
            playing: None,
            effect,
            desk: Desk::default(),
            slots: Slots::default(),
            selected: 0,
            history: History::default(),
            jobs: Jobs::default(),
            models: Models::default(),
            models_unchecked: false,
            loads: 0,
            undo: Undo::default(),
            playback: None,
            capture: None,
            file: None,
            compare: None,
            ahead: true,
            audition: false,
            folder: None,
            format: ExportFormat::default(),
            exported: None,
            prompts: vec![],
            trimmed: String::new(),
            messages: vec![],
            message_count: 0,
            chores: vec![],
            dropped: VecDeque::new(),
            reading: false,
            ahead_failed: false,
            unmakeable: vec![],
            tempo: TempoWatch::default(),
            last_tempo: Bpm::DEFAULT,
            project_key: 0,
            blocks: (0, None),
            audio_runs: false,
            revision: 1,
        }
    }

    /// Moves on to `now`: hears the player, the worker and the triggers, and starts what is due.
    pub(crate) fn tick(&mut self, now: Instant) {
        self.give_way();
        self.hear_player();
        self.hear_audio(now);
        // what is asked for is asked for at the tempo of the song that asks
        self.follow_project_key();
        self.follow_bars();
        self.follow_tempo(now);
        self.hear_triggers();
        self.hear_worker();
        self.go_ahead();
        self.follow_slots();
    }

    /// What has to be done outside of the lock.
    pub(crate) fn chores(&mut self) -> Vec<Chore> {
        let mut chores = std::mem::take(&mut self.chores);
        if let Some(playback) = &self.playback {
            let missing = playback.missing(&self.slots, &self.history, self.selected);
            // one at a time, so that each sounds as soon as it can
            chores.extend(missing.into_iter().next().map(|m| Chore::Render(m, playback.rate)));
        }
        // sound first: packing is for when there is time
        if chores.is_empty() {
            chores.extend(self.unpacked());
        }
        chores
    }

    /// Takes in what came of a chore.
    pub(crate) fn bring(&mut self, done: Done) {
        match done {
            Done::Rendered(missing, rendition) => {
                // the host may have changed its rate in the meantime
                let fits = self.playback.as_ref().is_some_and(|p| p.rate == rendition.rate);
                if let Some(entry) = self.history.get_mut(&missing.entry).filter(|_| fits) {
                    entry.rendered(&missing.take, &rendition);
                }
                self.follow_slots();
            }
            Done::Packed(entry, parcel) => return self.packed(&entry, parcel),
            Done::Read(found) => {
                self.found(found);
                self.read_next(true);
            }
            // another project's models are looked for anew
            Done::Looked(_, load) if load != self.loads => {}
            Done::Looked(seen, _) => {
                self.models.saw(seen);
                self.say_missing();
            }
            Done::Lora(lora) => {
                self.take_lora(lora);
                self.read_next(true);
            }
            Done::Written(Ok(path)) => {
                self.exported = Some(path.clone());
                self.say(Tone::Notice, Place::Files, format!("Saved {}", path.display()));
                if let Some(message) = self.messages.last_mut() {
                    message.file = Some(path);
                }
            }
            Done::Written(Err(text)) => self.say(Tone::Failure, Place::Files, text),
        }
        self.touch();
    }

    /// A take was packed.
    fn packed(&mut self, entry: &TakeId, parcel: Result<Arc<Parcel>, String>) {
        if let Some(entry) = self.history.get_mut(entry) {
            entry.was_packed(parcel);
        }
    }

    /// The host that it was made with.
    pub(crate) fn host(&self) -> Arc<dyn Host> {
        Arc::clone(&self.host)
    }

    /// Whether something moves, so that the next tick should come soon.
    pub(crate) fn is_busy(&self) -> bool {
        !self.jobs.is_empty() || self.capture.is_some() || self.plays()
    }

    /// A snapshot would be another one now.
    fn touch(&mut self) {
        self.revision += 1;
    }

    /// The project should be saved with what changed.
    fn changed(&mut self) {
        self.touch();
        self.host.changed();
    }

    fn knobs(&self) -> Knobs {
        self.host.knobs()
    }

    /// Says something; what was said at this place before is over.
    fn say(&mut self, tone: Tone, place: Place, text: impl Into<String>) {
        self.hush(place);
        self.message_count += 1;
        self.messages.push(Message { id: self.message_count, tone, place, text: text.into(), file: None });
        if self.messages.len() > MESSAGES {
            self.messages.remove(0);
        }
        self.touch();
    }

    /// What was said at a place is over.
    fn hush(&mut self, place: Place) {
        self.messages.retain(|m| m.place != place);
        self.touch();
    }

    /// The engine of this process; started by the first who needs it.
    fn engine(&mut self) -> Result<&Engine, JobError> {
        match &mut self.engine {
            Some(engine) => Ok(engine),
            none => Ok(none.insert(Engine::shared()?)),
        }
    }

    /// While the host plays, jobs leave a core to it.
    fn give_way(&mut self) {
        let plays = self.plays();
        if plays != self.playing.is_some() {
            self.playing = self.engine().ok().filter(|_| plays).map(Engine::playing);
        }
    }

    /// Whether the song runs. Some hosts stop without a word: they call no more.
    fn plays(&self) -> bool {
        self.audio_runs && self.playback.as_ref().is_some_and(|p| p.now().running)
    }

    /// The slot that sounds now.
    fn sounding(&self) -> Option<u8> {
        self.playback.as_ref().and_then(|p| p.now().sounding).map(|(slot, _)| slot)
    }

    fn memento(&self) -> Memento {
        Memento {
            slots: self.slots.clone(),
            selected: self.selected,
            regions: self.desk.regions.clone(),
            chords: self.desk.chords.clone(),
            file: self.file.clone(),
        }
    }

    /// Remembers what is now, before a change.
    fn remember(&mut self, change: &'static str) {
        let now = self.memento();
        self.undo.remember(change, now);
    }

    fn restore(&mut self, memento: Memento) {
        (self.slots, self.file) = (memento.slots, memento.file);
        self.desk.regions = memento.regions;
        if self.desk.chords != memento.chords {
            self.type_chords(memento.chords);
        }
        self.choose(memento.selected);
        self.tidy();
        self.changed();
    }

    /// Chords as typed, held against the bars of the next take.
    fn type_chords(&mut self, text: String) {
        self.chord_bars = self.knobs().bars;
        self.desk.type_chords(text, self.chord_bars);
        self.touch();
    }

    /// Chords that fitted into the bars of the next take may not fit into others.
    fn follow_bars(&mut self) {
        if self.chord_bars != self.knobs().bars {
            let text = std::mem::take(&mut self.desk.chords);
            self.type_chords(text);
        }
    }

    /// Selects a slot: it plays from the boundary on. A take in it whose sound isn't here gets it back.
    fn choose(&mut self, slot: u8) {
        if self.slots.get(slot).is_none() {
            return;
        }
        self.selected = slot;
        self.heard(slot);
        self.touch();
        if let Some(take) = self.slots.take(slot).cloned()
            && !self.unpack(&take)
        {
            self.redo(take, None);
        }
    }

    /// A slot was listened to.
    fn heard(&mut self, slot: u8) {
        if let Some(entry) = self.slots.take(slot).cloned().and_then(|id| self.history.get_mut(&id)) {
            entry.unheard = false;
        }
    }

    /// Frees what no slot needs now or after undo.
    fn tidy(&mut self) {
        let slotted = self.slots.takes().collect();
        let held = self.slots.takes().chain(self.undo.takes()).collect();
        let engine = self.engine.as_ref();
        // a take from a file has the file's sound, whatever made it once
        let own = |e: &Entry| e.own.as_ref().is_some_and(|take| redo::check_take(take, Kept::Latents).is_ok());
        let again = |e: &Entry| own(e) && engine.is_some_and(|engine| engine.can_redo(&e.about, Kept::Latents).is_ok());
        self.history.tidy(&slotted, &held, again);
    }
}
