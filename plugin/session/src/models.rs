//! Which model makes takes: Inlay's own, or one from disk; and which there are.

mod look;

use crate::snapshot::ModelChoice;
use inlay_engine::maker::{self, GUIDANCE, STEPS};
use inlay_engine::{DeviceChoice, DiskModel, Maker};
use inlay_music::Request;
use inlay_state::ChosenModel;
pub(crate) use look::{Kin, Kind, ModelPlace, Seen, look, look_at, look_at_lora, look_at_text};
use std::path::Path;
use std::sync::Arc;

/// The models of an instance.
#[derive(Debug, Default)]
pub(crate) struct Models {
    /// The one from disk that makes takes, if one does.
    pub chosen: Option<ChosenModel>,
    /// What was found when it was last looked; nothing before that.
    seen: Option<Vec<Seen>>,
    /// Those that were dropped.
    dropped: Vec<ModelPlace>,
    /// The one that was dropped last and can't be used yet.
    refused: Option<ModelPlace>,
    /// Whether they leave the graphics processor to others.
    processor: bool,
    /// Whether there was a way to a graphics processor when it was last looked.
    graphics: bool,
}

impl Models {
    /// Those of a project: one was chosen there, and nothing was looked for yet.
    pub fn of(chosen: Option<ChosenModel>) -> Self {
        let mut models = Self { processor: chosen.as_ref().is_some_and(|chosen| chosen.processor), chosen, ..Self::default() };
        // it stays among those that can be chosen when another one is
        models.dropped = models.elsewhere();
        models
    }

    /// Places to look at besides the folder of models.
    pub fn elsewhere(&self) -> Vec<ModelPlace> {
        let chosen = self.chosen.iter().filter_map(|chosen| Some(ModelPlace { folder: chosen.folder.clone()?, text: chosen.text.clone() }));
        chosen.chain(self.dropped.iter().cloned()).collect()
    }

    /// Places of models that a text encoder may belong to, the likeliest first; with the encoders that they had.
    pub fn known(&self) -> Vec<ModelPlace> {
        let broken = self.seen.iter().flatten().filter(|seen| seen.found.is_err()).map(|seen| ModelPlace::new(&seen.folder));
        self.refused.iter().cloned().chain(broken).chain(self.elsewhere()).collect()
    }

    /// One was dropped that can't be used; maybe what it lacks comes next.
    pub fn refuse(&mut self, seen: &Seen) {
        self.refused = Some(ModelPlace::new(&seen.folder));
    }

    /// What was found. What was dropped while it was looked stays.
    pub fn saw(&mut self, mut seen: Vec<Seen>) {
        let before = self.seen.take().unwrap_or_default();
        for old in before.into_iter().filter(|old| self.dropped.iter().any(|place| place.folder == old.folder)) {
            match seen.iter_mut().find(|new| new.folder == old.folder) {
                // its text encoder came after the look began
                Some(new) if old.text.is_some() && new.found.is_err() => *new = old,
                Some(_) => {}
                None => seen.push(old),
            }
        }
        self.seen = Some(seen);
        self.graphics = maker::graphics().is_some();
    }

    /// Adds one that was dropped, and chooses it.
    pub fn add(&mut self, seen: Seen) {
        let place = ModelPlace { folder: seen.folder.clone(), text: seen.text.clone() };
        self.dropped.retain(|other| other.folder != place.folder);
        self.refused = None;
        self.dropped.push(place.clone());
        let all = self.seen.get_or_insert_default();
        all.retain(|other| other.folder != seen.folder);
        all.push(seen);
        self.choose(Some(&place.folder));
    }

    /// Chooses the model in a folder; none: Inlay's own.
    pub fn choose(&mut self, folder: Option<&Path>) {
        let text = |folder: &Path| self.seen.iter().flatten().find(|seen| seen.folder == folder).and_then(|seen| seen.text.clone());
        // chosen once more, it keeps what changes it
        let before = self.chosen.take();
        let loras =
            |folder: &Path| before.filter(|chosen| chosen.folder.as_deref() == Some(folder)).map(|chosen| chosen.loras).unwrap_or_default();
        self.chosen = folder.map(|folder| ChosenModel {
            name: maker::name_of(folder),
            folder: Some(folder.to_owned()),
            text: text(folder),
            loras: loras(folder),
            processor: self.processor,
        });
    }

