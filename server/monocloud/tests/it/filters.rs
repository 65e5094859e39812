//! The filter's parser, by itself.

use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use vestibule_core::directory::{AccountState, Field, Filter, Test};
use vestibule_monocloud::parse_filter;

use crate::support::fuzz::{cases, mistaken};

/// What filters are made of, and what upsets parsers and databases.
const PIECES: [&str; 32] = [
    "a",
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    "\"",
    "\\",
    ":",
    "*",
    " ",
    "  ",
    "&&",
    "||",
    "!",
    "email",
    "name",
    "disabled",
    "true",
    "user_id",
    "é",
    "\u{1f600}",
    "\u{0}",
    "\t",
    "claims.",
    "address.locality",
    "-",
    "+",
    "%",
    "'",
    "{",
    "\u{202e}",
];

/// Up to 23 of the pieces.
pub fn random(chance: &mut StdRng) -> String {
    let length = chance.random_range(0..24);
    (0..length).map(|_| PIECES[chance.random_range(0..PIECES.len())]).collect()
}

#[test]
fn filters_are_read_as_they_are_meant() {
    let mut seen = Vec::new();
    for text in [
        "bob",
        "grace hopper",
        "a b OR c d",
        "a AND (b OR NOT c)",
        "email:Grace@Example.com",
        "email:grace*",
        "name:\"Grace Hopper\"",
        "name:\"a \\\" b\"",
        "claims.address.locality:Arling*",
        "nickname:*",
        "*:*",
        "profile:https\\://people.example/*",
        "username:\"AND\" OR \"OR\"",
        "blocked:false",
        "\\(a\\)",
    ] {
        seen.push(format!("{text}\n    {:?}", parse_filter(text).unwrap()));
    }
    insta::assert_snapshot!(seen.join("\n"), @r#"
    bob
        Any("bob")
    grace hopper
        And([Any("grace"), Any("hopper")])
    a b OR c d
        Or([And([Any("a"), Any("b")]), And([Any("c"), Any("d")])])
    a AND (b OR NOT c)
        And([Any("a"), Or([Any("b"), Not(Any("c"))])])
    email:Grace@Example.com
        Email(["Grace@Example.com"])
    email:grace*
        Text { field: Email, test: StartsWith, value: "grace", fold: true }
    name:"Grace Hopper"
        Text { field: Name, test: Equals, value: "Grace Hopper", fold: true }
    name:"a \" b"
        Text { field: Name, test: Equals, value: "a \" b", fold: true }
    claims.address.locality:Arling*
        Text { field: Profile("address.locality"), test: StartsWith, value: "Arling", fold: true }
    nickname:*
        Text { field: Nickname, test: Contains, value: "", fold: true }
    *:*
        Always
    profile:https\://people.example/*
        Text { field: Profile("profile"), test: StartsWith, value: "https://people.example/", fold: true }
    username:"AND" OR "OR"
        Or([Text { field: Username, test: Equals, value: "AND", fold: true }, Any("OR")])
    blocked:false
        Not(State(Locked))
    \(a\)
        Any("(a)")
    "#);
}

#[test]
fn filters_are_bounded() {
    for text in [
        "(".repeat(500),
        format!("{}a{}", "(".repeat(40), ")".repeat(40)),
        "NOT ".repeat(40) + "a",
        "a ".repeat(101),
        "a".repeat(1_001),
    ] {
        assert!(parse_filter(&text).is_err(), "{text}");
    }
    assert!(parse_filter(&format!("{}a{}", "(".repeat(10), ")".repeat(10))).is_ok());
    assert!(parse_filter(&"a ".repeat(100)).is_ok());
}

/// Whatever is written, an answer comes, soon, and it is a filter or a sentence.
#[test]
fn no_text_upsets_the_parser() {
    let mut chance = StdRng::seed_from_u64(7);
    let begin = Instant::now();
    let mut read = 0;
    for _ in 0..50_000 {
        let text = random(&mut chance);
        match parse_filter(&text) {
            Ok(_) => read += 1,
            Err(problem) => assert!(problem.0.ends_with('.'), "{text}: {}", problem.0),
        }
    }
    assert!(read > 100, "only {read} were filters");
    assert!(begin.elapsed() < Duration::from_secs(30));
}

/// A filter by the grammar, with what it means.
fn written(chance: &mut StdRng, depth: usize) -> (String, Filter) {
    let (parts, meant) = several(chance, |chance| {
        let (parts, meant) = several(chance, |chance| one(chance, depth));
        (parts.join([" AND ", "  && ", " "].choose(chance).unwrap()), joined(meant, Filter::And))
    });
    (parts.join([" OR ", " || "].choose(chance).unwrap()), joined(meant, Filter::Or))
}

fn several(chance: &mut StdRng, make: impl Fn(&mut StdRng) -> (String, Filter)) -> (Vec<String>, Vec<Filter>) {
    (0..*[1, 1, 2, 3].choose(chance).unwrap()).map(|_| make(chance)).unzip()
}

fn joined(mut parts: Vec<Filter>, join: impl FnOnce(Vec<Filter>) -> Filter) -> Filter {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}

fn one(chance: &mut StdRng, depth: usize) -> (String, Filter) {
    match chance.random_range(0..if depth == 0 { 5 } else { 8 }) {
        0 => word(chance, "", Filter::Any),
        1 => word(chance, "email:", |value| Filter::Email(vec![value])),
        2 => word(chance, "claims.given_name:", |value| text(Field::GivenName, Test::Equals, value)),
        3 => {
            let (text_of, test) =
                *[("name:*x", Test::EndsWith), ("name:x*", Test::StartsWith), ("name:*x*", Test::Contains)]
                    .choose(chance)
                    .unwrap();
            (text_of.to_owned(), text(Field::Name, test, "x".to_owned()))
        }
        4 => {
            let truth = chance.random();
            let locked = Filter::State(AccountState::Locked);
            (format!("blocked:{truth}"), if truth { locked } else { Filter::Not(Box::new(locked)) })
        }
        5 => {
            let (text, meant) = one(chance, depth - 1);
            (format!("{}{text}", ["NOT ", "! "].choose(chance).unwrap()), Filter::Not(Box::new(meant)))
        }
        _ => {
            let (text, meant) = written(chance, depth - 1);
            (format!("({text})"), meant)
        }
    }
}

fn text(field: Field, test: Test, value: String) -> Filter {
    Filter::Text { field, test, value, fold: true }
}

/// A value between quotes, behind backslashes, or bare.
fn word(chance: &mut StdRng, field: &str, meant: impl FnOnce(String) -> Filter) -> (String, Filter) {
    const SIGNS: [char; 12] = ['a', 'é', '*', '(', ')', ':', '"', '\\', ' ', '!', '\u{1f600}', '%'];
    let value: String = (0..chance.random_range(1..6)).map(|_| *SIGNS.choose(chance).unwrap()).collect();
    let behind = |escaped: &[char]| {
        value
            .chars()
            .flat_map(|sign| escaped.contains(&sign).then_some('\\').into_iter().chain([sign]))
            .collect::<String>()
    };
    let written = match chance.random_range(0..2) {
        0 => format!("\"{}\"", behind(&['"', '\\'])),
        _ => behind(&SIGNS),
    };
    (format!("{field}{written}"), meant(value))
}

/// What is written by the grammar is read as it was meant, unless it is too much.
#[test]
fn what_the_grammar_makes_is_read_as_meant() {
    let mut read = 0;
    cases(20_000, |chance| {
        let (text, meant) = written(chance, 4);
        match parse_filter(&text) {
            Ok(filter) => {
                assert_eq!(filter, meant, "{text}");
                read += 1;
            }
            Err(problem) => assert!(problem.0.contains("more than"), "{text}: {}", problem.0),
        }
    });
    assert!(read > 15_000, "only {read} were read");
}

#[test]
fn a_mistake_upsets_nothing() {
    let mut read = 0;
    cases(30_000, |chance| {
        let (text, _) = written(chance, 4);
        let text = mistaken(chance, &text, &PIECES);
        match parse_filter(&text) {
            Ok(_) => read += 1,
            Err(problem) => assert!(problem.0.ends_with('.'), "{text}: {}", problem.0),
        }
    });
    assert!((1_000..29_000).contains(&read), "{read} were read");
}
