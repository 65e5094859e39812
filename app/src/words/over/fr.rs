use super::OverWords;

pub(super) const WORDS: OverWords = OverWords {
    invite_ask: "Elle pouvait être acceptée jusqu’au {date}. Demandez une nouvelle invitation à {inviter}.",
    invite_ask_somebody: "Elle pouvait être acceptée jusqu’au {date}. Demandez une nouvelle invitation à la personne qui vous a invité.",
    invite_ask_anybody: "Demandez une nouvelle invitation à la personne qui vous a invité.",
    code_expired: "Demandez-en un nouveau et continuez avec celui-là.",
    expired_title: "Ce lien a expiré",
    used_title: "Ce lien a déjà servi",
    revoked_title: "Ce lien a été retiré",
    reset_expired: "Votre mot de passe n’a pas changé. Demandez un autre e-mail et continuez avec celui-là.",
    reset_out_of_tries: "Des codes erronés ont été saisis trop souvent. Votre mot de passe n’a pas changé : demandez un autre e-mail et continuez.",
    reset_used: "Un nouveau mot de passe a été choisi avec ce lien. Connectez-vous avec celui-là, ou demandez un autre e-mail.",
    reset_revoked: "Votre mot de passe n’a pas changé. Demandez un autre e-mail si vous avez besoin d’un nouveau.",
    reset_changed: "Cet e-mail a été envoyé à une adresse qui n’est plus la vôtre ici. Demandez un autre e-mail à votre adresse actuelle.",
    passkey_expired: "Demandez-en un nouveau à l’administration, ou connectez-vous et ajoutez une clé d’accès dans votre compte.",
    passkey_out_of_tries: "Des codes erronés ont été saisis trop souvent. Demandez un nouvel e-mail à l’administration, ou connectez-vous et ajoutez une clé d’accès dans votre compte.",
    passkey_used: "Si vous avez maintenant une clé d’accès, connectez-vous avec elle. Sinon, demandez un nouveau lien à l’administration.",
    passkey_replaced: "Un e-mail plus récent a remplacé celui-ci. Cherchez-le, ou demandez-en un autre à l’administration.",
    passkey_revoked: "Si cela vous semble une erreur, adressez-vous à l’administration, ou connectez-vous et ajoutez une clé d’accès dans votre compte.",
    passkey_changed: "Cet e-mail a été envoyé à une adresse qui n’est plus la vôtre ici. Demandez-en un nouveau à l’administration.",
};
