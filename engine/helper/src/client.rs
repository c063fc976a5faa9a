//! The side that asks: starts the program, waits for it without losing whoever waits, ends it.

use crate::error::HelperError;
use crate::message::{Answer, Ask, Make, Model};
use crate::program::Program;
use crate::wire;
use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use inlay_stable::{Part, Request, Source, Stereo};
use std::{
    io::{self, Read, Write},
    ops::{ControlFlow, Range},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// How often whoever waits is asked whether it still does.
const ASKED: Duration = Duration::from_millis(50);
/// How long a helper that was told to stop may take, before it is ended: longer than a step on a slow device.
const STOPPING: Duration = Duration::from_secs(10);
/// How much of what it complained of is kept.
const WORDS: usize = 4 << 10;

/// What is read of a helper: an answer with its sound.
type Heard = io::Result<(Answer, Stereo)>;

/// A helper that runs. Dropping it ends the program, and with it all memory that it holds.
#[derive(Debug)]
pub struct Helper {
    program: String,
    child: Child,
    ask: Box<dyn Asking>,
    answers: Receiver<Heard>,
    /// The end of what it complained of.
    complaint: Arc<Mutex<Vec<u8>>>,
    device: String,
}

/// Where asks are written.
trait Asking: Write + Send + std::fmt::Debug {}
impl<T: Write + Send + std::fmt::Debug> Asking for T {}

impl Helper {
    /// Starts a program and waits until it opened its device; until then `wanted` is asked whether to go on.
    ///
    /// # Errors
    /// [`HelperError`]: where it doesn't start, is another Inlay's, or has no device, with the reason.
    pub fn start(program: &Program, wanted: &dyn Fn() -> bool) -> Result<Self, HelperError> {
        let name = program.path.display().to_string();
        let failed = |e: io::Error| HelperError::Start { program: name.clone(), reason: e.to_string() };
        let mut command = Command::new(&program.path);
        command.args(program.processor.then_some("--processor")).stdout(Stdio::piped()).stderr(Stdio::piped());
        let (mut child, ask) = pipe(&mut command).map_err(failed)?;
        let (Some(mut out), Some(mut err)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(failed(io::ErrorKind::BrokenPipe.into()));
        };
        let (heard, answers) = bounded(256);
        let complaint = Arc::new(Mutex::new(vec![]));
        // from here on dropping it ends the program
        let kept = Arc::clone(&complaint);
        let mut helper = Self { program: name.clone(), child, ask, answers, complaint, device: String::new() };
        let listen = move || loop {
            let answer = wire::read::<Answer>(&mut out);
            let over = answer.is_err();
            if heard.send(answer).is_err() || over {
                break;
            }
        };
        thread::Builder::new().name("inlay helper's answers".into()).spawn(listen).map_err(failed)?;
        let complain = move || {
            let mut bytes = [0; 1024];
            while let Ok(count @ 1..) = err.read(&mut bytes) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(&bytes[..count]);
                let spare = kept.len().saturating_sub(WORDS);
                kept.drain(..spare);
            }
        };
        thread::Builder::new().name("inlay helper's complaints".into()).spawn(complain).map_err(failed)?;
        match helper.until(wanted, |answer| match answer {
            Answer::Ready { version, device } => Some(Ok((version, device))),
            other => Some(Err(other)),
        })? {
            (Ok((version, device)), _) if version == VERSION => helper.device = device,
            (Ok((found, _)), _) => return Err(HelperError::Version { program: name, found, expected: VERSION.into() }),
            (Err(Answer::Failed(failure)), _) => return Err(failure.into()),
            (Err(_), _) => return Err(HelperError::Garbled("its first word is another one".into())),
        }
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
        for path in [Some(&model.folder), model.text.as_ref()].into_iter().flatten().chain(model.loras.iter().map(|(path, _)| path)) {
            if path.to_str().is_none() {
                return Err(HelperError::Path(path.display().to_string()));
            }
        }
        self.ask(&Ask::Load(absolute(model)), None)?;
        let mut part = 0.0;
        let last = std::cell::Cell::new(part);
        let wanted = || on(last.get()).is_continue();
        let told = self.until(&wanted, |answer| match answer {
            Answer::Loading(done) => {
                part = done.clamp(0.0, 1.0);
                last.set(part);
                None
            }
            Answer::Loaded => Some(Ok(())),
            other => Some(Err(other)),
        })?;
        told.0.or_else(Self::refused)
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
        let audio = match request.source {
            Source::Nothing => None,
            Source::Vary { audio, .. } | Source::Inpaint { audio, .. } => Some(audio),
        };
        let count = samples.len();
        self.ask(&Ask::Make(Box::new(Make::new(request, samples))), audio)?;
        let progress = std::cell::RefCell::new((progress, Part::Step { done: 0, all: 0 }));
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
        let cut = told.or_else(Self::refused)?;
        if sound[0].len() > count || sound.iter().flatten().any(|v| !v.is_finite()) {
            return Err(HelperError::Garbled(format!("{} samples for {count}", sound[0].len())));
        }
        Ok((sound, cut))
    }

    /// What a failure, or an answer out of turn, means.
    fn refused<T>(answer: Answer) -> Result<T, HelperError> {
        Err(match answer {
            Answer::Failed(failure) => failure.into(),
            _ => HelperError::Garbled("it answers something else".into()),
        })
    }

    fn ask(&mut self, ask: &Ask, audio: Option<&Stereo>) -> Result<(), HelperError> {
        match wire::write(&mut self.ask, ask, audio) {
            Ok(()) => Ok(()),
            Err(e) if e.kind() == io::ErrorKind::InvalidInput => Err(HelperError::Said(format!("this can't be told to the helper: {e}"))),
            Err(_) => Err(self.died()),
        }
    }

    /// Answers until `take` has what it wants, with the sound behind that. Once nobody wants it any more the helper is told to stop; where it doesn't, it is ended.
    fn until<T>(&mut self, wanted: &dyn Fn() -> bool, mut take: impl FnMut(Answer) -> Option<T>) -> Result<(T, Stereo), HelperError> {
        let mut stopped: Option<Instant> = None;
        loop {
            match self.answers.recv_timeout(ASKED) {
                Ok(Ok((answer, sound))) => {
                    if let Some(taken) = take(answer) {
                        // what is made in spite of it is nothing that anybody waits for
                        return if stopped.is_some() { Err(HelperError::Cancelled) } else { Ok((taken, sound)) };
                    }
                }
                Ok(Err(e)) if e.kind() == io::ErrorKind::InvalidData => return Err(HelperError::Garbled(e.to_string())),
                Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) if stopped.is_some() => return Err(HelperError::Cancelled),
                Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => return Err(self.died()),
                Err(RecvTimeoutError::Timeout) => {}
            }
            match stopped {
                None if !wanted() => {
                    stopped = Some(Instant::now());
                    if self.device.is_empty() || self.ask(&Ask::Stop, None).is_err() {
                        self.end();
                    }
                }
                Some(since) if since.elapsed() > STOPPING => self.end(),
                _ => {}
            }
        }
    }

    /// Why it ended: its last words, else how.
    fn died(&mut self) -> HelperError {
        // its end may be a moment behind its last answer
        let status = (0..40).find_map(|_| {
            let status = self.child.try_wait().ok().flatten();
            if status.is_none() {
                thread::sleep(ASKED / 2);
            }
            status
        });
        self.end();
        let complaint = String::from_utf8_lossy(&self.complaint.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
        let last = complaint.lines().rev().map(str::trim).find(|line| !line.is_empty()).map(|line| line.chars().take(300).collect());
        let words = last.or_else(|| status.map(|status| status.to_string())).unwrap_or_else(|| "it says no more".into());
        // one that never was there couldn't even begin: a library is missing, or the file is no program of this system
        match self.device.is_empty() {
            true => HelperError::Start { program: self.program.clone(), reason: words },
            false => HelperError::Died(words),
        }
    }

    /// Whether it has ended.
    pub fn is_over(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    fn end(&mut self) {
        // one that is over already is what is wanted
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.end();
    }
}

/// Which Inlay this is.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The program may have another folder for relative paths than the host.
fn absolute(model: &Model) -> Model {
    let whole = |path: &std::path::PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    Model {
        folder: whole(&model.folder),
        text: model.text.as_ref().map(whole),
        loras: model.loras.iter().map(|(path, strength)| (whole(path), *strength)).collect(),
    }
}

/// Starts a program with a way to write to it that gives an error where the program is gone: writing to a pipe would end the host, which may not have
/// been told to overlook that signal; writing to a socket doesn't.
#[cfg(unix)]
fn pipe(command: &mut Command) -> io::Result<(Child, Box<dyn Asking>)> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    let child = command.stdin(Stdio::from(std::os::fd::OwnedFd::from(theirs))).spawn()?;
    Ok((child, Box::new(ours)))
}

/// Starts a program without a window of its own and below normal priority.
#[cfg(windows)]
fn pipe(command: &mut Command) -> io::Result<(Child, Box<dyn Asking>)> {
    use std::os::windows::process::CommandExt;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    const BELOW_NORMAL_PRIORITY_CLASS: u32 = 0x4000;
    let mut child = command.stdin(Stdio::piped()).creation_flags(CREATE_NO_WINDOW | BELOW_NORMAL_PRIORITY_CLASS).spawn()?;
    let ask = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    Ok((child, Box::new(ask)))
}
