use super::StrengthWords;

pub(super) const WORDS: StrengthWords = StrengthWords {
    short: "Caractères manquants : {left}",
    word: "Un mot ou un nom fait partie des premiers essais. Prenez quelques mots sans rapport entre eux.",
    keys: "Des touches voisines font partie des premiers essais. Prenez plutôt quelques mots.",
    repeat: "Toujours les mêmes caractères, cela fait partie des premiers essais. Prenez plutôt quelques mots.",
    sequence: "Les suites comme abcdef ou 123456 font partie des premiers essais. Prenez plutôt quelques mots.",
    date: "Une date fait partie des premiers essais. Prenez plutôt quelques mots.",
    own: "Votre nom ou votre adresse fait partie des premiers essais. Prenez autre chose.",
    fair: "Assez long. Un mot de plus le rendra plus solide.",
    good: "Long et difficile à deviner.",
};
