//! `/console/settings`: what an owner sets for the organization.

use std::ops::RangeInclusive;

use leptos::prelude::*;
use vestibule_core::{
    code::{CodeStyle, EMAIL_LENGTHS},
    organization::{Method, Policy},
};

use super::owner_page;
use crate::{
    actions::Unit,
    parts::{FieldFrame, Section, described_by},
};

#[component]
pub fn Settings() -> impl IntoView {
    owner_page(Section::Settings, |page, admin| async move {
        let set = page.ask.vestibule().organization(admin.organization_id()).await?.policy;
        let wrong = page.query.get("field").filter(|_| page.problem().is("policy"));
        let typed = wrong.is_some() || page.query.get("typed").is_some();
        let policy = if typed { page.ask.kept_policy().await?.unwrap_or(set) } else { set };
        let is_wrong = |field: &str| wrong.as_deref() == Some(field);
        let number = |name: &'static str, label: &'static str, hint: &'static str, value: i64, bounds: [i64; 2]| {
            Number { name, label, hint, value, bounds, wrong: is_wrong(name) }.field()
        };
        let duration = |name: &'static str, label: &'static str, hint: &'static str, ms: i64| {
            Duration { name, label, hint, ms, wrong: is_wrong(name) }.field()
        };
        let methods_error = is_wrong("first_methods").then_some("Choose at least one.");
        let methods_set = policy.first_methods.clone();
        let methods = Method::ALL.iter().map(move |method| {
            let (name, word) = method_field(*method);
            let checked = methods_set.contains(method);
            view! { <label class="check"><input type="checkbox" name=name value="true" checked=checked /><span>{word}</span></label> }
        });
        let style_set = policy.code_style;
        let styles = CodeStyle::ALL.iter().map(move |style| {
            let word = match style {
                CodeStyle::Letters => "Letters, as in BCDF-GHJK",
                CodeStyle::Digits => "Digits, as in 4821-9073",
            };
            view! { <option value=style.as_str() selected=*style == style_set>{word}</option> }
        });
        let lengths = [EMAIL_LENGTHS.start(), EMAIL_LENGTHS.end()].map(|length| i64::try_from(*length).unwrap_or(0));
        let length = i64::try_from(policy.code_length).unwrap_or(0);
        let content = view! {
            <header><h1>"Settings"</h1></header>
            <form class="card form stack" method="post" action="/do/change_policy">
                <p class="muted">"These count for codes, invites and passwords from now on. What is under way keeps the rules that it began with."</p>
                <h2>"Codes"</h2>
                <FieldFrame id="code_style" label="A code is made of">
                    <select id="code_style" name="policy[code_style]">{styles.collect_view()}</select>
                </FieldFrame>
                {number("code_length", "How many of them", "6 to 12.", length, lengths)}
                {duration("code_lifetime", "A code works for", "One minute to one day.", policy.code_lifetime)}
                {number("tries", "Tries", "How often a code can be entered before a new one is needed: 1 to 10.", policy.tries.into(), wide(&Policy::TRIES))}
                {duration("cool_down", "Between two mails to one address", "10 seconds to one hour.", policy.cool_down)}
                {number("mails_a_day", "Mails with codes to one address in a day", "1 to 100.", policy.mails_a_day, [*Policy::MAILS_A_DAY.start(), *Policy::MAILS_A_DAY.end()])}
                <h2>"Invites"</h2>
                {duration("invite_lifetime", "An invite works for", "One hour to 90 days. Who invites somebody may choose otherwise.", policy.invite_lifetime)}
                <fieldset class="field" aria-describedby=methods_error.map(|_| "first_methods-error")>
                    <legend>"An invited person may begin with"</legend>
                    {methods.collect_view()}
                    {methods_error.map(|error| view! { <span class="error" id="first_methods-error">{error}</span> })}
                </fieldset>
                <h2>"Passwords"</h2>
                {number("password_min", "Fewest characters", "8 to 128. Long is better than complicated.", policy.password_min.into(), wide(&Policy::PASSWORD_MIN))}
                <h2>"Administrators"</h2>
                <div class="field">
                    <label class="check">
                        <input type="checkbox" name="policy[admin_passkey]" value="true" checked=policy.admin_passkey aria-describedby="admin_passkey-hint" />
                        <span>"Administrators need a passkey"</span>
                    </label>
                    <span class="hint" id="admin_passkey-hint">
                        "Whoever signs in to the console by a password or a company account shows a passkey as well, and makes one where there is none yet. You need one yourself first, in "
                        <a href="/me">"your account"</a>"."
                    </span>
                </div>
                <div class="row"><button class="button primary push">"Save"</button></div>
            </form>
        };
        Ok(("Settings".to_owned(), content.into_any()))
    })
}

fn wide(bounds: &RangeInclusive<i32>) -> [i64; 2] {
    [(*bounds.start()).into(), (*bounds.end()).into()]
}

/// The field of a method in the form, and what it is called.
fn method_field(method: Method) -> (&'static str, &'static str) {
    match method {
        Method::Passkey => ("policy[by_passkey]", "a passkey"),
        Method::Password => ("policy[by_password]", "a password"),
        Method::Provider => ("policy[by_provider]", "a company account"),
    }
}

struct Number {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: i64,
    bounds: [i64; 2],
    wrong: bool,
}

impl Number {
    fn field(self) -> AnyView {
        let Self { name, label, hint, value, bounds: [least, most], wrong } = self;
        let error = wrong.then(|| "That is out of bounds.".to_owned());
        let described = described_by(name, true, wrong);
        view! {
            <FieldFrame id=name label=label hint=hint nostrip:error=error>
                <input class="width-10" id=name name=format!("policy[{name}]") type="number" min=least max=most step="1" value=value required aria-describedby=described aria-invalid=wrong.then_some("true") />
            </FieldFrame>
        }
        .into_any()
    }
}

struct Duration {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    ms: i64,
    wrong: bool,
}

impl Duration {
    /// A number and its unit.
    fn field(self) -> AnyView {
        let Self { name, label, hint, ms, wrong } = self;
        let (count, chosen) = Unit::split(ms);
        let units =
            Unit::ALL.map(|unit| view! { <option value=unit.word() selected=unit == chosen>{unit.word()}</option> });
        let error = wrong.then(|| "That is out of bounds.".to_owned());
        let described = described_by(name, true, wrong);
        view! {
            <FieldFrame id=name label=label hint=hint nostrip:error=error>
                <div class="row">
                    <input class="width-10" id=name name=format!("policy[{name}]") type="number" min="1" step="1" value=count required aria-describedby=described aria-invalid=wrong.then_some("true") />
                    <select class="width-10" name=format!("policy[{name}_unit]") aria-label=format!("{label}: unit")>{units}</select>
                </div>
            </FieldFrame>
        }
        .into_any()
    }
}
