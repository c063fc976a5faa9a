//! The program's process: its streams, each on a thread of its own so that a helper that hangs holds up nobody, and its end.

use crate::message::Answer;
use crate::program::Program;
use crate::wire;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use inlay_stable::Stereo;
use std::{
    io::{self, Read, Write},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// How long its end is waited for; a driver may hold a process that was killed.
const ENDING: Duration = Duration::from_secs(2);
/// How much of what it complained of is kept.
const WORDS: usize = 4 << 10;

/// What is read of a helper: an answer with its sound.
pub(crate) type Heard = io::Result<(Answer, Stereo)>;

/// A program that runs. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Process {
    /// None once it was ended.
    child: Option<Child>,
    /// Whole messages.
    asks: Sender<Vec<u8>>,
    answers: Receiver<Heard>,
    /// The most numbers that an answer may bring.
    expected: Arc<AtomicUsize>,
    complaint: Arc<Mutex<Vec<u8>>>,
    /// Disconnected once it can't complain any more.
    complaints: Receiver<()>,
}

impl Process {
    /// Starts a program.
    ///
    /// # Errors
    /// The system's.
    pub fn start(program: &Program) -> io::Result<Self> {
        let mut command = Command::new(&program.path);
        command.args(program.processor.then_some("--processor")).stdout(Stdio::piped()).stderr(Stdio::piped());
        let (child, mut input) = spawn(&mut command)?;
        let (asks, written) = unbounded::<Vec<u8>>();
        let (heard, answers) = bounded(256);
        let (complains, complaints) = bounded::<()>(0);
        // from here on dropping it ends the program
        let mut process = Self { child: Some(child), asks, answers, expected: Arc::default(), complaint: Arc::default(), complaints };
        let (Some(mut out), Some(mut err)) = process.child.as_mut().map_or((None, None), |c| (c.stdout.take(), c.stderr.take())) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        begin("asks", move || while written.recv().is_ok_and(|message| input.write_all(&message).is_ok()) {})?;
        let expected = Arc::clone(&process.expected);
        begin("answers", move || {
            loop {
                let answer = wire::read::<Answer>(&mut out, &expected);
                let over = answer.is_err();
                if heard.send(answer).is_err() || over {
                    break;
                }
            }
        })?;
        let complaint = Arc::clone(&process.complaint);
        begin("complaints", move || {
            let _until_then = complains;
            let mut bytes = [0; 1024];
            while let Ok(count @ 1..) = err.read(&mut bytes) {
                let mut kept = complaint.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(&bytes[..count]);
                let spare = kept.len().saturating_sub(WORDS);
                kept.drain(..spare);
            }
        })?;
        Ok(process)
    }

    /// Asks something, whose answers may bring `numbers` numbers.
    pub fn ask(&self, message: Vec<u8>, numbers: usize) {
        self.complaint.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.expected.store(numbers, Ordering::Release);
        self.tell(message);
    }

    /// Tells something while it answers. Where nobody reads any more, that shows in the answers.
    pub fn tell(&self, message: Vec<u8>) {
        let _ = self.asks.send(message);
    }

    /// Its next answer within `time`.
    ///
    /// # Errors
    /// Where none came in that time, or none will.
    pub fn hear(&self, time: Duration) -> Result<Heard, RecvTimeoutError> {
        self.answers.recv_timeout(time)
    }

    /// Whether it has ended.
    pub fn is_over(&mut self) -> bool {
        self.child.as_mut().is_none_or(|child| !matches!(child.try_wait(), Ok(None)))
    }

    /// After its last answer: its last words, else how it ended.
    pub fn died(&mut self) -> String {
        // its output may end a moment before it does, and its last words come a moment after that
        let status = self.end_after(Duration::from_millis(200));
        let _ = self.complaints.recv_timeout(ENDING);
        let complaint = String::from_utf8_lossy(&self.complaint.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
        let mut lines = complaint.lines().rev().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("note:"));
        let last = lines.next().map(|line| line.chars().take(300).collect());
        last.or(status).unwrap_or_else(|| "it says no more".into())
    }

    /// Ends it.
    pub fn end(&mut self) {
        let _how = self.end_after(Duration::ZERO);
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
            let _ = begin("end", move || drop(child.wait()));
        }
        None
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

fn begin(what: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name(format!("inlay helper's {what}")).spawn(work).map(drop)
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
