//! How long to wait before the next attempt, and when there is none.

use std::time::Duration;

use ureq::http::HeaderMap;
use ureq::http::header::{DATE, HeaderName, RETRY_AFTER};

use super::Options;

/// A file that has grown by so many bytes has its attempts counted anew: a line that breaks now
/// and then still brings a large file home, while no server can keep the loop alive without bytes.
const GROWTH: u64 = 1 << 20;

/// Counts the attempts in a row that have not completed a file.
#[derive(Debug)]
pub(super) struct Attempts {
    in_a_row: u32,
    furthest: u64,
}

impl Attempts {
    /// None so far; `have` bytes are left of an earlier download.
    pub(super) fn new(have: u64) -> Self {
        Self { in_a_row: 0, furthest: have }
    }

    /// Counts one more, after which the file has `have` bytes, and returns the count.
    pub(super) fn count(&mut self, have: u64) -> u32 {
        if have >= self.furthest.saturating_add(GROWTH) {
            self.furthest = have;
            self.in_a_row = 0;
        }
        self.in_a_row = self.in_a_row.saturating_add(1);
        self.in_a_row
    }
}

/// The wait after so many attempts in a row (from 1): doubling, at least what the server asks for,
/// at most the longest wait.
pub(super) fn wait(options: &Options, in_a_row: u32, asked: Option<Duration>) -> Duration {
    let factor = 2_u32.saturating_pow(in_a_row.saturating_sub(1));
    let own = options.backoff.saturating_mul(factor);
    own.max(asked.unwrap_or_default()).min(options.longest_wait)
}

/// The wait a server asks for: seconds, or a date, which counts from the server's own.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let asked = text(RETRY_AFTER)?.trim();
    let seconds = match asked.parse() {
        Ok(seconds) => seconds,
        Err(_) => http_date(asked)?.checked_sub(http_date(text(DATE)?)?)?,
    };
    Some(Duration::from_secs(seconds))
}

/// The seconds of a date such as `Sun, 06 Nov 1994 08:49:37 GMT` since the beginning of year 0.
fn http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let parts: Vec<&str> = text.split_ascii_whitespace().collect();
    let [_, day, month, year, time, "GMT"] = parts.as_slice() else {
        return None;
    };
    let (day, year): (u64, u64) = (day.parse().ok()?, year.parse().ok()?);
    let month = MONTHS.iter().position(|name| name == month)? as u64;
    let clock: Vec<u64> = time.split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [hour, minute, second] = clock.as_slice() else {
        return None;
    };
    if year > 9999 || day > 31 || *hour > 23 || *minute > 59 || *second > 60 {
        return None;
    }
    // Years begin in March, so that the leap day is the last one (proleptic Gregorian calendar).
    let (month, year) =
        if month < 2 { (month + 10, year.checked_sub(1)?) } else { (month - 2, year) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let options = Options {
            backoff: Duration::from_secs(1),
            longest_wait: Duration::from_secs(10),
            ..Options::new("")
        };
        let seconds = |in_a_row, asked: Option<u64>| {
            wait(&options, in_a_row, asked.map(Duration::from_secs)).as_secs()
        };
        assert_eq!([1, 2, 3, 4, 5, 99].map(|n| seconds(n, None)), [1, 2, 4, 8, 10, 10]);
        assert_eq!(seconds(1, Some(7)), 7, "as asked");
        assert_eq!(seconds(1, Some(86_400)), 10, "capped");
        assert_eq!(seconds(3, Some(0)), 4, "never shorter than the own wait");
    }

    #[test]
    fn attempts_count_anew_only_after_growth() {
        let mut attempts = Attempts::new(100);
        assert_eq!(attempts.count(100), 1);
        assert_eq!(attempts.count(GROWTH), 2);
        assert_eq!(attempts.count(GROWTH + 100), 1);
        assert_eq!(attempts.count(0), 2);
        assert_eq!(attempts.count(GROWTH + 100), 3, "the same bytes again are no growth");
    }

    #[test]
    fn reads_both_forms_of_retry_after() {
        let mut headers = HeaderMap::new();
        assert_eq!(retry_after(&headers), None);
        headers.insert(RETRY_AFTER, "120".parse().unwrap());
        assert_eq!(retry_after(&headers), Some(Duration::from_secs(120)));
        headers.insert(RETRY_AFTER, "Fri, 01 Mar 2024 00:00:30 GMT".parse().unwrap());
        assert_eq!(retry_after(&headers), None, "no date to count from");
        headers.insert(DATE, "Wed, 28 Feb 2024 23:59:50 GMT".parse().unwrap());
        assert_eq!(retry_after(&headers), Some(Duration::from_secs(86_400 + 40)));
        headers.insert(DATE, "Fri, 01 Mar 2024 00:01:00 GMT".parse().unwrap());
        assert_eq!(retry_after(&headers), None, "already past");
        for other in ["-1", "soon", "99999999999999999999", "Fri, 1 Mar 24:00:00 GMT"] {
            headers.insert(RETRY_AFTER, other.parse().unwrap());
            assert_eq!(retry_after(&headers), None, "{other}");
        }
    }
}
