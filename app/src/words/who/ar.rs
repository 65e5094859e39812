use super::WhoWords;

pub(super) const WORDS: WhoWords = WhoWords {
    other_title: "سجّلت الدخول بحساب آخر",
    other_text: "هذا المتصفح مسجّل الدخول باسم \u{2068}{own}\u{2069}، لكن ما فتحته موجّه إلى \u{2068}{masked}\u{2069}.",
    switch: "تسجيل الخروج والمتابعة باسم \u{2068}{masked}\u{2069}",
    stay: "البقاء باسم \u{2068}{own}\u{2069}",
    ready_title: "يمكنك تسجيل الدخول من الآن",
    ready_text: "لحسابك طريقة لتسجيل الدخول، فلم تعد هذه الدعوة لازمة.",
    to_account: "الانتقال إلى حسابك",
};
