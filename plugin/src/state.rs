//! Parameters and everything else that a project keeps, as the framework asks for it.

use crate::params::Parameters;
use inlay_session::Conductor;
use inlay_window::WindowState;
use nice_plug::prelude::*;
use nice_plug_core::params::persist::PersistentField;
use parking_lot::Mutex;
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
    /// What was loaded where there is no conductor: it is saved again as it was.
    pub unread: Mutex<Option<String>>,
    pub window: Arc<WindowState>,
}

// SAFETY: the trait wants its pointers to stay valid; this gives none.
unsafe impl Params for SessionField {
    fn param_map(&self) -> Vec<(String, ParamPtr, String)> {
        vec![]
    }

    fn serialize_fields(&self) -> BTreeMap<String, String> {
        let session = match &self.conductor {
            Some(conductor) => Some(conductor.with(|session| session.save())),
            None => self.unread.lock().clone(),
        };
        let session = session.map(|text| (FIELD.to_owned(), text));
        let size = self.window.map(|size| serde_json::to_string(size).ok());
        session.into_iter().chain(size.map(|size| (WINDOW.to_owned(), size))).collect()
    }

    fn deserialize_fields(&self, fields: &BTreeMap<String, String>) {
        if let Some(size) = fields.get(WINDOW).and_then(|text| serde_json::from_str(text).ok()) {
            self.window.set(size);
        }
        let Some(conductor) = &self.conductor else {
            *self.unread.lock() = fields.get(FIELD).cloned();
            return;
        };
        conductor.with(|session| {
            session.forget_parameters();
            if let Some(field) = fields.get(FIELD) {
                session.load(field);
            }
        });
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use inlay_window::Settings;

    #[test]
    fn without_a_conductor_a_project_keeps_what_it_had() {
        let window = WindowState::new(&Settings::new("Inlay"));
        let field = SessionField { conductor: None, unread: Mutex::default(), window };
        let fields = BTreeMap::from([(FIELD.to_owned(), "all takes".to_owned())]);
        field.deserialize_fields(&fields);
        assert_eq!(field.serialize_fields()[FIELD], "all takes");
    }
}
