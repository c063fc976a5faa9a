//! Parameters and everything else that a project keeps, as the framework asks for it.

use crate::params::Parameters;
use inlay_session::Conductor;
use nice_plug::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The field of the framework's state that holds the session.
const FIELD: &str = "inlay";

/// What the framework saves and loads.
#[derive(Params)]
pub(crate) struct Saved {
    #[nested]
    pub params: Arc<Parameters>,
    #[nested]
    pub session: SessionField,
}

/// The session of an instance as one field: JSON as it is, parsed by nobody else, so that what is damaged in it costs that part only.
pub(crate) struct SessionField(pub Option<Arc<Conductor>>);

// SAFETY: the trait wants its pointers to stay valid; this gives none.
unsafe impl Params for SessionField {
    fn param_map(&self) -> Vec<(String, ParamPtr, String)> {
        vec![]
    }

    fn serialize_fields(&self) -> BTreeMap<String, String> {
        let saved = self.0.as_ref().map(|c| (FIELD.to_owned(), c.with(|session| session.save())));
        saved.into_iter().collect()
    }

    fn deserialize_fields(&self, fields: &BTreeMap<String, String>) {
        if let (Some(conductor), Some(field)) = (&self.0, fields.get(FIELD)) {
            conductor.with(|session| session.load(field));
        }
    }
}
