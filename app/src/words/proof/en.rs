use super::ProofWords;

pub(super) const WORDS: ProofWords = ProofWords {
    title: "Is it still you?",
    text: "You signed in a while ago. What you are about to do matters, so please confirm that it is you.",
    submit: "Confirm",
    by_passkey: "Confirm with a passkey",
    by_company: "Confirm with {provider}",
    again: "Sign in again",
    back: "Back",
    done: "Thank you. Now do it again.",
    cancelled: "That was cancelled, or there is no passkey of yours here. Try again, or go on another way.",
    not_yours: "That was not a passkey of yours. Try again, or go on another way.",
    second_title: "Now your passkey",
    second_text: "To open the console of {organization}, show your passkey as well.",
    second_submit: "Go on with a passkey",
    enrol_title: "Set up your passkey",
    enrol_text: "Administrators of {organization} need a passkey. Set one up now; after that you are in.",
    own_rule: "Ask for a passkey as well",
    own_rule_text: "Whenever you sign in another way, your passkey is asked for before the console opens.",
    ruled: "Your organization asks its administrators for a passkey as well.",
    needed: "You are asked for a passkey at sign-in, so your last one stays.",
};
