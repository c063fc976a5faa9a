use super::*;
use egui_kittest::{Harness, kittest::Queryable};
use inlay_music::{Bars, Bpm, Region, Seed, TakeId};
use inlay_session::{
    Command, Desk, EntryView, JobId, JobView, Live, LoraView, Message, ModelChoice, ModelView, Peaks, Place, SlotView, Snapshot, Tone,
};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

mod doing;
mod fields;
mod looks;
mod marking;
mod outward;
mod paint;

/// Parameters without a host.
#[derive(Debug, Default)]
pub(crate) struct Panel(HashMap<Knob, f32>);

impl Knobs for Panel {
    fn get(&self, knob: Knob) -> f32 {
        self.0.get(&knob).copied().unwrap_or_else(|| self.default_value(knob))
    }

    fn default_value(&self, knob: Knob) -> f32 {
        match knob {
            Knob::Bars | Knob::Feel | Knob::Amount | Knob::Width => 0.5,
            Knob::Quantize => 2.0 / 3.0,
            Knob::Steps => 0.2,
            Knob::Guidance => 2.0 / 9.0,
            Knob::Mix => 1.0,
            Knob::Gain => 0.8,
            Knob::Mode | Knob::SeedLock => 0.0,
        }
    }

    fn steps(&self, knob: Knob) -> Option<usize> {
        match knob {
            Knob::Bars => Some(4),
            Knob::Feel | Knob::Mode => Some(2),
            Knob::Quantize => Some(3),
            Knob::Steps => Some(60),
            Knob::SeedLock => Some(1),
            _ => None,
        }
    }

    fn text(&self, knob: Knob, value: f32) -> String {
        match knob {
            Knob::Steps => format!("{:.0}", 4.0 + value * 60.0),
            Knob::Guidance => format!("{:.1}", 1.0 + value * 9.0),
            Knob::Bars => format!("{} bars", 1 << (value * 4.0).round() as u32),
            _ => format!("{:.0} %", value * 100.0),
        }
    }

    fn begin(&mut self, _: Knob) {}

    fn set(&mut self, knob: Knob, value: f32) {
        self.0.insert(knob, value);
    }

    fn end(&mut self, _: Knob) {}
}

/// A system that only remembers.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere {
    revealed: Vec<PathBuf>,
    /// Files can be dragged out of the window.
    can_drag: bool,
    dragged: Vec<PathBuf>,
}

impl Outside for Elsewhere {
    fn reveal(&mut self, file: &Path) {
        self.revealed.push(file.into());
    }

    fn drag_out(&mut self, file: &Path) -> bool {
        self.dragged.push(file.into());
        self.can_drag
    }

    fn can_drag_out(&self) -> bool {
        self.can_drag
    }
}

/// All that a test drives and looks at.
pub(crate) struct Bench {
    pub editor: Editor,
    pub snapshot: Snapshot,
    pub knobs: Panel,
    pub outside: Elsewhere,
    pub sent: Vec<Command>,
    styled: bool,
}

impl Bench {
    fn show(&mut self, ui: &mut egui::Ui) {
        if !std::mem::replace(&mut self.styled, true) {
            style(ui.ctx());
        }
        // all of the window is the interface's: the harness leaves a margin
        let all = ui.ctx().content_rect();
        let ui = &mut ui.new_child(egui::UiBuilder::new().max_rect(all));
        ui.set_clip_rect(all);
        let sent = &mut self.sent;
        self.editor.show(ui, &self.snapshot, &Live::default(), &mut self.knobs, &mut self.outside, &mut |c| sent.push(c));
    }
}

/// An interface of this size that shows a snapshot.
pub(crate) fn harness<'a>(snapshot: Snapshot, size: [f32; 2]) -> Harness<'a, Bench> {
    scaled(snapshot, size, 1.0)
}

/// The same with so many pixels to a point.
pub(crate) fn scaled<'a>(snapshot: Snapshot, size: [f32; 2], scale: f32) -> Harness<'a, Bench> {
    let bench =
        Bench { editor: Editor::new(), snapshot, knobs: Panel::default(), outside: Elsewhere::default(), sent: vec![], styled: false };
    let mut harness = Harness::builder()
        .renderer(paint::Painter::default())
        .with_size(size)
        .with_pixels_per_point(scale)
        // as fast as a screen, so that two clicks can be a double one
        .with_step_dt(1.0 / 60.0)
        .with_max_steps(8)
        .build_ui_state(|ui, bench: &mut Bench| bench.show(ui), bench);
    harness.run_steps(3);
    harness
}

