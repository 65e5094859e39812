//! What makes a password one that is tried first: it is on a list of common passwords, words and names, or follows from a
//! pattern, or from its owner's own name.
//!
//! The lists (30,000 passwords seen in breaches, and words and names) and the patterns are those of zxcvbn (Wheeler,
//! USENIX Security 2016), which counts how many guesses somebody needs who tries the likeliest first. Nothing leaves the
//! machine.

use std::collections::BTreeSet;

use zxcvbn::{Entropy, feedback::Warning, zxcvbn};

use crate::word::words;

words! {
    /// Why a password is tried first.
    Weakness {
        /// It is on the list of passwords that were seen in breaches, or as good as that.
        Common = "common",
        /// A word or a name, and little else.
        Word = "word",
        /// Neighbouring keys.
        Keys = "keys",
        Repeat = "repeat",
        /// As in abcdef or 7654.
        Sequence = "sequence",
        /// A date or a year.
        Date = "date",
        /// What everybody knows of its owner: name, user name, address, organization.
        Own = "own",
    }
}

/// Whom fewer guesses let in is let in by guessing at sign-in, however slow that is made (the paper's first two of five
/// grades).
const TRIED_FIRST: u64 = 1_000_000;
/// How many signs are looked at together. What is longer is on no list, and the effort grows faster than the length.
const WINDOW: usize = 32;
/// The shortest part of a name that is looked for.
const PART: usize = 3;

/// Why a password is among those that are tried first; `None` where it is not. Case does not count. `about` is what is
/// known of its owner. It takes a few milliseconds of computing.
pub fn weakness(password: &str, about: &[&str]) -> Option<Weakness> {
    let folded: Vec<char> = crate::user::fold(password).chars().collect();
    let own = known(about);
    let text = |signs: &[char]| signs.iter().collect::<String>();
    if folded.len() <= WINDOW {
        return weigh(&text(&folded), &own);
    }
    // However often something is repeated, it is guessed with its first repetition.
    if let Some(unit) = unit(&folded) {
        return weigh(&text(&folded[..2 * unit]), &own);
    }
    // What is long is weak where its end is as well.
    weigh(&text(&folded[folded.len() - WINDOW..]), &own).and(weigh(&text(&folded[..WINDOW]), &own))
}

/// The length of what a text repeats, if it does nothing else.
fn unit(signs: &[char]) -> Option<usize> {
    (1..=WINDOW / 2).find(|&unit| signs.iter().zip(&signs[unit..]).all(|(sign, next)| sign == next))
}

/// What is known of an owner, whole, without spaces and signs, and in parts.
fn known(about: &[&str]) -> BTreeSet<String> {
    let bare = |text: &str| text.chars().filter(|sign| sign.is_alphanumeric()).collect::<String>();
    let folded = about.iter().map(|text| crate::user::fold(text));
    let all = folded.flat_map(|text| {
        let parts = text.split(|sign: char| !sign.is_alphanumeric()).map(str::to_owned);
        parts.chain([bare(&text), text.clone()]).collect::<Vec<_>>()
    });
    all.filter(|part| part.chars().count() >= PART).collect()
}

fn weigh(folded: &str, own: &BTreeSet<String>) -> Option<Weakness> {
    let entropy = zxcvbn(folded, &own.iter().map(String::as_str).collect::<Vec<_>>());
    (entropy.guesses() < TRIED_FIRST).then(|| reason(&entropy, own))
}

fn reason(entropy: &Entropy, own: &BTreeSet<String>) -> Weakness {
    let longest = entropy.sequence().iter().max_by_key(|part| part.token.chars().count());
    if longest.is_some_and(|part| own.contains(&part.token)) {
        return Weakness::Own;
    }
    match entropy.feedback().and_then(zxcvbn::feedback::Feedback::warning) {
        Some(Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess) => {
            Weakness::Keys
        }
        Some(Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess) => {
            Weakness::Repeat
        }
        Some(Warning::SequencesLikeAbcAreEasyToGuess) => Weakness::Sequence,
        Some(Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess) => Weakness::Date,
        Some(
            Warning::AWordByItselfIsEasyToGuess
            | Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
            | Warning::CommonNamesAndSurnamesAreEasyToGuess,
        ) => Weakness::Word,
        Some(
            Warning::ThisIsATop10Password
            | Warning::ThisIsATop100Password
            | Warning::ThisIsACommonPassword
            | Warning::ThisIsSimilarToACommonlyUsedPassword,
        )
        | None => Weakness::Common,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_known_with_its_reason() {
        for (password, expected) in [
            ("password123", Weakness::Common),
            ("PassWord1!", Weakness::Common),
            ("TrustNo1", Weakness::Common),
            ("drowssap", Weakness::Common),
            ("p4ssw0rd", Weakness::Common),
            ("administration", Weakness::Word),
            ("qwertyuiop[]", Weakness::Keys),
            ("aaaaaaaaaaaa", Weakness::Repeat),
            ("abcdefghijklmno", Weakness::Sequence),
            ("14.07.1989", Weakness::Date),
            ("GraceHopper1", Weakness::Own),
            ("grace hopper", Weakness::Own),
            ("GRACE@navy.example", Weakness::Own),
        ] {
            let about = ["Grace Hopper", "grace@navy.example"];
            assert_eq!(weakness(password, &about), Some(expected), "{password}");
        }
    }

    #[test]
    fn a_few_words_or_chance_are_not() {
        for password in [
            "tall ships sail",
            "seven wooden bridges",
            "kX9#vQ2!mZ",
            "いろはにほへとちりぬるを",
            "Grace loves the Navy",
        ] {
            assert_eq!(weakness(password, &["Grace Hopper"]), None, "{password}");
        }
    }

    #[test]
    fn a_long_one_is_weak_where_it_repeats_itself_or_both_ends_are() {
        assert_eq!(weakness(&"a".repeat(200), &[]), Some(Weakness::Repeat));
        assert_eq!(weakness(&"1234567890".repeat(5), &[]), Some(Weakness::Repeat));
        let both = format!("{}{}", "a".repeat(40), "b".repeat(40));
        assert_eq!(weakness(&both, &[]), Some(Weakness::Repeat));
        assert_eq!(weakness(&format!("{} and then tall ships sail away", "a".repeat(40)), &[]), None);
    }
}
