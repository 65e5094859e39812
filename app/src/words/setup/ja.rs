use super::SetupWords;

pub(super) const WORDS: SetupWords = SetupWords {
    title: "Vestibule の設定",
    intro: "あなたが最初のオーナーになります。このリンクは一度だけ使えます。",
    name: "お名前",
    submit: "オーナーを作成",
    name_missing: "お名前を入力してください。",
    closed_title: "このリンクはもう使えません",
    closed_text: "設定用のリンクは一度だけ、1時間有効です。オーナーがいない間は、Vestibule が起動するたびに新しいリンクを表示します。",
    closed_hint: "すでにオーナーがいる場合は、サインインしてください。",
};
