//! The plugin as the framework calls it.

use crate::dirty::Dirty;
use crate::entry::newborn;
use crate::events::Events;
use crate::host::HostSide;
use crate::kind::Kind;
use crate::pane::{Kept, Pane};
use crate::params::Parameters;
use crate::state::{Saved, SessionField};
use crate::transport;
use inlay_music::SampleRate;
use inlay_player::{Block, Player, Quantize, clean};
use inlay_session::{Conductor, Session, Signals, Trigger};
use inlay_window::{Settings, WindowEditor, WindowState};
use nice_plug::prelude::*;
use parking_lot::Mutex;
use std::marker::PhantomData;
use std::sync::Arc;

/// One instance in a host.
pub struct Shell<K: Kind> {
    params: Arc<Parameters>,
    saved: Arc<Saved>,
    dirty: Arc<Dirty>,
    signals: Arc<Signals>,
    audio: Option<Audio>,
    kind: PhantomData<K>,
}

/// What the audio thread owns while the instance is active.
struct Audio {
    player: Player,
    events: Events,
    /// No block was processed yet: triggers that are up in the first one do nothing.
    fresh: bool,
    /// The input of a block, which hosts write the output over.
    input: [Vec<f32>; 2],
}

/// What runs on the host's main thread when another thread asks for it; under VST3 on Linux, with no window open, on some thread.
#[derive(Debug)]
pub enum Task {
    /// Tells the host that the project changed.
    Changed,
}

impl<K: Kind> Default for Shell<K> {
    fn default() -> Self {
        crate::pinned::pin();
        let (params, signals) = (Arc::<Parameters>::default(), Arc::<Signals>::default());
        let dirty = Arc::new(Dirty::new(Arc::clone(&params)));
        newborn::announce(&dirty);
        let host = HostSide { params: Arc::clone(&params), dirty: Arc::clone(&dirty) };
        let session = Session::new(Arc::new(host), Arc::clone(&signals), K::EFFECT);
        // Without a thread nothing can be made, but the input still passes and the project still opens.
        let conductor = Conductor::start(session).map_err(|e| nice_error!("no thread for an instance: {e}")).ok().map(Arc::new);
        let window = WindowState::new(&Settings::new(K::NAME));
        let saved = Arc::new(Saved { params: Arc::clone(&params), session: SessionField { conductor, unread: Mutex::default(), window } });
        Self { params, saved, dirty, signals, audio: None, kind: PhantomData }
    }
}

impl<K: Kind> Shell<K> {
    fn conductor(&self) -> Option<&Arc<Conductor>> {
        self.saved.session.conductor.as_ref()
    }
}

impl<K: Kind> Plugin for Shell<K> {
    const NAME: &'static str = K::NAME;
    const VENDOR: &'static str = "Inlay";
    const URL: &'static str = "";
    const EMAIL: &'static str = "";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = K::LAYOUTS;
    const MIDI_INPUT: MidiConfig = MidiConfig::Basic;
    const SAMPLE_ACCURATE_AUTOMATION: bool = true;

    type Editor = WindowEditor<Pane>;
    type SysExMessage = ();
    type BackgroundTask = Task;

    fn task_executor(&mut self) -> TaskExecutor<Self> {
        let dirty = Arc::clone(&self.dirty);
        Box::new(move |Task::Changed| dirty.tell())
    }

    fn editor(&mut self, executor: AsyncExecutor<Self>) -> Option<Self::Editor> {
        self.dirty.reach(Box::new(move || executor.execute_gui(Task::Changed)));
        let link = self.conductor()?.link().clone();
        let (params, dirty, kept) = (Arc::clone(&self.params), Arc::clone(&self.dirty), Kept::default());
        let open = move |opening| Pane::new(opening, link.clone(), Arc::clone(&params), &dirty, &kept);
        Some(WindowEditor::new(Settings::new(K::NAME), Arc::clone(&self.saved.session.window), open))
    }

    fn params(&self) -> Arc<dyn Params> {
        self.saved.clone()
    }

