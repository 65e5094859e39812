//! What an HTTP operation is called, takes and answers: the source of the OpenAPI document.

use std::borrow::Cow;

use http::Method;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;
use vestibule_core::api_key::Scope;

type Text = Cow<'static, str>;

/// One operation: a method on a path, or one media type of several on the same.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Unique in the whole document.
    pub id: Text,
    pub method: Method,
    /// In axum's syntax, which is OpenAPI's too: `/api/users/{user_id}`.
    pub path: Text,
    pub tag: Text,
    /// One line without a full stop.
    pub summary: Text,
    pub description: Text,
    pub security: Security,
    /// What the key must be allowed.
    pub scope: Option<Scope>,
    /// Of the query and of the header; those of the path are read from it.
    pub parameters: Vec<Parameter>,
    /// The bodies that it takes. Where a method and path has several operations, they say which is meant.
    pub bodies: Vec<Content>,
    pub answers: Vec<Answer>,
    /// The body of each answer that [`Operation::refuses`] names.
    pub refusal: Option<Content>,
}

/// Who may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Anybody.
    Open,
    /// `X-API-KEY`, or the same key as `Authorization: Bearer`.
    ApiKey,
    /// `Authorization: Bearer`.
    Bearer,
    /// An OAuth client by `Authorization: Basic`, or by its id and secret in the form.
    Client,
    /// A browser with a session's cookie.
    Session,
}

#[derive(Clone, Debug)]
pub struct Parameter {
    pub place: Place,
    pub name: Text,
    pub description: Text,
    pub schema: Schema,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Query,
    Header,
}

/// A media type with the schema of what it carries; without one for a type that only names the operation.
#[derive(Clone, Debug)]
pub struct Content {
    pub media_type: Text,
    pub schema: Option<Schema>,
}

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub description: Text,
    pub content: Option<Content>,
    pub refuses: bool,
}

/// A JSON Schema (2020-12).
#[derive(Clone, Debug)]
pub enum Schema {
    /// Of a Rust type; what it names becomes a component of the document.
    Type(fn(&mut SchemaGenerator) -> schemars::Schema),
    /// Ready-made. Its `$defs`, if any, become components of the document, and references to them follow.
    Ready(Value),
}

impl Schema {
    pub fn of<T: JsonSchema>() -> Self {
        Self::Type(SchemaGenerator::subschema_for::<T>)
    }
}

impl From<Value> for Schema {
    fn from(schema: Value) -> Self {
        Self::Ready(schema)
    }
}

impl Operation {
    pub fn new(method: Method, path: impl Into<Text>, id: impl Into<Text>) -> Self {
        Self {
            id: id.into(),
            method,
            path: path.into(),
            tag: Text::default(),
            summary: Text::default(),
            description: Text::default(),
            security: Security::Open,
            scope: None,
            parameters: Vec::new(),
            bodies: Vec::new(),
            answers: Vec::new(),
            refusal: None,
        }
    }

    /// Whether the header `Idempotency-Key` means something to it.
    pub fn takes_idempotency_key(&self) -> bool {
        let changes = [Method::POST, Method::PUT, Method::PATCH].contains(&self.method);
        changes && matches!(self.security, Security::ApiKey | Security::Bearer)
    }

    pub fn get(path: impl Into<Text>, id: impl Into<Text>) -> Self {
        Self::new(Method::GET, path, id)
    }

    pub fn post(path: impl Into<Text>, id: impl Into<Text>) -> Self {
        Self::new(Method::POST, path, id)
    }

    pub fn put(path: impl Into<Text>, id: impl Into<Text>) -> Self {
        Self::new(Method::PUT, path, id)
    }

    pub fn patch(path: impl Into<Text>, id: impl Into<Text>) -> Self {
        Self::new(Method::PATCH, path, id)
    }

    pub fn delete(path: impl Into<Text>, id: impl Into<Text>) -> Self {
        Self::new(Method::DELETE, path, id)
    }

    #[must_use]
    pub fn tag(mut self, tag: impl Into<Text>) -> Self {
        self.tag = tag.into();
        self
    }

    #[must_use]
    pub fn summary(mut self, summary: impl Into<Text>) -> Self {
        self.summary = summary.into();
        self
    }

    #[must_use]
    pub fn description(mut self, description: impl Into<Text>) -> Self {
        self.description = description.into();
        self
    }

    #[must_use]
    pub fn security(mut self, security: Security) -> Self {
        self.security = security;
        self
    }

    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// A parameter of the query.
    #[must_use]
    pub fn query<T: JsonSchema>(self, name: impl Into<Text>, description: impl Into<Text>) -> Self {
        self.parameter(Place::Query, name, description, Schema::of::<T>())
    }

    #[must_use]
    pub fn header(self, name: impl Into<Text>, description: impl Into<Text>) -> Self {
        self.parameter(Place::Header, name, description, Schema::of::<String>())
    }

    #[must_use]
    pub fn parameter(
        mut self,
        place: Place,
        name: impl Into<Text>,
        description: impl Into<Text>,
        schema: impl Into<Schema>,
    ) -> Self {
        self.parameters.push(Parameter {
            place,
            name: name.into(),
            description: description.into(),
            schema: schema.into(),
        });
        self
    }

    /// A body that it takes.
    #[must_use]
    pub fn body<T: JsonSchema>(self, media_type: impl Into<Text>) -> Self {
        self.body_of(media_type, Schema::of::<T>())
    }

    /// A body that it takes, by a ready-made schema.
    #[must_use]
    pub fn body_of(mut self, media_type: impl Into<Text>, schema: impl Into<Schema>) -> Self {
        self.bodies.push(Content { media_type: media_type.into(), schema: Some(schema.into()) });
        self
    }

    /// A media type that names the operation while the body is not read.
    #[must_use]
    pub fn bodyless(mut self, media_type: impl Into<Text>) -> Self {
        self.bodies.push(Content { media_type: media_type.into(), schema: None });
        self
    }

    /// An answer of `application/json`.
    #[must_use]
    pub fn answers<T: JsonSchema>(self, status: u16, description: impl Into<Text>) -> Self {
        self.answers_of(status, description, "application/json", Schema::of::<T>())
    }

    /// An answer by its media type and a ready-made schema.
    #[must_use]
    pub fn answers_of(
        mut self,
        status: u16,
        description: impl Into<Text>,
        media_type: impl Into<Text>,
        schema: impl Into<Schema>,
    ) -> Self {
        let content = Content { media_type: media_type.into(), schema: Some(schema.into()) };
        self.answers.push(Answer { status, description: description.into(), content: Some(content), refuses: false });
        self
    }

    /// An answer without a body.
    #[must_use]
    pub fn answers_empty(mut self, status: u16, description: impl Into<Text>) -> Self {
        self.answers.push(Answer { status, description: description.into(), content: None, refuses: false });
        self
    }

    /// A refusal; its body is what [`Operation::refuses_as`] says.
    #[must_use]
    pub fn refuses(mut self, status: u16, description: impl Into<Text>) -> Self {
        self.answers.push(Answer { status, description: description.into(), content: None, refuses: true });
        self
    }

    /// What the dialect's refusals look like.
    #[must_use]
    pub fn refuses_as(mut self, media_type: impl Into<Text>, schema: impl Into<Schema>) -> Self {
        self.refusal = Some(Content { media_type: media_type.into(), schema: Some(schema.into()) });
        self
    }
}
