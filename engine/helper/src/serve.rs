//! The side that answers: what the program does.

use crate::message::{Answer, Ask, Failure, Make, Model as Asked, VERSION};
use crate::wire;
use candle_core::Device;
use crossbeam_channel::{Receiver, TryRecvError, unbounded};
use inlay_stable::{Found, Loading, Lora, Model, StableError, Stereo, is_out_of_memory};
use std::{
    io::{Read, Write},
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

/// Answers asks from `input` until that ends, which it does when whoever asks is gone; `gone` is called then, on a thread of its own, since the work may
/// not come to its end.
///
/// # Errors
/// Where nobody reads the answers.
pub fn serve(
    input: impl Read + Send + 'static,
    output: impl Write + Send,
    processor: bool,
    gone: impl FnOnce() + Send + 'static,
) -> std::io::Result<()> {
    let out = Out(Mutex::new(output));
    let device = match open(processor) {
        Ok(device) => device,
        Err(reason) => return out.tell(&Answer::Failed(Failure::Said(reason)), None),
    };
    let asks = listen(input, gone);
    out.tell(&Answer::Ready { version: VERSION.into(), device: name(&device).into() }, None)?;
    let mut model = None;
    while let Ok((ask, audio)) = asks.recv() {
        match ask {
            // it was too late
            Ask::Stop => {}
            Ask::Load(asked) => {
                // gone before the next one asks for memory
                model = None;
                match protected(|| load(&asked, &device, &out, &asks)) {
                    Ok(loaded) => {
                        model = Some(loaded);
                        out.tell(&Answer::Loaded, None)?;
                    }
                    Err(failure) => out.tell(&Answer::Failed(failure), None)?,
                }
            }
            Ask::Make(make) => {
                let none = || Failure::Said("no model is loaded".into());
                let made = model.as_ref().ok_or_else(none).and_then(|model| protected(|| self::make(model, &make, &audio, &out, &asks)));
                match made {
                    Ok((sound, cut)) => out.tell(&Answer::Sound { cut }, Some(&sound))?,
                    Err(failure) => out.tell(&Answer::Failed(failure), None)?,
                }
            }
        }
    }
    Ok(())
}

/// Where answers are written, from any thread.
struct Out<W>(Mutex<W>);

impl<W: Write> Out<W> {
    fn tell(&self, answer: &Answer, sound: Option<&Stereo>) -> std::io::Result<()> {
        let message = wire::message(answer, sound)?;
        let mut out = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        out.write_all(&message)?;
        out.flush()
    }
}

/// What is asked, as it comes. One that isn't understood ends it: what comes after it couldn't be told from it.
type Asks = Receiver<(Ask, Stereo)>;

fn listen(mut input: impl Read + Send + 'static, gone: impl FnOnce() + Send + 'static) -> Asks {
    let (sender, asks) = unbounded();
    std::thread::spawn(move || {
        let any = AtomicUsize::new(wire::MOST);
        while let Ok(ask) = wire::read::<Ask>(&mut input, &any) {
            if sender.send(ask).is_err() {
                break;
            }
        }
        drop(sender);
        gone();
    });
    asks
}

/// Whether the present work shall go on: nobody asks for anything while it lasts, but to stop; and whoever is gone wants nothing.
fn goes_on(asks: &Asks) -> ControlFlow<()> {
    match asks.try_recv() {
        Err(TryRecvError::Empty) => ControlFlow::Continue(()),
        Ok(_) | Err(TryRecvError::Disconnected) => ControlFlow::Break(()),
    }
}

/// A panic, as drivers' wrappers like to have, ends the work and not the program.
fn protected<T>(work: impl FnOnce() -> Result<T, StableError>) -> Result<T, Failure> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(Failure::from),
        Err(panic) => Err(Failure::Broken(format!("the helper for the graphics processor failed: {}", words(&*panic)))),
    }
}

fn words(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.and_then(|text| text.lines().next()).unwrap_or("it doesn't say why")
}

