use super::WhoWords;

pub(super) const WORDS: WhoWords = WhoWords {
    other_title: "別のアカウントでサインインしています",
    other_text: "このブラウザーは {own} でサインインしています。開いたリンクは {masked} 宛てのものです。",
    switch: "サインアウトして {masked} で続ける",
    stay: "{own} のまま続ける",
    ready_title: "すでにサインインできます",
    ready_text: "このアカウントにはサインイン方法が設定されているため、この招待は必要ありません。",
    to_account: "アカウントを開く",
    sign_in_first: "開いたページに進むには、サインインしてください。",
    beyond_title: "このアカウントでは開けません",
    beyond_text: "お使いのアカウントにはこのページを開く権限がありません。必要な場合は管理者に問い合わせてください。",
};
