use super::*;

#[test]
fn every_system_has_its_folders() {
    assert_eq!(folders(Some("x86_64-unknown-linux-gnu")), ("~/.clap", "~/.vst3"));
    assert_eq!(folders(Some("aarch64-apple-darwin")).0, "~/Library/Audio/Plug-Ins/CLAP");
    assert!(folders(Some("x86_64-pc-windows-msvc")).1.ends_with(r"Common\VST3"));
}

#[test]
fn a_bundle_replaces_the_one_that_was_there() {
    let place = tempfile::tempdir().unwrap();
    let bundle = place.path().join("A.vst3");
    fs::create_dir_all(bundle.join("Contents/system")).unwrap();
    fs::write(bundle.join("Contents/system/A.so"), "new").unwrap();
    let folder = place.path().join("there");
    fs::create_dir_all(folder.join("A.vst3/Contents")).unwrap();
    fs::write(folder.join("A.vst3/Contents/old"), "old").unwrap();
    let placed = replace(&bundle, &folder).unwrap();
    assert_eq!(fs::read_to_string(placed.join("Contents/system/A.so")).unwrap(), "new");
    assert!(!placed.join("Contents/old").exists(), "nothing of the old one is left");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    // and a bundle that is a file
    let file = place.path().join("A.clap");
    for text in ["one", "two"] {
        fs::write(&file, text).unwrap();
        assert_eq!(fs::read_to_string(replace(&file, &folder).unwrap()).unwrap(), text);
    }
}
