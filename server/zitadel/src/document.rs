//! What the OpenAPI document says of the services: schemas from the messages, limits included.

use std::collections::BTreeMap;

use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};
use vestibule_api::{Operation, Security, operation::Place};
use vestibule_core::api_key::Scope;

use crate::{
    methods::{Access, Method},
    plan::{Check, Plan},
    proto::validate::{FieldRules, field_rules::Type},
};

/// A method as the gateway serves it.
pub fn rest(method: &Method) -> Operation {
    let binding = &method.binding;
    let tag = if method.has_connect() { "Zitadel v2" } else { "Zitadel auth v1" };
    let id = format!("{}{}", if method.has_connect() { "zitadelV2" } else { "zitadelAuthV1" }, method.name);
    let operation = Operation::new(binding.verb.clone(), binding.path.clone(), id).tag(tag);
    let operation = described(operation, method);
    let operation = if binding.has_body {
        let variables: Vec<&str> = variables(&binding.path).collect();
        operation.body_of("application/json", schema(&method.input, &variables))
    } else {
        query(operation, method)
    };
    let operation = operation.answers_of(200, "Done", "application/json", schema(&method.output, &[]));
    refusals(operation, method).refuses_as("application/json", status_schema())
}

/// A method as Connect serves it.
pub fn connect(method: &Method) -> Operation {
    let id = format!("zitadelConnect{}", method.name);
    let operation = described(Operation::post(method.path(), id).tag("Zitadel v2 by Connect"), method)
        .body_of("application/json", schema(&method.input, &[]))
        .answers_of(200, "Done", "application/json", schema(&method.output, &[]));
    refusals(operation, method).refuses_as("application/json", connect_schema())
}

/// What a probe asks.
pub fn probe(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::get(path, id)
        .tag("Zitadel probes")
        .summary(summary)
        .answers_of(200, "It does", "text/plain", json!({ "type": "string" }))
        .refuses_as("application/json", status_schema())
}

fn described(operation: Operation, method: &Method) -> Operation {
    let operation = operation.summary(method.summary.clone());
    match method.access {
        Access::Open => operation,
        Access::Token => operation.security(Security::Bearer),
        Access::Write => operation.security(Security::Bearer).scope(Scope::Write),
    }
}

fn refusals(operation: Operation, method: &Method) -> Operation {
    let operation = operation.refuses(400, "A limit is broken, or the state does not allow it");
    if method.access == Access::Open {
        return operation;
    }
    operation
        .refuses(401, "No token, or not a live one")
        .refuses(403, "The token does not allow it")
        .refuses(404, "There is none of that id")
        .refuses(409, "It exists already")
        .refuses(501, "It is not done here")
}

fn variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// Fields that are neither in the path nor in a body.
fn query(operation: Operation, method: &Method) -> Operation {
    let variables: Vec<&str> = variables(&method.binding.path).collect();
    let mut operation = operation;
    for (name, field) in leaves(&method.input, "") {
        if !variables.contains(&field.name()) || name.contains('.') {
            let schema = kind_schema(&field, &mut BTreeMap::new());
            operation = operation.parameter(Place::Query, name, "", schema);
        }
    }
    operation
}

/// The fields that a query can name.
fn leaves(message: &MessageDescriptor, before: &str) -> Vec<(String, FieldDescriptor)> {
    let fields = message.fields().flat_map(|field| {
        let name = format!("{before}{}", field.json_name());
        match field.kind() {
            Kind::Message(inner) => leaves(&inner, &format!("{name}.")),
            _ => vec![(name, field)],
        }
    });
    fields.collect()
}

/// A message's schema, with those that it names as `$defs`.
fn schema(message: &MessageDescriptor, without: &[&str]) -> Value {
    let mut defs = BTreeMap::new();
    let mut schema = message_schema(message, without, &mut defs);
    let defs: Map<String, Value> = defs.into_iter().filter_map(|(name, schema)| Some((name, schema?))).collect();
    if !defs.is_empty() {
        schema["$defs"] = defs.into();
    }
    schema
}

