use super::Words;

pub(super) const WORDS: Words = Words {
    direction: "ltr",
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    date: |day, month, year, time| format!("{day}. {month} {year}, {time}"),
    colon: ":",
    invite_subject: |organization| format!("Sie sind zu {organization} eingeladen"),
    invite_title: |inviter, organization| format!("{inviter} lädt Sie zu {organization} ein"),
    accept: "Einladung annehmen",
    not_you: "Nicht für Sie bestimmt?",
    decline: "Sagen Sie es uns, und die Einladung endet",
    code_subject: |organization| format!("Ihr Code für {organization}"),
    code_title: "Bestätigen Sie Ihre E-Mail-Adresse",
    verify: "Adresse bestätigen",
    ignore: "Wenn Sie ihn nicht angefordert haben, beachten Sie diese E-Mail nicht weiter.",
    or_open: ["Oder öffnen Sie ", " und geben Sie diesen Code ein:"],
    for_until: |recipient, date| format!("Für {recipient}, gültig bis {date}."),
    replaces: |time| format!("Sie ersetzt die E-Mail von {time}."),
    password_subject: |organization| format!("Für Ihr Konto bei {organization} wurde ein Passwort festgelegt"),
    password_text: |address| format!("Ab jetzt meldet sich {address} mit einem Passwort an."),
    open_account: "Mein Konto öffnen",
    tell_administrator: "Das waren nicht Sie? Dann sagen Sie es sofort Ihrer Administration.",
    reset_subject: |organization| format!("Neues Passwort für {organization} wählen"),
    reset_title: "Ein neues Passwort wählen",
    reset: "Neues Passwort wählen",
    passkey_link_subject: |organization| format!("Einen Passkey bei {organization} hinzufügen"),
    passkey_link_title: "Einen Passkey hinzufügen",
    add_passkey: "Passkey hinzufügen",
    password_changed_subject: |organization| format!("Das Passwort Ihres Kontos bei {organization} wurde geändert"),
    password_changed_text: |address| {
        format!("Das Passwort von {address} wurde geändert. Überall, wo Sie angemeldet waren, sind Sie abgemeldet.")
    },
    passkey_subject: |organization| format!("Ihrem Konto bei {organization} wurde ein Passkey hinzugefügt"),
    passkey_text: |address| format!("Ab jetzt kann sich {address} auch mit diesem Passkey anmelden."),
    passkey_removed_subject: |organization| format!("Ein Passkey Ihres Kontos bei {organization} wurde entfernt"),
    passkey_removed_text: |address, name| format!("{address} kann sich mit dem Passkey „{name}“ nicht mehr anmelden."),
    password_removed_subject: |organization| format!("Das Passwort Ihres Kontos bei {organization} wurde entfernt"),
    password_removed_text: |address| {
        format!("{address} kann sich nicht mehr mit einem Passwort anmelden. Die anderen Anmeldearten bleiben.")
    },
    company_subject: |organization| format!("Ihr Konto bei {organization} wurde mit einem Firmenkonto verknüpft"),
    company_text: |address, provider| {
        format!("Ab jetzt kann sich {address} auch mit einem Konto von {provider} anmelden.")
    },
    company_removed_subject: |organization| {
        format!("Ihr Konto bei {organization} ist nicht mehr mit dem Firmenkonto verknüpft")
    },
    company_removed_text: |address, provider| {
        format!("{address} kann sich nicht mehr mit dem Konto von {provider} anmelden.")
    },
    address_subject: |organization| format!("Ihrem Konto bei {organization} wurde eine Adresse hinzugefügt"),
    address_text: |address| {
        format!(
            "{address} wurde Ihrem Konto hinzugefügt. Die Adresse zählt, sobald der dorthin gesendete Code eingegeben wurde."
        )
    },
    primary_subject: |organization| format!("Ihre Adresse bei {organization} wurde geändert"),
    primary_text: |old, new| format!("E-Mails für Ihr Konto gehen ab jetzt an {new} und nicht mehr an {old}."),
    test_subject: |organization| format!("Testmail von {organization}"),
    test_title: "E-Mail funktioniert",
    test_text: "Diese E-Mail prüft den Mailserver. Sie ist angekommen, also ist nichts weiter zu tun.",
};
