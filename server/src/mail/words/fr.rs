use super::Words;

pub(super) const WORDS: Words = Words {
    direction: "ltr",
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    date: |day, month, year, time| format!("{day} {month} {year} à {time}"),
    colon: " :",
    invite_subject: |organization| format!("Vous êtes invité(e) à rejoindre {organization}"),
    invite_title: |inviter, organization| format!("{inviter} vous invite à rejoindre {organization}"),
    accept: "Accepter l’invitation",
    not_you: "Ce n’est pas vous ?",
    decline: "Dites-le-nous et l’invitation prendra fin",
    code_subject: |organization| format!("Votre code pour {organization}"),
    code_title: "Confirmez votre adresse e-mail",
    verify: "Confirmer mon adresse",
    ignore: "Si vous ne l’avez pas demandé, ignorez cet e-mail.",
    or_open: ["Ou ouvrez ", " et saisissez ce code :"],
    for_until: |recipient, date| format!("Pour {recipient}, jusqu’au {date}."),
    replaces: |time| format!("Il remplace l’e-mail envoyé à {time}."),
    password_subject: |organization| format!("Un mot de passe a été défini pour votre compte {organization}"),
    password_text: |address| format!("Désormais, {address} se connecte avec un mot de passe."),
    open_account: "Ouvrir mon compte",
    tell_administrator: "Ce n’était pas vous ? Prévenez tout de suite votre administrateur.",
    reset_subject: |organization| format!("Choisissez un nouveau mot de passe pour {organization}"),
    reset_title: "Choisir un nouveau mot de passe",
    reset: "Choisir un nouveau mot de passe",
    passkey_link_subject: |organization| format!("Ajoutez une clé d’accès chez {organization}"),
    passkey_link_title: "Ajouter une clé d’accès",
    add_passkey: "Ajouter la clé d’accès",
    password_changed_subject: |organization| format!("Le mot de passe de votre compte {organization} a été modifié"),
    password_changed_text: |address| {
        format!("Le mot de passe de {address} a été modifié. Toutes vos sessions ouvertes ont été fermées.")
    },
    passkey_subject: |organization| format!("Une clé d’accès a été ajoutée à votre compte {organization}"),
    passkey_text: |address| format!("Désormais, {address} peut aussi se connecter avec cette clé d’accès."),
    passkey_removed_subject: |organization| format!("Une clé d’accès a été supprimée de votre compte {organization}"),
    passkey_removed_text: |address, name| {
        format!("{address} ne peut plus se connecter avec la clé d’accès «\u{a0}{name}\u{a0}».")
    },
    password_removed_subject: |organization| format!("Le mot de passe de votre compte {organization} a été supprimé"),
    password_removed_text: |address| {
        format!("{address} ne peut plus se connecter avec un mot de passe. Les autres moyens de connexion restent.")
    },
    company_subject: |organization| format!("Un compte d’entreprise a été lié à votre compte {organization}"),
    company_text: |address, provider| {
        format!("Désormais, {address} peut aussi se connecter avec un compte {provider}.")
    },
    company_removed_subject: |organization| {
        format!("Un compte d’entreprise n’est plus lié à votre compte {organization}")
    },
    company_removed_text: |address, provider| format!("{address} ne peut plus se connecter avec le compte {provider}."),
    address_subject: |organization| format!("Une adresse a été ajoutée à votre compte {organization}"),
    address_text: |address| {
        format!(
            "{address} a été ajoutée à votre compte. Elle comptera dès que le code envoyé à cette adresse aura été saisi."
        )
    },
    primary_subject: |organization| format!("Votre adresse chez {organization} a été modifiée"),
    primary_text: |old, new| {
        format!("Les e-mails de votre compte sont désormais envoyés à {new}, et non plus à {old}.")
    },
    test_subject: |organization| format!("E-mail d’essai de {organization}"),
    test_title: "L’envoi d’e-mails fonctionne",
    test_text: "Cet e-mail vérifie le serveur de messagerie. Il est arrivé : il n’y a rien à faire.",
};
