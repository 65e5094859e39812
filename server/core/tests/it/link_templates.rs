//! Links that clients word: whatever they write, no value chooses where a mail leads.

use rand::{Rng, rngs::StdRng, seq::IndexedRandom};
use vestibule_core::link_template::{LinkTemplate, Name};
use webauthn_rs::prelude::Url;

use crate::support::fuzz::{cases, mistaken};

const PIECES: [&str; 26] = [
    "{{",
    "}}",
    "{{-",
    "-}}",
    "- ",
    " -",
    ".",
    ".Code",
    "{{.Code}}",
    "{{ .UserID -}}",
    "|",
    "@",
    "\\",
    "/",
    "//",
    "?",
    "#",
    ":",
    "%2f",
    " ",
    "\u{a0}",
    "https://",
    "javascript:",
    "ü",
    "\0",
    "💥",
];

/// A template by the grammar.
fn written(chance: &mut StdRng) -> String {
    let mut text =
        (*["https://a.example/", "http://a.example:8080?", "https://ü.example#"].choose(chance).unwrap()).to_owned();
    for _ in 0..chance.random_range(0..5) {
        text += ["x=", "&", "/", " ", "%20", "}", "é"].choose(chance).unwrap();
        let (open, close) =
            [("{{", "}}"), ("{{ ", " }}"), ("{{- ", " -}}"), ("{{", " -}}"), ("{{- ", "}}")].choose(chance).unwrap();
        let name = Name::ALL.choose(chance).unwrap();
        text.extend([open, ".", &name.to_string(), close]);
    }
    text
}

/// Where it leads with such a value in every place.
fn leads(template: &LinkTemplate, value: &str) -> Option<(String, Option<String>, Option<u16>)> {
    let url = Url::parse(&template.render(|_| value.to_owned())).ok()?;
    assert!(["http", "https"].contains(&url.scheme()) && url.username().is_empty(), "{url}");
    Some((url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port()))
}

/// That no value changes where it leads, and that it is read back as it was stored.
fn is_sound(text: &str, template: &LinkTemplate) {
    let plain = leads(template, "a");
    for value in ["@evil.example/", "/../", "//evil.example", ":81", "?#", "\\", "\r\nLocation: x", "ü", "%40", ""] {
        assert_eq!(leads(template, value), plain, "{text:?} with {value:?}");
    }
    assert_eq!(LinkTemplate::parse(template.as_str(), Name::ALL).as_ref(), Ok(template), "{text:?}");
}

#[test]
fn what_the_grammar_makes_is_a_link() {
    cases(10_000, |chance| {
        let text = written(chance);
        is_sound(&text, &LinkTemplate::parse(&text, Name::ALL).unwrap());
    });
}

#[test]
fn a_mistake_leads_nowhere_else() {
    let mut read = 0;
    cases(40_000, |chance| {
        let text = written(chance);
        let text = mistaken(chance, &text, &PIECES);
        if let Ok(template) = LinkTemplate::parse(&text, Name::ALL) {
            is_sound(&text, &template);
            read += 1;
        }
        if let Ok(template) = LinkTemplate::accept_url(&text) {
            assert_eq!(leads(&template, "@evil.example"), leads(&template, "a"), "{text:?}");
        }
    });
    assert!(read > 1_000, "only {read} were read");
}
