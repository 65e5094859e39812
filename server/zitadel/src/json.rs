//! Messages as JSON: proto3's own mapping. Both spellings of a name are taken, the camel-cased is given; 64-bit numbers
//! are strings; what has its default is left out; what is unknown is passed over.

use std::io::{self, Write};

use prost_reflect::{DeserializeOptions, DynamicMessage, Kind, MessageDescriptor, SerializeOptions};
use serde_json::{
    Map, Value,
    ser::{CompactFormatter, Formatter},
};
use tonic::Code;

use crate::{error::ZError, structure::whole};

const READ: DeserializeOptions = DeserializeOptions::new().deny_unknown_fields(false);
const WRITE: SerializeOptions = SerializeOptions::new();

/// A message from JSON. No body at all is an empty message.
pub fn parse(message: &MessageDescriptor, body: &[u8]) -> Result<DynamicMessage, ZError> {
    if body.trim_ascii().is_empty() {
        return Ok(DynamicMessage::new(message.clone()));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let parsed = DynamicMessage::deserialize_with_options(message.clone(), &mut reader, &READ);
    parsed.and_then(|message| reader.end().map(|()| message)).map_err(|error| malformed(&error))
}

/// A message from its bytes.
pub fn decode(message: &MessageDescriptor, body: &[u8]) -> Result<DynamicMessage, ZError> {
    DynamicMessage::decode(message.clone(), body)
        .map_err(|_| ZError::raw(Code::InvalidArgument, "proto: cannot parse invalid wire-format data"))
}

/// An encoded message as JSON.
pub fn write(message: &MessageDescriptor, bytes: &[u8]) -> Result<Vec<u8>, ZError> {
    let failed = || ZError::raw(Code::Internal, "An internal error occurred");
    let message = DynamicMessage::decode(message.clone(), bytes).map_err(|_| failed())?;
    let mut json = serde_json::Serializer::with_formatter(Vec::new(), WholeNumbers);
    message.serialize_with_options(&mut json, &WRITE).map_err(|_| failed())?;
    Ok(json.into_inner())
}

/// Numbers of a `Struct` are floating in the message; as JSON a whole one has no fraction.
struct WholeNumbers;

impl Formatter for WholeNumbers {
    fn write_f64<W: Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        match whole(value) {
            Some(whole) => self.write_i64(writer, whole),
            None => CompactFormatter.write_f64(writer, value),
        }
    }
}

/// A message from a query: `domainQuery.domain=x` is the field of that path. Unknown ones are passed over.
pub fn parse_query(message: &MessageDescriptor, query: &str) -> Result<DynamicMessage, ZError> {
    let mut json = Map::new();
    for (name, value) in form(query) {
        set_path(message, &mut json, &name, &value);
    }
    let parsed = DynamicMessage::deserialize_with_options(message.clone(), Value::Object(json), &READ);
    parsed.map_err(|error| ZError::raw(Code::InvalidArgument, format!("proto: {error}")))
}

/// Name and value of each parameter of a query.
fn form(query: &str) -> impl Iterator<Item = (String, String)> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    query.split('&').filter(|pair| !pair.is_empty()).map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

fn set_path(message: &MessageDescriptor, json: &mut Map<String, Value>, path: &str, value: &str) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let field = message.get_field_by_name(name).or_else(|| message.get_field_by_json_name(name));
    let Some(field) = field else { return };
    let key = field.json_name().to_owned();
    match (field.kind(), rest) {
        (Kind::Message(inner), Some(rest)) if !field.is_list() => {
            if let Value::Object(inner_json) = json.entry(key).or_insert_with(|| Map::new().into()) {
                set_path(&inner, inner_json, rest, value);
            }
        }
        (Kind::Message(_), _) | (_, Some(_)) => {}
        (kind, None) => {
            let value = match (kind, value) {
                (Kind::Bool, "true" | "1") => true.into(),
                (Kind::Bool, "false" | "0") => false.into(),
                (_, value) => Value::from(value),
            };
            if field.is_list() {
                if let Value::Array(values) = json.entry(key).or_insert_with(|| Value::Array(Vec::new())) {
                    values.push(value);
                }
            } else {
                json.insert(key, value);
            }
        }
    }
}

fn malformed(error: &serde_json::Error) -> ZError {
    let place = format!("(line {}:{})", error.line(), error.column());
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let text = if error.is_data() {
        format!("proto: {place}: {said}")
    } else {
        format!("proto: syntax error {place}: {said}")
    };
    ZError::raw(Code::InvalidArgument, text)
}
