//! The question before what one press should not do.

use leptos::prelude::*;

use crate::islands::ConfirmDialog;

/// What is asked, and the form that answers it.
pub(super) struct Question {
    pub title: String,
    pub text: &'static str,
    /// Where the form goes, with which hidden values.
    pub path: &'static str,
    pub values: Vec<(&'static str, String)>,
    pub submit: &'static str,
    pub class: &'static str,
    /// The page without the question.
    pub back: String,
}

impl Question {
    /// It stands first on its page; `field` is what else there is to fill in.
    pub fn view(self, field: Option<AnyView>) -> AnyView {
        let Self { title, text, path, values, submit, class, back } = self;
        let values = values.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
        view! {
            <ConfirmDialog title_id="question" cancel_href=back.clone()>
                <form class="stack" method="post" action=path>
                    <h2 id="question">{title}</h2>
                    <p class="muted">{text}</p>
                    {values.collect_view()}
                    {field}
                    <div class="row"><a class="button push" href=back>"Cancel"</a><button class=class>{submit}</button></div>
                </form>
            </ConfirmDialog>
        }
        .into_any()
    }
}
