use super::SetupWords;

pub(super) const WORDS: SetupWords = SetupWords {
    title: "Configurar Vestibule",
    intro: "Usted será su primer propietario. Este enlace funciona una sola vez.",
    name: "Su nombre",
    submit: "Crear el propietario",
    name_missing: "Introduzca su nombre.",
    closed_title: "Este enlace ya no funciona",
    closed_text: "Un enlace de configuración funciona una sola vez y durante una hora. Mientras no haya propietario, Vestibule muestra uno nuevo cada vez que arranca.",
    closed_hint: "¿Ya hay un propietario? Entonces inicie sesión.",
};
