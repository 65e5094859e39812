//! Bodies, read by ourselves: clients of this dialect announce JSON with every request and often send none.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use http::StatusCode;
use serde_json::{Map, Value};
use vestibule_api::media_types;

use crate::failure::Failure;

/// The JSON object of a body, taken field by field; what is wrong is collected, so that it is told all at once.
///
/// No body is an empty object, `null` is the same as leaving a field out, and unknown fields are ignored.
#[derive(Debug, Default)]
pub struct Fields {
    fields: Map<String, Value>,
    wrong: BTreeMap<String, Vec<String>>,
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let media_types = media_types(request.headers());
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| Failure::bad_request("The body ended before it was whole."))?;
        if body.trim_ascii().is_empty() {
            return Ok(Self::default());
        }
        if !media_types.is_empty() && !media_types.iter().any(|kind| is_json(kind)) {
            let failure = Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE);
            return Err(failure.detailed("The body must be application/json."));
        }
        Self::parse(&body)
    }
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type == "text/json" || media_type.ends_with("+json")
}

impl Fields {
    pub fn parse(body: &[u8]) -> Result<Self, Failure> {
        let fields = match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => fields,
            Ok(Value::Null) => Map::new(),
            Ok(_) => return Err(Failure::bad_request("The body must be a JSON object.")),
            Err(_) => return Err(Failure::bad_request("The body is not JSON.")),
        };
        let mut read = Self { fields, wrong: BTreeMap::new() };
        // Postgres stores no NUL in a text, and nobody means one.
        let with_nul: Vec<String> =
            read.fields.iter().filter(|(_, value)| has_nul(value)).map(|(name, _)| name.replace('\0', "")).collect();
        for name in with_nul {
            read.refuse::<()>(&name, "It holds a NUL.");
        }
        Ok(read)
    }

    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            _ => self.refuse(name, "It must be a string."),
        }
    }

    pub fn required(&mut self, name: &str) -> Option<String> {
        let known_wrong = self.wrong.contains_key(name);
        let text = self.text(name);
        if text.is_none() && !known_wrong && !self.wrong.contains_key(name) {
            return self.refuse(name, "It is required.");
        }
        text
    }

    pub fn flag(&mut self, name: &str) -> Option<bool> {
        match self.take(name)? {
            Value::Bool(flag) => Some(flag),
            _ => self.refuse(name, "It must be true or false."),
        }
    }

    pub fn integer(&mut self, name: &str) -> Option<i64> {
        match self.take(name)?.as_i64() {
            Some(number) => Some(number),
            None => self.refuse(name, "It must be a whole number."),
        }
    }

    pub fn object(&mut self, name: &str) -> Option<Map<String, Value>> {
        match self.take(name)? {
            Value::Object(object) => Some(object),
            _ => self.refuse(name, "It must be an object."),
        }
    }

    /// A field as it came: `null` may mean that what it names is to be removed.
    pub fn raw(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name)
    }

    /// Says of a field that it is not right.
    pub fn refuse<T>(&mut self, name: &str, message: impl Into<String>) -> Option<T> {
        self.wrong.entry(name.to_owned()).or_default().push(message.into());
        None
    }

    /// Ends the reading: everything that is wrong, if anything is.
    pub fn done(self) -> Result<(), Failure> {
        if self.wrong.is_empty() { Ok(()) } else { Err(Failure::fields(self.wrong)) }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.raw(name).filter(|value| !value.is_null())
    }
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Errors;

    #[test]
    fn fields_are_taken_by_type_and_all_that_is_wrong_is_told() {
        let mut fields =
            Fields::parse(br#"{"email":7,"is_verified":"yes","expiry":1.5,"public_data":[],"nickname":null,"more":1}"#)
                .unwrap();
        assert_eq!(fields.text("email"), None);
        assert_eq!(fields.flag("is_verified"), None);
        assert_eq!(fields.integer("expiry"), None);
        assert_eq!(fields.object("public_data"), None);
        assert_eq!(fields.text("nickname"), None);
        assert_eq!(fields.required("username"), None);
        let Errors::Fields(wrong) = fields.done().unwrap_err().errors.unwrap() else { panic!("of the other kind") };
        let names: Vec<&str> = wrong.keys().map(String::as_str).collect();
        assert_eq!(names, ["email", "expiry", "is_verified", "public_data", "username"]);
    }

    #[test]
    fn nul_is_refused_wherever_it_hides() {
        for body in [r#"{"a":"x\u0000"}"#, r#"{"a":{"b":["\u0000"]}}"#, r#"{"a":{"\u0000":1}}"#] {
            let fields = Fields::parse(body.as_bytes()).unwrap();
            assert!(fields.done().is_err(), "{body}");
        }
    }

    #[test]
    fn what_is_no_object_is_malformed() {
        for body in ["[]", "7", "\"x\"", "{", "nul", "{\"a\":1}x", "\u{feff}{}"] {
            assert_eq!(Fields::parse(body.as_bytes()).unwrap_err().status, StatusCode::BAD_REQUEST, "{body}");
        }
        assert!(Fields::parse(b"null").unwrap().done().is_ok());
    }
}
