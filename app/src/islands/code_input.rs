use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, InputEvent};

use super::grouping::{Tidied, tidy};

/// The field for a code, `name="code"`, without its label.
///
/// Awake, it writes capitals and groups while somebody types or pastes. It refuses nothing: the server reads codes
/// forgivingly, and this field must not be stricter than the plain one that people without script have.
#[island]
pub fn CodeInput(
    /// Ties the field to its label.
    #[prop(into)]
    id: String,
    /// The group sizes to show, for example `4-4-4`, or `6|4-4-4` where either kind of code may come.
    #[prop(into)]
    groups: String,
    /// The keyboard to offer: `text`, unless it is `numeric`.
    #[prop(optional, into)]
    input_mode: Option<String>,
    /// The ids of the hint and the error.
    #[prop(optional, into)]
    described_by: Option<String>,
    /// Whether the last code from this field was refused.
    #[prop(optional)]
    invalid: Option<bool>,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional)] autofocus: Option<bool>,
) -> impl IntoView {
    let class = if groups.len() > 3 { "code long" } else { "code" };
    let on_input = move |event: ev::Event| {
        let composing = event.dyn_ref::<InputEvent>().is_some_and(InputEvent::is_composing);
        if !composing {
            let forward =
                event.dyn_ref::<InputEvent>().is_some_and(|event| event.input_type() == "deleteContentForward");
            rewrite(&event_target(&event), &groups, forward);
        }
    };

    view! {
        <input
            class=class
            id=id
            name="code"
            type="text"
            inputmode=input_mode.unwrap_or_else(|| "text".to_owned())
            autocomplete="one-time-code"
            autocapitalize="characters"
            spellcheck="false"
            maxlength="64"
            dir="ltr"
            required
            autofocus=autofocus == Some(true)
            value=value
            aria-describedby=described_by
            aria-invalid=(invalid == Some(true)).then_some("true")
            on:input=on_input
        />
    }
}

/// Writes only when something changes, because every write from script empties the browser's undo history.
fn rewrite(input: &HtmlInputElement, groups: &str, forward: bool) {
    let typed = input.value();
    let caret = input.selection_start().ok().flatten().unwrap_or(u32::MAX);
    let Tidied { text, caret } = tidy(&typed, caret, groups, forward);
    if text != typed {
        input.set_value(&text);
        // Refused only by inputs that have no caret; then there is none to keep.
        let _ = input.set_selection_range(caret, caret);
    }
}
