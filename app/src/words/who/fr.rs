use super::WhoWords;

pub(super) const WORDS: WhoWords = WhoWords {
    other_title: "Vous êtes connecté avec un autre compte",
    other_text: "Ce navigateur est connecté en tant que {own}. Ce que vous avez ouvert est destiné à {masked}.",
    switch: "Se déconnecter et continuer en tant que {masked}",
    stay: "Rester connecté en tant que {own}",
    ready_title: "Vous pouvez déjà vous connecter",
    ready_text: "Votre compte a déjà un moyen de connexion : cette invitation n’est plus nécessaire.",
    to_account: "Aller à votre compte",
    sign_in_first: "Connectez-vous pour accéder à la page que vous avez ouverte.",
    beyond_title: "Pas pour ce compte",
    beyond_text: "Votre compte ne peut pas ouvrir cette page. Si vous pensez qu’il le devrait, adressez-vous à un administrateur.",
};