    fn activate(&mut self, _: &AudioIOLayout, config: &BufferConfig, _: &mut impl ActivateContext<Self>) -> bool {
        let Ok(rate) = SampleRate::new(config.sample_rate.round() as u32) else {
            // hosts take a plugin that refuses for a broken one: it stays silent, and says why
            if let Some(conductor) = self.conductor() {
                conductor.with(|session| session.cannot_play(config.sample_rate));
            }
            self.audio = None;
            return true;
        };
        let (player, controls) = Player::new(rate);
        if let Some(conductor) = self.conductor() {
            conductor.with(|session| session.activate(controls, rate));
        }
        let frames = if K::EFFECT { config.max_buffer_size as usize } else { 0 };
        let input = [vec![0.0; frames], vec![0.0; frames]];
        self.audio = Some(Audio { player, events: Events::default(), fresh: true, input });
        true
    }

    fn reset(&mut self) {
        if let Some(audio) = &mut self.audio {
            audio.player.reset();
        }
    }

    /// # Realtime safety
    /// Neither allocates nor frees, locks, waits nor makes a system call.
    fn process(&mut self, buffer: &mut Buffer, _: &mut AuxiliaryBuffers, context: &mut impl ProcessContext<Self>) -> ProcessStatus {
        let Some(audio) = &mut self.audio else {
            let pass = |sample: &mut f32| *sample = if K::EFFECT { clean(*sample) } else { 0.0 };
            buffer.as_slice().iter_mut().for_each(|channel| channel.iter_mut().for_each(pass));
            return ProcessStatus::Normal;
        };
        self.signals.block();
        audio.events.clear();
        let fresh = std::mem::take(&mut audio.fresh);
        let slot = self.params.slot();
        let moved = self.signals.slot_moved(slot);
        if moved {
            audio.events.select(slot);
        }
        // a run begins with the slot that its first block names
        let quantize = if fresh && moved { Quantize::Now } else { self.params.quantize() };
        for trigger in self.signals.risen(self.params.triggers()).filter(|_| !fresh) {
            match trigger {
                // at the frame that says so, in every run
                Trigger::Next => audio.events.step(true),
                Trigger::Previous => audio.events.step(false),
                Trigger::Generate | Trigger::Inpaint | Trigger::Vary => self.signals.pull(trigger),
            }
        }
        while let Some(event) = context.next_event() {
            audio.events.note(&event);
        }
        let transport = transport::heard(context.transport());
        let [left, right] = buffer.as_slice() else { return ProcessStatus::Normal };
        let input = if K::EFFECT { Some(copied(&mut audio.input, left, right)) } else { None };
        audio.player.process(Block {
            transport: &transport,
            events: audio.events.as_slice(),
            mix: self.params.mix(K::EFFECT),
            mode: self.params.play_mode(),
            quantize,
            input,
            output: [left, right],
        });
        // it sounds without an input
        ProcessStatus::KeepAlive
    }

    fn deactivate(&mut self) {
        let asked = self.audio.take().filter(|audio| !audio.fresh).map(|audio| audio.player.next_slot());
        if let Some(conductor) = self.conductor() {
            conductor.with(|session| session.deactivate(asked));
        }
    }
}

/// The input, out of the way of the output.
///
/// # Realtime safety
/// Copies only. A block longer than the host announced loses its input beyond.
fn copied<'a>(to: &'a mut [Vec<f32>; 2], left: &[f32], right: &[f32]) -> [&'a [f32]; 2] {
    let [l, r] = to;
    let frames = left.len().min(l.len());
    l[..frames].copy_from_slice(&left[..frames]);
    r[..frames].copy_from_slice(&right[..frames]);
    [&l[..frames], &r[..frames]]
}

impl<K: Kind> ClapPlugin for Shell<K> {
    const CLAP_ID: &'static str = K::CLAP_ID;
    const CLAP_DESCRIPTION: Option<&'static str> = Some(K::DESCRIPTION);
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] = K::CLAP_FEATURES;

    fn remote_controls(&self, context: &mut impl RemoteControlsContext) {
        self.params.pages(context);
    }
}

impl<K: Kind> Vst3Plugin for Shell<K> {
    const VST3_CLASS_ID: [u8; 16] = K::VST3_ID;
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = K::VST3_CATEGORIES;
}
