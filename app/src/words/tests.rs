use std::collections::BTreeSet;

use super::*;

/// Texts that are rightly the same as in English.
const SAME_AS_ENGLISH: &[(Language, &str)] = &[
    (Language::German, "code_label"),
    (Language::French, "code_label"),
    (Language::French, "minutes, two"),
    (Language::French, "minutes, few"),
    (Language::French, "minutes, many"),
];

/// What comes from outside, in whatever script.
const FOREIGN: &[&str] = &["{date}", "{inviter}", "{masked}", "{name}", "{organization}"];

/// How a field's texts are listed: by the field's name, and where it counts also by form.
pub(super) trait Texts {
    fn list(&self, field: &str, into: &mut Vec<(String, &'static str)>);
}

impl Texts for &'static str {
    fn list(&self, field: &str, into: &mut Vec<(String, &'static str)>) {
        into.push((field.to_owned(), self));
    }
}

impl Texts for Counted {
    fn list(&self, field: &str, into: &mut Vec<(String, &'static str)>) {
        let forms = [("one", self.one), ("two", self.two), ("few", self.few), ("many", self.many)];
        into.extend(forms.map(|(form, text)| (format!("{field}, {form}"), text)));
    }
}

impl Texts for &'static PasskeyWords {
    fn list(&self, field: &str, into: &mut Vec<(String, &'static str)>) {
        into.extend(self.fields().into_iter().map(|(name, text)| (format!("{field}, {name}"), text)));
    }
}

impl Texts for Tongue {
    fn list(&self, _: &str, _: &mut Vec<(String, &'static str)>) {}
}

/// The names in braces. A brace that opens or closes none of them is listed as what is wrong.
fn placeholders(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some(start) = rest.find(['{', '}']) {
        let end = rest[start..].find('}').map_or(rest.len(), |length| start + length + 1);
        found.insert(&rest[start..end]);
        rest = &rest[end..];
    }
    found
}

/// Every text beside its English: language, name, text, English.
fn translated() -> impl Iterator<Item = (Language, String, &'static str, &'static str)> {
    Language::ALL.iter().copied().filter(|language| *language != Language::English).flat_map(|language| {
        let english = words(Language::English).fields();
        let own = words(language).fields();
        own.into_iter().zip(english).map(move |((name, text), (_, english))| (language, name, text, english))
    })
}

/// Checks texts that stand beside [`Words`]: none is empty or left in English, all fill in the same, and what comes from
/// outside keeps its direction among Arabic.
pub(super) fn says_the_same(of: impl Fn(Language) -> Vec<(String, &'static str)>) {
    let english = of(Language::English);
    for language in Language::ALL.iter().copied() {
        for ((name, text), (_, english)) in of(language).into_iter().zip(&english) {
            assert!(!text.is_empty() && text == text.trim() && !text.contains("  "), "{language} {name}");
            assert_eq!(placeholders(text), placeholders(english), "{language} {name}");
            assert!(language == Language::English || text != *english, "{language} {name}");
            if language == Language::Arabic {
                let foreign = |found: &&str| *found != "{left}";
                let (all, kept) = (placeholders(text), text.matches("\u{2068}{").count());
                assert_eq!(all.into_iter().filter(foreign).count(), kept, "{name}");
            }
        }
    }
}

#[test]
fn every_language_says_so() {
    for language in Language::ALL.iter().copied() {
        let tongue = words(language).tongue;
        assert_eq!(tongue.lang, language.as_str());
        assert_eq!(tongue.dir, if language == Language::Arabic { "rtl" } else { "ltr" }, "{language}");
    }
}

#[test]
fn no_text_is_empty_or_has_stray_space() {
    for language in Language::ALL.iter().copied() {
        for (name, text) in words(language).fields() {
            assert!(!text.trim().is_empty(), "{language} {name}");
            assert_eq!(text, text.trim(), "{language} {name}");
            assert!(!text.contains("  "), "{language} {name}");
        }
    }
}

#[test]
fn every_language_fills_in_what_english_fills_in() {
    for (language, name, text, english) in translated() {
        let (mut own, mut expected) = (placeholders(text), placeholders(english));
        // "One" may be a word or a number, and "two" lie in the form.
        if name.ends_with(", one") || name.ends_with(", two") {
            own.remove("{n}");
            expected.remove("{n}");
        }
        assert_eq!(own, expected, "{language} {name}");
    }
}

#[test]
fn nothing_is_left_in_english() {
    let same: Vec<_> = translated()
        .filter(|(_, _, text, english)| text == english)
        .map(|(language, name, _, _)| (language, name))
        .collect();
    let allowed: Vec<_> = SAME_AS_ENGLISH.iter().map(|(language, name)| (*language, (*name).to_owned())).collect();
    assert_eq!(same, allowed);
}

#[test]
fn what_comes_from_outside_keeps_its_direction_among_arabic() {
    for (name, text) in words(Language::Arabic).fields() {
        for placeholder in placeholders(text).iter().filter(|placeholder| FOREIGN.contains(placeholder)) {
            assert!(text.contains(&format!("\u{2068}{placeholder}\u{2069}")), "{name}");
        }
    }
}

#[test]
fn durations_are_counted_in_every_language() {
    const MINUTE: i64 = 60_000;
    for (language, one, fifteen, day, days) in [
        (Language::English, "one minute", "15 minutes", "24 hours", "7 days"),
        (Language::German, "eine Minute", "15 Minuten", "24 Stunden", "7 Tage"),
        (Language::French, "une minute", "15 minutes", "24 heures", "7 jours"),
        (Language::Spanish, "un minuto", "15 minutos", "24 horas", "7 días"),
        (Language::Japanese, "1分", "15分", "24時間", "7日"),
        (Language::Arabic, "دقيقة واحدة", "15 دقيقة", "24 ساعة", "7 أيام"),
    ] {
        let words = words(language);
        assert_eq!(words.duration(MINUTE), one);
        assert_eq!(words.duration(15 * MINUTE), fifteen);
        assert_eq!(words.duration(24 * 60 * MINUTE), day);
        assert_eq!(words.duration(7 * 24 * 60 * MINUTE), days);
    }
}

#[test]
fn a_wait_is_never_told_shorter_than_it_is() {
    const SECOND: i64 = 1_000;
    let words = words(Language::English);
    for (ms, said) in [
        (1, "one minute"),
        (179 * SECOND, "3 minutes"),
        (180 * SECOND, "3 minutes"),
        (89 * 60 * SECOND, "89 minutes"),
        (90 * 60 * SECOND, "2 hours"),
        (121 * 60 * SECOND, "3 hours"),
        (24 * 3_600 * SECOND, "24 hours"),
        (49 * 3_600 * SECOND, "3 days"),
    ] {
        assert_eq!(words.wait(ms), said, "{ms}");
    }
}

#[test]
fn arabic_counts_in_its_own_forms() {
    const HOUR: i64 = 3_600_000;
    let words = words(Language::Arabic);
    for (ms, said) in [
        (HOUR / 30, "دقيقتان"),
        (HOUR / 6, "10 دقائق"),
        (HOUR / 4, "15 دقيقة"),
        (2 * HOUR, "ساعتان"),
        (3 * HOUR, "3 ساعات"),
        (2 * 24 * HOUR, "يومان"),
        (10 * 24 * HOUR, "10 أيام"),
        (14 * 24 * HOUR, "14 يومًا"),
    ] {
        assert_eq!(words.duration(ms), said);
    }
}

#[test]
fn placeholders_are_found_and_stray_braces_too() {
    assert_eq!(placeholders("{a} and {b}, {a}"), BTreeSet::from(["{a}", "{b}"]));
    assert_eq!(placeholders("}a{b"), BTreeSet::from(["}", "{b"]));
    assert_eq!(placeholders("none"), BTreeSet::new());
}
