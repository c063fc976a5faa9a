//! What an instance of the plugin saves in a project, and how it comes back: as the same samples, as much of it as is sound.
//!
//! A [`Parcel`] is a take packed once (latents, and its sound as 24-bit FLAC), so that saving only joins texts. [`Saved`] is all that an
//! instance keeps; [`Saved::trim`] holds it to a size, [`Saved::to_json`] writes and [`Saved::from_json`] reads it. Whatever can't be
//! read costs itself alone, and a [`Loss`] says it in a sentence. Sound is unpacked when somebody wants it, several takes at a time
//! ([`open`]).
//!
//! No threads that outlive a call, no files, no host.
//!
//! ```
//! use inlay_state::{Kept, LIMIT, Loaded, Parcel, Saved, Slot, open};
//! # use inlay_music::*;
//! # fn keep(take: &Take) -> Result<(), Box<dyn std::error::Error>> {
//! // in the background, once for each take
//! let parcel = std::sync::Arc::new(Parcel::pack(take)?);
//!
//! // when the host saves
//! let mut saved = Saved { prompt: "dusty drums".into(), takes: vec![Kept::new(parcel)], ..Saved::default() };
//! saved.slots[0] = Slot { take: Some(take.id.clone()), pinned: false };
//! let notices = saved.trim(LIMIT);
//! let json = saved.to_json();
//!
//! // when it loads
//! let Loaded { saved, losses } = Saved::from_json(&json)?;
//! let wanted: Vec<_> = saved.in_slots().map(|kept| &*kept.take).collect();
//! let opened = open(&wanted, 2);
//! assert!(opened[0].take.as_deref() == Some(take) && losses.is_empty() && notices.is_empty());
//! # Ok(()) }
//! # let request = Request { task: Task::Generate, prompt: Prompt::new("dusty drums")?, negative: None, bars: Bars::new(1)?,
//! #     bpm: Bpm::new(240.0)?, key: None, chords: None, feel: Feel::Normal, seed: Seed(1), variation: 0, steps: 16, guidance: 3.0,
//! #     sampler: "dpm++2m".into() };
//! # let about = About { request, chords: None, parent: None, made_at: None, model: "m".into(), codec: "c".into(), gain: 1.0,
//! #     width: 0.0, from_audio: false, made_by: None };
//! # let sound = Sound { rate: SampleRate::new(8000)?, channels: vec![vec![0.25; 8000].into()] };
//! # let latents = vec![half::f16::ONE; 2048].into();
//! # keep(&Take { id: TakeId("a1".into()), about, latents, sound })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod loss;
mod open;
mod parcel;
mod part;
mod read;
mod saved;
mod trim;
mod write;

#[cfg(test)]
mod test;

pub use loss::{Loss, summary};
pub use open::{Opened, open};
pub use parcel::{PackError, Parcel};
pub use read::{LoadError, Loaded};
pub use saved::{ChosenLora, ChosenModel, ExportFormat, Kept, Saved, Slot};
pub use trim::{LIMIT, Notice};

/// The format that this version writes; it reads all up to it, and of newer ones what it knows.
///
/// A field whose meaning changes gets a new name, so that what is older or newer is never read as something else; what is added has a
/// default. This number changes only with what no default can stand for.
pub const VERSION: u32 = 1;
