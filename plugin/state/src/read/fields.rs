//! The fields of a JSON object, each read by itself.

use crate::loss::Loss;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// An object that is being read, and what was lost so far.
pub(super) struct Fields<'a> {
    map: BTreeMap<String, &'a RawValue>,
    pub losses: Vec<Loss>,
}

impl<'a> Fields<'a> {
    /// The last of several fields of one name counts.
    pub fn of(json: &'a str) -> Result<Self, serde_json::Error> {
        Ok(Self { map: serde_json::from_str(json)?, losses: vec![] })
    }

    pub fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.map.get(name).copied()
    }

    /// None where the field isn't there.
    pub fn parse<T: DeserializeOwned>(&self, name: &str) -> Option<Result<T, ()>> {
        self.raw(name).map(|raw| serde_json::from_str(raw.get()).map_err(drop))
    }

    /// A field that may be missing or wrong without anybody's caring.
    pub fn quietly<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.parse(name)?.ok()
    }

    /// Reads a field into `value`, which stays as it is where the field is missing, makes no sense or isn't `good`.
    pub fn read<T: DeserializeOwned>(&mut self, name: &str, what: &'static str, value: &mut T, good: impl Fn(&T) -> bool) {
        match self.parse::<T>(name) {
            Some(Ok(read)) if good(&read) => *value = read,
            Some(_) => self.losses.push(Loss::Setting(what)),
            None => {}
        }
    }

    /// The elements of a list as they are; none where it is missing or no list.
    pub fn raw_list(&mut self, name: &str, what: &'static str) -> Vec<&'a RawValue> {
        let Some(raw) = self.raw(name) else { return vec![] };
        serde_json::from_str(raw.get()).unwrap_or_else(|_| {
            self.losses.push(Loss::Setting(what));
            vec![]
        })
    }

    /// The elements of a list that make sense and are `good`, at most `most` of them.
    pub fn list<T: DeserializeOwned>(&mut self, name: &str, what: &'static str, most: usize, good: impl Fn(&T) -> bool) -> Vec<T> {
        let raw = self.raw_list(name, what);
        let mut list = Vec::new();
        for element in &raw {
            match serde_json::from_str(element.get()) {
                Ok(read) if good(&read) && list.len() < most => list.push(read),
                _ => self.losses.push(Loss::Setting(what)),
            }
        }
        list
    }
}