    /// Whether the chosen one leaves the graphics processor to others; none where there is nothing to choose.
    pub fn processor(&self) -> Option<bool> {
        self.chosen.as_ref()?;
        (self.graphics || self.processor).then_some(self.processor)
    }

    /// Leaves the graphics processor to others, or not.
    pub fn choose_device(&mut self, processor: bool) {
        self.processor = processor;
        if let Some(chosen) = &mut self.chosen {
            chosen.processor = processor;
        }
    }

    /// The folder that a model is in: where it was, else one of its name, one that can be used before others.
    fn find(&self, name: &str, folder: Option<&Path>) -> Option<&Seen> {
        let all = || self.seen.iter().flatten();
        let named = || all().filter(|seen| seen.name == name);
        all()
            .find(|seen| folder.is_some_and(|folder| seen.folder == folder))
            .or_else(|| named().find(|seen| seen.found.is_ok()))
            .or_else(|| named().next())
    }

    /// Where the chosen one is.
    fn found(&self) -> Option<&Seen> {
        let chosen = self.chosen.as_ref()?;
        self.find(&chosen.name, chosen.folder.as_deref())
    }

    /// Whether a model of this name can be used. Before it was looked, all can.
    pub fn has(&self, name: &str) -> bool {
        let folder = self.chosen.as_ref().filter(|chosen| chosen.name == name).and_then(|chosen| chosen.folder.as_deref());
        self.seen.is_none() || self.find(name, folder).is_some_and(|seen| seen.found.is_ok())
    }

    /// What makes the next take.
    ///
    /// # Errors
    /// A sentence where the chosen model isn't here.
    pub fn maker(&mut self) -> Result<Maker, String> {
        match self.chosen.clone() {
            None => Ok(Maker::Own),
            Some(chosen) => self.named(&chosen.name, Some(&chosen)),
        }
    }

    /// What made a take, where that is here.
    pub fn maker_of(&mut self, made_by: Option<&str>) -> Option<Maker> {
        let Some(name) = made_by else { return Some(Maker::Own) };
        let chosen = self.chosen.clone().filter(|chosen| chosen.name == name);
        self.named(name, chosen.as_ref()).ok()
    }

    fn named(&mut self, name: &str, chosen: Option<&ChosenModel>) -> Result<Maker, String> {
        // whoever asks for a take before it was looked waits the milliseconds
        if self.seen.is_none() {
            self.seen = Some(look(&self.elsewhere()));
        }
        match self.find(name, chosen.and_then(|chosen| chosen.folder.as_deref())) {
            Some(Seen { folder, text, found: Ok(_), .. }) => {
                let loras = chosen.map(|chosen| chosen.loras.iter().map(|lora| (lora.file.clone(), lora.strength)).collect());
                let device = if self.processor { DeviceChoice::Cpu } else { DeviceChoice::Best };
                Ok(Maker::Disk(Arc::new(DiskModel {
                    loras: loras.unwrap_or_default(),
                    device,
                    text: text.clone(),
                    ..DiskModel::new(folder)
                })))
            }
            Some(Seen { found: Err(problem), .. }) => Err(format!("{name} can't be used: {problem}")),
            None => Err(missing(name)),
        }
    }

