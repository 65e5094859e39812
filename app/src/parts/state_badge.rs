use leptos::prelude::*;

/// Decides shape and colour of a [`StateBadge`]; the word says the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// It worked: verified, sent, accepted.
    Verified,
    /// It waits for somebody: not verified, deferred.
    Pending,
    /// It is on its way: invited, queued, new.
    Invited,
    /// It ended without success: expired, failed, bounced.
    Expired,
    /// Somebody switched it off.
    Disabled,
}

/// A state, always as a word and a shape, never by colour alone.
#[component]
pub fn StateBadge(kind: StateKind, #[prop(into)] word: String) -> impl IntoView {
    let class = match kind {
        StateKind::Verified => "state verified",
        StateKind::Pending => "state pending",
        StateKind::Invited => "state invited",
        StateKind::Expired => "state expired",
        StateKind::Disabled => "state disabled",
    };
    view! { <span class=class>{word}</span> }
}
