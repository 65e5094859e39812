use super::Words;

pub(super) const WORDS: Words = Words {
    direction: "ltr",
    months: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
    date: |day, month, year, time| format!("{year}年{month}{day}日 {time}"),
    colon: "：",
    invite_subject: |organization| format!("{organization}への招待"),
    invite_title: |inviter, organization| format!("{inviter}さんから{organization}に招待されました"),
    accept: "招待を受ける",
    not_you: "お心当たりがありませんか？",
    decline: "お知らせいただければ招待を取り消します",
    code_subject: |organization| format!("{organization}の確認コード"),
    code_title: "メールアドレスの確認",
    verify: "アドレスを確認する",
    ignore: "お心当たりがない場合は、このメールを無視してください。",
    or_open: ["または ", " を開いて、次のコードを入力してください："],
    for_until: |recipient, date| format!("宛先：{recipient}、有効期限：{date}。"),
    replaces: |time| format!("以前のメール（{time}）は無効になりました。"),
    password_subject: |organization| format!("{organization}のアカウントにパスワードが設定されました"),
    password_text: |address| format!("今後、{address} はパスワードでサインインできます。"),
    open_account: "アカウントを開く",
    tell_administrator: "お心当たりがない場合は、すぐに管理者へお知らせください。",
    reset_subject: |organization| format!("{organization} の新しいパスワードを設定してください"),
    reset_title: "新しいパスワードの設定",
    reset: "新しいパスワードを設定する",
    passkey_link_subject: |organization| format!("{organization} にパスキーを追加してください"),
    passkey_link_title: "パスキーの追加",
    add_passkey: "パスキーを追加する",
    password_changed_subject: |organization| format!("{organization} のアカウントのパスワードが変更されました"),
    password_changed_text: |address| {
        format!("{address} のパスワードが変更されました。すべての端末からログアウトされています。")
    },
    passkey_subject: |organization| format!("{organization} のアカウントにパスキーが追加されました"),
    passkey_text: |address| format!("今後 {address} はこのパスキーでもログインできます。"),
    passkey_removed_subject: |organization| format!("{organization} のアカウントからパスキーが削除されました"),
    passkey_removed_text: |address, name| format!("今後 {address} はパスキー「{name}」ではサインインできません。"),
    password_removed_subject: |organization| format!("{organization} のアカウントのパスワードが削除されました"),
    password_removed_text: |address| {
        format!("今後 {address} はパスワードではサインインできません。ほかのサインイン方法はそのまま使えます。")
    },
    company_subject: |organization| format!("{organization} のアカウントに会社のアカウントが連携されました"),
    company_text: |address, provider| format!("今後 {address} は {provider} のアカウントでもサインインできます。"),
    company_removed_subject: |organization| {
        format!("{organization} のアカウントと会社のアカウントの連携が解除されました")
    },
    company_removed_text: |address, provider| {
        format!("今後 {address} は {provider} のアカウントではサインインできません。")
    },
    address_subject: |organization| format!("{organization} のアカウントにアドレスが追加されました"),
    address_text: |address| {
        format!("{address} がアカウントに追加されました。そのアドレスに届いたコードが入力されると有効になります。")
    },
    primary_subject: |organization| format!("{organization}に登録されたアドレスが変更されました"),
    primary_text: |old, new| format!("今後、アカウントのメールは {old} ではなく {new} に届きます。"),
    test_subject: |organization| format!("{organization}からのテストメール"),
    test_title: "メールは正常に動作しています",
    test_text: "このメールはメールサーバーの確認のために送信されました。届いていれば、何もする必要はありません。",
};
