//! Reading a body's attributes, and gathering all that is wrong with them for one answer.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use serde_json::{Map, Value};
use vestibule_api::{Api, Problem, media_types};

use crate::{
    fault::{Detail, Fault},
    media,
};

/// The body of an operation that no vendor's type names: JSON, or a body that does not say what it is.
#[derive(Debug)]
pub struct Plain(pub Bytes);

impl FromRequest<Api> for Plain {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        if media_types(request.headers()).iter().any(|media_type| media_type != media::JSON) {
            return Err(Problem::WrongMediaType);
        }
        Bytes::from_request(request, api).await.map(Self).map_err(|_| Problem::Truncated)
    }
}

/// A body that is a JSON object.
pub fn object(body: &Bytes) -> Result<Map<String, Value>, Fault> {
    let problem = |message: String| Fault::invalid_request(vec![Detail::new("INVALID_VALUE", "body", message)]);
    match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(problem("The body must be a JSON object.".to_owned())),
        // Where it went wrong is told, what stood there is not.
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            Err(problem(format!("The body is not JSON that can be read: line {line}, column {column}.")))
        }
    }
}

/// The same where an operation needs none of its attributes: an empty body is an empty object.
pub fn object_or_empty(body: &Bytes) -> Result<Map<String, Value>, Fault> {
    if body.trim_ascii().is_empty() { Ok(Map::new()) } else { object(body) }
}

/// An object being read.
#[derive(Debug)]
pub struct Reader<'b> {
    body: &'b Map<String, Value>,
    details: Vec<Detail>,
}

impl<'b> Reader<'b> {
    pub fn new(body: &'b Map<String, Value>) -> Self {
        Self { body, details: Vec::new() }
    }

    /// What a name with dots leads to. A `null`, or something that is no object on the way, leads nowhere.
    pub fn get(&self, name: &str) -> Option<&'b Value> {
        self.given(name).filter(|value| !value.is_null())
    }

    /// The same with `null` as a value of its own.
    pub fn given(&self, name: &str) -> Option<&'b Value> {
        let mut parts = name.split('.');
        let first = self.body.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.as_object()?.get(part))
    }

    pub fn note(&mut self, detail: Detail) {
        self.details.push(detail);
    }

    /// A text that need not be there.
    pub fn text(&mut self, name: &str) -> Option<&'b str> {
        let text = self.get(name)?.as_str();
        if text.is_none() {
            self.note(Detail::new("INVALID_VALUE", name, "The attribute must be a string."));
        }
        text
    }

    /// A text that must be there and not be empty.
    pub fn required_text(&mut self, name: &str) -> Option<&'b str> {
        if self.get(name).is_none() {
            self.note(Detail::required(name));
            return None;
        }
        let text = self.text(name)?;
        if text.is_empty() {
            self.note(Detail::empty(name));
            return None;
        }
        Some(text)
    }

    pub fn truth(&mut self, name: &str) -> Option<bool> {
        let value = self.get(name)?;
        let truth = value.as_bool();
        if truth.is_none() {
            self.note(Detail::new("INVALID_VALUE", name, "The attribute must be true or false."));
        }
        truth
    }

    pub fn required_truth(&mut self, name: &str) -> Option<bool> {
        if self.get(name).is_none() {
            self.note(Detail::required(name));
            return None;
        }
        self.truth(name)
    }

    /// One of a few words.
    pub fn word(&mut self, name: &str, allowed: &[&'static str]) -> Option<&'static str> {
        let text = self.text(name)?;
        let word = allowed.iter().copied().find(|word| *word == text);
        if word.is_none() {
            self.note(Detail::invalid(name).with("allowedValues", allowed));
        }
        word
    }

    /// A number, or a string of one; what is after the point is cut off, as the vendor does.
    pub fn whole_number(&mut self, name: &str, least: i64, most: i64) -> Option<i64> {
        let number = match self.get(name)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse::<f64>().ok(),
            _ => None,
        };
        #[expect(clippy::cast_possible_truncation, reason = "cutting off is what is wanted, and the cast saturates")]
        let number = number.filter(|number| number.is_finite()).map(|number| number.trunc() as i64);
        let Some(number) = number else {
            self.note(Detail::new("INVALID_VALUE", name, "The attribute must be a number."));
            return None;
        };
        if !(least..=most).contains(&number) {
            let message = format!("The attribute must be from {least} to {most}.");
            let detail = Detail::new("OUT_OF_RANGE", name, message);
            self.note(detail.with("rangeMinimumValue", least).with("rangeMaximumValue", most));
            return None;
        }
        Some(number)
    }

    /// Ends the reading: all that was wrong, if anything was.
    pub fn done(self) -> Result<(), Fault> {
        if self.details.is_empty() { Ok(()) } else { Err(Fault::invalid_data(self.details)) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_that_is_wrong_is_gathered() {
        let body = json!({"a": 1, "b": "", "c": null, "d": {"e": "x"}, "f": "no", "n": "61.9", "m": 1e300});
        let mut reader = Reader::new(body.as_object().unwrap());
        assert_eq!(reader.text("d.e"), Some("x"));
        assert_eq!(reader.text("d.e.f"), None);
        assert_eq!(reader.whole_number("n", 1, 100), Some(61));
        reader.text("a");
        reader.required_text("b");
        reader.required_text("c");
        reader.truth("f");
        reader.word("f", &["yes"]);
        reader.whole_number("m", 1, 100);
        reader.whole_number("f", 1, 100);
        let details = reader.done().unwrap_err().details;
        let told: Vec<_> = details.iter().map(|it| format!("{} {}", it.code, it.target.as_deref().unwrap())).collect();
        assert_eq!(
            told,
            [
                "INVALID_VALUE a",
                "EMPTY_VALUE b",
                "REQUIRED_VALUE c",
                "INVALID_VALUE f",
                "INVALID_VALUE f",
                "OUT_OF_RANGE m",
                "INVALID_VALUE f",
            ]
        );
    }

    #[test]
    fn a_body_is_an_object() {
        for body in ["", "[]", "\"x\"", "{", "\u{0}", &"[".repeat(100_000), "{\"a\":1}x"] {
            assert!(object(&Bytes::from(body.to_owned())).is_err());
        }
        assert!(object_or_empty(&Bytes::from(" \n")).unwrap().is_empty());
    }
}
