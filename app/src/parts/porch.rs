use leptos::prelude::*;

use super::brand::Brand;

/// The user's pages: one card, one question, under the organization's name.
#[component]
pub fn Porch(
    /// The organization, as its people know it.
    #[prop(into)]
    organization: String,
    /// The words of the skip link.
    #[prop(into, default = "Skip to content".to_owned())]
    skip: String,
    /// Links below the card, such as help and languages.
    #[prop(optional, into)]
    footer: ViewFn,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="skip" href="#main">{skip}</a>
        <div class="porch">
            <header>
                <Brand name=organization.clone() />
            </header>
            <main id="main" tabindex="-1">{children()}</main>
            <footer>
                <span>{organization}</span>
                {footer.run()}
            </footer>
        </div>
    }
}
