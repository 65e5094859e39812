use super::SetupWords;

pub(super) const WORDS: SetupWords = SetupWords {
    title: "Vestibule einrichten",
    intro: "Der erste Eigentümer sind dann Sie. Dieser Link funktioniert einmal.",
    name: "Ihr Name",
    submit: "Eigentümer anlegen",
    name_missing: "Geben Sie Ihren Namen ein.",
    closed_title: "Dieser Link funktioniert nicht mehr",
    closed_text: "Ein Link zum Einrichten funktioniert einmal und eine Stunde lang. Solange es keinen Eigentümer gibt, gibt Vestibule bei jedem Start einen neuen aus.",
    closed_hint: "Gibt es schon einen Eigentümer? Dann melden Sie sich an.",
};
