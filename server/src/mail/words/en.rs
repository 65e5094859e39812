use super::Words;

pub(super) const WORDS: Words = Words {
    direction: "ltr",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    date: |day, month, year, time| format!("{day} {month} {year}, {time}"),
    colon: ":",
    invite_subject: |organization| format!("You are invited to {organization}"),
    invite_title: |inviter, organization| format!("{inviter} invited you to {organization}"),
    accept: "Accept the invite",
    not_you: "Not you?",
    decline: "Tell us, and the invite ends",
    code_subject: |organization| format!("Your code for {organization}"),
    code_title: "Verify your email address",
    verify: "Verify my address",
    ignore: "If you did not ask for it, ignore this mail.",
    or_open: ["Or open ", " and enter this code:"],
    for_until: |recipient, date| format!("For {recipient}, until {date}."),
    replaces: |time| format!("It replaces the mail from {time}."),
    password_subject: |organization| format!("A password was set for your account at {organization}"),
    password_text: |address| format!("From now on {address} signs in with a password."),
    open_account: "Open my account",
    tell_administrator: "Not you? Then tell your administrator at once.",
    reset_subject: |organization| format!("Choose a new password for {organization}"),
    reset_title: "Choose a new password",
    reset: "Choose a new password",
    passkey_link_subject: |organization| format!("Add a passkey at {organization}"),
    passkey_link_title: "Add a passkey",
    add_passkey: "Add the passkey",
    password_changed_subject: |organization| format!("The password of your account at {organization} was changed"),
    password_changed_text: |address| {
        format!("The password of {address} was changed. Wherever you were signed in, you are signed out.")
    },
    passkey_subject: |organization| format!("A passkey was added to your account at {organization}"),
    passkey_text: |address| format!("From now on {address} can sign in with this passkey as well."),
    passkey_removed_subject: |organization| format!("A passkey was removed from your account at {organization}"),
    passkey_removed_text: |address, name| format!("{address} can no longer sign in with the passkey “{name}”."),
    password_removed_subject: |organization| format!("The password of your account at {organization} was removed"),
    password_removed_text: |address| {
        format!("{address} can no longer sign in with a password. The other ways to sign in stay.")
    },
    company_subject: |organization| format!("A company account was linked to your account at {organization}"),
    company_text: |address, provider| {
        format!("From now on {address} can sign in with an account of {provider} as well.")
    },
    company_removed_subject: |organization| {
        format!("A company account was unlinked from your account at {organization}")
    },
    company_removed_text: |address, provider| {
        format!("{address} can no longer sign in with the account of {provider}.")
    },
    address_subject: |organization| format!("An address was added to your account at {organization}"),
    address_text: |address| {
        format!(
            "{address} was added to your account. It counts once its owner has entered the code that was sent there."
        )
    },
    primary_subject: |organization| format!("Your address at {organization} was changed"),
    primary_text: |old, new| format!("Mails for your account go to {new} from now on, and no longer to {old}."),
    test_subject: |organization| format!("Test mail from {organization}"),
    test_title: "Mail works",
    test_text: "This mail was sent to try the mail server. It has arrived, so there is nothing to do.",
};
