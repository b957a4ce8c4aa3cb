//! The published schema of the JSON form.

use super::Case;

/// The JSON Schema of a case, generated from the types.
pub fn schema() -> serde_json::Value {
    let mut value = schemars::schema_for!(Case).to_value();
    if let Some(object) = value.as_object_mut() {
        let id = "https://iatro.example/schema/iatro-case-1.json";
        object.insert("$id".to_owned(), id.into());
    }
    value
}
