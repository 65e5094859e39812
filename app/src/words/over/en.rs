use super::OverWords;

pub(super) const WORDS: OverWords = OverWords {
    invite_ask: "It could be accepted until {date}. Ask {inviter} to invite you again.",
    invite_ask_somebody: "It could be accepted until {date}. Ask whoever invited you to do it again.",
    invite_ask_anybody: "Ask whoever invited you to do it again.",
    code_expired: "Ask for a new one and carry on with that.",
    expired_title: "This link has expired",
    used_title: "This link has been used",
    revoked_title: "This link was taken back",
    reset_expired: "Your password is as it was. Ask for another mail and carry on with that one.",
    reset_out_of_tries: "Wrong codes were entered too often. Your password is as it was: ask for another mail and carry on.",
    reset_used: "A new password was chosen with it. Sign in with that one, or ask for another mail.",
    reset_revoked: "Your password is as it was. Ask for another mail if you need a new one.",
    reset_changed: "This mail went to an address that is no longer yours here. Ask for another mail to the one that you have now.",
    passkey_expired: "Ask an administrator for a new one, or sign in and add a passkey in your account.",
    passkey_out_of_tries: "Wrong codes were entered too often. Ask an administrator for a new mail, or sign in and add a passkey in your account.",
    passkey_used: "If you have a passkey by now, sign in with it. Else ask an administrator for a new link.",
    passkey_replaced: "A newer mail has replaced this one. Look for it, or ask an administrator for another.",
    passkey_revoked: "Ask an administrator if you think that is a mistake, or sign in and add a passkey in your account.",
    passkey_changed: "This mail went to an address that is no longer yours here. Ask an administrator for a new one.",
};
