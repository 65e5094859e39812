use super::StrengthWords;

pub(super) const WORDS: StrengthWords = StrengthWords {
    short: "Es fehlen noch Zeichen: {left}",
    word: "Ein Wort oder ein Name wird früh ausprobiert. Nehmen Sie ein paar Wörter, die nicht zusammengehören.",
    keys: "Benachbarte Tasten werden früh ausprobiert. Nehmen Sie lieber ein paar Wörter.",
    repeat: "Immer dieselben Zeichen werden früh ausprobiert. Nehmen Sie lieber ein paar Wörter.",
    sequence: "Folgen wie abcdef oder 123456 werden früh ausprobiert. Nehmen Sie lieber ein paar Wörter.",
    date: "Ein Datum wird früh ausprobiert. Nehmen Sie lieber ein paar Wörter.",
    own: "Der eigene Name oder die eigene Adresse wird früh ausprobiert. Nehmen Sie etwas anderes.",
    fair: "Lang genug. Mit einem weiteren Wort wird es stärker.",
    good: "Lang und schwer zu erraten.",
};
