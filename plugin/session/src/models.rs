//! Which model makes takes: Inlay's own, or one from disk; and which there are.

use crate::snapshot::ModelChoice;
use inlay_engine::{DiskModel, Found, Maker, Usual, maker};
use inlay_music::Request;
use inlay_state::ChosenModel;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the parameters say where nobody turned them: a model from disk is used as it usually is then.
pub(crate) const STEPS: u32 = 16;
pub(crate) const GUIDANCE: f64 = 3.0;

/// A folder that was looked into.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    pub name: String,
    pub folder: PathBuf,
    /// How it is used, or why it can't be.
    pub found: Result<Kind, String>,
}

/// What is known of a model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kind {
    words: String,
    usual: Usual,
}

impl Seen {
    /// Reads the headers of a model's files. Takes some milliseconds.
    pub fn look(folder: &Path) -> Self {
        Self::of(folder.to_owned(), DiskModel::new(folder).look().map_err(|e| e.to_string()))
    }

    fn of(folder: PathBuf, found: Result<Found, String>) -> Self {
        let folder = if folder.is_file() { folder.parent().map(Path::to_owned).unwrap_or(folder) } else { folder };
        let kind = |found: Found| {
            let usual = found.usual();
            let gigabytes = found.memory() as f64 / 1e9;
            let regions = if found.inpaints() { "" } else { "; can't make parts anew" };
            let words =
                format!("{}, up to {:.0} s, {gigabytes:.1} GB of memory, {} steps{regions}", found.kind(), found.seconds(), usual.steps);
            Kind { words, usual }
        };
        Self { name: maker::name_of(&folder), folder, found: found.map(kind) }
    }
}

/// Whether a path that was dropped is a model's folder, or one of the files of one.
pub(crate) fn is_model(path: &Path) -> bool {
    let file =
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name == "model_config.json" || name.ends_with(".safetensors"));
    path.is_dir() || file
}

/// Looks into the folder of models, and into the one that was chosen, wherever it is.
pub(crate) fn look(chosen: Option<&ChosenModel>) -> Vec<Seen> {
    let mut seen: Vec<Seen> =
        maker::listed().into_iter().map(|listed| Seen::of(listed.path, listed.found.map_err(|e| e.to_string()))).collect();
    let elsewhere = chosen.and_then(|chosen| chosen.folder.as_ref()).filter(|folder| folder.is_dir());
    if let Some(folder) = elsewhere.filter(|folder| !seen.iter().any(|seen| seen.folder == **folder)) {
        seen.push(Seen::look(folder));
    }
    seen
}

/// The models of an instance.
#[derive(Debug, Default)]
pub(crate) struct Models {
    /// The one from disk that makes takes, if one does.
    pub chosen: Option<ChosenModel>,
    /// What was found when it was last looked; nothing before that.
    seen: Option<Vec<Seen>>,
}

impl Models {
    /// What was found.
    pub fn saw(&mut self, seen: Vec<Seen>) {
        self.seen = Some(seen);
    }

    /// Adds one that was dropped, and chooses it.
    pub fn add(&mut self, seen: Seen) {
        self.chosen = Some(ChosenModel { name: seen.name.clone(), folder: Some(seen.folder.clone()) });
        let all = self.seen.get_or_insert_default();
        all.retain(|other| other.folder != seen.folder);
        all.push(seen);
    }

    /// Chooses a model by its name; none: Inlay's own.
    pub fn choose(&mut self, name: Option<&str>) {
        self.chosen = name.map(|name| ChosenModel { name: name.to_owned(), folder: self.called(name).map(|seen| seen.folder.clone()) });
    }

    fn called(&self, name: &str) -> Option<&Seen> {
        self.seen.iter().flatten().find(|seen| seen.name == name)
    }

    /// Whether a model of this name can be used. Before it was looked, all can.
    pub fn has(&self, name: &str) -> bool {
        self.seen.is_none() || self.called(name).is_some_and(|seen| seen.found.is_ok())
    }

    /// What makes the next take.
    ///
    /// # Errors
    /// A sentence where the chosen model isn't here.
    pub fn maker(&mut self) -> Result<Maker, String> {
        match self.chosen.clone() {
            None => Ok(Maker::Own),
            Some(chosen) => self.named(&chosen.name, chosen.folder.as_deref()),
        }
    }

    /// What made a take, where that is here.
    pub fn maker_of(&mut self, made_by: Option<&str>) -> Option<Maker> {
        made_by.map_or(Some(Maker::Own), |name| self.named(name, None).ok())
    }

