//! The field of a new password, with a hint on how easily it is guessed.

use leptos::prelude::*;

use super::script;
use crate::{
    parts::{FieldFrame, described_by},
    words::Words,
};

/// Where a password is chosen. A script of its own speaks while it is typed and keeps what it sees to itself; without it
/// the hint below the field stays, and the server says why it refuses what is tried first.
#[derive(Debug, Default)]
pub(super) struct NewPassword {
    pub label: &'static str,
    /// Fewest characters.
    pub min: i32,
    /// What is known of its owner, with spaces between.
    pub own: String,
    pub error: Option<String>,
    pub autofocus: bool,
}

impl NewPassword {
    pub fn field(self, words: &'static Words) -> AnyView {
        let Self { label, min, own, error, autofocus } = self;
        let texts = words.strength();
        let hint = words.password_hint.replace("{min}", &min.to_string());
        let described = described_by("password", true, error.is_some());
        let invalid = error.is_some().then_some("true");
        view! {
            <FieldFrame id="password" label=label hint=hint nostrip:error=error>
                <input
                    id="password" name="password" type="password" autocomplete="new-password" required=true
                    autofocus=autofocus aria-describedby=described aria-invalid=invalid
                />
                <span
                    class="strength" aria-live="polite" data-strength="password" data-min=min.to_string() data-own=own
                    data-short=texts.short data-word=texts.word data-keys=texts.keys data-repeat=texts.repeat
                    data-sequence=texts.sequence data-date=texts.date data-own-name=texts.own data-fair=texts.fair
                    data-good=texts.good
                ></span>
            </FieldFrame>
            {script("strength.js")}
        }
        .into_any()
    }
}
