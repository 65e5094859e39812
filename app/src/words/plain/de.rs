use super::PlainWords;

pub(super) const WORDS: PlainWords = PlainWords {
    forbidden: "Diese Anfrage kam nicht von einer Seite dieses Dienstes.",
    too_large: "Das Formular ist zu groß.",
    unreadable: "Das Formular war nicht lesbar: Ein Feld fehlt oder ist falsch aufgebaut.",
    failed: "Bei uns ist etwas schiefgegangen. Nichts wurde geändert.",
    unavailable: "Bei uns antwortet gerade etwas nicht. Versuchen Sie es in einer Minute noch einmal.",
    to_start: "Zur Startseite",
};
