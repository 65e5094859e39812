//! The words of a filter.

use super::{FilterProblem, problem};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lexeme {
    Open,
    Close,
    And,
    Or,
    Not,
    Word(Word),
}

/// What is looked for, perhaps in a field of that name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    pub field: Option<String>,
    pub value: String,
    /// Whether anything may stand before the value.
    pub open_start: bool,
    /// Whether anything may stand behind it.
    pub open_end: bool,
}

/// A sign, and whether it stands for itself alone: behind a backslash or between quotes.
type Sign = (char, bool);

pub fn lex(text: &str) -> Result<Vec<Lexeme>, FilterProblem> {
    let mut lexemes = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { return Ok(lexemes) };
        match first {
            '(' => lexemes.push(Lexeme::Open),
            ')' => lexemes.push(Lexeme::Close),
            _ => {
                let (signs, after) = word(rest)?;
                lexemes.push(lexeme(signs)?);
                rest = after;
                continue;
            }
        }
        rest = &rest[first.len_utf8()..];
    }
}

/// Signs up to a space or a parenthesis, but for those between quotes.
fn word(text: &str) -> Result<(Vec<Sign>, &str), FilterProblem> {
    let (mut signs, mut is_quoted) = (Vec::new(), false);
    let mut at = text.char_indices();
    while let Some((place, sign)) = at.next() {
        match sign {
            '\\' => match at.next() {
                Some((_, sign)) => signs.push((sign, true)),
                None => return problem("It ends with a backslash."),
            },
            '"' => {
                is_quoted = !is_quoted;
                // An empty pair of quotes is a word too.
                signs.push(('"', false));
            }
            _ if is_quoted => signs.push((sign, true)),
            '(' | ')' => return Ok((signs, &text[place..])),
            _ if sign.is_whitespace() => return Ok((signs, &text[place..])),
            _ => signs.push((sign, false)),
        }
    }
    if is_quoted { problem("A quote is not closed.") } else { Ok((signs, "")) }
}

fn lexeme(signs: Vec<Sign>) -> Result<Lexeme, FilterProblem> {
    let keyword: Option<String> = signs.iter().map(|(sign, literal)| (!literal).then_some(*sign)).collect();
    match keyword.as_deref() {
        Some("AND" | "&&") => return Ok(Lexeme::And),
        Some("OR" | "||") => return Ok(Lexeme::Or),
        Some("NOT" | "!") => return Ok(Lexeme::Not),
        _ => {}
    }
    let colon = signs.iter().position(|sign| *sign == (':', false));
    let (field, value) = match colon {
        Some(colon) => (Some(read(&signs[..colon])), &signs[colon + 1..]),
        None => (None, signs.as_slice()),
    };
    if field.as_deref() == Some("") || value.is_empty() {
        return problem("A field or a value is missing beside a colon.");
    }
    let star = &('*', false);
    let (open_start, value) =
        value.strip_prefix(std::slice::from_ref(star)).map_or((false, value), |value| (true, value));
    let (open_end, value) =
        value.strip_suffix(std::slice::from_ref(star)).map_or((false, value), |value| (true, value));
    if value.contains(star) {
        return problem("A * can stand at the ends of a value only.");
    }
    let (open_end, value) = (open_end || (open_start && value.is_empty()), read(value));
    Ok(Lexeme::Word(Word { field, value, open_start, open_end }))
}

/// The text without the quotes around it.
fn read(signs: &[Sign]) -> String {
    signs.iter().filter(|sign| **sign != ('"', false)).map(|(sign, _)| *sign).collect()
}
