//! The side that asks: what is said to a helper and what comes of it, without losing whoever waits.

use crate::error::HelperError;
use crate::message::{Answer, Ask, Failure, Make, Model, VERSION};
use crate::process::Process;
use crate::program::Program;
use crate::wire;
use crossbeam_channel::RecvTimeoutError;
use inlay_stable::{Part, Request, Stereo};
use std::{
    cell::{Cell, RefCell},
    io,
    ops::{ControlFlow, Range},
    path::PathBuf,
    time::{Duration, Instant},
};

/// How often whoever waits is asked whether it still does.
const ASKED: Duration = Duration::from_millis(50);
/// How long a helper that was told to stop may take, before it is ended: longer than a step on a slow device.
const STOPPING: Duration = Duration::from_secs(10);

/// A helper that runs. Dropping it ends the program, and with it all memory that it holds.
#[derive(Debug)]
pub struct Helper {
    process: Process,
    program: Program,
    /// Empty until it is ready.
    device: String,
}

impl Helper {
    /// Starts a program and waits until it opened its device; meanwhile `wanted` is asked whether to go on.
    ///
    /// # Errors
    /// [`HelperError`]: where it doesn't start, is another Inlay's, or has no device, with the reason.
    pub fn start(program: &Program, wanted: &dyn Fn() -> bool) -> Result<Self, HelperError> {
        let name = || program.path.display().to_string();
        let process = Process::start(program).map_err(|e| HelperError::Start { program: name(), reason: e.to_string() })?;
        let mut helper = Self { process, program: program.clone(), device: String::new() };
        let first = |answer| match answer {
            Answer::Ready { version, device } => Some(Ok((version, device))),
            other => Some(Err(other)),
        };
        let (version, device) = helper.until(wanted, first)?.0.or_else(|answer| helper.refused(answer))?;
        if version != VERSION {
            return Err(HelperError::Version { program: name(), found: version, expected: VERSION.into() });
        }
        helper.device = device;
        Ok(helper)
    }

    /// What it computes on, for people.
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Loads a model in place of the one that is there, and tries it out. `on` is told the part that is done and says whether to go on.
    ///
    /// # Errors
    /// [`HelperError`]: as loading says, and where the helper died.
    pub fn load(&mut self, model: &Model, on: &dyn Fn(f64) -> ControlFlow<()>) -> Result<(), HelperError> {
        let paths = [Some(&model.folder), model.text.as_ref()].into_iter().flatten().chain(model.loras.iter().map(|(path, _)| path));
        if let Some(path) = paths.into_iter().find(|path| path.to_str().is_none()) {
            return Err(HelperError::Path(path.display().to_string()));
        }
        self.ask(&Ask::Load(absolute(model)), None, 0)?;
        let last = Cell::new(0.0);
        let wanted = || on(last.get()).is_continue();
        let told = self.until(&wanted, |answer| match answer {
            Answer::Loading(done) => {
                last.set(done.clamp(0.0, 1.0));
                None
            }
            Answer::Loaded => Some(Ok(())),
            other => Some(Err(other)),
        })?;
        told.0.or_else(|answer| self.refused(answer))
    }

    /// Makes `samples` of what is asked for, as [`inlay_stable::Model::make`] does.
    ///
    /// # Errors
    /// [`HelperError`]: as making says, and where the helper died.
    pub fn make(
        &mut self,
        request: &Request<'_>,
        samples: Range<usize>,
        progress: &mut dyn FnMut(Part) -> ControlFlow<()>,
    ) -> Result<(Stereo, bool), HelperError> {
        let numbers = 2 * samples.len();
        self.ask(&Ask::Make(Box::new(Make::new(request, samples))), request.source.audio(), numbers)?;
        let progress = RefCell::new((progress, Part::Step { done: 0, all: 0 }));
        let wanted = || {
            let (progress, last) = &mut *progress.borrow_mut();
            progress(*last).is_continue()
        };
        let (told, sound) = self.until(&wanted, |answer| match answer {
            Answer::Part(part) => {
                progress.borrow_mut().1 = part;
                None
            }
            Answer::Sound { cut } => Some(Ok(cut)),
            other => Some(Err(other)),
        })?;
        Ok((sound, told.or_else(|answer| self.refused(answer))?))
    }

