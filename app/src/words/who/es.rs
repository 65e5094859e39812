use super::WhoWords;

pub(super) const WORDS: WhoWords = WhoWords {
    other_title: "Ha iniciado sesión con otra cuenta",
    other_text: "Este navegador tiene abierta la sesión de {own}. Lo que ha abierto es para {masked}.",
    switch: "Cerrar sesión y continuar como {masked}",
    stay: "Seguir como {own}",
    ready_title: "Ya puede iniciar sesión",
    ready_text: "Su cuenta ya tiene una forma de iniciar sesión, así que esta invitación ya no hace falta.",
    to_account: "Ir a su cuenta",
    sign_in_first: "Inicie sesión para continuar a la página que ha abierto.",
    beyond_title: "No es para esta cuenta",
    beyond_text: "Su cuenta no puede abrir esta página. Si cree que debería, pregunte a un administrador.",
};
