//! Choosing the language that pages are read in.

use leptos::prelude::*;
use vestibule_core::{Refusal, actor::Language};

use super::{Outcome, act};
use crate::web::{Ask, Carried, language::way_back};

/// Keeps the choice in this browser, and goes back to the page that it was made on. Mails go on in the person's own.
#[server(prefix = "/do", endpoint = "choose_language")]
pub async fn choose_language(language: String, back: String) -> Result<Outcome, ServerFnError> {
    let back = way_back(&back).unwrap_or_else(|| "/".to_owned());
    act(&back.clone(), async move {
        let language: Language = language.parse().map_err(|_| Refusal::Text)?;
        Ask::current().await?.carry(Carried::Language, Some(language.as_str()));
        Ok(back)
    })
    .await
}
