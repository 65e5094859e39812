//! Dates as people read them. Mails tell UTC, since nobody's time zone is known.

use time::{OffsetDateTime, UtcOffset};

use super::words::Words;

/// A time in a mail.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(OffsetDateTime);

impl Moment {
    /// Of unix milliseconds. What lies outside the calendar becomes 1970; no mail is stopped by a date.
    pub fn new(milliseconds: i64) -> Self {
        let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000);
        Self(moment.unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(UtcOffset::UTC))
    }

    /// Day and time, as in `28 November 2026, 14:02 UTC`.
    pub fn date(self, words: &Words) -> String {
        let month = words.months[usize::from(u8::from(self.0.month())) - 1];
        (words.date)(self.0.day(), month, self.0.year(), &self.time())
    }

    /// The time alone where the day is today, otherwise with its day.
    pub fn since(self, today: Self, words: &Words) -> String {
        if self.0.date() == today.0.date() { self.time() } else { self.date(words) }
    }

    fn time(self) -> String {
        format!("{:02}:{:02} UTC", self.0.hour(), self.0.minute())
    }
}
