use leptos::prelude::*;

/// A labelled text field: label above, hint below, error in place.
#[component]
pub fn Field(
    /// Unique in the page; the hint and the error are named after it.
    #[prop(into)]
    id: String,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// The `type` of the input.
    #[prop(into, default = "text".to_owned())]
    kind: String,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
    /// Why the last value was refused.
    #[prop(optional, into)]
    error: Option<String>,
    #[prop(optional, into)] autocomplete: Option<String>,
    #[prop(optional, into)] inputmode: Option<String>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional)] minlength: Option<u32>,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    /// For addresses, keys and other things that are not words.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    let described = described_by(&id, hint.is_some(), error.is_some());
    let input = view! {
        <input
            class=mono.then_some("mono")
            id=id.clone()
            name=name
            type=kind
            value=value
            autocomplete=autocomplete
            inputmode=inputmode
            placeholder=placeholder
            maxlength=maxlength
            minlength=minlength
            required=required
            autofocus=autofocus
            aria-describedby=described
            aria-invalid=error.is_some().then_some("true")
        />
    };
    view! {
        <FieldFrame id=id label=label nostrip:hint=hint nostrip:error=error>
            {input}
        </FieldFrame>
    }
}

/// What stands around any control: label above, hint below, error in place. The control inside carries the same `id`, and
/// names hint and error with [`described_by`].
#[component]
pub fn FieldFrame(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: Option<String>,
    children: Children,
) -> impl IntoView {
    let hint = hint.map(|hint| view! { <span class="hint" id=format!("{id}-hint")>{hint}</span> });
    let error = error.map(|error| view! { <span class="error" id=format!("{id}-error")>{error}</span> });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {children()}
            {error}
            {hint}
        </div>
    }
}

/// The `aria-describedby` of the control `id`: the error first, because it is what the reader came back for.
pub fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (error, hint) {
        (true, true) => Some(format!("{id}-error {id}-hint")),
        (true, false) => Some(format!("{id}-error")),
        (false, true) => Some(format!("{id}-hint")),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_tied_to_its_control() {
        let html =
            view! { <Field id="a" name="b" label="Reason" hint="Kept." error="Missing." required=true /> }.to_html();
        assert!(html.contains(r#"<label for="a">Reason</label>"#), "{html}");
        assert!(html.contains(r#"aria-describedby="a-error a-hint""#), "{html}");
        assert!(html.contains(r#"aria-invalid="true""#), "{html}");
        assert!(html.contains(r#"<span id="a-error" class="error">Missing."#), "{html}");
    }

    #[test]
    fn a_plain_field_says_nothing_it_need_not() {
        let html = view! { <Field id="a" name="b" label="Reason" /> }.to_html();
        assert!(!html.contains("aria-"), "{html}");
        assert!(!html.contains("required"), "{html}");
    }
}
