//! The side that asks: starts the program, waits for it without losing whoever waits, ends it.

use crate::error::HelperError;
use crate::message::{Answer, Ask, Failure, Make, Model, VERSION};
use crate::program::Program;
use crate::wire;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use inlay_stable::{Part, Request, Source, Stereo};
use std::{
    cell::{Cell, RefCell},
    io::{self, Read, Write},
    ops::{ControlFlow, Range},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// How often whoever waits is asked whether it still does.
const ASKED: Duration = Duration::from_millis(50);
/// How long a helper that was told to stop may take, before it is ended: longer than a step on a slow device.
const STOPPING: Duration = Duration::from_secs(10);
/// How long its end is waited for; a driver may hold a process that was killed.
const ENDING: Duration = Duration::from_secs(2);
/// How much of what it complained of is kept.
const WORDS: usize = 4 << 10;

/// What is read of a helper: an answer with its sound.
type Heard = io::Result<(Answer, Stereo)>;

/// A helper that runs. Dropping it ends the program, and with it all memory that it holds.
#[derive(Debug)]
pub struct Helper {
    /// None once it was ended.
    child: Option<Child>,
    /// Whole messages; a thread of their own writes them, so that a helper that doesn't read holds up nobody.
    asks: Sender<Vec<u8>>,
    answers: Receiver<Heard>,
    /// The most numbers that an answer may bring.
    expected: Arc<AtomicUsize>,
    complaint: Arc<Mutex<Vec<u8>>>,
    /// Disconnected once it can't complain any more.
    complaints: Receiver<()>,
    patience: Duration,
    program: String,
    device: String,
}

impl Helper {
    /// Starts a program and waits until it opened its device; meanwhile `wanted` is asked whether to go on.
    ///
    /// # Errors
    /// [`HelperError`]: where it doesn't start, is another Inlay's, or has no device, with the reason.
    pub fn start(program: &Program, wanted: &dyn Fn() -> bool) -> Result<Self, HelperError> {
        let name = program.path.display().to_string();
        let failed = |e: io::Error| HelperError::Start { program: name.clone(), reason: e.to_string() };
        let mut command = Command::new(&program.path);
        command.args(program.processor.then_some("--processor")).stdout(Stdio::piped()).stderr(Stdio::piped());
        let (child, mut input) = spawn(&mut command).map_err(failed)?;
        let (asks, written) = unbounded::<Vec<u8>>();
        let (heard, answers) = bounded(256);
        let (complains, complaints) = bounded::<()>(0);
        // from here on dropping it ends the program
        let mut helper = Self {
            child: Some(child),
            asks,
            answers,
            expected: Arc::default(),
            complaint: Arc::default(),
            complaints,
            patience: program.patience,
            program: name.clone(),
            device: String::new(),
        };
        let (Some(mut out), Some(mut err)) = helper.child.as_mut().map_or((None, None), |c| (c.stdout.take(), c.stderr.take())) else {
            return Err(failed(io::ErrorKind::BrokenPipe.into()));
        };
        // it ends with the helper, or when nothing more can come
        let write = move || while written.recv().is_ok_and(|message| input.write_all(&message).is_ok()) {};
        let expected = Arc::clone(&helper.expected);
        let listen = move || loop {
            let answer = wire::read::<Answer>(&mut out, &expected);
            let over = answer.is_err();
            if heard.send(answer).is_err() || over {
                break;
            }
        };
        let complaint = Arc::clone(&helper.complaint);
        let complain = move || {
            let _until_then = complains;
            let mut bytes = [0; 1024];
            while let Ok(count @ 1..) = err.read(&mut bytes) {
                let mut kept = complaint.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(&bytes[..count]);
                let spare = kept.len().saturating_sub(WORDS);
                kept.drain(..spare);
            }
        };
        let threads: [(&str, Box<dyn FnOnce() + Send>); 3] =
            [("asks", Box::new(write)), ("answers", Box::new(listen)), ("complaints", Box::new(complain))];
        for (what, work) in threads {
            thread::Builder::new().name(format!("inlay helper's {what}")).spawn(work).map_err(failed)?;
        }
        let first = |answer| match answer {
            Answer::Ready { version, device } => Some(Ok((version, device))),
            other => Some(Err(other)),
        };
        let (version, device) = helper.until(wanted, first)?.0.or_else(|answer| helper.refused(answer))?;
        if version != VERSION {
            return Err(HelperError::Version { program: name, found: version, expected: VERSION.into() });
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
        self.ask(&Ask::Load(absolute(model)), None)?;
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
        let audio = match request.source {
            Source::Nothing => None,
            Source::Vary { audio, .. } | Source::Inpaint { audio, .. } => Some(audio),
        };
        self.expected.store(2 * samples.len(), Ordering::Release);
        self.ask(&Ask::Make(Box::new(Make::new(request, samples))), audio)?;
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
        self.child.as_mut().is_none_or(|child| !matches!(child.try_wait(), Ok(None)))
    }

    /// What a failure, or an answer out of turn, means. After some it is of no more use.
    fn refused<T>(&mut self, answer: Answer) -> Result<T, HelperError> {
        match answer {
            Answer::Failed(Failure::Cancelled) => Err(HelperError::Cancelled),
            Answer::Failed(Failure::DeviceMemory) => Err(HelperError::DeviceMemory),
            Answer::Failed(Failure::Said(text)) => Err(HelperError::Said(text)),
            Answer::Failed(Failure::Broken(text)) => {
                self.end();
                Err(HelperError::Said(text))
            }
            _ => Err(self.garbled("it answers something else".into())),
        }
    }

    fn garbled(&mut self, how: String) -> HelperError {
        // what comes next couldn't be told from an answer to something else
        self.end();
        HelperError::Garbled(how)
    }

    fn ask(&mut self, ask: &Ask, audio: Option<&Stereo>) -> Result<(), HelperError> {
        self.complaint.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let message = wire::message(ask, audio).map_err(|e| HelperError::Said(format!("this can't be told to the helper: {e}")))?;
        // where nobody writes any more, it shows in the answers
        let _ = self.asks.send(message);
        Ok(())
    }

    /// Answers until `take` has what it wants, with the sound behind that. Once nobody wants it any more the helper is told to stop; where it doesn't,
    /// or says nothing for too long, it is ended.
    fn until<T>(&mut self, wanted: &dyn Fn() -> bool, mut take: impl FnMut(Answer) -> Option<T>) -> Result<(T, Stereo), HelperError> {
        let mut stopped: Option<Instant> = None;
        let mut heard = Instant::now();
        loop {
            let over = match self.answers.recv_timeout(ASKED) {
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
                        self.end();
                        return Err(HelperError::Cancelled);
                    }
                    stopped = Some(Instant::now());
                    self.ask(&Ask::Stop, None)?;
                }
                None if over => return Err(self.died()),
                None if heard.elapsed() > self.patience => {
                    self.end();
                    return Err(HelperError::Died("it doesn't answer any more".into()));
                }
                Some(since) if since.elapsed() > STOPPING.min(self.patience) => {
                    self.end();
                    return Err(HelperError::Cancelled);
                }
                _ => {}
            }
        }
    }

    /// Why it ended: its last words, else how.
    fn died(&mut self) -> HelperError {
        // its output may end a moment before it does
        let status = self.end_after(4 * ASKED);
        // its last words may be a moment behind its end
        let _ = self.complaints.recv_timeout(ENDING);
        let complaint = String::from_utf8_lossy(&self.complaint.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
        let mut lines = complaint.lines().rev().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("note:"));
        let last = lines.next().map(|line| line.chars().take(300).collect::<String>());
        let words = match (last, status) {
            (Some(last), _) => last,
            (None, Some(status)) => status,
            (None, None) => "it says no more".into(),
        };
        // one that never was there couldn't even begin
        match self.device.is_empty() {
            true => HelperError::Began { program: self.program.clone(), reason: words },
            false => HelperError::Died(words),
        }
    }

    /// Ends it, and says how it ended, where it does so by itself within `time`.
    fn end_after(&mut self, time: Duration) -> Option<String> {
        let mut child = self.child.take()?;
        let by_itself = over(&mut child, time);
        if by_itself.is_some() {
            return by_itself;
        }
        // one that is over meanwhile is what is wanted
        let _ = child.kill();
        if over(&mut child, ENDING).is_none() {
            // a driver holds it: somebody has to wait for it, but nobody for that
            let _ = thread::Builder::new().name("inlay helper's end".into()).spawn(move || child.wait());
        }
        None
    }

    fn end(&mut self) {
        let _how = self.end_after(Duration::ZERO);
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.end();
    }
}

