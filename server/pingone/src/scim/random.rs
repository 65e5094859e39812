//! Filters made up by the grammar, and with mistakes.

#[path = "../../../core/tests/it/support/fuzz.rs"]
mod fuzz;

use rand::{Rng, rngs::StdRng, seq::IndexedRandom};

use self::fuzz::{cases, mistaken};
use super::{Compare, Expr, Literal, parse};

const PIECES: [&str; 22] = [
    "and", "OR", "not", "(", ")", "[", "]", "\"", "\\", "\\u", "\\ud800", "eq", "true", "email", ".", "\0", "é", "'",
    "{", "💥", "\u{202e}", "\t",
];

/// An expression with parts that it would not lose by being read: two and more below and, or.
fn made(chance: &mut StdRng, depth: usize) -> Expr {
    let several = |chance: &mut StdRng| (0..chance.random_range(2..4)).map(|_| made(chance, depth - 1)).collect();
    match chance.random_range(0..if depth == 0 { 4 } else { 8 }) {
        0..3 => Expr::Compare(compare(chance)),
        3 => Expr::Within("memberOfGroups".to_owned(), compare(chance)),
        4 => Expr::Not(Box::new(made(chance, depth - 1))),
        5 => Expr::And(several(chance)),
        _ => Expr::Or(several(chance)),
    }
}

fn compare(chance: &mut StdRng) -> Compare {
    const SIGNS: [char; 12] = ['a', 'É', '"', '\\', ' ', '\n', '\0', '(', '%', '💥', '\u{7f}', '\u{202e}'];
    let value = match chance.random_range(0..4) {
        0 => Literal::Bool(chance.random()),
        _ => Literal::Text((0..chance.random_range(0..6)).map(|_| *SIGNS.choose(chance).unwrap()).collect()),
    };
    let attribute = (*["email", "name.given", "startDate", "$x-y_z", "and.or"].choose(chance).unwrap()).to_owned();
    let operator = (*["eq", "sw", "co", "gt"].choose(chance).unwrap()).to_owned();
    Compare { attribute, operator, value }
}

/// The text of it, spaced and spelled one way or another.
fn written(chance: &mut StdRng, expr: &Expr) -> String {
    let mut all = |parts: &[Expr], keyword: [&str; 2]| {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| match part {
                Expr::And(_) | Expr::Or(_) => format!("({})", written(chance, part)),
                part => written(chance, part),
            })
            .collect();
        parts.join(&format!(" {} ", keyword.choose(chance).unwrap()))
    };
    match expr {
        Expr::And(parts) => all(parts, ["and", "AND"]),
        Expr::Or(parts) => all(parts, ["or", "Or"]),
        Expr::Not(part) => format!("not ({})", written(chance, part)),
        Expr::Compare(compare) => compared(chance, compare),
        Expr::Within(holder, compare) => format!("{holder}[{}]", compared(chance, compare)),
    }
}

fn compared(chance: &mut StdRng, Compare { attribute, operator, value }: &Compare) -> String {
    let operator = if chance.random() { operator.to_uppercase() } else { operator.clone() };
    let value = match value {
        Literal::Bool(value) => value.to_string(),
        Literal::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
    };
    format!("{attribute} {operator}{}{value}", [" ", "  "].choose(chance).unwrap())
}

#[test]
fn what_the_grammar_makes_is_read_as_meant() {
    cases(10_000, |chance| {
        let expr = made(chance, 4);
        let text = written(chance, &expr);
        match parse(&text) {
            Ok(read) => assert_eq!(read, expr, "{text}"),
            Err(trouble) => assert!(trouble.contains("longer than"), "{text}: {trouble}"),
        }
    });
}

#[test]
fn a_mistake_upsets_nothing() {
    let mut read = 0;
    cases(20_000, |chance| {
        let expr = made(chance, 4);
        let text = written(chance, &expr);
        let text = mistaken(chance, &text, &PIECES);
        match parse(&text) {
            Ok(_) => read += 1,
            Err(trouble) => assert!(trouble.starts_with("The filter "), "{text}: {trouble}"),
        }
    });
    assert!((500..19_500).contains(&read), "{read} were read");
}
