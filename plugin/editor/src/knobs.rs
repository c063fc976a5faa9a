//! The host's parameters, as the interface turns them.

/// A parameter of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are named as hosts name them")]
pub enum Knob {
    Gain,
    Mix,
    Width,
    Quantize,
    Mode,
    Feel,
    Bars,
    Steps,
    Guidance,
    Amount,
    SeedLock,
}

/// Reaches the host's parameters. Values are normalized: 0 to 1.
pub trait Knobs {
    /// Where it stands.
    fn get(&self, knob: Knob) -> f32;
    /// Where it starts.
    fn default_value(&self, knob: Knob) -> f32;
    /// How many steps it has from one end to the other; None: it is continuous.
    fn steps(&self, knob: Knob) -> Option<usize>;
    /// A value in words, with its unit.
    fn text(&self, knob: Knob, value: f32) -> String;
    /// A user takes hold of it.
    fn begin(&mut self, knob: Knob);
    /// A user turns it.
    fn set(&mut self, knob: Knob, value: f32);
    /// A user lets it go.
    fn end(&mut self, knob: Knob);

    /// All three at once.
    fn put(&mut self, knob: Knob, value: f32) {
        self.begin(knob);
        self.set(knob, value);
        self.end(knob);
    }

    /// The index of the choice that a stepped parameter stands at.
    fn choice(&self, knob: Knob) -> usize {
        (self.get(knob) * self.steps(knob).unwrap_or(1) as f32).round() as usize
    }

    /// The value of a choice.
    fn value_of(&self, knob: Knob, choice: usize) -> f32 {
        choice as f32 / self.steps(knob).unwrap_or(1).max(1) as f32
    }
}
