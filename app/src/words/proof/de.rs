use super::ProofWords;

pub(super) const WORDS: ProofWords = ProofWords {
    title: "Sind Sie es noch?",
    text: "Ihre Anmeldung liegt etwas zurück. Was Sie vorhaben, ist wichtig: Bitte bestätigen Sie, dass Sie es sind.",
    submit: "Bestätigen",
    by_passkey: "Mit Passkey bestätigen",
    by_company: "Mit {provider} bestätigen",
    again: "Neu anmelden",
    back: "Zurück",
    done: "Danke. Bitte wiederholen Sie jetzt, was Sie vorhatten.",
    cancelled: "Der Vorgang wurde abgebrochen, oder hier gibt es keinen Passkey von Ihnen. Versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.",
    not_yours: "Das war keiner Ihrer Passkeys. Versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.",
    second_title: "Jetzt noch Ihr Passkey",
    second_text: "Für die Konsole von {organization} zeigen Sie bitte zusätzlich Ihren Passkey.",
    second_submit: "Weiter mit Passkey",
    enrol_title: "Richten Sie Ihren Passkey ein",
    enrol_text: "Wer {organization} verwaltet, braucht einen Passkey. Richten Sie jetzt einen ein; danach sind Sie angemeldet.",
    own_rule: "Zusätzlich nach einem Passkey fragen",
    own_rule_text: "Wenn Sie sich anders anmelden, wird Ihr Passkey verlangt, bevor sich die Konsole öffnet.",
    ruled: "Ihre Organisation verlangt von ihren Administratoren zusätzlich einen Passkey.",
    needed: "Bei der Anmeldung wird ein Passkey von Ihnen verlangt. Ihr letzter bleibt deshalb.",
};
