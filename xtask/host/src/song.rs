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
    /// Position in seconds, which only some hosts say.
    pub second: Option<f64>,
    /// Notes in a bar, over their kind.
    pub metre: (u16, u16),
    /// Where the bars of this metre are counted from.
    pub first_bar: f64,
    /// The host's loop in quarter notes, where it is on.
    pub cycle: Option<(f64, f64)>,
    /// What positions are rounded to, in parts of a quarter note; 0: not at all.
    pub rounding: f64,
}

impl Default for Song {
    fn default() -> Self {
        Self { playing: true, tempo: 120.0, ramp: 0.0, beat: 0.0, second: None, metre: (4, 4), first_bar: 0.0, cycle: None, rounding: 0.0 }
    }
}

impl Song {
    /// A song at a steady tempo from its start.
    pub fn at(tempo: f64) -> Self {
        Self { tempo, ..Self::default() }
    }

    /// Jumps to a beat. A position in seconds is taken as if the tempo had always been this.
    pub fn go_to(&mut self, beat: f64) {
        self.beat = beat;
        self.second = self.second.map(|_| beat * 60.0 / self.tempo);
    }

    /// Another metre from here on.
    pub fn turn_to(&mut self, metre: (u16, u16)) {
        (self.metre, self.first_bar) = (metre, self.beat);
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
        let (before, seconds) = (self.beat, frames as f64 / rate);
        self.beat += (self.tempo + self.ramp * seconds / 2.0) * seconds / 60.0;
        self.tempo += self.ramp * seconds;
        self.second = self.second.map(|s| s + seconds);
        // loops end between frames: at the nearest
        if let Some((start, end)) = self.cycle
            && before < end
            && self.beat > end - 0.75 * self.tempo / 60.0 / rate
        {
            self.go_to(start + (self.beat - end));
        }
    }

    /// As CLAP has it.
    pub(crate) fn event(&self) -> TransportEvent {
        let beat = if self.rounding > 0.0 { (self.beat * self.rounding).round() / self.rounding } else { self.beat };
        let bar = f64::from(self.metre.0) * 4.0 / f64::from(self.metre.1);
        // a position that misses a bar by its own arithmetic is on it
        let bars = ((beat - self.first_bar) / bar + 1e-9).floor();
        let mut flags = TransportFlags::HAS_TEMPO | TransportFlags::HAS_BEATS_TIMELINE | TransportFlags::HAS_TIME_SIGNATURE;
        flags.set(TransportFlags::IS_PLAYING, self.playing);
        flags.set(TransportFlags::IS_LOOP_ACTIVE, self.cycle.is_some());
        flags.set(TransportFlags::IS_WITHIN_PRE_ROLL, self.beat < 0.0);
        flags.set(TransportFlags::HAS_SECONDS_TIMELINE, self.second.is_some());
        let (start, end) = self.cycle.unwrap_or_default();
        let seconds = |beat: f64| SecondsTime::from_float(beat * 60.0 / self.tempo);
        TransportEvent {
            header: EventHeader::new_core(0, clack_host::events::EventFlags::empty()),
            flags,
            song_pos_beats: BeatTime::from_float(beat),
            song_pos_seconds: SecondsTime::from_float(self.second.unwrap_or_default()),
            tempo: self.tempo,
            tempo_inc: 0.0,
            loop_start_beats: BeatTime::from_float(start),
            loop_end_beats: BeatTime::from_float(end),
            loop_start_seconds: seconds(start),
            loop_end_seconds: seconds(end),
            bar_start: BeatTime::from_float(self.first_bar + bars * bar),
            bar_number: bars as i32,
            time_signature_numerator: self.metre.0,
            time_signature_denominator: self.metre.1,
        }
    }
}
