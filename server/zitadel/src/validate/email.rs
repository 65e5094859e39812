//! What the limits call an address: a local part, `@`, and a host. Whether it is one that mail can go to, the core says
//! later, in stricter terms.

/// Why it is none.
pub fn check(text: &str) -> Result<(), String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("mail: no address".to_owned());
    }
    let (local, host) = text.split_once('@').ok_or("mail: missing '@' or angle-addr")?;
    if local.is_empty() || !local.split('.').all(is_atom) || host.is_empty() || host.contains('@') {
        return Err("mail: no angle-addr".to_owned());
    }
    if text.len() > 254 {
        return Err("email addresses cannot exceed 254 characters".to_owned());
    }
    if local.len() > 64 {
        return Err("email address local phrase cannot exceed 64 characters".to_owned());
    }
    check_host(host)
}

/// RFC 5322 §3.2.3, with the letters of other scripts (RFC 6532).
fn is_atom(text: &str) -> bool {
    let is_sign = |sign: char| !sign.is_control() && !sign.is_whitespace() && !r#"()<>[]:;@\,.""#.contains(sign);
    !text.is_empty() && text.chars().all(is_sign)
}

fn check_host(host: &str) -> Result<(), String> {
    let host = host.strip_suffix('.').unwrap_or(host).to_lowercase();
    if host.len() > 253 {
        return Err("hostname cannot exceed 253 characters".to_owned());
    }
    for part in host.split('.') {
        if part.is_empty() || part.len() > 63 {
            return Err("hostname part must be non-empty and cannot exceed 63 characters".to_owned());
        }
        if part.starts_with('-') {
            return Err("hostname parts cannot begin with hyphens".to_owned());
        }
        if part.ends_with('-') {
            return Err("hostname parts cannot end with hyphens".to_owned());
        }
        if let Some(sign) = part.chars().find(|sign| !sign.is_ascii_alphanumeric() && *sign != '-' && sign.is_ascii()) {
            return Err(format!("hostname parts can only contain alphanumeric characters or hyphens, got {sign:?}"));
        }
    }
    Ok(())
}
