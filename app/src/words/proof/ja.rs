use super::ProofWords;

pub(super) const WORDS: ProofWords = ProofWords {
    title: "ご本人ですか",
    text: "サインインしてから時間がたっています。大切な操作ですので、ご本人であることを確認してください。",
    submit: "確認する",
    by_passkey: "パスキーで確認する",
    by_company: "{provider} で確認する",
    again: "もう一度サインインする",
    back: "戻る",
    done: "ありがとうございます。もう一度操作してください。",
    cancelled: "キャンセルされたか、ここにあなたのパスキーがありません。もう一度試すか、別の方法を選んでください。",
    not_yours: "あなたのパスキーではありませんでした。もう一度試すか、別の方法を選んでください。",
    second_title: "続けてパスキーを使います",
    second_text: "{organization} のコンソールを開くには、パスキーも必要です。",
    second_submit: "パスキーで続ける",
    enrol_title: "パスキーを設定してください",
    enrol_text: "{organization} の管理者にはパスキーが必要です。今すぐ設定すると、サインインが完了します。",
    own_rule: "パスキーも使う",
    own_rule_text: "ほかの方法でサインインしたときは、コンソールを開く前にパスキーを求めます。",
    ruled: "あなたの組織では、管理者はパスキーも使う必要があります。",
    needed: "サインインの際にパスキーが必要なため、最後の一つは削除できません。",
};
