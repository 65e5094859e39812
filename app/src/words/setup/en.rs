use super::SetupWords;

pub(super) const WORDS: SetupWords = SetupWords {
    title: "Set up Vestibule",
    intro: "You become its first owner. This link works once.",
    name: "Your name",
    submit: "Create the owner",
    name_missing: "Enter your name.",
    closed_title: "This link no longer works",
    closed_text: "A set-up link works once and for one hour. While there is no owner, Vestibule prints a new one each time it starts.",
    closed_hint: "Is there an owner already? Then sign in.",
};
