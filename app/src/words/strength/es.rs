use super::StrengthWords;

pub(super) const WORDS: StrengthWords = StrengthWords {
    short: "Caracteres que faltan: {left}",
    word: "Una palabra o un nombre es de lo primero que se prueba. Use varias palabras sin relación entre sí.",
    keys: "Las teclas vecinas son de lo primero que se prueba. Mejor use varias palabras.",
    repeat: "Repetir los mismos caracteres es de lo primero que se prueba. Mejor use varias palabras.",
    sequence: "Las series como abcdef o 123456 son de lo primero que se prueba. Mejor use varias palabras.",
    date: "Una fecha es de lo primero que se prueba. Mejor use varias palabras.",
    own: "Su nombre o su dirección es de lo primero que se prueba. Use otra cosa.",
    fair: "Suficientemente larga. Con una palabra más será más segura.",
    good: "Larga y difícil de adivinar.",
};
