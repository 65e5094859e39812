use super::PlainWords;

pub(super) const WORDS: PlainWords = PlainWords {
    forbidden: "This request did not come from a page of this site.",
    too_large: "The form is too large.",
    unreadable: "The form could not be read: a field is missing or malformed.",
    failed: "Something went wrong on our side. Nothing was changed.",
    unavailable: "Something on our side is not answering. Try again in a minute.",
    to_start: "To the start page",
};
