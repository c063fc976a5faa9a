//! Showing a file where it lies.

use std::path::Path;
use std::process::{Command, Stdio};

/// Opens the system's file manager with the file selected, or at least its folder. It returns at once; where no program could show the file,
/// `failed` is called, on the thread that tried them or on this one.
pub fn reveal(file: &Path, failed: impl FnOnce() + Send + 'static) {
    let file = match std::path::absolute(file) {
        Ok(file) => file,
        Err(error) => {
            tracing::warn!("{} can't be shown in the file manager: {error}", file.display());
            return failed();
        }
    };
    show(commands(&file), failed);
}

/// Runs the commands in turn until one succeeds.
fn show(commands: Vec<Command>, failed: impl FnOnce() + Send + 'static) {
    // Nobody has to join the thread: it ends with the program that it starts.
    let started = std::thread::Builder::new().name("reveal".into()).spawn(move || {
        if !commands.into_iter().any(succeeds) {
            tracing::warn!("No file manager could show the file");
            failed();
        }
    });
    if let Err(error) = started {
        tracing::warn!("The file manager couldn't be started: {error}");
    }
}

/// Opens an address in the browser. Addresses other than web pages are refused, because they can start programs.
pub(crate) fn browse(address: &str) {
    if !(address.starts_with("https://") || address.starts_with("http://")) {
        tracing::warn!("{address} isn't a web page, so it isn't opened");
        return;
    }
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        Command::new("explorer")
    } else {
        Command::new("xdg-open")
    };
    command.arg(address);
    let started = std::thread::Builder::new().name("browse".into()).spawn(move || succeeds(command));
    if let Err(error) = started {
        tracing::warn!("The browser couldn't be started: {error}");
    }
}

/// Waits for the program, so that no finished child is left behind.
fn succeeds(mut command: Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Windows' Explorer always says that it failed.
    command.status().is_ok_and(|status| status.success() || cfg!(windows))
}

/// What to try, best first. No shell reads any of it, so names can hold whatever files can be called.
#[cfg(not(any(windows, target_os = "macos")))]
fn commands(file: &Path) -> Vec<Command> {
    let mut select = Command::new("dbus-send");
    select.args(["--session", "--print-reply", "--reply-timeout=5000", "--dest=org.freedesktop.FileManager1", "--type=method_call"]);
    select.args(["/org/freedesktop/FileManager1", "org.freedesktop.FileManager1.ShowItems"]);
    select.arg(format!("array:string:{}", uri(file))).arg("string:");
    let mut open = Command::new("xdg-open");
    open.arg(file.parent().unwrap_or(file));
    vec![select, open]
}

#[cfg(target_os = "macos")]
fn commands(file: &Path) -> Vec<Command> {
    let mut command = Command::new("open");
    command.arg("-R").arg(file);
    vec![command]
}

#[cfg(windows)]
fn commands(file: &Path) -> Vec<Command> {
    use std::os::windows::process::CommandExt as _;

    // Explorer reads its line by rules of its own: only the path stands in quotes, and no path contains one.
    let mut command = Command::new("explorer");
    command.raw_arg("/select,").raw_arg(format!("\"{}\"", file.display()));
    vec![command]
}

/// The file's address. Everything but the plainest characters is escaped: commas, for one, would split a list.
#[cfg(not(any(windows, target_os = "macos")))]
pub(crate) fn uri(file: &Path) -> String {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt as _;

    let mut uri = "file://".to_owned();
    for &byte in file.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => uri.push(char::from(byte)),
            _ => {
                // Writing to a string can't fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(all(test, not(any(windows, target_os = "macos"))))]
mod test {
    use super::*;

    #[test]
    fn whatever_a_file_is_called_stays_one_argument() {
        let file = Path::new("/music/$(touch x); \"a\", b'c\n&.wav");
        let commands = commands(file);
        let arguments: Vec<_> = commands[0].get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
        assert!(arguments.contains(&"array:string:file:///music/%24%28touch%20x%29%3B%20%22a%22%2C%20b%27c%0A%26.wav".to_owned()));
        assert_eq!(commands[1].get_args().collect::<Vec<_>>(), [Path::new("/music").as_os_str()]);
    }

    #[test]
    fn umlauts_are_escaped_byte_by_byte() {
        assert_eq!(uri(Path::new("/ü.wav")), "file:///%C3%BC.wav");
    }

    #[test]
    fn where_no_file_manager_shows_a_file_that_is_told_once() {
        let (told, heard) = std::sync::mpsc::channel();
        let again = told.clone();
        show(vec![Command::new("no-program-is-called-like-this"), Command::new("false")], move || told.send("nobody could").unwrap());
        assert_eq!(heard.recv(), Ok("nobody could"));
        show(vec![Command::new("false"), Command::new("true")], move || again.send("nobody could").unwrap());
        assert!(heard.recv().is_err(), "somebody could");
    }

    #[test]
    fn a_program_that_does_not_exist_has_not_succeeded() {
        assert!(!succeeds(Command::new("no-program-is-called-like-this")));
        assert!(succeeds(Command::new("true")));
    }
}
