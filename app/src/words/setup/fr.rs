use super::SetupWords;

pub(super) const WORDS: SetupWords = SetupWords {
    title: "Configurer Vestibule",
    intro: "Vous en devenez le premier propriétaire. Ce lien fonctionne une seule fois.",
    name: "Votre nom",
    submit: "Créer le propriétaire",
    name_missing: "Saisissez votre nom.",
    closed_title: "Ce lien ne fonctionne plus",
    closed_text: "Un lien de configuration fonctionne une seule fois et pendant une heure. Tant qu’il n’y a pas de propriétaire, Vestibule en affiche un nouveau à chaque démarrage.",
    closed_hint: "Y a-t-il déjà un propriétaire ? Alors connectez-vous.",
};
