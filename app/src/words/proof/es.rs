use super::ProofWords;

pub(super) const WORDS: ProofWords = ProofWords {
    title: "¿Sigue siendo usted?",
    text: "Inició sesión hace un rato. Lo que va a hacer es importante: confirme que es usted.",
    submit: "Confirmar",
    by_passkey: "Confirmar con una llave de acceso",
    by_company: "Confirmar con {provider}",
    again: "Iniciar sesión de nuevo",
    back: "Volver",
    done: "Gracias. Ahora repita lo que quería hacer.",
    cancelled: "Se canceló o aquí no hay ninguna llave de acceso suya. Inténtelo de nuevo o siga de otra manera.",
    not_yours: "Esa no era una llave de acceso suya. Inténtelo de nuevo o siga de otra manera.",
    second_title: "Ahora, su llave de acceso",
    second_text: "Para abrir la consola de {organization}, muestre además su llave de acceso.",
    second_submit: "Continuar con una llave de acceso",
    enrol_title: "Cree su llave de acceso",
    enrol_text: "Quienes administran {organization} necesitan una llave de acceso. Cree una ahora; después habrá iniciado sesión.",
    own_rule: "Pedir además una llave de acceso",
    own_rule_text: "Cuando inicie sesión de otra manera, se pedirá su llave de acceso antes de abrir la consola.",
    ruled: "Su organización pide además una llave de acceso a sus administradores.",
    needed: "Al iniciar sesión se le pide una llave de acceso, así que la última se queda.",
};