    fn named(&mut self, name: &str, folder: Option<&Path>) -> Result<Maker, String> {
        // whoever asks for a take before it was looked waits the milliseconds
        if self.seen.is_none() {
            self.seen = Some(look(self.chosen.as_ref()));
        }
        let there =
            self.seen.iter().flatten().find(|seen| folder.is_some_and(|folder| seen.folder == folder)).or_else(|| self.called(name));
        match there {
            Some(Seen { folder, found: Ok(_), .. }) => Ok(Maker::Disk(Arc::new(DiskModel::new(folder)))),
            Some(Seen { found: Err(problem), .. }) => Err(format!("{name} can't be used: {problem}")),
            None => Err(missing(name)),
        }
    }

    /// A request as the maker of its take understands it: a model from disk has a sampler of its own, and where steps and guidance are those
    /// that nobody chose, its own.
    pub fn suited(&self, request: Request, maker: &Maker) -> Request {
        let usual = match maker {
            Maker::Own => return Request { sampler: inlay_diffusion::Sampler::default().to_string(), ..request },
            Maker::Disk(model) => {
                self.seen.iter().flatten().find(|seen| seen.folder == model.folder).and_then(|seen| seen.found.as_ref().ok())
            }
        };
        let Some(Kind { usual, .. }) = usual else { return request };
        Request {
            sampler: usual.sampler.to_string(),
            steps: if request.steps == STEPS { usual.steps as u32 } else { request.steps },
            guidance: if request.guidance == GUIDANCE { usual.guidance.scale } else { request.guidance },
            ..request
        }
    }

    /// For drawing: Inlay's own first.
    pub fn view(&self) -> Vec<ModelChoice> {
        let chosen = self.chosen.as_ref();
        let own =
            ModelChoice { name: None, words: "inside the plugin, about a second a take".into(), chosen: chosen.is_none(), problem: None };
        let is_chosen =
            |seen: &Seen| chosen.is_some_and(|c| c.folder.as_ref().map_or(c.name == seen.name, |folder| *folder == seen.folder));
        let there = self.seen.iter().flatten().map(|seen| ModelChoice {
            name: Some(seen.name.clone()),
            words: seen.found.as_ref().map(|kind| kind.words.clone()).unwrap_or_default(),
            chosen: is_chosen(seen),
            problem: seen.found.as_ref().err().map(|problem| crate::desk::sentence(problem)),
        });
        let mut all: Vec<ModelChoice> = std::iter::once(own).chain(there).collect();
        // one that was chosen on another machine is shown as what it is
        if let Some(ChosenModel { name, .. }) = chosen.filter(|_| !all.iter().any(|choice| choice.chosen)) {
            let problem = self.seen.is_some().then(|| missing(name));
            all.push(ModelChoice { name: Some(name.clone()), words: String::new(), chosen: true, problem });
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
        models.saw(folders.iter().map(|name| Seen::look(&fixture(name))).collect());
        models
    }

    #[test]
    fn the_model_that_was_chosen_makes_takes_and_has_its_own_settings() {
        let mut models = models(&["sa3-tiny"]);
        assert_eq!(models.maker(), Ok(Maker::Own));
        models.choose(Some("sa3-tiny"));
        let maker = models.maker().unwrap();
        let suited = models.suited(request(), &maker);
        assert_eq!((suited.steps, suited.guidance, suited.sampler.as_str()), (8, 1.0, "ping-pong"));
        let turned = models.suited(Request { steps: 5, guidance: 2.0, ..request() }, &maker);
        assert_eq!((turned.steps, turned.guidance), (5, 2.0));
        // and back: a sampler of another model is none of Inlay's own
        assert_eq!(models.suited(suited, &Maker::Own).sampler, "dpm++2m");
    }

    #[test]
    fn a_model_that_is_not_here_is_named_with_what_to_do() {
        let mut models = models(&[]);
        models.choose(Some("stable-audio-3"));
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
        let seen = Seen::look(folder.path());
        assert!(seen.found.as_ref().unwrap_err().contains("model.safetensors is missing"), "{seen:?}");
        models.add(seen);
        assert!(models.maker().unwrap_err().contains("can't be used"));
        assert!(models.view().iter().any(|choice| choice.words.contains("can't make parts anew")));
    }

    #[test]
    fn folders_and_their_files_are_told_from_audio() {
        assert!(is_model(&fixture("sa3-tiny")) && is_model(&fixture("sa3-tiny/model.safetensors")));
        assert!(!is_model(Path::new("beat.wav")));
    }
}
