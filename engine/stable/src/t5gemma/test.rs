//! The text encoder against the reference, layer by layer.

use super::*;
use crate::testing::{FOLDER, Golden, MODEL, PROMPTS, same};
use candle_core::IndexOp;

#[test]
fn every_layer_is_the_reference_s() {
    let golden = Golden::read("text");
    let weights = Weights::new(FOLDER.text_weights.clone(), &Device::Cpu).pp("model.encoder");
    let mut compared = 0;
    for (row, prompt) in PROMPTS.iter().enumerate() {
        let tokens = MODEL.tokens(prompt).unwrap();
        // without tokens nothing is encoded, as nothing of it would be used
        if tokens.ids.is_empty() {
            continue;
        }
        compared += 1;
        let states = |layer: usize| golden.get("hidden_states").i((layer, row, ..tokens.ids.len())).unwrap();
        let mut x = MODEL.text().embed(&tokens.ids).unwrap();
        same("embedding", &x, &states(0), 1e-4);
        for index in 0..3 {
            x = Layer::new(&FOLDER.text_config, &weights.pp("layers").pp(index)).unwrap().forward(&x).unwrap();
            if index == 2 {
                x = Norm::new(&FOLDER.text_config, &weights.pp("norm")).unwrap().forward(&x).unwrap();
            }
            same("text layer", &x, &states(index + 1), 1e-4);
        }
    }
    assert_eq!(compared, 4);
}
