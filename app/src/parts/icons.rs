//! Line drawings on a 24 by 24 grid, in the colour of the text around them. Each stands beside a word, so they are all
//! hidden from assistive technology.

use leptos::prelude::*;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// The brand: a door within a door.
    Arch,
    Overview,
    Users,
    Invites,
    Deliveries,
    Audit,
    Keys,
    Settings,
    Passkey,
    Password,
    Company,
}

#[component]
pub fn Icon(drawing: Drawing) -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            inner_html=drawing.lines()
        ></svg>
    }
}

impl Drawing {
    fn lines(self) -> &'static str {
        match self {
            Self::Arch => {
                r#"<path d="M4 21V9a8 8 0 0 1 16 0v12"/><path d="M9 21V11a3 3 0 0 1 6 0v10"/><path d="M2 21h20"/>"#
            }
            Self::Overview => {
                r#"<rect x="3" y="3" width="7" height="9"/><rect x="14" y="3" width="7" height="5"/><rect x="14" y="12" width="7" height="9"/><rect x="3" y="16" width="7" height="5"/>"#
            }
            Self::Users => {
                r#"<circle cx="9" cy="8" r="4"/><path d="M2 21a7 7 0 0 1 14 0M17 4a4 4 0 0 1 0 8M22 21a7 7 0 0 0-5-6.7"/>"#
            }
            Self::Invites => r#"<path d="M3 6h18v12H3z"/><path d="m3 7 9 6 9-6"/>"#,
            Self::Deliveries => r#"<path d="M22 2 11 13M22 2l-7 20-4-9-9-4z"/>"#,
            Self::Audit => r#"<path d="M4 4h16v16H4zM8 9h8M8 13h8M8 17h5"/>"#,
            Self::Keys => r#"<circle cx="8" cy="15" r="4"/><path d="m11 12 9-9M16 7l3 3"/>"#,
            Self::Settings => {
                r#"<circle cx="12" cy="12" r="3"/><path d="M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2"/>"#
            }
            Self::Passkey => {
                r#"<circle cx="12" cy="8" r="4"/><path d="M5 21a7 7 0 0 1 10-6.3M19 14v7M16.5 18H19m0-4a2 2 0 1 0 0-.01"/>"#
            }
            Self::Password => {
                r#"<rect x="4" y="11" width="16" height="10" rx="2"/><path d="M8 11V7a4 4 0 0 1 8 0v4"/>"#
            }
            Self::Company => {
                r#"<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3a14 14 0 0 1 0 18M12 3a14 14 0 0 0 0 18"/>"#
            }
        }
    }
}
