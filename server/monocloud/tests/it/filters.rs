//! The filter's parser, by itself.

use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng, rngs::StdRng};
use vestibule_monocloud::parse_filter;

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
