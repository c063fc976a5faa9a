//! A song that runs: what a host says about time.

use clack_host::events::EventHeader;
use clack_host::events::event_types::{TransportEvent, TransportFlags};
use clack_host::utils::{BeatTime, SecondsTime};

/// Where the song is, and how it goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct Song {
    /// Whether it runs.
    pub playing: bool,
    /// Quarter notes a minute, now.
    pub tempo: f64,
    /// How the tempo moves, in quarter notes a minute for each second.
    pub ramp: f64,
    /// Position in quarter notes; negative in a pre-roll.
    pub beat: f64,
    /// Notes in a bar, over their kind.
    pub metre: (u16, u16),
    /// The host's loop in quarter notes, where it is on.
    pub cycle: Option<(f64, f64)>,
    /// What positions are rounded to, in parts of a quarter note; 0: not at all.
    pub rounding: f64,
}

impl Default for Song {
    fn default() -> Self {
        Self { playing: true, tempo: 120.0, ramp: 0.0, beat: 0.0, metre: (4, 4), cycle: None, rounding: 0.0 }
    }
}

impl Song {
    /// A song at a steady tempo from its start.
    pub fn at(tempo: f64) -> Self {
        Self { tempo, ..Self::default() }
    }

    /// Frames until the host's loop begins again, where one is on and runs: a block never crosses that.
    pub(crate) fn frames_to_wrap(&self, rate: f64) -> Option<usize> {
        let (_, end) = self.cycle.filter(|(_, end)| self.playing && self.beat < *end)?;
        Some((((end - self.beat) * 60.0 / self.tempo * rate).round() as usize).max(1))
    }

    /// Goes on by a block.
    pub(crate) fn advance(&mut self, frames: usize, rate: f64) {
        if !self.playing {
            return;
        }
        let seconds = frames as f64 / rate;
        self.beat += (self.tempo + self.ramp * seconds / 2.0) * seconds / 60.0;
        self.tempo += self.ramp * seconds;
        if let Some((start, end)) = self.cycle
            && self.beat >= end - 1e-9
        {
            self.beat = start + (self.beat - end);
        }
    }

    /// As CLAP has it.
    pub(crate) fn event(&self) -> TransportEvent {
        let beat = if self.rounding > 0.0 { (self.beat * self.rounding).round() / self.rounding } else { self.beat };
        let bar = f64::from(self.metre.0) * 4.0 / f64::from(self.metre.1);
        let mut flags = TransportFlags::HAS_TEMPO | TransportFlags::HAS_BEATS_TIMELINE | TransportFlags::HAS_TIME_SIGNATURE;
        flags.set(TransportFlags::IS_PLAYING, self.playing);
        flags.set(TransportFlags::IS_LOOP_ACTIVE, self.cycle.is_some());
        flags.set(TransportFlags::IS_WITHIN_PRE_ROLL, self.beat < 0.0);
        let (start, end) = self.cycle.unwrap_or_default();
        TransportEvent {
            header: EventHeader::new_core(0, clack_host::events::EventFlags::empty()),
            flags,
            song_pos_beats: BeatTime::from_float(beat),
            song_pos_seconds: SecondsTime::from_float(0.0),
            tempo: self.tempo,
            tempo_inc: 0.0,
            loop_start_beats: BeatTime::from_float(start),
            loop_end_beats: BeatTime::from_float(end),
            loop_start_seconds: SecondsTime::from_float(0.0),
            loop_end_seconds: SecondsTime::from_float(0.0),
            bar_start: BeatTime::from_float((beat / bar).floor() * bar),
            bar_number: (beat / bar).floor() as i32,
            time_signature_numerator: self.metre.0,
            time_signature_denominator: self.metre.1,
        }
    }
}