/// An instance that was just made.
pub(crate) fn fresh() -> Snapshot {
    Snapshot {
        revision: 1,
        desk: Desk::default(),
        slots: Default::default(),
        selected: 0,
        history: vec![],
        jobs: vec![],
        messages: vec![],
        undo: None,
        redo: None,
        capture: Default::default(),
        file: None,
        compare: None,
        ahead: true,
        audition: false,
        effect: false,
        folder: Some("/home/me/Music/Inlay".into()),
        format: Default::default(),
        exported: None,
        model: models(),
        prompts: vec![],
    }
}

/// Inlay's own model, and two from disk of which one lacks something.
fn models() -> ModelView {
    let choice = |name: Option<&str>, words: &str, problem: Option<&str>| ModelChoice {
        name: name.map(String::from),
        folder: name.map(|name| format!("/home/me/.local/share/Inlay/models/{name}").into()),
        words: words.into(),
        chosen: name.is_none(),
        problem: problem.map(String::from),
    };
    let missing =
        "The text encoder is missing: put the folder t5-base (config.json, model.safetensors, tokenizer.json) beside model_config.json";
    ModelView {
        name: "Inlay's own".into(),
        device: "processor".into(),
        processor: None,
        choices: vec![
            choice(None, "inside the plugin, about a second a take", None),
            choice(Some("stable-audio-3-small-music"), "Stable Audio 3, up to 120 s, 2.3 GB of memory, 8 steps", None),
            choice(Some("stable-audio-open-1.0"), "", Some(missing)),
        ],
        folder: Some("/home/me/.local/share/Inlay/models".into()),
        loras: vec![],
    }
}

/// A take that sounds like its words.
pub(crate) fn entry(prompt: &str) -> EntryView {
    let seed = prompt.len() as u64 * 7919;
    EntryView {
        take: TakeId(prompt.into()),
        parent: None,
        favourite: false,
        task: "generate",
        prompt: prompt.into(),
        negative: String::new(),
        bars: Bars::new(4).unwrap(),
        bpm: Bpm::new(92.0).unwrap(),
        key: None,
        chords: None,
        seed: Seed(seed),
        variation: 0,
        model: "Inlay's own".into(),
        peaks: Some(Arc::new(beats(seed))),
        clip: None,
    }
}

/// Something that looks like drums.
fn beats(seed: u64) -> Peaks {
    let range = (0..4096u32).map(|i| {
        let within = f64::from(i % 128) / 128.0;
        let loud = [1.0, 0.35, 0.7, 0.4][(u64::from(i / 128) + seed) as usize % 4] * (-within * 5.0).exp();
        let grain = f64::from((i.wrapping_mul(2_654_435_761) >> 16) & 255) / 255.0 * 0.4 + 0.6;
        [-(loud * grain) as f32, (loud * grain) as f32]
    });
    Peaks { bucket: 112, frames: 460_174, range: range.collect() }
}

/// An instance in the middle of an evening.
pub(crate) fn busy() -> Snapshot {
    let mut snapshot = fresh();
    let mut history =
        vec![entry("dusty boom bap drums"), entry("warm rhodes electric piano chords in C minor"), entry("deep 808 sub bass")];
    history[1].chords = "Cm | Ab | Fm | G".parse().ok();
    history[2].favourite = true;
    let child = EntryView {
        take: TakeId("child".into()),
        parent: Some(history[0].take.clone()),
        task: "inpaint",
        ..entry("dusty boom bap drums with shaker")
    };
    history.push(child);
    let slot = |i: usize| SlotView { take: Some(history[i].take.clone()), pinned: i == 1, coming: None };
    (snapshot.slots[0], snapshot.slots[1], snapshot.slots[2]) = (slot(3), slot(1), slot(2));
    snapshot.history = history;
    snapshot.desk.prompt = "dusty boom bap drums with shaker".into();
    snapshot.desk.tempo = Bpm::new(92.0).unwrap();
    snapshot.desk.seed = Seed(3_141_592_653);
    snapshot.desk.regions = vec![region(8.0, 4.0), region(14.0, 3.0)];
    snapshot.undo = Some("inpaint");
    snapshot.prompts = vec!["dusty boom bap drums with shaker".into(), "dusty boom bap drums".into(), "deep 808 sub bass".into()];
    snapshot
}

pub(crate) fn region(start: f64, length: f64) -> Region {
    Region::new(start, length, Bars::new(4).unwrap()).unwrap()
}

pub(crate) fn message(tone: Tone, place: Place, text: &str) -> Message {
    Message { id: 7, tone, place, text: text.into(), file: None }
}

pub(crate) fn job(task: &'static str, slot: u8) -> JobView {
    JobView { id: JobId(4), task, slot: Some(slot), progress: None, ahead: false }
}
