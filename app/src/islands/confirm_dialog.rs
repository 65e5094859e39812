use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement};

/// A question that stands before everything else on the page.
///
/// The server sends it open and not modal, and its buttons are a form and a link, so it is answered without script too;
/// a page has it first, where it is seen.
/// Awake it becomes modal: the page behind it is inert, and Escape goes where its cancel link goes.
#[island]
pub fn ConfirmDialog(
    /// The id of the heading among the children.
    #[prop(into)]
    title_id: String,
    /// The page without the question.
    #[prop(into)]
    cancel_href: String,
    children: Children,
) -> impl IntoView {
    let leave = move |event: ev::Event| {
        event.prevent_default();
        // Refused only for an unreadable address; the cancel link in the children remains.
        let _ = window().location().set_href(&cancel_href);
    };
    view! {
        <dialog open class="stack" aria-labelledby=title_id on:cancel=leave use:make_modal>
            {children()}
        </dialog>
    }
}

fn make_modal(dialog: Element) {
    let dialog: &HtmlDialogElement = dialog.unchecked_ref();
    // Taken away without `close()`, which would announce a dismissal that nobody made.
    dialog.set_open(false);
    // Refused only if the dialog has left the page; then nothing is left to ask.
    let _ = dialog.show_modal();
}
