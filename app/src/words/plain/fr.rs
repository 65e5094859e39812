use super::PlainWords;

pub(super) const WORDS: PlainWords = PlainWords {
    forbidden: "Cette demande ne vient pas d’une page de ce site.",
    too_large: "Le formulaire est trop volumineux.",
    unreadable: "Le formulaire n’a pas pu être lu : un champ manque ou est mal formé.",
    failed: "Une erreur s’est produite de notre côté. Rien n’a été modifié.",
    unavailable: "De notre côté, quelque chose ne répond pas. Réessayez dans une minute.",
    to_start: "Vers la page d’accueil",
};
