//! What an owner enters of a provider.

use super::SCOPES;
use crate::Refusal;

/// An issuer as its tokens spell it (OpenID Connect Discovery 1.0 §4): https without query or fragment; plain http only
/// on this machine. That the rest of it may name any host, one of the inner network too, is meant: company accounts often
/// live there, and only owners enter it.
pub(super) fn issuer(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let url = webauthn_rs::prelude::Url::parse(text).map_err(|_| Refusal::Issuer)?;
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let safe = url.scheme() == "https" || (url.scheme() == "http" && here);
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if safe && plain && url.password().is_none() && url.has_host() && text.len() <= 500 {
        Ok(text.to_owned())
    } else {
        Err(Refusal::Issuer)
    }
}

/// A client id or secret (RFC 6749 appendix A): up to 1,000 visible ASCII characters; `None` where it is blank.
pub(super) fn credential(text: &str) -> Result<Option<String>, Refusal> {
    let text = text.trim();
    let legal = text.len() <= 1_000 && text.bytes().all(|sign| (0x20..=0x7e).contains(&sign));
    if legal { Ok((!text.is_empty()).then(|| text.to_owned())) } else { Err(Refusal::Text) }
}

/// Scopes (RFC 6749 §3.3), `openid` among them.
pub(super) fn scopes(text: &str) -> Result<String, Refusal> {
    let text = if text.trim().is_empty() { SCOPES } else { text };
    let scopes: Vec<&str> = text.split_ascii_whitespace().collect();
    let legal = |sign: u8| matches!(sign, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    if text.len() > 500 || !scopes.iter().all(|scope| scope.bytes().all(legal)) || !scopes.contains(&"openid") {
        return Err(Refusal::Text);
    }
    Ok(scopes.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_https_or_this_machine() {
        for legal in
            ["https://id.example", "https://id.example/tenant/v2.0", "http://127.0.0.1:4000", "http://localhost"]
        {
            assert_eq!(issuer(&format!(" {legal} ")).as_deref(), Ok(legal));
        }
        for wrong in [
            "",
            "id.example",
            "http://id.example",
            "https://id.example?x=1",
            "https://id.example/#a",
            "https://a:b@id.example",
            "file:///etc",
            "http://127.0.0.1.example",
        ] {
            assert_eq!(issuer(wrong), Err(Refusal::Issuer), "{wrong}");
        }
    }

    #[test]
    fn scopes_hold_openid_and_are_parted_by_single_spaces() {
        assert_eq!(scopes(" ").as_deref(), Ok(SCOPES));
        assert_eq!(scopes(" openid   email ").as_deref(), Ok("openid email"));
        assert_eq!(scopes("email"), Err(Refusal::Text));
        assert_eq!(scopes("openid \"x\""), Err(Refusal::Text));
    }
}
