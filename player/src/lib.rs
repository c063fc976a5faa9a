//! What runs on the audio thread: eight slots of takes, played in time with the host.
//!
//! [`Player::new`] makes two ends. The [`Player`] belongs to the audio thread: it never allocates, frees, locks or waits. The
//! [`Controls`] belong to the conductor: they load, select and capture, hear what happened, and free what was played.
//!
//! ```
//! use inlay_music::{Beats, Bpm, Rendition, SampleRate, TakeId};
//! use inlay_player::{Block, Loop, Mix, PlayMode, Player, Quantize, Transport};
//!
//! let rate = SampleRate::new(48_000)?;
//! let (mut player, mut controls) = Player::new(rate);
//! let sound: std::sync::Arc<[f32]> = vec![0.5; 96_000].into();
//! let rendition = Rendition { take: TakeId("a".into()), rate, left: sound.clone(), right: sound };
//! let renditions = [Some((Bpm::new(120.0)?, rendition.into())), None];
//! controls.load(0, Loop { beats: Beats::new(4.0)?, clip: None, renditions }, Quantize::Bar)?;
//!
//! let (mut left, mut right) = ([0.0; 64], [0.0; 64]);
//! let transport = Transport { playing: true, tempo: Some(120.0), beats: Some(0.0), ..Transport::default() };
//! player.process(Block {
//!     transport: &transport,
//!     events: &[],
//!     mix: Mix::default(),
//!     mode: PlayMode::Switch,
//!     quantize: Quantize::Bar,
//!     input: None,
//!     output: [&mut left, &mut right],
//! });
//! assert_eq!(left[63], 0.5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Time
//! The host's position sets the phase at a start or a jump; from then on the player counts frames itself. All decisions are made
//! for frames that follow from that line, never for the edges of blocks: at constant tempo the output is the same, bit for bit,
//! whatever the blocks. See `clock` for what happens when hosts round, drift or glide.
#![forbid(unsafe_code)]

mod capture;
mod clock;
mod control;
mod deck;
mod fade;
mod line;
mod mix;
mod notes;
mod player;
mod quantize;
mod shelf;
mod sinc;
mod slots;
mod transport;
mod voice;

pub use control::{Captured, ControlError, Controls, Fact, Loop, Now, Status};
pub use mix::{Mix, clean};
pub use notes::{Event, EventKind, FIRST_NOTE, PlayMode};
pub use player::{Block, Player};
pub use quantize::Quantize;
pub use slots::SLOTS;
pub use transport::Transport;
