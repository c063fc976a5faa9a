use super::*;

fn named() -> Naming<'static> {
    Naming { prompt: "dusty drums", bpm: Bpm::new(92.0).unwrap(), key: None, seed: Seed(7) }
}

fn audio(output: Option<&str>, format: Option<Format>, variations: u32) -> Vec<String> {
    let targets = plan(output.map(Path::new), format, None, variations, named()).unwrap();
    targets.iter().map(|t| t.audio.to_string_lossy().replace('\\', "/")).collect()
}

fn sentence(output: &str, format: Option<Format>) -> String {
    let trouble = plan(Some(Path::new(output)), format, None, 1, named()).unwrap_err();
    assert_eq!(trouble.code(), 2);
    trouble.to_string()
}

#[test]
fn without_a_name_the_request_names_the_file() {
    assert_eq!(audio(None, None, 1), ["dusty-drums_92bpm_seed7.wav"]);
    assert_eq!(audio(None, Some(Format::Flac), 2), ["dusty-drums_92bpm_seed7_v1.flac", "dusty-drums_92bpm_seed7_v2.flac"]);
    assert_eq!(audio(Some("loops/"), None, 1), ["loops/dusty-drums_92bpm_seed7.wav"]);
}

#[test]
fn variations_are_numbered() {
    assert_eq!(audio(Some("a.b/beat.one.WAV"), None, 2), ["a.b/beat.one_v1.WAV", "a.b/beat.one_v2.WAV"]);
}

#[test]
fn the_ending_says_the_kind() {
    assert_eq!(plan(Some(Path::new("a.flac")), None, None, 1, named()).unwrap()[0].format, Format::Flac);
    assert_eq!(sentence("a.mp3", None), "a.mp3 ends in neither .wav nor .flac, the files that inlay writes: give it one of these endings");
    assert_eq!(sentence("a.wav", Some(Format::Flac)), "a.wav doesn't go with --format flac: leave one of them out");
    assert!(sentence("beat", None).contains(".wav"));
}

#[test]
fn a_picture_in_a_folder_is_named_like_its_loop() {
    let folder = tempfile::tempdir().unwrap();
    let targets = plan(Some(Path::new("beat.wav")), None, Some(folder.path()), 2, named()).unwrap();
    assert_eq!(targets[1].picture, Some(folder.path().join("beat_v2.png")));
    let targets = plan(Some(Path::new("beat.wav")), None, Some(Path::new("p.png")), 2, named()).unwrap();
    assert_eq!(targets[1].picture, Some("p_v2.png".into()));
}

#[test]
fn a_file_that_is_there_is_replaced_by_force_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("beat.wav");
    std::fs::write(&file, "mine").unwrap();
    let targets = plan(Some(&file), None, None, 1, named()).unwrap();
    let trouble = check(&targets, false).unwrap_err();
    assert_eq!(trouble.code(), 2);
    assert!(trouble.to_string().ends_with("is already there: add --force to replace it, or choose another name with -o"));
    check(&targets, true).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), b"mine");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "the look left nothing behind");
}

#[test]
fn a_folder_that_is_missing_fails_before_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let targets = plan(Some(&folder.path().join("no/beat.wav")), None, None, 1, named()).unwrap();
    let trouble = check(&targets, false).unwrap_err();
    assert_eq!(trouble.code(), 1);
    assert!(trouble.to_string().starts_with("there is no folder"));
}

#[test]
fn a_name_that_comes_twice_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let plan = |name: &str| plan(Some(&folder.path().join(name)), None, None, 1, named()).unwrap();
    let targets = [plan("beat.wav"), plan("Beat.wav")].concat();
    assert!(check(&targets, true).unwrap_err().to_string().contains("written twice"));
}
