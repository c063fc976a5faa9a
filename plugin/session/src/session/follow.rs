//! Following the host: what the player tells, triggers, tempo.

use super::Session;
use crate::command::Command;
use crate::message::{Place, Tone};
use crate::playback::Playback;
use crate::signals::Trigger;
use crate::snapshot::CaptureView;
use inlay_engine::render_all;
use inlay_music::{Bpm, SampleRate};
use inlay_player::{Controls, Fact, Status};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Without a block for so long, the host runs no audio.
const NO_AUDIO: Duration = Duration::from_millis(200);

/// The host's tempo, and since when it is that.
#[derive(Debug, Default)]
pub(super) struct TempoWatch {
    last: Option<(f64, Instant)>,
}

impl TempoWatch {
    /// Hears the tempo; gives it once it was the same for a bar of 4/4.
    fn hear(&mut self, tempo: f64, now: Instant) -> Option<f64> {
        match self.last {
            Some((last, since)) if last == tempo => (now.duration_since(since).as_secs_f64() >= 4.0 * 60.0 / tempo).then_some(tempo),
            _ => {
                self.last = Some((tempo, now));
                None
            }
        }
    }
}

impl Session {
    /// The host made the instance active: the player's other end, for a rate. Renders what the slots hold and loads it before it
    /// returns, so that the first block plays.
    pub fn activate(&mut self, controls: Controls, rate: SampleRate) {
        self.hear_player();
        self.break_off_capture();
        self.follow_slot_knob();
        self.playback = Some(Playback::new(controls, rate));
        (self.blocks.1, self.audio_runs) = (None, false);
        self.signals.forget_triggers();
        self.load_now();
        self.touch();
    }

    /// A project brings parameters back: they do nothing, here and on the audio thread.
    pub fn forget_parameters(&mut self) {
        self.signals.load(self.knobs().slot);
        self.pulled = self.signals.pulled();
    }

    /// The host has a rate that nothing can be played at.
    pub fn cannot_play(&mut self, hertz: f32) {
        self.deactivate(None);
        let text = format!("Nothing can be played at {hertz} Hz: choose a sample rate from 8 to 384 kHz in the host.");
        self.say(Tone::Failure, Place::Instance, text);
    }

    /// The host made it inactive: nothing plays until it is made active again. `asked`: the slot that the audio thread played or was
    /// about to, where it ran.
    pub fn deactivate(&mut self, asked: Option<u8>) {
        self.hear_player();
        self.break_off_capture();
        // what was chosen since the audio thread ran last isn't known to it
        let ran = self.audio_runs || self.signals.blocks() != self.blocks.0;
        if let Some(slot) = asked.filter(|slot| ran && *slot != self.selected) {
            self.choose(slot);
        }
        self.playback = None;
        self.audio_runs = false;
        self.touch();
    }

    /// The audio thread goes: what was captured so far is kept.
    fn break_off_capture(&mut self) {
        if let (Some(capture), Some(playback)) = (self.capture.take(), &self.playback) {
            self.captured(capture.end(playback.rate, 0, false));
        }
    }

    /// Renders and loads all that the slots hold.
    pub(super) fn load_now(&mut self) {
        let Some(playback) = &self.playback else { return };
        let rate = playback.rate;
        let missing = playback.missing(&self.slots, &self.history, self.selected);
        let takes: Vec<_> = missing.iter().map(|m| m.take.as_ref()).collect();
        for (missing, rendition) in missing.iter().zip(render_all(&takes, rate)) {
            if let Some(entry) = self.history.get_mut(&missing.entry) {
                entry.rendered(&missing.take, &Arc::new(rendition));
            }
        }
        self.follow_slots();
    }

    /// Lets the player hold what the slots hold.
    pub(super) fn follow_slots(&mut self) {
        let when = self.host.knobs().quantize;
        if let Some(playback) = &mut self.playback {
            playback.follow(&self.slots, &self.history, self.selected, self.audition, when);
        }
    }

    /// What the audio thread shows, for who draws; None where it doesn't run.
    pub(crate) fn status(&self) -> Option<Arc<Status>> {
        self.playback.as_ref().filter(|_| self.audio_runs).map(Playback::status)
    }

