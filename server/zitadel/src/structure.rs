//! `google.protobuf.Struct`: JSON inside a message. Its numbers are all floating, which those who read them must not see.

use prost_types::{ListValue, Struct, Value as Field, value::Kind};
use serde_json::{Map, Number, Value};

/// What is no object is an empty one.
pub fn write_struct(value: Value) -> Struct {
    let Value::Object(map) = value else { return Struct::default() };
    Struct { fields: map.into_iter().map(|(name, value)| (name, field(value))).collect() }
}

fn field(value: Value) -> Field {
    let kind = match value {
        Value::Null => Kind::NullValue(0),
        Value::Bool(truth) => Kind::BoolValue(truth),
        Value::Number(number) => Kind::NumberValue(number.as_f64().unwrap_or_default()),
        Value::String(text) => Kind::StringValue(text),
        Value::Array(values) => Kind::ListValue(ListValue { values: values.into_iter().map(field).collect() }),
        object @ Value::Object(_) => Kind::StructValue(write_struct(object)),
    };
    Field { kind: Some(kind) }
}

pub fn read_struct(read: Struct) -> Value {
    let fields: Map<String, Value> = read.fields.into_iter().map(|(name, field)| (name, value(field))).collect();
    fields.into()
}

fn value(field: Field) -> Value {
    match field.kind {
        None | Some(Kind::NullValue(_)) => Value::Null,
        Some(Kind::BoolValue(truth)) => truth.into(),
        Some(Kind::NumberValue(number)) => self::number(number),
        Some(Kind::StringValue(text)) => text.into(),
        Some(Kind::ListValue(list)) => list.values.into_iter().map(value).collect(),
        Some(Kind::StructValue(inner)) => read_struct(inner),
    }
}

/// A whole number as one; what JSON cannot say is null.
fn number(number: f64) -> Value {
    match whole(number) {
        Some(whole) => whole.into(),
        None => Number::from_f64(number).map_or(Value::Null, Value::Number),
    }
}

/// A number that has no fraction, as far as floating numbers count exactly (RFC 8259 §6).
pub fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_991.0;
    #[allow(clippy::cast_possible_truncation, reason = "it is whole and within the range")]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let value = json!({ "alg": -7, "half": 0.5, "list": [null, true, "x", { "deep": [1, 2] }], "empty": {} });
        assert_eq!(read_struct(write_struct(value.clone())), value);
        assert_eq!(read_struct(write_struct(json!("no object"))), json!({}));
    }

    #[test]
    fn what_json_cannot_say_is_null() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(super::number(number), Value::Null);
        }
        assert_eq!((whole(-7.0), whole(0.5), whole(1e300)), (Some(-7), None, None));
    }
}
