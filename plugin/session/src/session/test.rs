use super::*;
use crate::command::Command;
use crate::knobs::Knobs;
use crate::signals::{Signals, Trigger};
use inlay_music::{Amount, Bars, Bpm, Feel, Region, Seed};
use inlay_player::{Block, Mix, PlayMode, Player, Quantize, Transport};
use parking_lot::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

mod audio;
mod disk;
mod making;
mod playing;
mod saving;
mod silent;
mod undoing;

const RATE: u32 = 48_000;

/// A host whose parameters tests turn.
struct Desktop {
    knobs: Mutex<Knobs>,
    triggers: Mutex<[bool; TRIGGERS]>,
    changes: AtomicU32,
}

impl Host for Desktop {
    fn knobs(&self) -> Knobs {
        *self.knobs.lock()
    }

    fn changed(&self) {
        self.changes.fetch_add(1, Relaxed);
    }

    fn triggers(&self) -> [bool; TRIGGERS] {
        *self.triggers.lock()
    }
}

/// A session with its host and its audio thread, moved on by hand.
struct Rig {
    host: Arc<Desktop>,
    signals: Arc<Signals>,
    session: Session,
    player: Option<Player>,
    now: Instant,
    beat: f64,
    tempo: f64,
}

impl Rig {
    fn new() -> Self {
        Self::of(false)
    }

    fn of(effect: bool) -> Self {
        let knobs = Knobs {
            bars: Bars::new(1).unwrap(),
            feel: Feel::Normal,
            steps: 4,
            guidance: 3.0,
            amount: Amount::DEFAULT,
            seed_lock: true,
            slot: 0,
            quantize: Quantize::Bar,
        };
        let host = Arc::new(Desktop { knobs: Mutex::new(knobs), triggers: Mutex::default(), changes: AtomicU32::new(0) });
        let signals = Arc::<Signals>::default();
        let mut session = Session::new(host.clone(), signals.clone(), effect);
        session.obey(Command::Ahead(false));
        Self { host, signals, session, player: None, now: Instant::now(), beat: 0.0, tempo: 120.0 }
    }

    fn with(prompt: &str) -> Self {
        let mut rig = Self::new();
        rig.ask(Command::Prompt(prompt.into()));
        rig
    }

    fn activate(&mut self) {
        let rate = SampleRate::new(RATE).unwrap();
        let (player, controls) = Player::new(rate);
        self.player = Some(player);
        self.session.activate(controls, rate);
    }

    fn ask(&mut self, command: Command) {
        self.session.obey(command);
    }

    /// A tick of the conductor, with its chores.
    fn tick(&mut self) {
        self.now += Duration::from_millis(15);
        self.session.tick(self.now);
        for chore in self.session.chores() {
            let done = chore.run();
            self.session.bring(done);
        }
    }

    /// Ticks until the worker has nothing to do.
    fn settle(&mut self) {
        self.tick();
        while !self.session.jobs.is_empty() || self.session.reading {
            std::thread::sleep(Duration::from_millis(2));
            self.tick();
        }
        self.tick();
    }

    /// What the audio thread plays in so many beats.
    fn play(&mut self, beats: f64) -> Vec<[f32; 2]> {
        self.play_over(beats, None)
    }

    fn play_over(&mut self, beats: f64, input: Option<f32>) -> Vec<[f32; 2]> {
        let frames = (beats * 60.0 / self.tempo * f64::from(RATE)).round() as usize;
        let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
        let level = vec![input.unwrap_or(0.0); frames];
        for start in (0..frames).step_by(480) {
            let end = (start + 480).min(frames);
            let at = self.beat + start as f64 * self.tempo / 60.0 / f64::from(RATE);
            let transport =
                Transport { playing: true, tempo: Some(self.tempo), beats: Some(at), metre: Some((4, 4)), ..Transport::default() };
            self.signals.block();
            let player = self.player.as_mut().expect("activate first");
            player.process(Block {
                transport: &transport,
                events: &[],
                mix: Mix::default(),
                mode: PlayMode::Switch,
                quantize: Quantize::Bar,
                input: input.map(|_| [&level[start..end], &level[start..end]]),
                output: [&mut left[start..end], &mut right[start..end]],
            });
            self.tick();
        }
        self.beat += beats;
        left.into_iter().zip(right).map(|(l, r)| [l, r]).collect()
    }

    /// Writes the take of slot 1 into a folder, and says where.
    fn export(&mut self, folder: &std::path::Path) -> std::path::PathBuf {
        self.ask(Command::Folder(folder.into()));
        self.ask(Command::Export(0));
        self.tick();
        self.session.exported.clone().unwrap()
    }

