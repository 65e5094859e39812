//! The `filter` of lists: the part of Lucene's query syntax that people type (spec B4).
//!
//! `grace`, `email:grace@example.com`, `name:"Grace Hopper" AND (disabled:false OR NOT phone:+44*)`. A bare word is
//! looked for in user name, name, addresses, numbers and id; words side by side must all be found. `*` may stand at the
//! ends of a value.

mod lexer;

use vestibule_core::directory::{AccountState, Field, Filter, Test};

use self::lexer::{Lexeme, Word, lex};

/// Longest filter, in characters.
const LONGEST: usize = 1_000;
/// How many parentheses and NOTs may stand in each other.
const DEEPEST: usize = 10;
/// How many words, operators and parentheses a filter may hold.
const MOST: usize = 100;

/// Why a text is no filter, as its writer is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterProblem(pub String);

fn problem<T>(text: impl Into<String>) -> Result<T, FilterProblem> {
    Err(FilterProblem(text.into()))
}

/// Reads a filter.
pub fn parse(text: &str) -> Result<Filter, FilterProblem> {
    if text.chars().count() > LONGEST {
        return problem(format!("It has more than {LONGEST} characters."));
    }
    if text.chars().any(char::is_control) {
        return problem("It holds control signs.");
    }
    let lexemes = lex(text)?;
    if lexemes.len() > MOST {
        return problem(format!("It holds more than {MOST} words."));
    }
    let mut parser = Parser { rest: &lexemes };
    let filter = parser.any_of(0)?;
    match parser.rest.first() {
        None => Ok(filter),
        Some(_) => problem("A parenthesis is closed that was not opened."),
    }
}

struct Parser<'l> {
    rest: &'l [Lexeme],
}

impl Parser<'_> {
    fn any_of(&mut self, depth: usize) -> Result<Filter, FilterProblem> {
        let mut parts = vec![self.all_of(depth)?];
        while self.take(&Lexeme::Or) {
            parts.push(self.all_of(depth)?);
        }
        Ok(joined(parts, Filter::Or))
    }

    fn all_of(&mut self, depth: usize) -> Result<Filter, FilterProblem> {
        let mut parts = vec![self.one(depth)?];
        loop {
            let must_follow = self.take(&Lexeme::And);
            if !must_follow && matches!(self.rest.first(), None | Some(Lexeme::Or | Lexeme::Close)) {
                return Ok(joined(parts, Filter::And));
            }
            parts.push(self.one(depth)?);
        }
    }

    fn one(&mut self, depth: usize) -> Result<Filter, FilterProblem> {
        if depth > DEEPEST {
            return problem(format!("More than {DEEPEST} parentheses stand in each other."));
        }
        let Some((first, rest)) = self.rest.split_first() else { return problem("A word is missing at its end.") };
        self.rest = rest;
        match first {
            Lexeme::Not => Ok(Filter::Not(Box::new(self.one(depth + 1)?))),
            Lexeme::Open => {
                let filter = self.any_of(depth + 1)?;
                if self.take(&Lexeme::Close) { Ok(filter) } else { problem("A parenthesis is not closed.") }
            }
            Lexeme::Word(word) => term(word),
            Lexeme::And | Lexeme::Or | Lexeme::Close => problem("A word is missing before AND, OR or a parenthesis."),
        }
    }

    fn take(&mut self, wanted: &Lexeme) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if first == wanted => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }
}

fn joined(mut parts: Vec<Filter>, join: impl FnOnce(Vec<Filter>) -> Filter) -> Filter {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}

fn term(word: &Word) -> Result<Filter, FilterProblem> {
    let Some(name) = &word.field else {
        // A bare word is looked for anywhere, so the wildcards at its ends say nothing more.
        return Ok(if word.value.is_empty() { Filter::Always } else { Filter::Any(word.value.clone()) });
    };
    let truth = || match word.value.to_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => problem(format!("{name} is true or false.")),
    };
    let field = match name.as_str() {
        "*" if word.value.is_empty() => return Ok(Filter::Always),
        "disabled" => return Ok(Filter::Enabled(!truth()?)),
        "blocked" => {
            let locked = Filter::State(AccountState::Locked);
            return Ok(if truth()? { locked } else { Filter::Not(Box::new(locked)) });
        }
        name => field(name)?,
    };
    if field == Field::Email && !word.open_start && !word.open_end {
        // Compared as addresses are, and the other addresses of a user count as well.
        return Ok(Filter::Email(vec![word.value.clone()]));
    }
    let test = match (word.open_start, word.open_end) {
        (false, false) => Test::Equals,
        (false, true) => Test::StartsWith,
        (true, false) => Test::EndsWith,
        (true, true) => Test::Contains,
    };
    Ok(Filter::Text { fold: !matches!(field, Field::Id), field, test, value: word.value.clone() })
}

/// Fields are named as the answers name them, with or without the part that they stand in.
fn field(name: &str) -> Result<Field, FilterProblem> {
    const PROFILE: [&str; 15] = [
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "address.formatted",
        "address.street_address",
        "address.locality",
        "address.region",
        "address.postal_code",
        "address.country",
        "external_id",
    ];
    let bare = name.strip_prefix("claims.").unwrap_or(name);
    Ok(match bare {
        "user_id" | "id" => Field::Id,
        "username" | "username.username" => Field::Username,
        "name" => Field::Name,
        "given_name" => Field::GivenName,
        "family_name" => Field::FamilyName,
        "middle_name" => Field::MiddleName,
        "nickname" => Field::Nickname,
        "email" | "emails" | "emails.email" => Field::Email,
        "phone" | "phone_number" | "phone_numbers" | "phone_numbers.phone" => Field::Phone,
        _ => match PROFILE.into_iter().find(|known| *known == bare) {
            Some(known) => Field::Profile(known),
            None => return problem(format!("There is no field {name:?} to look in.")),
        },
    })
}
