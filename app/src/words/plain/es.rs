use super::PlainWords;

pub(super) const WORDS: PlainWords = PlainWords {
    forbidden: "Esta petición no vino de una página de este sitio.",
    too_large: "El formulario es demasiado grande.",
    unreadable: "No se pudo leer el formulario: falta un campo o está mal formado.",
    failed: "Algo ha fallado por nuestra parte. No se ha cambiado nada.",
    unavailable: "Algo no responde por nuestra parte. Inténtelo de nuevo dentro de un minuto.",
    to_start: "A la página de inicio",
};
