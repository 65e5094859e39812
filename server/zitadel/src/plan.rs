//! What the limits of the protos ask of each message, read once.

use std::{collections::HashMap, sync::LazyLock};

use prost_reflect::{DynamicMessage, ExtensionDescriptor, FieldDescriptor, MessageDescriptor, OneofDescriptor, Value};

use crate::proto::{
    POOL,
    validate::{FieldRules, field_rules::Type},
};

/// The checks of every message, by the message's full name.
static PLANS: LazyLock<HashMap<String, Plan>> = LazyLock::new(|| {
    let messages = POOL.all_messages().filter(|message| message.package_name().starts_with("zitadel."));
    messages.map(|message| (message.full_name().to_owned(), Plan::of(&message))).collect()
});

/// The checks of one message, in the order of its fields' numbers.
#[derive(Debug)]
pub struct Plan {
    /// The message's name as the texts have it: nested ones joined by `_`.
    pub name: String,
    pub checks: Vec<Check>,
}

#[derive(Debug)]
pub enum Check {
    /// One member of the oneof of this name must be set.
    Oneof(String, OneofDescriptor),
    Field(Box<FieldCheck>),
}

#[derive(Debug)]
pub struct FieldCheck {
    /// The field's name as the texts have it: `UserId`.
    pub name: String,
    pub field: FieldDescriptor,
    pub rules: FieldRules,
}

impl FieldCheck {
    /// Whether a request must bring the field, because its default breaks a limit.
    pub fn is_required(&self) -> bool {
        let needs_text = match &self.rules.r#type {
            Some(Type::String(rules)) => rules.min_len() > 0 || rules.email(),
            Some(Type::Bytes(rules)) => rules.min_len() > 0,
            Some(Type::Bool(_) | Type::Enum(_)) | None => false,
        };
        self.rules.message.is_some_and(|rules| rules.required()) || (needs_text && !self.field.supports_presence())
    }
}

impl Plan {
    /// The checks of a message of ours; other packages' messages have none.
    pub fn find(message: &MessageDescriptor) -> Option<&'static Self> {
        PLANS.get(message.full_name())
    }

    fn of(message: &MessageDescriptor) -> Self {
        let mut checks = Vec::new();
        for field in message.fields() {
            let oneof = field.containing_oneof().filter(|oneof| !oneof.is_synthetic());
            let first = |oneof: &OneofDescriptor| oneof.fields().map(|member| member.number()).min();
            if let Some(oneof) = oneof.filter(|oneof| first(oneof) == Some(field.number()))
                && is_required(&oneof)
            {
                checks.push(Check::Oneof(go_name(oneof.name()), oneof));
            }
            let rules = extension(&field.options(), "validate.rules").unwrap_or_default();
            checks.push(Check::Field(Box::new(FieldCheck { name: go_name(field.name()), field, rules })));
        }
        Self { name: go_type(message), checks }
    }
}

fn is_required(oneof: &OneofDescriptor) -> bool {
    let extension = named("validate.required");
    oneof.options().get_extension(&extension).as_bool().unwrap_or_default()
}

/// An option that is a message, if it is set.
pub fn extension<T: prost::Message + Default>(options: &DynamicMessage, name: &str) -> Option<T> {
    let extension = named(name);
    match options.has_extension(&extension).then(|| options.get_extension(&extension))?.as_ref() {
        Value::Message(message) => message.transcode_to().ok(),
        _ => None,
    }
}

fn named(name: &str) -> ExtensionDescriptor {
    POOL.get_extension_by_name(name).expect("the protos define it")
}

/// `user_id` as `UserId`.
fn go_name(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut signs = word.chars();
        signs.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(signs)
    });
    words.flatten().collect()
}

fn go_type(message: &MessageDescriptor) -> String {
    match message.parent_message() {
        Some(parent) => format!("{}_{}", go_type(&parent), message.name()),
        None => message.name().to_owned(),
    }
}