    /// Whether it has ended.
    pub fn is_over(&mut self) -> bool {
        self.process.is_over()
    }

    /// What a failure, or an answer out of turn, means. After some it is of no more use.
    fn refused<T>(&mut self, answer: Answer) -> Result<T, HelperError> {
        match answer {
            Answer::Failed(Failure::Cancelled) => Err(HelperError::Cancelled),
            Answer::Failed(Failure::DeviceMemory) => Err(HelperError::DeviceMemory),
            Answer::Failed(Failure::Said(text)) => Err(HelperError::Said(text)),
            Answer::Failed(Failure::Broken(text)) => {
                self.process.end();
                Err(HelperError::Said(text))
            }
            _ => Err(self.garbled("it answers something else".into())),
        }
    }

    fn garbled(&mut self, how: String) -> HelperError {
        // what comes next couldn't be told from an answer to something else
        self.process.end();
        HelperError::Garbled(how)
    }

    fn ask(&self, ask: &Ask, audio: Option<&Stereo>, numbers: usize) -> Result<(), HelperError> {
        let message = wire::message(ask, audio).map_err(|e| HelperError::Said(format!("this can't be told to the helper: {e}")))?;
        self.process.ask(message, numbers);
        Ok(())
    }

    /// Answers until `take` has what it wants, with the sound behind that. Once nobody wants it any more the helper is told to stop; where it doesn't,
    /// or says nothing for too long, it is ended.
    fn until<T>(&mut self, wanted: &dyn Fn() -> bool, mut take: impl FnMut(Answer) -> Option<T>) -> Result<(T, Stereo), HelperError> {
        let mut stopped: Option<Instant> = None;
        let mut heard = Instant::now();
        loop {
            let over = match self.process.hear(ASKED) {
                Ok(Ok((answer, sound))) => {
                    heard = Instant::now();
                    if let Some(taken) = take(answer) {
                        // what is made in spite of it is nothing that anybody waits for
                        return if stopped.is_some() { Err(HelperError::Cancelled) } else { Ok((taken, sound)) };
                    }
                    false
                }
                Ok(Err(e)) if e.kind() == io::ErrorKind::InvalidData => return Err(self.garbled(e.to_string())),
                Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => true,
                Err(RecvTimeoutError::Timeout) => false,
            };
            match stopped {
                // whoever ends it together with its host didn't want it either
                Some(_) if over => return Err(HelperError::Cancelled),
                None if !wanted() => {
                    // one that isn't ready yet can't listen
                    if over || self.device.is_empty() {
                        self.process.end();
                        return Err(HelperError::Cancelled);
                    }
                    stopped = Some(Instant::now());
                    let message = wire::message(&Ask::Stop, None).map_err(|e| HelperError::Said(e.to_string()))?;
                    self.process.tell(message);
                }
                None if over => return Err(self.died()),
                None if heard.elapsed() > self.program.patience => {
                    self.process.end();
                    return Err(HelperError::Died("it doesn't answer any more".into()));
                }
                Some(since) if since.elapsed() > STOPPING.min(self.program.patience) => {
                    self.process.end();
                    return Err(HelperError::Cancelled);
                }
                _ => {}
            }
        }
    }

    /// Why it ended. One that never was there couldn't even begin.
    fn died(&mut self) -> HelperError {
        let reason = self.process.died();
        match self.device.is_empty() {
            true => HelperError::Began { program: self.program.path.display().to_string(), reason },
            false => HelperError::Died(reason),
        }
    }
}

/// The program may have another folder for relative paths than the host.
fn absolute(model: &Model) -> Model {
    let whole = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    Model {
        folder: whole(&model.folder),
        text: model.text.as_ref().map(whole),
        loras: model.loras.iter().map(|(path, strength)| (whole(path), *strength)).collect(),
    }
}
