//! Times as the wire has them: ISO 8601 in UTC with milliseconds.

use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

const ISO: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// Unix milliseconds as `2022-10-11T16:54:38.125Z`.
pub fn iso(at: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1_000_000);
    time.ok().and_then(|time| time.format(ISO).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::iso;

    #[test]
    fn a_time_has_three_digits_after_the_second() {
        assert_eq!(iso(1_665_507_278_125), "2022-10-11T16:54:38.125Z");
        assert_eq!(iso(1_665_507_278_000), "2022-10-11T16:54:38.000Z");
        assert_eq!(iso(i64::MAX), "");
    }
}
