//! The host's parameters as the editor turns them.

use crate::params::Parameters;
use inlay_editor::{Knob, Knobs};
use nice_plug::prelude::Param;
use nice_plug_core::context::gui::GuiContext;

/// Parameters, and the way to set them. For the window's thread only.
pub(crate) struct Turning<'a> {
    pub params: &'a Parameters,
    pub gui: &'a GuiContext,
}

/// Something done with a parameter, of whatever type it is.
trait Visit {
    type Out;
    fn visit<P: Param>(self, param: &P) -> Self::Out;
}

fn visit<V: Visit>(params: &Parameters, knob: Knob, visitor: V) -> V::Out {
    match knob {
        Knob::Gain => visitor.visit(&params.gain),
        Knob::Mix => visitor.visit(&params.mix),
        Knob::Width => visitor.visit(&params.width),
        Knob::Quantize => visitor.visit(&params.quantize),
        Knob::Mode => visitor.visit(&params.mode),
        Knob::Feel => visitor.visit(&params.feel),
        Knob::Bars => visitor.visit(&params.bars),
        Knob::Steps => visitor.visit(&params.steps),
        Knob::Guidance => visitor.visit(&params.guidance),
        Knob::Amount => visitor.visit(&params.amount),
        Knob::SeedLock => visitor.visit(&params.seed_lock),
    }
}

struct Get;
struct Default;
struct Steps;
struct Text(f32);
struct Begin<'a>(&'a GuiContext);
struct Set<'a>(&'a GuiContext, f32);
struct End<'a>(&'a GuiContext);

impl Visit for Get {
    type Out = f32;
    fn visit<P: Param>(self, param: &P) -> f32 {
        param.unmodulated_normalized_value()
    }
}

impl Visit for Default {
    type Out = f32;
    fn visit<P: Param>(self, param: &P) -> f32 {
        param.default_normalized_value()
    }
}

impl Visit for Steps {
    type Out = Option<usize>;
    fn visit<P: Param>(self, param: &P) -> Option<usize> {
        param.step_count()
    }
}

impl Visit for Text {
    type Out = String;
    fn visit<P: Param>(self, param: &P) -> String {
        param.normalized_value_to_string(self.0, true)
    }
}

impl Visit for Begin<'_> {
    type Out = ();
    fn visit<P: Param>(self, param: &P) {
        self.0.param_setter().begin_set_parameter(param);
    }
}

impl Visit for Set<'_> {
    type Out = ();
    fn visit<P: Param>(self, param: &P) {
        self.0.param_setter().set_parameter_normalized(param, self.1);
    }
}

impl Visit for End<'_> {
    type Out = ();
    fn visit<P: Param>(self, param: &P) {
        self.0.param_setter().end_set_parameter(param);
    }
}

impl Knobs for Turning<'_> {
    fn get(&self, knob: Knob) -> f32 {
        visit(self.params, knob, Get)
    }

    fn default_value(&self, knob: Knob) -> f32 {
        visit(self.params, knob, Default)
    }

    fn steps(&self, knob: Knob) -> Option<usize> {
        visit(self.params, knob, Steps)
    }

    fn text(&self, knob: Knob, value: f32) -> String {
        visit(self.params, knob, Text(value))
    }

    fn begin(&mut self, knob: Knob) {
        visit(self.params, knob, Begin(self.gui));
    }

    fn set(&mut self, knob: Knob, value: f32) {
        visit(self.params, knob, Set(self.gui, value));
    }

    fn end(&mut self, knob: Knob) {
        visit(self.params, knob, End(self.gui));
    }
}
