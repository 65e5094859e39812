use super::WhoWords;

pub(super) const WORDS: WhoWords = WhoWords {
    other_title: "You are signed in as somebody else",
    other_text: "This browser is signed in as {own}. What you have opened is for {masked}.",
    switch: "Sign out and go on as {masked}",
    stay: "Stay signed in as {own}",
    ready_title: "You can sign in already",
    ready_text: "Your account has a way to sign in, so this invite is no longer needed.",
    to_account: "Go to your account",
    sign_in_first: "Sign in to go on to the page that you opened.",
    beyond_title: "Not for this account",
    beyond_text: "Your account may not open this page. Ask an administrator if you think that it should.",
};
