use super::OverWords;

pub(super) const WORDS: OverWords = OverWords {
    invite_ask: "Sie konnte bis {date} angenommen werden. Bitten Sie {inviter} um eine neue Einladung.",
    invite_ask_somebody: "Sie konnte bis {date} angenommen werden. Bitten Sie die Person, die Sie eingeladen hat, um eine neue Einladung.",
    invite_ask_anybody: "Bitten Sie die Person, die Sie eingeladen hat, um eine neue Einladung.",
    code_expired: "Fordern Sie einen neuen an und machen Sie damit weiter.",
    expired_title: "Dieser Link ist abgelaufen",
    used_title: "Dieser Link wurde schon benutzt",
    revoked_title: "Dieser Link wurde zurückgezogen",
    reset_expired: "Ihr Passwort ist unverändert. Fordern Sie eine neue E-Mail an und machen Sie mit dieser weiter.",
    reset_out_of_tries: "Es wurde zu oft ein falscher Code eingegeben. Ihr Passwort ist unverändert: Fordern Sie eine neue E-Mail an und machen Sie weiter.",
    reset_used: "Damit wurde ein neues Passwort gewählt. Melden Sie sich damit an, oder fordern Sie eine neue E-Mail an.",
    reset_revoked: "Ihr Passwort ist unverändert. Fordern Sie eine neue E-Mail an, wenn Sie ein neues brauchen.",
    reset_changed: "Diese E-Mail ging an eine Adresse, die hier nicht mehr Ihre ist. Fordern Sie eine neue E-Mail an Ihre jetzige Adresse an.",
    passkey_expired: "Bitten Sie Ihre Administration um einen neuen, oder melden Sie sich an und fügen Sie in Ihrem Konto einen Passkey hinzu.",
    passkey_out_of_tries: "Es wurde zu oft ein falscher Code eingegeben. Bitten Sie Ihre Administration um eine neue E-Mail, oder melden Sie sich an und fügen Sie in Ihrem Konto einen Passkey hinzu.",
    passkey_used: "Wenn Sie inzwischen einen Passkey haben, melden Sie sich damit an. Sonst bitten Sie Ihre Administration um einen neuen Link.",
    passkey_replaced: "Eine neuere E-Mail hat diese ersetzt. Suchen Sie danach, oder bitten Sie Ihre Administration um noch eine.",
    passkey_revoked: "Wenn Sie das für ein Versehen halten, wenden Sie sich an Ihre Administration, oder melden Sie sich an und fügen Sie in Ihrem Konto einen Passkey hinzu.",
    passkey_changed: "Diese E-Mail ging an eine Adresse, die hier nicht mehr Ihre ist. Bitten Sie Ihre Administration um eine neue.",
};
