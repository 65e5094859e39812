use super::OverWords;

pub(super) const WORDS: OverWords = OverWords {
    invite_ask: "Se podía aceptar hasta el {date}. Pida a {inviter} una invitación nueva.",
    invite_ask_somebody: "Se podía aceptar hasta el {date}. Pida una invitación nueva a quien le invitó.",
    invite_ask_anybody: "Pida una invitación nueva a quien le invitó.",
    code_expired: "Pida uno nuevo y continúe con él.",
    expired_title: "Este enlace ha caducado",
    used_title: "Este enlace ya se ha usado",
    revoked_title: "Este enlace se ha retirado",
    reset_expired: "Su contraseña no ha cambiado. Pida otro mensaje y continúe con él.",
    reset_out_of_tries: "Se han introducido códigos incorrectos demasiadas veces. Su contraseña no ha cambiado: pida otro mensaje y continúe.",
    reset_used: "Con él se eligió una contraseña nueva. Inicie sesión con ella o pida otro mensaje.",
    reset_revoked: "Su contraseña no ha cambiado. Pida otro mensaje si necesita una nueva.",
    reset_changed: "Este mensaje se envió a una dirección que aquí ya no es la suya. Pida otro mensaje a la que tiene ahora.",
    passkey_expired: "Pida uno nuevo a la administración, o inicie sesión y añada una llave de acceso en su cuenta.",
    passkey_out_of_tries: "Se han introducido códigos incorrectos demasiadas veces. Pida un mensaje nuevo a la administración, o inicie sesión y añada una llave de acceso en su cuenta.",
    passkey_used: "Si ya tiene una llave de acceso, inicie sesión con ella. Si no, pida un enlace nuevo a la administración.",
    passkey_replaced: "Un mensaje más reciente ha sustituido a este. Búsquelo o pida otro a la administración.",
    passkey_revoked: "Si cree que es un error, pregunte a la administración, o inicie sesión y añada una llave de acceso en su cuenta.",
    passkey_changed: "Este mensaje se envió a una dirección que aquí ya no es la suya. Pida uno nuevo a la administración.",
};
