use std::time::Duration;

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

/// Copies `text`. Hidden until it wakes and where the browser offers no clipboard, so the page shows the text as well.
#[island]
pub fn CopyButton(
    #[prop(into)] text: String,
    #[prop(into)] label: String,
    /// What the button says for a moment after it has copied.
    #[prop(into)]
    copied: String,
    /// `button small` unless given.
    #[prop(optional, into)]
    class: Option<String>,
) -> impl IntoView {
    let class = class.unwrap_or_else(|| "button small".to_owned());
    let shown = label.clone();
    let copy = move |event: MouseEvent| {
        let button: Element = event_target(&event);
        let written = window().navigator().clipboard().write_text(&text);
        let (label, copied) = (label.clone(), copied.clone());
        spawn_local(async move {
            if JsFuture::from(written).await.is_ok() {
                say(&button, &copied, &copied);
                set_timeout(move || say(&button, &label, ""), Duration::from_secs(4));
            }
        });
    };
    view! {
        <button type="button" class=class hidden on:click=copy use:show_if_possible>
            {shown}
        </button>
        <span role="status" class="visually-hidden"></span>
    }
}

/// The clipboard exists only in secure contexts; asking for it elsewhere throws.
fn show_if_possible(button: Element) {
    button.unchecked_ref::<HtmlElement>().set_hidden(!window().is_secure_context());
}

/// Changes the button for those who see it and the status beside it for those who hear it.
fn say(button: &Element, shown: &str, spoken: &str) {
    button.set_text_content(Some(shown));
    if let Some(status) = button.next_element_sibling() {
        status.set_text_content(Some(spoken));
    }
}
