use super::StrengthWords;

pub(super) const WORDS: StrengthWords = StrengthWords {
    short: "Characters still missing: {left}",
    word: "A word or a name is among the first things tried. Take a few words that do not belong together.",
    keys: "Neighbouring keys are among the first things tried. Take a few words instead.",
    repeat: "The same signs over and over are among the first things tried. Take a few words instead.",
    sequence: "Sequences such as abcdef or 123456 are among the first things tried. Take a few words instead.",
    date: "A date is among the first things tried. Take a few words instead.",
    own: "Your own name or address is among the first things tried. Take something else.",
    fair: "Long enough. One more word makes it stronger.",
    good: "Long and hard to guess.",
};
