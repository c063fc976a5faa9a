//! What shall sound at a frame, and when that changes next. All of it follows from the clock's line: never from where blocks begin.
//!
//! # Realtime safety
//! Arithmetic and copies only: all of it may run on the audio thread.

use super::Player;
use crate::clock::Clock;
use crate::fade::SLIP;
use crate::line::Line;
use crate::notes::{PlayMode, Shot};
use crate::quantize::{Quantize, boundary};
use crate::slots::{SLOTS, fits};
use crate::voice::{Lead, Voice};

/// A change of slot that waits for its boundary.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pending {
    pub slot: u8,
    pub when: Quantize,
    /// The song position from which the boundary is looked for.
    pub from: f64,
    /// The start or jump that this position is of.
    pub anchors: u32,
}

/// The host's loop is about to begin again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    /// The frame at which it does.
    at: i64,
    /// How far ahead it takes the song: back, so below 0.
    ahead: f64,
    /// The start or jump that this is of.
    anchors: u32,
}

/// The line that leads a voice; None where it was left alone.
pub(super) fn line(lead: &Lead, clock: &Clock, shot: Option<&Shot>) -> Option<Line> {
    match lead {
        Lead::Song { revision, ahead } => (*revision == clock.revision).then(|| clock.line.shifted(*ahead)),
        Lead::Shot { id, .. } => shot.filter(|s| s.id == *id).map(|s| s.line),
    }
}

/// What shall sound, and where a fade to it shall end.
type Want = (Option<Voice>, Option<i64>);

impl Player {
    /// Does what is due at frame `n`.
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub(super) fn advance(&mut self, n: i64) {
        self.deck.finish(n);
        let fact = self.capture.advance(n, &self.clock);
        self.tell(fact);
        self.go_round(n);
        if let Some(pending) = &mut self.pending
            && pending.anchors != self.clock.anchors
        {
            (pending.from, pending.anchors) = (self.clock.line.beat_at(n), self.clock.anchors);
        }
        if self.deck.fade().is_some() {
            return;
        }
        let mut until = None;
        if let Some(turn) = self.turning_point(n).filter(|turn| n >= turn.at - self.deck.tail()) {
            self.turn = Some(turn);
            until = Some(turn.at.max(n + self.deck.least()));
        }
        if let Some((start, end)) = self.turning(n).filter(|(start, _)| n >= *start) {
            if let Some(pending) = self.pending.take() {
                self.apply(&pending);
            }
            until = until.or(end).map(|e| e.max(start.max(n) + self.deck.least()));
        } else if self.slipping(n).is_some_and(|start| n >= start) {
            self.clock.take_up(self.clock.drift());
            until = Some(n + SLIP);
        }
        let (want, end) = self.want(n);
        self.deck.turn(n, want, until.or(end));
    }

    /// Goes back to the start of the host's loop where its end is now: the host may say so in its next block only.
    fn go_round(&mut self, n: i64) {
        if let Some(turn) = self.turn.filter(|turn| n >= turn.at || turn.anchors != self.clock.anchors) {
            self.turn = None;
            if turn.anchors == self.clock.anchors {
                self.clock.leap(turn.ahead);
            }
        }
    }

    /// Where the host's loop begins again, if it isn't being faded to already.
    fn turning_point(&self, n: i64) -> Option<Turn> {
        let (start, end) = self.clock.cycle.filter(|_| self.turn.is_none())?;
        let at = self.clock.line.frame_at(end);
        (at > n).then_some(Turn { at, ahead: start - end, anchors: self.clock.anchors })
    }

    /// The next frame after `n` at which [`Player::advance`] has something to do.
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub(super) fn next_change(&self, n: i64) -> Option<i64> {
        let sounding = match self.deck.fade() {
            Some(fade) => [Some(fade.end), None, None, None],
            None => {
                let [on, off] = self.edges();
                [self.turning(n).map(|t| t.0), self.slipping(n), on, off]
            }
        };
        let round = self.turn.map(|t| t.at).or_else(|| Some(self.turning_point(n)?.at - self.deck.tail()));
        sounding.into_iter().chain([round, self.capture.edge(n, &self.clock)]).flatten().filter(|c| *c > n).min()
    }