    pub(super) fn hear_player(&mut self) {
        let Some(playback) = &mut self.playback else { return };
        let rate = playback.rate;
        for fact in playback.facts() {
            match fact {
                Fact::Note { .. } => {}
                Fact::Selected { slot } => {
                    if let Some(playback) = &mut self.playback {
                        playback.chose(slot);
                    }
                    if self.selected != slot {
                        self.choose(slot);
                    }
                }
                Fact::CaptureBegan { capture: id, beat, bpm } => {
                    if let Some(capture) = self.capture.as_mut().filter(|c| c.id() == id) {
                        capture.begin(beat, bpm);
                    }
                    self.touch();
                }
                // one that another took the place of ends unheard
                Fact::CaptureEnded { capture: id, lost, whole, .. } => {
                    if let Some(capture) = self.capture.take_if(|c| c.id() == id) {
                        self.captured(capture.end(rate, lost, whole));
                    }
                }
            }
        }
        if let Some(capture) = &mut self.capture {
            capture.drain();
            if matches!(capture.view(rate), CaptureView::Running { .. }) {
                self.touch();
            }
        }
    }

    /// Whether the audio thread runs.
    pub(super) fn hear_audio(&mut self, now: Instant) {
        let blocks = self.signals.blocks();
        if blocks != self.blocks.0 {
            self.blocks = (blocks, Some(now));
        }
        let runs = self.blocks.1.is_some_and(|at| now.duration_since(at) < NO_AUDIO);
        if self.audio_runs != runs {
            self.audio_runs = runs;
            self.touch();
        }
    }

    /// Triggers that the audio thread saw; where it doesn't run, the session looks at them itself.
    pub(super) fn hear_triggers(&mut self) {
        let counts = self.signals.pulled();
        let mut pulled: Vec<Trigger> = vec![];
        for trigger in Trigger::ALL {
            let count = counts[trigger as usize].wrapping_sub(self.pulled[trigger as usize]).min(8);
            pulled.extend(std::iter::repeat_n(trigger, count as usize));
        }
        self.pulled = counts;
        if !self.audio_runs {
            let seen = self.signals.seen();
            pulled.extend(self.signals.risen_since(seen, self.host.triggers()));
            self.follow_slot_knob();
        }
        for trigger in pulled {
            self.obey(match trigger {
                Trigger::Generate => Command::Generate,
                Trigger::Inpaint => Command::Inpaint,
                Trigger::Vary => Command::Vary,
                Trigger::Next => Command::Step { forward: true },
                Trigger::Previous => Command::Step { forward: false },
            });
        }
    }

    /// The slot parameter, where no audio thread looks at it.
    fn follow_slot_knob(&mut self) {
        let seen = self.signals.seen();
        let slot = self.knobs().slot;
        if self.signals.slot_moved_since(seen, slot) {
            self.choose(slot);
        }
    }

    pub(super) fn follow_project_key(&mut self) {
        if let Some((revision, key)) = crate::project::changed_since(self.project_key) {
            self.project_key = revision;
            self.desk.project_key = key;
            self.touch();
        }
    }

    /// The tempo of requests is the host's, and takes in slots follow it once it stands.
    pub(super) fn follow_tempo(&mut self, now: Instant) {
        let host = self.blocks.1.and_then(|_| Some(self.playback.as_ref()?.now().tempo));
        if let Some(tempo) = host {
            self.host_tempo(tempo);
            if let Some(bpm) = self.tempo.hear(tempo, now).and_then(|t| Bpm::new(t).ok()) {
                self.retime(bpm);
            }
        }
    }

    fn host_tempo(&mut self, tempo: f64) {
        if let Ok(bpm) = Bpm::new(tempo) {
            self.last_tempo = bpm;
        }
        let tempo = self.desk.own_tempo.unwrap_or(self.last_tempo);
        if self.desk.tempo != tempo {
            self.desk.tempo = tempo;
            self.touch();
        }
    }

    pub(super) fn captured(&mut self, captured: Result<crate::capture::Captured, String>) {
        match captured {
            Ok(captured) => self.keep_audio(captured.sound, captured.bars, captured.bpm, Some(captured.start), "captured audio", "capture"),
            Err(text) => self.say(Tone::Failure, Place::Take, text),
        }
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn a_tempo_stands_after_a_bar() {
        let (mut watch, start) = (TempoWatch::default(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        assert_eq!(watch.hear(120.0, at(0)), None);
        assert_eq!(watch.hear(120.0, at(1_999)), None);
        assert_eq!(watch.hear(120.0, at(2_000)), Some(120.0));
        assert_eq!(watch.hear(121.0, at(2_100)), None);
        assert_eq!(watch.hear(121.0, at(4_084)), Some(121.0));
    }
}
