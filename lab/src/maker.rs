//! Which model makes it, and how that model is usually used.

use crate::args::flags::{Model, Quality};
use crate::said;
use crate::trouble::{Outcome, Trouble};
use anyhow::anyhow;
use inlay_diffusion::Sampler;
use inlay_engine::{DeviceChoice, DiskModel, Found, Listed, Maker, maker};
use inlay_music::{Amount, Take};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The word for the model inside of this program.
const OWN: &str = "inlay";
/// Seconds behind the sound that models were trained with.
const HEADROOM: f64 = 6.0;

/// A model that was chosen.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// What the engine is told.
    pub maker: Maker,
    /// What takes call it, where it comes from disk.
    pub name: Option<String>,
    /// Steps where nobody says how many.
    pub steps: u32,
    /// Guidance where nobody says how strong, without and with something that should not be heard.
    pub guidance: [f64; 2],
    /// Sampler where nobody says which.
    pub sampler: String,
}

impl Chosen {
    /// The model inside of this program.
    pub fn own() -> Self {
        let sampler = Sampler::default().to_string();
        Self { maker: Maker::Own, name: None, steps: maker::STEPS, guidance: [maker::GUIDANCE; 2], sampler }
    }

    /// The model inside of this program, where no flag was given that is for others.
    fn own_without(flags: &[(&str, bool)]) -> Outcome<Self> {
        match flags.iter().find(|(_, given)| *given) {
            Some((flag, _)) => Err(Trouble::usage(format!("{flag} is for models from disk: name one with --model"))),
            None => Ok(Self::own()),
        }
    }

    /// What the flags name; without them Inlay's own.
    ///
    /// # Errors
    /// Where there is no such model, or it can't be used.
    pub fn of(flags: &Model) -> Outcome<Self> {
        match &flags.model {
            None => Self::own_without(&[("--device", flags.device.is_some())]),
            Some(name) if name.as_os_str() == OWN => {
                let text = flags.text_encoder.is_some();
                Self::own_without(&[
                    ("--lora", !flags.lora.is_empty()),
                    ("--text-encoder", text),
                    ("--headroom", flags.headroom),
                    ("--device", flags.device.is_some()),
                ])
            }
            Some(name) => {
                let folder = place(name)?;
                let headroom = if flags.headroom { HEADROOM } else { 0.0 };
                let loras = flags.lora.iter().map(|lora| (lora.file.clone(), lora.strength)).collect();
                Self::disk(DiskModel { folder, text: flags.text_encoder.clone(), loras, headroom, device: device(flags) })
            }
        }
    }

    /// What the flags name; without them what made `take`, as far as it can be had.
    ///
    /// # Errors
    /// As [`Chosen::of`].
    pub fn going_on(flags: &Model, take: Option<&Take>) -> Outcome<(Self, Option<String>)> {
        let sampled = take.and_then(|take| Some((take, take.sampled_by()?))).filter(|_| flags.model.is_none());
        let Some((take, name)) = sampled else { return Ok((Self::of(flags)?, None)) };
        // a file's note is anybody's: it names a model among those that are here, and no path
        let listed = maker::listed().into_iter().find(|listed| maker::name_of(&listed.path) == name);
        let name = said::clean(name);
        let own = |why: String| Ok((Self::own(), Some(format!("{name} made this loop, {why}: Inlay's own goes on from it"))));
        match listed {
            None => own("and it isn't among the models here (`inlay models`)".into()),
            Some(Listed { found: Err(problem), .. }) => own(format!("and it can't be used ({problem})")),
            Some(Listed { found: Ok(found), path }) => {
                let same = found.identity(&[]).is_ok_and(|identity| identity.model == take.about.model);
                let other = "with a LoRA, or was another one: name what shall go on from it with --model and --lora";
                Ok((
                    Self::disk(DiskModel { device: device(flags), ..DiskModel::new(path) })?,
                    (!same).then(|| format!("{name} made this loop {other}")),
                ))
            }
        }
    }

    /// The same where nothing is made anew: a loop that stays as it is needs no model.
    #[must_use]
    pub fn for_amount(self, amount: Amount) -> Self {
        if amount.get() == 0.0 { Self::own() } else { self }
    }

    fn disk(model: DiskModel) -> Outcome<Self> {
        let found: Found = model.look().map_err(|error| anyhow!("{}: {error}", said::path(&model.folder)))?;
        let usual = found.usual();
        Ok(Self {
            name: Some(model.name()),
            maker: Maker::Disk(Arc::new(model)),
            steps: usual.steps as u32,
            guidance: [false, true].map(|negative| maker::guidance(&usual, negative)),
            sampler: usual.sampler.to_string(),
        })
    }

    /// The sampler that the flags name, if this model has it; without them the usual one.
    ///
    /// # Errors
    /// [`Trouble::Usage`] with the names that Inlay's own model knows.
    pub fn sampler(&self, quality: &Quality) -> Outcome<Option<String>> {
        let Some(word) = &quality.sampler else { return Ok(None) };
        match self.maker {
            Maker::Own => Ok(Some(word.own().map_err(Trouble::usage)?.to_string())),
            Maker::Disk(_) => Ok(Some(word.as_str().to_owned())),
        }
    }
}

fn device(flags: &Model) -> DeviceChoice {
    flags.device.map(Into::into).unwrap_or_default()
}

/// The folder of a model by its own path, or by its name in the folder of models.
fn place(name: &Path) -> Outcome<PathBuf> {
    maker::find(name).ok_or_else(|| {
        let folder = maker::models_folder().map(|folder| format!(" in {}", said::path(&folder))).unwrap_or_default();
        Trouble::usage(format!("there is no model {}{folder}: `inlay models` lists those that there are", said::path(name)))
    })
}