    /// Where the fade of the pending change starts, and where it ends if it waits for a boundary.
    fn turning(&self, n: i64) -> Option<(i64, Option<i64>)> {
        let pending = self.pending.as_ref()?;
        let playing = self.deck.heard().and_then(|v| match v.lead {
            Lead::Song { ahead, .. } => Some((v.beats, -ahead)),
            Lead::Shot { .. } => None,
        });
        let at = boundary(pending.when, pending.from, &self.clock, playing).filter(|_| self.clock.running);
        // a boundary behind the end of the host's loop would never come
        let round = self.clock.cycle.filter(|(start, end)| (*start..*end).contains(&pending.from));
        let at = at.map(|at| round.map_or(at, |(_, end)| at.min(end)));
        Some(match at.map(|beat| self.clock.line.frame_at(beat)) {
            // A boundary that is here leaves no time before it: the change is made as at once.
            Some(end) if end > n => (end - self.deck.longest(), Some(end)),
            _ => (n, None),
        })
    }

    /// Where the fade starts that takes up the clock's drift, so that it is over when the next pass starts.
    fn slipping(&self, n: i64) -> Option<i64> {
        let drift = self.clock.drift();
        match self.deck.heard() {
            _ if drift == 0 => None,
            None => Some(n),
            Some(v) if line(&v.lead, &self.clock, None).is_some() => Some(v.line.pass(n, v.beats).end - SLIP - drift.max(0)),
            Some(_) => None,
        }
    }

    /// What shall sound from frame `n` on.
    fn want(&self, n: i64) -> Want {
        let playing = match (self.mode, self.held.top()) {
            (PlayMode::Switch, _) if self.clock.running => Some((self.selected, 1.0)),
            (PlayMode::Gate, held) => held,
            (PlayMode::OneShot, _) => return self.shot.map_or((None, None), |shot| self.want_shot(&shot, n)),
            _ => None,
        };
        playing.map_or((None, None), |(slot, gain)| self.want_song(slot, gain, n))
    }

    /// A slot in phase with the song. A clip sounds only where it was captured.
    fn want_song(&self, slot: u8, gain: f32, n: i64) -> Want {
        let Some(set) = self.slots.get(usize::from(slot)).and_then(|s| s.now) else { return (None, None) };
        // While the host's loop is about to begin again, what sounds is what comes before its start.
        let round = self.turn.map_or(0.0, |t| t.ahead);
        let song = self.clock.line.shifted(round);
        if let Some(start) = set.clip {
            let (on, off) = (song.frame_at(start), song.frame_at(start + set.beats));
            if n < on || n >= off - self.deck.tail() {
                return (None, Some(off).filter(|off| n >= on && n < *off));
            }
        }
        let ahead = round - set.clip.unwrap_or(0.0);
        let lead = Lead::Song { revision: self.clock.revision, ahead };
        (self.voice(slot, self.clock.line.shifted(ahead), gain, lead), None)
    }

    /// A slot once, from its first beat.
    fn want_shot(&self, shot: &Shot, n: i64) -> Want {
        let Some(set) = self.slots.get(usize::from(shot.slot)).and_then(|s| s.now) else { return (None, None) };
        let off = shot.line.frame_at(set.beats);
        if n >= off - self.deck.tail() {
            return (None, Some(off).filter(|off| n < *off));
        }
        let lead = Lead::Shot { id: shot.id, revision: self.clock.revision };
        (self.voice(shot.slot, shot.line, 1.0, lead), None)
    }

    /// A slot's rendition for the tempo, else the nearest.
    fn voice(&self, slot: u8, line: Line, gain: f32, lead: Lead) -> Option<Voice> {
        let set = self.slots.get(usize::from(slot))?.now?;
        let place = set.nearest(&self.shelf, self.clock.tempo)?;
        let exact = self.clock.settled && fits(&self.shelf, place, set.beats, self.clock.tempo, self.rate);
        Some(Voice { slot, place, beats: set.beats, line, exact, gain, lead })
    }

    /// Where a clip begins, and where it or a one-shot begins to end.
    fn edges(&self) -> [Option<i64>; 2] {
        let slot = match self.mode {
            PlayMode::Switch => self.selected,
            PlayMode::Gate => self.held.top().map_or(SLOTS as u8, |held| held.0),
            PlayMode::OneShot => self.shot.map_or(SLOTS as u8, |shot| shot.slot),
        };
        let Some(set) = self.slots.get(usize::from(slot)).and_then(|s| s.now) else { return [None; 2] };
        match (self.mode, self.shot, set.clip) {
            (PlayMode::OneShot, Some(shot), _) => [None, Some(shot.line.frame_at(set.beats) - self.deck.tail())],
            (PlayMode::Switch | PlayMode::Gate, _, Some(start)) => {
                let line = &self.clock.line;
                [Some(line.frame_at(start)), Some(line.frame_at(start + set.beats) - self.deck.tail())]
            }
            _ => [None; 2],
        }
    }
}
