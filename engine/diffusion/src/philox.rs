//! Philox4x32-10: random words as a function of a key and a counter (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
//!
//! There is no state to carry along, so a number doesn't depend on what was drawn before it, nor on who draws it in which thread.

#[cfg(test)]
mod test;

const ROUNDS: usize = 10;
const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
/// What the key grows by in a round: the golden ratio and √3 − 1, as fractions of 2³².
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Four random words of a 64-bit key (low word first) and a 128-bit counter.
pub fn philox(mut key: [u32; 2], counter: [u32; 4]) -> [u32; 4] {
    let mut x = counter;
    for round in 0..ROUNDS {
        if round > 0 {
            key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
        }
        let (high0, low0) = wide_product(MULTIPLIERS[0], x[0]);
        let (high1, low1) = wide_product(MULTIPLIERS[1], x[2]);
        x = [high1 ^ x[1] ^ key[0], low1, high0 ^ x[3] ^ key[1], low0];
    }
    x
}

/// The high and the low word of a · b.
fn wide_product(a: u32, b: u32) -> (u32, u32) {
    let product = u64::from(a) * u64::from(b);
    ((product >> 32) as u32, product as u32)
}
