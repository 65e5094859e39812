use super::Words;

pub(super) const WORDS: Words = Words {
    direction: "ltr",
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    date: |day, month, year, time| format!("{day} de {month} de {year}, {time}"),
    colon: ":",
    invite_subject: |organization| format!("Tiene una invitación a {organization}"),
    invite_title: |inviter, organization| format!("{inviter} le invita a {organization}"),
    accept: "Aceptar la invitación",
    not_you: "¿No es para usted?",
    decline: "Díganoslo y la invitación terminará",
    code_subject: |organization| format!("Su código para {organization}"),
    code_title: "Confirme su dirección de correo",
    verify: "Confirmar mi dirección",
    ignore: "Si no lo ha pedido, ignore este mensaje.",
    or_open: ["O abra ", " e introduzca este código:"],
    for_until: |recipient, date| format!("Para {recipient}, hasta el {date}."),
    replaces: |time| format!("Sustituye al mensaje anterior ({time})."),
    password_subject: |organization| format!("Se ha creado una contraseña para su cuenta en {organization}"),
    password_text: |address| format!("Desde ahora, {address} inicia sesión con una contraseña."),
    open_account: "Abrir mi cuenta",
    tell_administrator: "¿No ha sido usted? Avise enseguida a su administrador.",
    reset_subject: |organization| format!("Elija una contraseña nueva para {organization}"),
    reset_title: "Elegir una contraseña nueva",
    reset: "Elegir una contraseña nueva",
    passkey_link_subject: |organization| format!("Añada una llave de acceso en {organization}"),
    passkey_link_title: "Añadir una llave de acceso",
    add_passkey: "Añadir la llave de acceso",
    password_changed_subject: |organization| format!("Se cambió la contraseña de su cuenta en {organization}"),
    password_changed_text: |address| {
        format!("Se cambió la contraseña de {address}. Se han cerrado todas sus sesiones.")
    },
    passkey_subject: |organization| format!("Se añadió una llave de acceso a su cuenta en {organization}"),
    passkey_text: |address| {
        format!("A partir de ahora, {address} también puede iniciar sesión con esta llave de acceso.")
    },
    passkey_removed_subject: |organization| format!("Se quitó una llave de acceso de su cuenta en {organization}"),
    passkey_removed_text: |address, name| {
        format!("{address} ya no puede iniciar sesión con la llave de acceso «{name}».")
    },
    password_removed_subject: |organization| format!("Se quitó la contraseña de su cuenta en {organization}"),
    password_removed_text: |address| {
        format!("{address} ya no puede iniciar sesión con contraseña. Las demás formas se mantienen.")
    },
    company_subject: |organization| format!("Se vinculó una cuenta de empresa a su cuenta en {organization}"),
    company_text: |address, provider| {
        format!("A partir de ahora, {address} también puede iniciar sesión con una cuenta de {provider}.")
    },
    company_removed_subject: |organization| {
        format!("Se desvinculó una cuenta de empresa de su cuenta en {organization}")
    },
    company_removed_text: |address, provider| {
        format!("{address} ya no puede iniciar sesión con la cuenta de {provider}.")
    },
    address_subject: |organization| format!("Se añadió una dirección a su cuenta en {organization}"),
    address_text: |address| {
        format!("Se añadió {address} a su cuenta. Contará cuando se introduzca el código enviado a esa dirección.")
    },
    primary_subject: |organization| format!("Su dirección en {organization} ha cambiado"),
    primary_text: |old, new| format!("Los mensajes de su cuenta se envían desde ahora a {new} y ya no a {old}."),
    test_subject: |organization| format!("Mensaje de prueba de {organization}"),
    test_title: "El correo funciona",
    test_text: "Este mensaje comprueba el servidor de correo. Ha llegado, así que no hay nada que hacer.",
};
