//! Takes whose sound isn't kept: what brings it back.
//!
//! The sound of a take that the model made wholly is a function of its latents and of what is said about it; latents that were generated are
//! a function of the request. So a history may keep those alone. The same version of Inlay on the same machine makes the same take
//! again, bit for bit, id included; another machine one that sounds the same.

use inlay_music::{About, SampleRate, Take, Task};

/// Why the sound of a take can't be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedoError {
    /// Some of it is another take's sound.
    #[error("parts of this take are its parent's own samples, which weren't kept: make it again from its parent, or inpaint another take")]
    Pasted,
    /// Some of it is a file's sound.
    #[error("this take holds sound from an audio file, which wasn't kept: start from the file again")]
    Audio,
    /// A model from disk made it, whose sounds aren't made of the latents that are kept.
    #[error("a model from disk made this take, and its sound wasn't kept: generate it anew from its prompt with that model")]
    Disk,
    /// It is a take that was read from a file, as it was heard there.
    #[error("this take is as a file had it: open the file again")]
    Heard,
    /// Its latents are those of another codec.
    #[error("this take was made with another model than this Inlay has, and its sound wasn't kept: generate it anew from its prompt")]
    Codec,
    /// Without its latents the same model is needed.
    #[error(
        "this take was made by another model than this Inlay has, and only its request was kept: generate it anew from its prompt, as another take"
    )]
    Model,
    /// Only a generated take comes back from its request.
    #[error("this take came from another one, and only its request was kept: make it again from its parent")]
    Parent,
}

/// What of a take that was made wholly by a model still is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Request and latents.
    Latents,
    /// The request alone.
    Request,
}

/// Whether the sound of a take can be left out and made again later from what is `kept`. Ask before leaving it out.
///
/// # Errors
/// Why it can't.
pub fn check_take(take: &Take, kept: Kept) -> Result<(), RedoError> {
    check_sound(&take.about, take.sound.rate, take.sound.channels.len(), kept)
}

/// The same by what is said about a take and by the shape of its sound, which tells the model's own from one that was read from a file.
///
/// # Errors
/// Why it can't.
pub fn check_sound(about: &About, rate: SampleRate, channels: usize, kept: Kept) -> Result<(), RedoError> {
    check(about, kept)?;
    // what the model makes is one channel at its own rate
    let own = rate == SampleRate::CD && channels == 1;
    if own { Ok(()) } else { Err(RedoError::Heard) }
}

/// The same by what is said about a take, whose sound is that of the model and not a file's. Which model made it isn't looked at:
/// [`Engine::can_redo`](crate::Engine::can_redo) does that.
///
/// # Errors
/// Why it can't.
pub fn check(about: &About, kept: Kept) -> Result<(), RedoError> {
    if about.from_audio {
        return Err(RedoError::Audio);
    }
    if let (Some(_), Kept::Latents) = (&about.made_by, kept) {
        return Err(RedoError::Disk);
    }
    match &about.request.task {
        Task::Inpaint { .. } => return Err(RedoError::Pasted),
        // nothing was changed: its sound is its source's
        Task::Vary { amount } if amount.get() == 0.0 => return Err(RedoError::Pasted),
        Task::Transform { amount } if amount.get() == 0.0 => return Err(RedoError::Audio),
        _ => {}
    }
    match (kept, &about.request.task) {
        (Kept::Latents, _) | (Kept::Request, Task::Generate) => Ok(()),
        (Kept::Request, _) => Err(RedoError::Parent),
    }
}

/// Whether a take's model is this one, as far as what was kept depends on it. A hash that isn't known yet is no reason against it.
pub(crate) fn check_model(about: &About, kept: Kept, model: Option<&str>, codec: Option<&str>) -> Result<(), RedoError> {
    if codec.is_some_and(|codec| codec != about.codec) {
        return Err(RedoError::Codec);
    }
    if kept == Kept::Request && model.is_some_and(|model| model != about.model) {
        return Err(RedoError::Model);
    }
    Ok(())
}