fn load(asked: &Asked, device: &Device, out: &Out<impl Write + Send>, asks: &Asks) -> Result<Model, StableError> {
    let found = Found::read(&asked.folder, asked.text.as_deref())?;
    let loras = asked.loras.iter().map(|(path, strength)| Ok((Lora::open(path)?, *strength))).collect::<Result<Vec<_>, StableError>>()?;
    let over = AtomicBool::new(false);
    let on = |part: f64| {
        // who doesn't read answers wants nothing either
        let broken = out.tell(&Answer::Loading(part), None).is_err() || goes_on(asks).is_break();
        if over.fetch_or(broken, Ordering::Relaxed) || broken { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    found.load_tried(device, &loras, &Loading::new(&on))
}

fn make(model: &Model, make: &Make, audio: &Stereo, out: &Out<impl Write + Send>, asks: &Asks) -> Result<(Stereo, bool), StableError> {
    let request = make.request(audio)?;
    model.make(&request, make.samples.clone(), &mut |part| match out.tell(&Answer::Part(part), None) {
        Ok(()) => goes_on(asks),
        Err(_) => ControlFlow::Break(()),
    })
}

/// Opens the device.
///
/// # Errors
/// Why it can't be used, as a sentence.
fn open(processor: bool) -> Result<Device, String> {
    if processor {
        return Ok(Device::Cpu);
    }
    if !cfg!(feature = "cuda") {
        return Err("this helper was built without support for graphics processors: build it with its feature cuda".into());
    }
    match catch_unwind(|| Device::new_cuda(0)) {
        Ok(Ok(device)) => Ok(device),
        Ok(Err(error)) if is_out_of_memory(&error) => Err("its memory is used up by other programs".into()),
        Ok(Err(error)) => Err(unusable(error.to_string().lines().next().unwrap_or_default())),
        Err(panic) => Err(unusable(words(&*panic))),
    }
}

fn unusable(reason: &str) -> String {
    format!("no graphics processor of NVIDIA's can be used here: {reason}")
}

fn name(device: &Device) -> &'static str {
    match device {
        Device::Cpu => "processor, in a helper",
        Device::Cuda(_) => "graphics processor (CUDA)",
        Device::Metal(_) => "graphics processor (Metal)",
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use inlay_stable::Request;
    use std::io::{PipeReader, PipeWriter, pipe};

    /// Both ends of a helper on a thread.
    fn started() -> (PipeWriter, PipeReader) {
        let ((theirs, ours), (answers, out)) = (pipe().unwrap(), pipe().unwrap());
        std::thread::spawn(move || serve(theirs, out, true, || ()));
        (ours, answers)
    }

    fn ask(to: &mut PipeWriter, ask: &Ask) {
        to.write_all(&wire::message(ask, None).unwrap()).unwrap();
    }

    /// The first answer that isn't about how far it is, and how many were.
    fn answer(from: &mut PipeReader, mut part: impl FnMut()) -> Answer {
        loop {
            match wire::read(from, &AtomicUsize::new(wire::MOST)).unwrap().0 {
                Answer::Loading(_) | Answer::Part(_) => part(),
                other => return other,
            }
        }
    }

    #[test]
    fn a_stop_ends_the_work_in_the_middle_and_nothing_else() {
        let folder = inlay_tiny::folder("sa3-tiny");
        let (mut to, mut from) = started();
        assert!(matches!(answer(&mut from, || ()), Answer::Ready { .. }));
        ask(&mut to, &Ask::Load(Asked { folder: folder.path().into(), text: None, loras: vec![] }));
        assert_eq!(answer(&mut from, || ()), Answer::Loaded);
        let endless = Request { steps: 1000, ..Request::new("drums", 1.0, 1) };
        ask(&mut to, &Ask::Make(Box::new(Make::new(&endless, 0..8000))));
        let mut parts = 0;
        let end = answer(&mut from, || {
            parts += 1;
            if parts == 2 {
                ask(&mut to, &Ask::Stop);
            }
        });
        assert_eq!(end, Answer::Failed(Failure::Cancelled));
        assert!(parts < 900, "{parts}");
        // one that comes too late stops nothing that is asked after it
        ask(&mut to, &Ask::Stop);
        ask(&mut to, &Ask::Make(Box::new(Make::new(&Request { steps: 2, ..endless }, 0..8000))));
        assert_eq!(answer(&mut from, || ()), Answer::Sound { cut: false });
    }

    #[test]
    fn a_panic_and_a_broken_device_are_told_from_what_can_be_asked_again() {
        assert_eq!(Failure::from(StableError::Device("x".into())), Failure::Broken(StableError::Device("x".into()).to_string()));
        let Err(Failure::Broken(text)) = protected::<()>(|| panic!("driver\nand more")) else { panic!() };
        assert!(text.ends_with("failed: driver"), "{text}");
        assert!(matches!(protected::<()>(|| Err(StableError::Prompt("x".into()))), Err(Failure::Said(_))));
    }
}
