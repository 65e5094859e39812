use super::WhoWords;

pub(super) const WORDS: WhoWords = WhoWords {
    other_title: "Sie sind mit einem anderen Konto angemeldet",
    other_text: "Dieser Browser ist als {own} angemeldet. Was Sie geöffnet haben, ist für {masked}.",
    switch: "Abmelden und als {masked} weitermachen",
    stay: "Als {own} angemeldet bleiben",
    ready_title: "Sie können sich schon anmelden",
    ready_text: "Für Ihr Konto ist eine Anmeldeart eingerichtet. Diese Einladung wird nicht mehr gebraucht.",
    to_account: "Zu Ihrem Konto",
    sign_in_first: "Melden Sie sich an, um zu der Seite zu gelangen, die Sie geöffnet haben.",
    beyond_title: "Nicht für dieses Konto",
    beyond_text: "Ihr Konto darf diese Seite nicht öffnen. Fragen Sie eine Administratorin oder einen Administrator, wenn Sie meinen, dass es das sollte.",
};
