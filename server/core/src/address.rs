//! Email addresses: kept as typed, compared by a canonical key.

use std::fmt;

/// An address that can be one: as typed, and its canonical key.
///
/// The key lower-cases the whole address and writes the domain in ASCII (RFC 5891). Dots and `+tag` stay as they are:
/// only the provider knows what they mean there.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    typed: String,
    canonical: String,
}

/// Why a text cannot be an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    Empty,
    NoAt,
    TwoAts,
    NoLocalPart,
    /// The domain is missing, or is not one that DNS could hold.
    Domain,
    NoDot,
    /// Spaces, quotes, control signs: nothing that a mail server could be trusted with.
    Sign,
    /// Over 254 characters, or over 64 before the at sign (RFC 5321 §4.5.3.1).
    TooLong,
}

impl EmailAddress {
    /// Reads one address; spaces around it are dropped.
    pub fn parse(text: &str) -> Result<Self, AddressProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressProblem::Empty);
        }
        if text.chars().count() > 254 {
            return Err(AddressProblem::TooLong);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(AddressProblem::NoAt)?;
        if local.contains('@') {
            return Err(AddressProblem::TwoAts);
        }
        if local.is_empty() {
            return Err(AddressProblem::NoLocalPart);
        }
        if local.len() > 64 {
            return Err(AddressProblem::TooLong);
        }
        if !local.chars().all(|sign| sign.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(sign)) {
            return Err(AddressProblem::Sign);
        }
        if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
            return Err(AddressProblem::Sign);
        }
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| AddressProblem::Domain)?;
        if !domain.contains('.') {
            return Err(AddressProblem::NoDot);
        }
        if domain.parse::<std::net::Ipv4Addr>().is_ok() {
            return Err(AddressProblem::Domain);
        }
        let canonical = format!("{}@{domain}", local.to_ascii_lowercase());
        if canonical.len() > 254 {
            return Err(AddressProblem::TooLong);
        }
        Ok(Self { typed: text.to_owned(), canonical })
    }

    /// As the person wrote it, without the spaces around it.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The key by which addresses are the same.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

/// An address for a page that a stranger might see: `gr•••@example.com`.
pub fn masked(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let shown: String = local.chars().take(if local.chars().count() > 3 { 2 } else { 1 }).collect();
    format!("{shown}•••@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_key_folds_case_and_writes_the_domain_in_ascii() {
        let address = EmailAddress::parse("  Grace.Hopper+navy@BÜCHER.example ").unwrap();
        assert_eq!(address.typed(), "Grace.Hopper+navy@BÜCHER.example");
        assert_eq!(address.canonical(), "grace.hopper+navy@xn--bcher-kva.example");
    }

    #[test]
    fn what_cannot_be_an_address_says_why() {
        for (text, problem) in [
            ("", AddressProblem::Empty),
            ("grace", AddressProblem::NoAt),
            ("tony@@ox.example", AddressProblem::TwoAts),
            ("@ox.example", AddressProblem::NoLocalPart),
            ("edsger@tue", AddressProblem::NoDot),
            ("a@b..example", AddressProblem::Domain),
            ("a b@ox.example", AddressProblem::Sign),
            ("a\r\nbcc:x@ox.example", AddressProblem::Sign),
            ("a@ox.example\0", AddressProblem::Domain),
            ("a@[127.0.0.1]", AddressProblem::Domain),
            ("a@127.0.0.1", AddressProblem::Domain),
            (".a@ox.example", AddressProblem::Sign),
        ] {
            assert_eq!(EmailAddress::parse(text), Err(problem), "{text:?}");
        }
        let long = format!("{}@ox.example", "a".repeat(65));
        assert_eq!(EmailAddress::parse(&long), Err(AddressProblem::TooLong));
    }

    #[test]
    fn masking_keeps_little() {
        assert_eq!(masked("grace@example.com"), "gr•••@example.com");
        assert_eq!(masked("al@example.com"), "a•••@example.com");
    }
}