    fn entry(&self, slot: u8) -> Option<crate::entry::Entry> {
        self.session.history.get(self.session.slots.take(slot)?).cloned()
    }

    fn filled(&self) -> Vec<u8> {
        (0..8).filter(|s| self.session.slots.take(*s).is_some()).collect()
    }

    fn said(&self) -> Vec<(Tone, Place, String)> {
        self.session.messages.iter().map(|m| (m.tone, m.place, m.text.clone())).collect()
    }

    fn region(start: f64, length: f64) -> Region {
        Region::new(start, length, Bars::new(1).unwrap()).unwrap()
    }
}

fn loud(sound: &[[f32; 2]]) -> bool {
    sound.iter().flatten().any(|s| s.abs() > 0.01)
}

#[test]
fn a_snapshot_changes_with_its_revision_only() {
    let mut rig = Rig::with("house drums");
    let before = rig.session.snapshot();
    for _ in 0..10 {
        rig.tick();
    }
    assert_eq!(rig.session.snapshot(), before);
    rig.ask(Command::Prompt("techno drums".into()));
    let after = rig.session.snapshot();
    assert!(after.revision > before.revision);
    assert_eq!(after.desk.prompt, "techno drums");
}

#[test]
fn triggers_work_without_any_audio() {
    let mut rig = Rig::with("house drums");
    rig.tick();
    rig.host.triggers.lock()[Trigger::Generate as usize] = true;
    rig.settle();
    assert_eq!(rig.filled(), [0]);
    assert_eq!(rig.session.history.iter().count(), 1, "a trigger that stays up pulls once");
}

#[test]
fn a_trigger_that_the_audio_thread_saw_pulls_once() {
    let mut rig = Rig::with("house drums");
    rig.activate();
    rig.play(0.1);
    rig.host.triggers.lock()[Trigger::Generate as usize] = true;
    rig.signals.pull(Trigger::Generate);
    rig.play(0.1);
    rig.settle();
    assert_eq!(rig.session.history.iter().count(), 1);
    assert_eq!(rig.session.undo.takes().count(), 0, "one take landed, over an empty slot");
}

#[test]
fn what_was_pulled_while_no_audio_ran_is_not_pulled_again_by_it() {
    let mut rig = Rig::with("house drums");
    rig.activate();
    rig.tick();
    rig.host.triggers.lock()[Trigger::Generate as usize] = true;
    rig.settle();
    let seed = rig.session.desk.seed;
    rig.ask(Command::Seed(Seed(seed.get() + 1)));
    let up = *rig.host.triggers.lock();
    rig.signals.risen(up).for_each(|trigger| rig.signals.pull(trigger));
    rig.play(0.1);
    rig.settle();
    assert_eq!(rig.session.history.iter().count(), 1);
}

#[test]
fn the_slot_parameter_works_without_any_audio() {
    let mut rig = Rig::new();
    rig.tick();
    rig.host.knobs.lock().slot = 4;
    rig.tick();
    assert_eq!(rig.session.selected, 4);
}

#[test]
fn the_project_hears_of_changes() {
    let mut rig = Rig::with("house drums");
    let before = rig.host.changes.load(Relaxed);
    rig.ask(Command::Generate);
    rig.settle();
    assert!(rig.host.changes.load(Relaxed) > before);
}

#[test]
fn a_new_tempo_is_shown_and_the_old_one_kept_where_it_is_beyond_what_can_be_made() {
    let mut rig = Rig::new();
    rig.activate();
    rig.tempo = 93.0;
    rig.play(0.1);
    assert_eq!(rig.session.desk.tempo, Bpm::new(93.0).unwrap());
    rig.tempo = 900.0;
    rig.play(0.1);
    assert_eq!(rig.session.desk.tempo, Bpm::new(93.0).unwrap());
    rig.ask(Command::OwnTempo(Some(Bpm::new(60.0).unwrap())));
    assert_eq!(rig.session.desk.tempo, Bpm::new(60.0).unwrap());
}

#[test]
fn chords_are_held_against_the_bars_that_are_set_now() {
    let mut rig = Rig::new();
    rig.ask(Command::Chords("Am | F".into()));
    assert!(rig.session.snapshot().desk.chords_error.is_some());
    let before = rig.session.revision();
    rig.host.knobs.lock().bars = Bars::new(2).unwrap();
    rig.tick();
    assert_eq!(rig.session.snapshot().desk.chords_error, None);
    assert!(rig.session.revision() > before);
    rig.host.knobs.lock().bars = Bars::new(1).unwrap();
    rig.tick();
    assert!(rig.session.snapshot().desk.chords_error.is_some());
    assert_eq!(rig.session.desk.chords, "Am | F");
}
