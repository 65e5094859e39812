//! How long a client is willing to wait.

use std::time::Duration;

use http::HeaderMap;
use tonic::Code;

use crate::error::ZError;

/// Connect's: milliseconds, at the most ten digits.
pub fn connect(headers: &HeaderMap) -> Result<Option<Duration>, ZError> {
    let Some(value) = headers.get("connect-timeout-ms") else { return Ok(None) };
    let value = value.to_str().unwrap_or_default();
    number(value, 10)
        .map(|time| Some(Duration::from_millis(time)))
        .ok_or_else(|| ZError::raw(Code::InvalidArgument, format!("protocol error: invalid timeout {value:?}")))
}

/// gRPC's: at the most eight digits and a unit.
pub fn grpc(headers: &HeaderMap) -> Result<Option<Duration>, ZError> {
    let Some(value) = headers.get("grpc-timeout") else { return Ok(None) };
    let value = value.to_str().unwrap_or_default();
    let parsed = value.split_at_checked(value.len().saturating_sub(1)).and_then(|(digits, unit)| {
        let time = number(digits, 8)?;
        Some(match unit {
            "H" => Duration::from_secs(time * 60 * 60),
            "M" => Duration::from_secs(time * 60),
            "S" => Duration::from_secs(time),
            "m" => Duration::from_millis(time),
            "u" => Duration::from_micros(time),
            "n" => Duration::from_nanos(time),
            _ => return None,
        })
    });
    let malformed = || ZError::raw(Code::Internal, format!("malformed grpc-timeout {value:?}"));
    parsed.map(Some).ok_or_else(malformed)
}

fn number(digits: &str, most: usize) -> Option<u64> {
    let legal = (1..=most).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    if legal { digits.parse().ok() } else { None }
}

/// Waits no longer than the client does.
pub async fn within<T>(limit: Option<Duration>, call: impl Future<Output = Result<T, ZError>>) -> Result<T, ZError> {
    match limit {
        None => call.await,
        Some(limit) if limit.is_zero() => Err(late()),
        Some(limit) => tokio::time::timeout(limit, call).await.unwrap_or_else(|_| Err(late())),
    }
}

fn late() -> ZError {
    ZError::raw(Code::DeadlineExceeded, "context deadline exceeded")
}
