//! Parameters and everything else that a project keeps, as the framework asks for it.

use crate::params::Parameters;
use inlay_session::Conductor;
use inlay_window::WindowState;
use nice_plug::prelude::*;
use nice_plug_core::params::persist::PersistentField;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The field of the framework's state that holds the session.
const FIELD: &str = "inlay";
/// The one that holds the size of the window.
const WINDOW: &str = "window";

/// What the framework saves and loads.
#[derive(Params)]
pub(crate) struct Saved {
    #[nested]
    pub params: Arc<Parameters>,
    #[nested]
    pub session: SessionField,
}

/// The session of an instance as one field: JSON as it is, parsed by nobody else, so that what is damaged in it costs that part only.
/// And the size of its window.
pub(crate) struct SessionField {
    pub conductor: Option<Arc<Conductor>>,
    pub window: Arc<WindowState>,
}

// SAFETY: the trait wants its pointers to stay valid; this gives none.
unsafe impl Params for SessionField {
    fn param_map(&self) -> Vec<(String, ParamPtr, String)> {
        vec![]
    }

    fn serialize_fields(&self) -> BTreeMap<String, String> {
        let session = self.conductor.as_ref().map(|c| (FIELD.to_owned(), c.with(|session| session.save())));
        let size = self.window.map(|size| serde_json::to_string(size).ok());
        session.into_iter().chain(size.map(|size| (WINDOW.to_owned(), size))).collect()
    }

    fn deserialize_fields(&self, fields: &BTreeMap<String, String>) {
        if let Some(size) = fields.get(WINDOW).and_then(|text| serde_json::from_str(text).ok()) {
            self.window.set(size);
        }
        if let Some(conductor) = &self.conductor {
            conductor.with(|session| {
                session.forget_triggers();
                if let Some(field) = fields.get(FIELD) {
                    session.load(field);
                }
            });
        }
    }
}