    /// A request as the maker of its take understands it: a model from disk has a sampler of its own, and where steps and guidance are those
    /// that the parameters have where nobody turned them, its own.
    pub fn suited(&self, request: Request, maker: &Maker) -> Request {
        let usual = match maker {
            Maker::Own if request.sampler.parse::<inlay_diffusion::Sampler>().is_ok() => return request,
            Maker::Own => return Request { sampler: inlay_diffusion::Sampler::default().to_string(), ..request },
            Maker::Disk(model) => {
                self.seen.iter().flatten().find(|seen| seen.folder == model.folder).and_then(|seen| seen.found.as_ref().ok())
            }
        };
        let Some(Kind { usual, .. }) = usual else { return request };
        Request {
            sampler: usual.sampler.to_string(),
            steps: if request.steps == STEPS { usual.steps as u32 } else { request.steps },
            guidance: if request.guidance == GUIDANCE { maker::guidance(usual, request.negative.is_some()) } else { request.guidance },
            ..request
        }
    }

    /// For drawing: Inlay's own first.
    pub fn view(&self) -> Vec<ModelChoice> {
        let found = self.found().map(|seen| &seen.folder);
        let own = ModelChoice {
            words: "inside the plugin, about a second a take".into(),
            chosen: self.chosen.is_none(),
            ..ModelChoice::default()
        };
        let there = self.seen.iter().flatten().map(|seen| ModelChoice {
            name: Some(seen.name.clone()),
            folder: Some(seen.folder.clone()),
            words: seen.found.as_ref().map(|kind| kind.words.clone()).unwrap_or_default(),
            chosen: found == Some(&seen.folder),
            problem: seen.found.as_ref().err().map(|problem| crate::desk::sentence(problem)),
        });
        let mut all: Vec<ModelChoice> = std::iter::once(own).chain(there).collect();
        // one that was chosen on another machine is shown as what it is
        if let Some(ChosenModel { name, folder, .. }) = self.chosen.as_ref().filter(|_| found.is_none()) {
            let problem = self.seen.is_some().then(|| missing(name));
            all.push(ModelChoice { name: Some(name.clone()), folder: folder.clone(), chosen: true, problem, ..ModelChoice::default() });
        }
        all
    }
}

/// That a model isn't here, and what to do.
pub(crate) fn missing(name: &str) -> String {
    let place = maker::models_folder().map(|folder| format!(" into {}", folder.display())).unwrap_or_default();
    format!("The model {name} isn't on this machine: put its folder{place}, drop it on this window, or choose another in Details")
}

#[cfg(test)]
mod test {
    use super::*;
    use inlay_music::{Bars, Bpm, Prompt, Seed, Task};
    use std::path::PathBuf;

    fn fixture(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../engine/stable/fixtures").join(name)
    }

    fn request() -> Request {
        Request {
            task: Task::Generate,
            prompt: Prompt::new("drums").unwrap(),
            negative: None,
            bars: Bars::new(1).unwrap(),
            bpm: Bpm::DEFAULT,
            key: None,
            chords: None,
            feel: Default::default(),
            seed: Seed(1),
            variation: 0,
            steps: STEPS,
            guidance: GUIDANCE,
            sampler: "dpm++2m".into(),
        }
    }

    fn models(folders: &[&str]) -> Models {
        let mut models = Models::default();
        models.saw(folders.iter().map(|name| Seen::look(&ModelPlace::new(fixture(name)))).collect());
        models
    }

    #[test]
    fn the_model_that_was_chosen_makes_takes_and_has_its_own_settings() {
        let mut models = models(&["sa3-tiny"]);
        assert_eq!(models.maker(), Ok(Maker::Own));
        models.choose(Some(&fixture("sa3-tiny")));
        let maker = models.maker().unwrap();
        let suited = models.suited(request(), &maker);
        assert_eq!((suited.steps, suited.guidance, suited.sampler.as_str()), (8, 1.0, "ping-pong"));
        let turned = models.suited(Request { steps: 5, guidance: 2.0, ..request() }, &maker);
        assert_eq!((turned.steps, turned.guidance), (5, 2.0));
        // and back: a sampler of another model is none of Inlay's own, but those that it has stay
        assert_eq!(models.suited(suited, &Maker::Own).sampler, "dpm++2m");
        assert_eq!(models.suited(Request { sampler: "heun".into(), ..request() }, &Maker::Own).sampler, "heun");
        // what should not be heard needs guidance
        let without = Request { negative: Prompt::new("hats").ok(), ..request() };
        assert_eq!(models.suited(without, &maker).guidance, maker::NEGATIVE);
    }

