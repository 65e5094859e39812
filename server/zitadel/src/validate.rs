//! Checks a message against the limits that its proto states: the first field that breaks one, in the order of their
//! numbers, is told.

mod email;

use prost_reflect::{DynamicMessage, FieldDescriptor, ReflectMessage, Value};
use tonic::Code;

use crate::{
    error::ZError,
    plan::{Check, FieldCheck, Plan},
    proto::validate::{FieldRules, StringRules, field_rules::Type},
};

/// The first limit that the message breaks.
pub fn validate(message: &DynamicMessage) -> Result<(), ZError> {
    check(message).map_err(|text| ZError::raw(Code::InvalidArgument, text))
}

fn check(message: &DynamicMessage) -> Result<(), String> {
    let Some(plan) = Plan::find(&message.descriptor()) else { return Ok(()) };
    for check in &plan.checks {
        let broken = match check {
            Check::Oneof(name, oneof) => {
                let is_set = oneof.fields().any(|member| message.has_field(&member));
                (!is_set).then(|| (name.clone(), "value is required".to_owned()))
            }
            Check::Field(check) => field(message, check).err(),
        };
        if let Some((name, reason)) = broken {
            return Err(format!("invalid {}.{name}: {reason}", plan.name));
        }
    }
    Ok(())
}

/// The name of what is wrong, with its place in a list, and why.
fn field(message: &DynamicMessage, check: &FieldCheck) -> Result<(), (String, String)> {
    let FieldCheck { name, field, rules } = check;
    if field.supports_presence() && !message.has_field(field) {
        let required = rules.message.is_some_and(|rules| rules.required());
        return if required { Err((name.clone(), "value is required".to_owned())) } else { Ok(()) };
    }
    match message.get_field(field).as_ref() {
        Value::List(values) => {
            for (place, one) in values.iter().enumerate() {
                value(one, field, rules).map_err(|reason| (format!("{name}[{place}]"), reason))?;
            }
            Ok(())
        }
        one => value(one, field, rules).map_err(|reason| (name.clone(), reason)),
    }
}

fn value(value: &Value, field: &FieldDescriptor, rules: &FieldRules) -> Result<(), String> {
    match (value, &rules.r#type) {
        (Value::Message(message), _) => {
            check(message).map_err(|cause| format!("embedded message failed validation | caused by: {cause}"))
        }
        (Value::String(text), Some(Type::String(rules))) => string(text, rules),
        (Value::Bytes(bytes), Some(Type::Bytes(rules))) => length(bytes.len(), rules.min_len, rules.max_len, "bytes"),
        (Value::Bool(false), Some(Type::Bool(rules))) if rules.r#const() => Err("value must equal true".to_owned()),
        (Value::EnumNumber(number), Some(Type::Enum(rules))) if rules.defined_only() => {
            let defined = field.kind().as_enum().is_some_and(|kind| kind.get_value(*number).is_some());
            if defined { Ok(()) } else { Err("value must be one of the defined enum values".to_owned()) }
        }
        _ => Ok(()),
    }
}

fn string(text: &str, rules: &StringRules) -> Result<(), String> {
    length(text.chars().count(), rules.min_len, rules.max_len, "runes")?;
    if rules.email() {
        email::check(text).map_err(|cause| format!("value must be a valid email address | caused by: {cause}"))?;
    }
    Ok(())
}

fn length(length: usize, min: Option<u64>, max: Option<u64>, unit: &str) -> Result<(), String> {
    let length = length as u64;
    if min.is_none_or(|min| length >= min) && max.is_none_or(|max| length <= max) {
        return Ok(());
    }
    Err(match (min, max) {
        (Some(min), Some(max)) => format!("value length must be between {min} and {max} {unit}, inclusive"),
        (Some(min), None) => format!("value length must be at least {min} {unit}"),
        (None, max) => format!("value length must be at most {} {unit}", max.unwrap_or_default()),
    })
}
