//! A JSON object, and nothing else: the derived readers of structs also take a list, field by field in order, which
//! would read a malformed file as if it were sound.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::case::{CaseError, within};

/// A `T` that was written as an object.
#[derive(Clone, Debug)]
pub(super) struct Object<T>(pub(super) T);

impl<T> Deref for Object<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

/// A piece of a file, complaints with `prefix` before the path inside the piece.
pub(super) fn piece<'a, T: Deserialize<'a>>(text: &'a str, prefix: &str) -> Result<T, CaseError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let read: Result<Object<T>, _> = serde_path_to_error::deserialize(&mut json);
    read.map(|object| object.0).map_err(|error| {
        let inside = error.path().to_string();
        let path = if inside == "." { prefix.to_owned() } else { format!("{prefix}.{inside}") };
        let said = error.into_inner().to_string();
        wrong(&within(&path, 200), said.split(" at line ").next().unwrap_or(&said))
    })
}

/// A complaint.
pub(super) fn wrong(path: &str, problem: &str) -> CaseError {
    CaseError::Form { path: within(path, 300), problem: within(problem, 400) }
}
