use super::ProofWords;

pub(super) const WORDS: ProofWords = ProofWords {
    title: "Est-ce toujours vous\u{202f}?",
    text: "Votre connexion remonte à un moment. Ce que vous allez faire est important : confirmez que c’est bien vous.",
    submit: "Confirmer",
    by_passkey: "Confirmer avec une clé d’accès",
    by_company: "Confirmer avec {provider}",
    again: "Se reconnecter",
    back: "Retour",
    done: "Merci. Refaites maintenant ce que vous vouliez faire.",
    cancelled: "L’opération a été annulée ou aucune de vos clés d’accès ne se trouve ici. Réessayez ou choisissez un autre moyen.",
    not_yours: "Ce n’était pas l’une de vos clés d’accès. Réessayez ou choisissez un autre moyen.",
    second_title: "Maintenant, votre clé d’accès",
    second_text: "Pour ouvrir la console de {organization}, présentez aussi votre clé d’accès.",
    second_submit: "Continuer avec une clé d’accès",
    enrol_title: "Créez votre clé d’accès",
    enrol_text: "Les administrateurs de {organization} ont besoin d’une clé d’accès. Créez-en une maintenant\u{202f}; ensuite, vous serez connecté.",
    own_rule: "Demander aussi une clé d’accès",
    own_rule_text: "Quand vous vous connectez autrement, votre clé d’accès est demandée avant d’ouvrir la console.",
    ruled: "Votre organisation demande aussi une clé d’accès à ses administrateurs.",
    needed: "Une clé d’accès vous est demandée à la connexion : votre dernière reste donc en place.",
};
