//! Times as a reader wants them: how long ago, and on which day.

use time::{
    OffsetDateTime,
    format_description::{BorrowedFormatItem, well_known::Rfc3339},
    macros::format_description,
};

const DAY_AND_TIME: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:short] [year], [hour]:[minute] UTC");

/// `3 Nov 2026, 14:02 UTC`
pub fn on(ms: i64) -> String {
    OffsetDateTime::from_unix_timestamp(ms / 1_000)
        .ok()
        .and_then(|time| time.format(DAY_AND_TIME).ok())
        .unwrap_or_default()
}

/// `2026-11-03`, which all languages read.
pub fn day(ms: i64) -> String {
    const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
    OffsetDateTime::from_unix_timestamp(ms / 1_000).ok().and_then(|time| time.format(DAY).ok()).unwrap_or_default()
}

/// `2026-11-03 14:02 UTC`, likewise.
pub fn minute(ms: i64) -> String {
    const MINUTE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    OffsetDateTime::from_unix_timestamp(ms / 1_000).ok().and_then(|time| time.format(MINUTE).ok()).unwrap_or_default()
}

/// `2026-11-03T14:02:00Z`, for machines.
pub fn iso(ms: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(ms / 1_000).ok();
    time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}

/// `2 min ago`; from a month on the day itself.
pub fn ago(ms: i64, now: i64) -> String {
    match (now - ms).max(0) / 1_000 {
        seconds if seconds < 60 => "just now".to_owned(),
        seconds if seconds < 3_600 => format!("{} min ago", seconds / 60),
        seconds if seconds < 86_400 => format!("{} h ago", seconds / 3_600),
        seconds if seconds < 30 * 86_400 => format!("{} d ago", seconds / 86_400),
        _ => on(ms),
    }
}

/// `in 13 min`
pub fn within(ms: i64, now: i64) -> String {
    match (ms - now).max(0) / 1_000 {
        seconds if seconds < 60 => "in under a minute".to_owned(),
        seconds if seconds < 3_600 => format!("in {} min", seconds / 60),
        seconds if seconds < 2 * 86_400 => format!("in {} h", seconds / 3_600),
        seconds => format!("in {} d", seconds / 86_400),
    }
}

/// A count with its thousands apart: `18,204`.
pub fn count(count: i64) -> String {
    let digits = count.unsigned_abs().to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    if count < 0 { format!("-{shown}") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_counts_read_well() {
        let now = 1_795_269_720_000;
        assert_eq!(on(now), "21 Nov 2026, 14:02 UTC");
        assert_eq!(day(now), "2026-11-21");
        assert_eq!(minute(now), "2026-11-21 14:02 UTC");
        assert_eq!(iso(now), "2026-11-21T14:02:00Z");
        assert_eq!(ago(now - 30_000, now), "just now");
        assert_eq!(ago(now - 120_000, now), "2 min ago");
        assert_eq!(ago(now - 9 * 86_400_000, now), "9 d ago");
        assert_eq!(within(now + 780_000, now), "in 13 min");
        assert_eq!(count(18_204), "18,204");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000_000), "1,000,000");
    }
}