/// Schemas by name; `None` while one is being written, as messages may hold themselves.
type Defs = BTreeMap<String, Option<Value>>;

fn message_schema(message: &MessageDescriptor, without: &[&str], defs: &mut Defs) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    let checks = Plan::find(message).into_iter().flat_map(|plan| &plan.checks);
    for check in checks {
        let Check::Field(check) = check else { continue };
        let field = &check.field;
        if without.contains(&field.name()) {
            continue;
        }
        let schema = limited(kind_schema(field, defs), &check.rules);
        let schema = match field.cardinality() {
            Cardinality::Repeated => json!({ "type": "array", "items": schema }),
            Cardinality::Optional | Cardinality::Required => schema,
        };
        properties.insert(field.json_name().to_owned(), schema);
        if check.is_required() {
            required.push(field.json_name().to_owned());
        }
    }
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}

fn kind_schema(field: &FieldDescriptor, defs: &mut Defs) -> Value {
    match field.kind() {
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::String => json!({ "type": "string" }),
        Kind::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
        // 64-bit numbers do not fit into a JavaScript number.
        Kind::Uint64 | Kind::Fixed64 => json!({ "type": "string", "pattern": "^[0-9]{1,20}$" }),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => json!({ "type": "string", "pattern": "^-?[0-9]{1,19}$" }),
        Kind::Uint32 | Kind::Fixed32 => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => json!({ "type": "integer", "format": "int32" }),
        Kind::Double | Kind::Float => json!({ "type": "number" }),
        Kind::Enum(kind) => {
            let names: Vec<String> = kind.values().map(|value| value.name().to_owned()).collect();
            json!({ "type": "string", "enum": names })
        }
        Kind::Message(message) => match message.full_name() {
            "google.protobuf.Timestamp" => json!({ "type": "string", "format": "date-time" }),
            "google.protobuf.Struct" => json!({ "type": "object" }),
            name => {
                if !defs.contains_key(name) {
                    defs.insert(name.to_owned(), None);
                    let schema = message_schema(&message, &[], defs);
                    defs.insert(name.to_owned(), Some(schema));
                }
                json!({ "$ref": format!("#/$defs/{name}") })
            }
        },
    }
}

fn limited(mut schema: Value, rules: &FieldRules) -> Value {
    match &rules.r#type {
        Some(Type::String(rules)) => {
            if let Some(min) = rules.min_len {
                schema["minLength"] = min.into();
            }
            if let Some(max) = rules.max_len {
                schema["maxLength"] = max.into();
            }
            if rules.email() {
                schema["format"] = "email".into();
            }
        }
        Some(Type::Bool(rules)) if rules.r#const() => schema["const"] = true.into(),
        Some(Type::Bool(_) | Type::Bytes(_) | Type::Enum(_)) | None => {}
    }
    schema
}

fn status_schema() -> Value {
    json!({
        "title": "Status",
        "type": "object",
        "properties": {
            "code": { "type": "integer", "format": "int32" },
            "message": { "type": "string" },
            "details": { "type": "array", "items": {
                "type": "object",
                "properties": {
                    "@type": { "type": "string" },
                    "id": { "type": "string" },
                    "message": { "type": "string" },
                    "failedAttempts": { "type": "integer" },
                },
            } },
        },
        "required": ["code", "message"],
    })
}

fn connect_schema() -> Value {
    json!({
        "title": "ConnectError",
        "type": "object",
        "properties": {
            "code": { "type": "string" },
            "message": { "type": "string" },
            "details": { "type": "array", "items": {
                "type": "object",
                "properties": {
                    "type": { "type": "string" },
                    "value": { "type": "string", "contentEncoding": "base64" },
                    "debug": { "type": "object" },
                },
            } },
        },
        "required": ["code", "message"],
    })
}
