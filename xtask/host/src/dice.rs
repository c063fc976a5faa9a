//! Chance that is the same every time.

/// Random numbers.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// The same dice for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// Below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
}
