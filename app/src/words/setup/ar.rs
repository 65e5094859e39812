use super::SetupWords;

pub(super) const WORDS: SetupWords = SetupWords {
    title: "إعداد Vestibule",
    intro: "ستصبح مالكه الأول. يعمل هذا الرابط مرة واحدة.",
    name: "اسمك",
    submit: "إنشاء المالك",
    name_missing: "أدخل اسمك.",
    closed_title: "لم يعد هذا الرابط يعمل",
    closed_text: "يعمل رابط الإعداد مرة واحدة ولمدة ساعة. ما دام لا يوجد مالك، يعرض Vestibule رابطًا جديدًا كلما بدأ تشغيله.",
    closed_hint: "هل يوجد مالك بالفعل؟ إذن سجّل الدخول.",
};