    #[test]
    fn what_leaves_the_graphics_processor_to_others_stays_so_when_another_model_is_chosen() {
        let mut models = models(&["sa3-tiny", "sao10-tiny"]);
        assert_eq!(models.processor(), None);
        models.choose(Some(&fixture("sa3-tiny")));
        models.graphics = true;
        assert_eq!(models.processor(), Some(false));
        models.choose_device(true);
        models.choose(None);
        models.choose(Some(&fixture("sao10-tiny")));
        models.graphics = false;
        assert_eq!(models.processor(), Some(true));
        let Ok(Maker::Disk(model)) = models.maker() else { panic!() };
        assert_eq!(model.device, DeviceChoice::Cpu);
    }

    #[test]
    fn what_was_dropped_stays_when_it_is_looked_anew_and_of_two_of_a_name_the_dropped_one_is_used() {
        let mut models = models(&["sa3-tiny"]);
        let elsewhere = tempfile::tempdir().unwrap();
        let twin = elsewhere.path().join("sa3-tiny");
        std::fs::create_dir(&twin).unwrap();
        let seen = Seen { folder: twin.clone(), ..Seen::look(&ModelPlace::new(fixture("sa3-tiny"))) };
        models.add(seen);
        assert_eq!(models.maker().unwrap(), Maker::Disk(Arc::new(DiskModel::new(&twin))));
        models.choose(None);
        models.saw(vec![Seen::look(&ModelPlace::new(fixture("sa3-tiny")))]);
        assert_eq!(models.view().iter().filter(|choice| choice.name.as_deref() == Some("sa3-tiny")).count(), 2);
        // a project from another machine: the folder isn't here, one of its name is
        models.chosen = Some(ChosenModel {
            name: "sa3-tiny".into(),
            folder: Some("/elsewhere/sa3-tiny".into()),
            text: None,
            loras: vec![],
            processor: false,
        });
        let view = models.view();
        assert_eq!((view.iter().filter(|choice| choice.chosen).count(), view.len()), (1, 3), "{view:?}");
        assert!(models.has("sa3-tiny") && models.maker().is_ok());
    }

    #[test]
    fn a_model_that_is_not_here_is_named_with_what_to_do() {
        let mut models = models(&[]);
        models.choose(Some(Path::new("/elsewhere/stable-audio-3")));
        let error = models.maker().unwrap_err();
        assert!(error.contains("stable-audio-3 isn't on this machine") && error.contains("Details"), "{error}");
        let view = models.view();
        assert!(view[1].chosen && view[1].problem.is_some(), "{view:?}");
        assert!(!models.has("stable-audio-3") && models.maker_of(Some("stable-audio-3")).is_none());
    }

    #[test]
    fn a_folder_with_something_missing_says_what() {
        let mut models = models(&["sao10-tiny"]);
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(fixture("sa3-tiny/model_config.json"), folder.path().join("model_config.json")).unwrap();
        let seen = Seen::look(&ModelPlace::new(folder.path()));
        assert!(seen.found.as_ref().unwrap_err().contains("model.safetensors is missing"), "{seen:?}");
        models.add(seen);
        assert!(models.maker().unwrap_err().contains("can't be used"));
        assert!(models.view().iter().any(|choice| choice.words.contains("makes no parts anew")));
    }

    #[test]
    fn folders_their_files_and_loras_are_told_from_audio() {
        let kin = |path: &Path| Kin::of(path);
        assert_eq!([kin(&fixture("sa3-tiny")), kin(&fixture("sa3-tiny/model.safetensors"))], [Kin::Model; 2]);
        assert_eq!(kin(Path::new("warm.safetensors")), Kin::Lora);
        assert_eq!(kin(Path::new("beat.wav")), Kin::Audio);
    }
}
