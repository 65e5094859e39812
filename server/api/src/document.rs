//! The OpenAPI 3.1.1 document of all operations.

mod security;

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use self::security::{schemes, security};
use crate::{
    Operation, Schema,
    operation::{Answer, Content, Parameter, Place},
};

const COMPONENTS: &str = "#/components/schemas/";

/// What the document is about.
#[derive(Clone, Debug)]
pub struct About<'a> {
    pub title: &'a str,
    pub description: &'a str,
    pub version: &'a str,
    /// Scheme and host that the paths are to be joined to.
    pub public_url: &'a str,
}

/// Writes the document.
pub fn document(operations: &[Operation], about: &About<'_>) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut writer = Writer { types: SchemaGenerator::new(settings), ready: Map::new() };
    let mut paths = Map::new();
    for variants in grouped(operations) {
        let path = variants[0].path.replace("{*", "{");
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[variants[0].method.as_str().to_lowercase()] = writer.operation(&variants);
    }
    let mut schemas = writer.types.take_definitions(true);
    schemas.append(&mut writer.ready);
    json!({
        "openapi": "3.1.1",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": about.title,
            "description": about.description,
            "version": about.version,
        },
        "servers": [{ "url": about.public_url }],
        "tags": tags(operations).iter().map(|tag| json!({ "name": tag })).collect::<Vec<_>>(),
        "paths": paths,
        "components": { "schemas": schemas, "securitySchemes": schemes() },
    })
}

/// The tags in the order of their first operations.
pub fn tags(operations: &[Operation]) -> Vec<&str> {
    operations.iter().fold(Vec::new(), |mut tags, operation| {
        if !tags.contains(&&*operation.tag) {
            tags.push(&operation.tag);
        }
        tags
    })
}

/// The operations by method and path, which is what OpenAPI calls an operation.
fn grouped(operations: &[Operation]) -> Vec<Vec<&Operation>> {
    let mut groups: Vec<Vec<&Operation>> = Vec::new();
    for operation in operations {
        let of_it =
            |group: &&mut Vec<&Operation>| group[0].path == operation.path && group[0].method == operation.method;
        match groups.iter_mut().find(of_it) {
            Some(group) => group.push(operation),
            None => groups.push(vec![operation]),
        }
    }
    groups
}

/// The names between braces of a path.
pub fn path_parameters(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(|name| name.trim_start_matches('*')).collect()
}

struct Writer {
    /// Collects the components of Rust types.
    types: SchemaGenerator,
    /// The components of ready-made schemas.
    ready: Map<String, Value>,
}

impl Writer {
    fn operation(&mut self, variants: &[&Operation]) -> Value {
        let first = variants[0];
        let summaries: Vec<&str> = variants.iter().map(|variant| &*variant.summary).collect();
        let mut written = json!({
            "operationId": first.id,
            "tags": [first.tag],
            "summary": summaries.join("; or: "),
            "parameters": self.parameters(variants),
            "responses": self.responses(variants),
            "security": security(first),
        });
        let description = description(variants);
        if !description.is_empty() {
            written["description"] = description.into();
        }
        let mut bodies = Map::new();
        for body in variants.iter().flat_map(|variant| &variant.bodies) {
            bodies.insert(body.media_type.to_string(), self.content(body));
        }
        if !bodies.is_empty() {
            written["requestBody"] = json!({ "content": bodies });
        }
        written
    }

    fn parameters(&mut self, variants: &[&Operation]) -> Vec<Value> {
        let first = variants[0];
        let in_path = path_parameters(&first.path).into_iter().map(|name| {
            json!({ "in": "path", "name": name, "required": true, "schema": { "type": "string", "minLength": 1 } })
        });
        let mut parameters: Vec<Value> = in_path.collect();
        for parameter in variants.iter().flat_map(|variant| &variant.parameters) {
            let written = self.parameter(parameter);
            if !parameters.contains(&written) {
                parameters.push(written);
            }
        }
        if first.takes_idempotency_key() {
            parameters.push(json!({
                "in": "header",
                "name": "Idempotency-Key",
                "description": "Chosen by the client. The same key within 24 hours gives the same answer and does nothing again.",
                "schema": { "type": "string", "pattern": "^[!-~]{1,255}$" },
            }));
        }
        parameters
    }

