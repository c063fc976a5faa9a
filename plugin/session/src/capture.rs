//! Capturing the track, from the ring to a sound.

use crate::snapshot::CaptureView;
use inlay_audio::{file::round_24, rates::resample_loop};
use inlay_music::{Bars, Bpm, SampleRate, Sound, loop_length};
use inlay_player::Captured as Caught;
use rtrb::Consumer;
use std::sync::Arc;

/// A capture that was asked for.
#[derive(Debug)]
pub(crate) struct Capture {
    id: u32,
    ring: Consumer<[f32; 2]>,
    bars: Bars,
    frames: Vec<[f32; 2]>,
    /// Song position and tempo of the first frame.
    began: Option<(f64, f64)>,
}

/// What was captured.
#[derive(Debug)]
pub(crate) struct Captured {
    pub sound: Arc<Sound>,
    pub bars: Bars,
    pub bpm: Bpm,
    /// Song position of the first frame in quarter notes.
    pub start: f64,
}

impl Capture {
    pub fn new(Caught { id, ring }: Caught, bars: Bars) -> Self {
        Self { id, ring, bars, frames: vec![], began: None }
    }

    /// Which one it is for the player.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Frames of the ring: two seconds more than a capture of so many bars at the slowest tempo that is likely while it runs.
    pub fn room(bars: Bars, bpm: Bpm, rate: SampleRate) -> usize {
        loop_length(bpm, bars.beats(), rate).get() * 2 + 2 * rate.get() as usize
    }

    /// The first frame is in the ring.
    pub fn begin(&mut self, beat: f64, bpm: f64) {
        self.began = Some((beat, bpm));
    }

    /// Whether there is something in it.
    pub fn has_begun(&self) -> bool {
        self.began.is_some()
    }

    /// Takes over what came since the last call.
    pub fn drain(&mut self) {
        while let Ok(frame) = self.ring.pop() {
            self.frames.push(frame);
        }
    }

    pub fn view(&self, rate: SampleRate) -> CaptureView {
        match self.began {
            None => CaptureView::Armed,
            Some((_, bpm)) => {
                let done = self.frames.len() as f64 / f64::from(rate.get()) * bpm / 60.0;
                CaptureView::Running { done, beats: self.bars.beats().get() }
            }
        }
    }

    /// No more frames come; `whole`: all beats that were asked for did.
    ///
    /// # Errors
    /// Why nothing can be made of it, as a sentence.
    pub fn end(mut self, rate: SampleRate, lost: u64, whole: bool) -> Result<Captured, String> {
        self.drain();
        let Some((start, bpm)) = self.began else {
            return Err("Nothing was captured: start the song, then capture again.".into());
        };
        if lost > 0 {
            return Err("The machine was too busy to capture without gaps: close other programs, then capture again.".into());
        }
        let bpm = Bpm::new(bpm).map_err(|e| e.to_string())?;
        let beats = self.bars.beats().get();
        let expected = loop_length(bpm, self.bars.beats(), rate);
        // A host that stopped early leaves less than was asked for: as many bars as are whole.
        let played = self.frames.len() as f64 / expected.get().max(1) as f64 * beats;
        if !whole && played < beats * 0.98 {
            let whole = Bars::ALL.into_iter().rev().find(|b| b.beats().get() <= played + 0.01);
            let bars = whole.ok_or("The song stopped before a whole bar was captured: let it run, then capture again.")?;
            self.frames.truncate(loop_length(bpm, bars.beats(), rate).get());
            self.bars = bars;
        }
        let length = loop_length(bpm, self.bars.beats(), rate);
        let channel = |side: usize| -> Arc<[f32]> {
            let mut samples: Vec<f32> = self.frames.iter().map(|f| f[side]).collect();
            // a frame more or less is the host's rounding; anything else is a tempo that moved
            if samples.len().abs_diff(length.get()) <= 2 {
                samples.resize(length.get(), samples.last().copied().unwrap_or(0.0));
            } else {
                samples = resample_loop(&samples, length);
            }
            samples.iter_mut().for_each(|s| *s = round_24(s.clamp(-1.0, 1.0)));
            samples.into()
        };
        let sound = Arc::new(Sound { rate, channels: vec![channel(0), channel(1)] });
        Ok(Captured { sound, bars: self.bars, bpm, start })
    }
}

#[cfg(test)]
mod test {
    use super::*;

    fn captured(frames: usize, bars: u32, lost: u64) -> Result<Captured, String> {
        ended(frames, bars, lost, false)
    }

    fn ended(frames: usize, bars: u32, lost: u64, whole: bool) -> Result<Captured, String> {
        let (mut producer, ring) = rtrb::RingBuffer::new(frames.max(1));
        let mut capture = Capture::new(Caught { id: 1, ring }, Bars::new(bars).unwrap());
        capture.begin(8.0, 120.0);
        (0..frames).for_each(|i| producer.push([i as f32 / 1e6, 0.0]).unwrap());
        capture.end(SampleRate::CD, lost, whole)
    }

    #[test]
    fn a_whole_capture_is_what_came() {
        let captured = captured(88_200, 1, 0).unwrap();
        assert_eq!((captured.start, captured.bars.get(), captured.sound.frames().get()), (8.0, 1, 88_200));
        assert_eq!(captured.sound.channels[0][1000], round_24(1e-3));
    }

    #[test]
    fn a_song_that_stopped_early_leaves_whole_bars() {
        let captured = captured(88_200 * 3, 4, 0).unwrap();
        assert_eq!((captured.bars.get(), captured.sound.frames().get()), (2, 176_400));
    }

    #[test]
    fn a_tempo_that_moved_is_brought_to_the_loop_s_length() {
        assert_eq!(captured(88_000, 1, 0).unwrap().sound.frames().get(), 88_200);
        let faster = ended(330_000, 4, 0, true).unwrap();
        assert_eq!((faster.bars.get(), faster.sound.frames().get()), (4, 352_800), "all four bars, at the tempo of the first");
    }

    #[test]
    fn less_than_a_bar_and_gaps_are_told() {
        assert!(captured(40_000, 4, 0).unwrap_err().contains("whole bar"));
        assert!(captured(88_200, 1, 7).unwrap_err().contains("too busy"));
    }
}
