//! The text encoder against the reference, layer by layer.

use super::*;
use crate::testing::{FOLDER, Golden, MODEL, same};
use candle_core::IndexOp;

#[test]
fn every_layer_is_the_reference_s() {
    let golden = Golden::read("text");
    let weights = Weights::new(FOLDER.text_weights.clone(), &Device::Cpu).pp("model.encoder");
    for (i, prompt) in ["warm analog synth pulses, 112 BPM", "drums"].iter().enumerate() {
        let row = [0, 4][i];
        let tokens = MODEL.tokens(prompt).unwrap();
        let states = |layer: usize| golden.get("hidden_states").i((layer, row, ..tokens.ids.len())).unwrap();
        let mut x = MODEL.text().embed(&tokens.ids).unwrap();
        same("embedding", &x, &states(0), 1e-4);
        for index in 0..3 {
            x = Layer::new(&FOLDER.text_config, &weights.pp("layers").pp(index)).unwrap().forward(&x).unwrap();
            let expected =
                if index < 2 { states(index + 1) } else { golden.get("last_hidden_state_f32").i((row, ..tokens.ids.len())).unwrap() };
            if index == 2 {
                x = Norm::new(&FOLDER.text_config, &weights.pp("norm")).unwrap().forward(&x).unwrap();
            }
            same("text layer", &x, &expected, 1e-4);
        }
    }
}