    fn parameter(&mut self, parameter: &Parameter) -> Value {
        let place = match parameter.place {
            Place::Query => "query",
            Place::Header => "header",
        };
        json!({
            "in": place,
            "name": parameter.name,
            "description": parameter.description,
            "schema": self.schema(&parameter.schema),
        })
    }

    fn responses(&mut self, variants: &[&Operation]) -> Value {
        let mut responses = Map::new();
        for variant in variants {
            for answer in &variant.answers {
                let written = self.response(answer, variant.refusal.as_ref());
                match responses.get_mut(&answer.status.to_string()) {
                    Some(before) => join(before, written),
                    None => drop(responses.insert(answer.status.to_string(), written)),
                }
            }
        }
        if let Some(refusal) = variants.iter().find_map(|variant| variant.refusal.as_ref()) {
            let content = json!({ &*refusal.media_type: self.content(refusal) });
            responses.insert("default".to_owned(), json!({ "description": "Any other refusal", "content": content }));
        }
        responses.into()
    }

    fn response(&mut self, answer: &Answer, refusal: Option<&Content>) -> Value {
        let mut written = json!({ "description": answer.description });
        let content = answer.content.as_ref().or(refusal.filter(|_| answer.refuses));
        if let Some(content) = content {
            written["content"] = json!({ &*content.media_type: self.content(content) });
        }
        written
    }

    fn content(&mut self, content: &Content) -> Value {
        match &content.schema {
            Some(schema) => json!({ "schema": self.schema(schema) }),
            None => json!({}),
        }
    }

    fn schema(&mut self, schema: &Schema) -> Value {
        match schema {
            Schema::Type(make) => make(&mut self.types).to_value(),
            Schema::Ready(schema) => {
                let mut schema = schema.clone();
                repoint(&mut schema);
                if let Some(Value::Object(definitions)) = schema.as_object_mut().and_then(|own| own.remove("$defs")) {
                    self.ready.extend(definitions);
                }
                schema
            }
        }
    }
}

/// Has references to a schema's own definitions point to the document's components.
fn repoint(schema: &mut Value) {
    match schema {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| match value {
            Value::String(to) if name == "$ref" => *to = to.replacen("#/$defs/", COMPONENTS, 1),
            value => repoint(value),
        }),
        Value::Array(items) => items.iter_mut().for_each(repoint),
        _ => {}
    }
}

/// Two variants that answer with one status: what they say is joined, and either body may come.
fn join(before: &mut Value, other: Value) {
    let (said, says) = (before["description"].clone(), other["description"].clone());
    if let (Some(said), Some(says)) = (said.as_str(), says.as_str())
        && !said.split("; ").any(|part| part == says)
    {
        before["description"] = format!("{said}; {says}").into();
    }
    let Some(Value::Object(contents)) = other.get("content") else { return };
    for (media_type, content) in contents {
        let mine = &mut before["content"][media_type]["schema"];
        let theirs = &content["schema"];
        if mine.is_null() {
            *mine = theirs.clone();
        } else if let Some(either) = mine.get_mut("anyOf").and_then(Value::as_array_mut) {
            if !either.contains(theirs) {
                either.push(theirs.clone());
            }
        } else if mine != theirs {
            *mine = json!({ "anyOf": [mine.clone(), theirs] });
        }
    }
}

/// Its own, or one line for each of several that share method and path.
fn description(variants: &[&Operation]) -> String {
    if let [only] = variants {
        return only.description.to_string();
    }
    let line = |variant: &&Operation| {
        let media_types: Vec<String> = variant.bodies.iter().map(|body| format!("`{}`", body.media_type)).collect();
        format!("- {}: {}. {}", media_types.join(", "), variant.summary, variant.description).trim_end().to_owned()
    };
    format!("The content type says what is meant:\n\n{}", variants.iter().map(line).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests;
