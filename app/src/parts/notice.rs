use leptos::prelude::*;

/// What a [`Notice`] tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeKind {
    #[default]
    Info,
    /// What was asked for has been done.
    Done,
    /// What was asked for has not been done.
    Problem,
}

/// One or two sentences at the head of a page about what just happened.
#[component]
pub fn Notice(#[prop(optional)] kind: NoticeKind, children: Children) -> impl IntoView {
    let (class, role) = match kind {
        NoticeKind::Info => ("notice", "note"),
        NoticeKind::Done => ("notice ok", "status"),
        NoticeKind::Problem => ("notice bad", "alert"),
    };
    view! {
        <div class=class role=role>
            {children()}
        </div>
    }
}
