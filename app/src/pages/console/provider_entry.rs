//! What stands in a form for a provider, and what was wrong with it.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use crate::{parts::Field, web::Typed};

/// What was typed last, if anything was, and the word that the action said of it.
pub(super) struct Entry {
    typed: Typed,
    pub problem: String,
}

impl Entry {
    /// `typed` is nothing where the page's query speaks of another form.
    pub fn of(query: &ParamsMap, typed: Option<Typed>) -> Self {
        let problem = query.get("problem").filter(|_| typed.is_some()).unwrap_or_default();
        Self { typed: typed.unwrap_or_default(), problem }
    }

    /// What stands in a field: what was typed, else what is stored.
    pub fn typed(&self, name: &str, stored: &str) -> String {
        self.typed.get(name).unwrap_or_else(|| stored.to_owned())
    }

    pub fn is_about_a_field(&self) -> bool {
        matches!(self.problem.as_str(), "name" | "issuer" | "text")
    }

    pub fn name_error(&self) -> Option<String> {
        self.error("name", "Enter a name of up to 200 characters.")
    }

    pub fn issuer_error(&self) -> Option<String> {
        self.error("issuer", "Enter the issuer's https address as the provider spells it, without ? and #.")
    }

    /// One word stands for both client id and scopes; which it is shows in what was typed.
    pub fn client_error(&self) -> Option<String> {
        self.error(
            "text",
            "Enter the client id that the provider gave you, and its secret, in plain letters, digits and signs.",
        )
        .filter(|_| self.has_openid())
    }

    pub fn scopes_error(&self) -> Option<String> {
        self.error("text", "Enter scopes parted by spaces, openid among them.").filter(|_| !self.has_openid())
    }

    fn has_openid(&self) -> bool {
        let scopes = self.typed.get("scopes").unwrap_or_default();
        scopes.trim().is_empty() || scopes.split_ascii_whitespace().any(|scope| scope == "openid")
    }

    fn error(&self, word: &str, text: &str) -> Option<String> {
        (self.problem == word).then(|| text.to_owned())
    }

    /// Whether the reader begins at a field: at what was wrong, or at the secret that is to be typed again, so that a
    /// screen reader says why. Else at the name.
    pub fn is_first(&self, field: &str) -> bool {
        let first = match self.problem.as_str() {
            "text" if self.has_openid() => "client_id",
            "text" => "scopes",
            "issuer" => "issuer",
            "" if self.had_secret() => "client_secret",
            _ => "name",
        };
        field == first
    }

    fn had_secret(&self) -> bool {
        self.typed.get("secret").is_some_and(|secret| !secret.is_empty())
    }

    /// The field of the secret. What was typed is not kept, so that left blank it would not be stored: then it must be
    /// filled in again.
    pub fn secret(&self, id: &'static str, label: &'static str, hint: &'static str) -> AnyView {
        let again = self.had_secret();
        let error = again.then(|| "Type the secret again: it was not kept.".to_owned());
        let hint = (!again).then(|| hint.to_owned());
        view! {
            <Field id=id name="client_secret" label=label kind="password" nostrip:hint=hint nostrip:error=error maxlength=1000 autocomplete="off" required=again autofocus=again && self.is_first("client_secret") mono=true />
        }
        .into_any()
    }
}
