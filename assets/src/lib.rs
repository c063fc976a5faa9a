//! What ships inside the binary: the weights and the tokenizer of the embedded model. `LICENSES.md` says where each comes from.

/// A file inside the binary.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Its path below `assets/`.
    pub name: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/files.rs"));

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn every_embedded_file_is_listed_with_its_hash_in_the_licences() {
        let licences = include_str!("../LICENSES.md");
        for asset in ALL {
            assert!(licences.contains(asset.name), "assets/LICENSES.md doesn't name {}", asset.name);
            assert!(licences.contains(asset.sha256), "assets/LICENSES.md doesn't have the hash of {}", asset.name);
        }
    }
}