/// How a process ended, if it does within `time`.
fn over(child: &mut Child, time: Duration) -> Option<String> {
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(None) if begun.elapsed() >= time => return None,
            Ok(None) => thread::sleep(Duration::from_millis(5)),
            Ok(Some(status)) => return Some(status.to_string()),
            Err(e) => return Some(e.to_string()),
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

/// Where asks are written.
type Input = Box<dyn Write + Send>;

/// Starts a program with a way to write to it that gives an error where the program is gone: writing to a pipe would end a host that wasn't told to
/// overlook that signal; on Linux writing to a socket doesn't. A group of its own keeps it from a terminal's Ctrl-C: who started it ends it.
#[cfg(unix)]
fn spawn(command: &mut Command) -> io::Result<(Child, Input)> {
    use std::os::{fd::OwnedFd, unix::net::UnixStream, unix::process::CommandExt};
    let (ours, theirs) = UnixStream::pair()?;
    let child = command.process_group(0).stdin(Stdio::from(OwnedFd::from(theirs))).spawn()?;
    Ok((child, Box::new(ours)))
}

/// Starts a program without a window of its own and below normal priority.
#[cfg(windows)]
fn spawn(command: &mut Command) -> io::Result<(Child, Input)> {
    use std::os::windows::process::CommandExt;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    const BELOW_NORMAL_PRIORITY_CLASS: u32 = 0x4000;
    let mut child = command.stdin(Stdio::piped()).creation_flags(CREATE_NO_WINDOW | BELOW_NORMAL_PRIORITY_CLASS).spawn()?;
    let input = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    Ok((child, Box::new(input)))
}
