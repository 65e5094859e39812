use leptos::prelude::*;

use super::icons::{Drawing, Icon};

/// The arch and a name: the organization's towards its people, Vestibule's in the console.
#[component]
pub fn Brand(#[prop(into)] name: String, #[prop(into, default = "/".to_owned())] href: String) -> impl IntoView {
    view! {
        <a class="brand" href=href>
            <Icon drawing=Drawing::Arch />
            <span>{name}</span>
        </a>
    }
}
