use super::PlainWords;

pub(super) const WORDS: PlainWords = PlainWords {
    forbidden: "لم يأتِ هذا الطلب من صفحة في هذا الموقع.",
    too_large: "النموذج أكبر من اللازم.",
    unreadable: "تعذّرت قراءة النموذج: أحد الحقول ناقص أو غير سليم.",
    failed: "حدث خطأ لدينا. لم يتغيّر شيء.",
    unavailable: "شيء ما لدينا لا يستجيب الآن. حاول مرة أخرى بعد دقيقة.",
    to_start: "إلى صفحة البداية",
};
