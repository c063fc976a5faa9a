//! Writes the SHA-256 of every embedded file into constants, so that a take can name the weights that made it.

use sha2::{Digest, Sha256};
use std::{env, error::Error, fs, path::Path};

/// Constant and file.
const FILES: [(&str, &str); 5] = [
    ("UNET", "model/unet.safetensors"),
    ("CODEC", "model/codec.safetensors"),
    ("TEXT_WEIGHTS", "model/text/model.safetensors"),
    ("TEXT_TOKENIZER", "model/text/tokenizer.json"),
    ("TEXT_CONFIG", "model/text/config.json"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let mut code = String::new();
    for (name, file) in FILES {
        let path = Path::new(&root).join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        let hash: String = Sha256::digest(fs::read(&path)?).iter().map(|b| format!("{b:02x}")).collect();
        code += &format!(
            "/// `{file}`.\npub static {name}: Asset = Asset {{ name: {file:?}, bytes: include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?})), sha256: {hash:?} }};\n",
            format!("/{file}")
        );
    }
    code += &format!(
        "/// Every embedded file.\npub static ALL: [&Asset; {}] = [{}];\n",
        FILES.len(),
        FILES.map(|(n, _)| format!("&{n}")).join(", ")
    );
    fs::write(Path::new(&env::var("OUT_DIR")?).join("files.rs"), code)?;
    Ok(())
}
