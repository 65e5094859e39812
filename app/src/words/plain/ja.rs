use super::PlainWords;

pub(super) const WORDS: PlainWords = PlainWords {
    forbidden: "このリクエストは、このサイトのページから送られたものではありません。",
    too_large: "フォームが大きすぎます。",
    unreadable: "フォームを読み取れませんでした。項目が足りないか、形式が正しくありません。",
    failed: "こちら側で問題が発生しました。何も変更されていません。",
    unavailable: "こちら側で応答しないものがあります。1分後にもう一度お試しください。",
    to_start: "最初のページへ",
};
