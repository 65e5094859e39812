//! Codes that people type: drawn without bias, folded forgivingly, kept only as a MAC.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::{env::Env, secret::SecretKey, word::words};

words! {
    /// Which signs a code is made of.
    CodeStyle {
        /// Twenty consonants that are hard to mistake and spell no words.
        Letters = "letters",
        /// Ten digits.
        Digits = "digits",
    }
}

words! {
    /// What a challenge is for.
    Purpose {
        /// Prove an address of an existing user.
        Email = "email",
        /// Prove the address and then set up the first way to sign in.
        Invite = "invite",
        /// Choose a new password.
        Reset = "reset",
        /// Add a passkey.
        Passkey = "passkey",
    }
}

/// Letters in an invite's typed code: 15 of 20 make 64.8 bit, enough to need no throttle (NIST SP 800-63B §3.2.2).
pub const INVITE_LENGTH: usize = 15;
/// Letters in the code of a passkey link: 12 of 20 make 51.9 bit.
pub const PASSKEY_LENGTH: usize = 12;
/// What a policy may choose for the length of an email code.
pub const EMAIL_LENGTHS: std::ops::RangeInclusive<usize> = 6..=12;

const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const DIGITS: &[u8; 10] = b"0123456789";

impl CodeStyle {
    const fn alphabet(self) -> &'static [u8] {
        match self {
            Self::Letters => LETTERS,
            Self::Digits => DIGITS,
        }
    }

    /// One typed sign as this style's alphabet has it: look-alikes become the sign that they look like.
    fn fold(self, sign: char) -> Option<char> {
        let folded = match (self, sign) {
            (Self::Letters, '0' | 'O') => 'Q',
            (Self::Letters, '1' | 'I') => 'L',
            (Self::Letters, '2') => 'Z',
            (Self::Letters, '5') => 'S',
            (Self::Letters, '6') => 'G',
            (Self::Letters, '8') => 'B',
            (Self::Letters, 'U') => 'V',
            (Self::Digits, 'O' | 'Q' | 'D') => '0',
            (Self::Digits, 'I' | 'L') => '1',
            (Self::Digits, 'Z') => '2',
            (Self::Digits, 'S') => '5',
            (Self::Digits, 'G') => '6',
            (Self::Digits, 'B') => '8',
            (_, sign) => sign,
        };
        u8::try_from(folded).is_ok_and(|byte| self.alphabet().contains(&byte)).then_some(folded)
    }
}

/// A drawn code. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// Draws `length` signs, each equally likely: bytes that would favour the first signs are thrown away.
    pub fn draw(env: &dyn Env, style: CodeStyle, length: usize) -> Self {
        let alphabet = style.alphabet();
        let fair = 256 - 256 % alphabet.len();
        let mut code = String::with_capacity(length);
        while code.len() < length {
            let mut bytes = [0; 32];
            env.fill(&mut bytes);
            let drawn = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
            code.extend(drawn.map(|byte| char::from(alphabet[byte % alphabet.len()])).take(length - code.len()));
        }
        Self(code)
    }

    /// Without dashes, as a machine passes it on.
    pub fn plain(&self) -> &str {
        &self.0
    }

    /// In groups, as a person reads it: `BCDF-GHJK`, `123 456` would be `123-456`.
    pub fn grouped(&self) -> String {
        let size = group_size(self.0.len());
        let groups: Vec<&str> =
            self.0.as_bytes().chunks(size).map(|group| std::str::from_utf8(group).unwrap_or_default()).collect();
        groups.join("-")
    }

    /// What is stored of it: the challenge is inside, so a MAC fits nowhere else.
    pub fn mac(&self, key: &SecretKey, challenge: &str) -> String {
        key.mac(&["code", challenge, &self.0])
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// How many signs stand between two dashes of a code of that length.
pub fn group_size(length: usize) -> usize {
    [4, 5, 3].into_iter().find(|size| length.is_multiple_of(*size)).unwrap_or(4)
}

/// What somebody typed, if it can be a code at all. Which style it is meant in is the challenge's to say, so it holds
/// every reading; at the most two.
#[derive(Clone)]
pub struct TypedCode {
    readings: Vec<Code>,
    purpose: Purpose,
}

impl TypedCode {
    /// Folds width, case, spaces, dashes and look-alikes. `None` where no code could have been meant.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 256 {
            return None;
        }
        let is_gap = |sign: &char| sign.is_whitespace() || matches!(sign, '-' | '‐'..='―' | '_' | '.' | '·' | '−');
        let signs: Vec<char> = text.nfkc().filter(|sign| !is_gap(sign)).flat_map(char::to_uppercase).collect();
        let purpose = match signs.len() {
            INVITE_LENGTH => Purpose::Invite,
            length if EMAIL_LENGTHS.contains(&length) => Purpose::Email,
            _ => return None,
        };
        let reading =
            |style: &CodeStyle| signs.iter().map(|sign| style.fold(*sign)).collect::<Option<String>>().map(Code);
        let readings: Vec<Code> = CodeStyle::ALL.iter().filter_map(reading).collect();
        (!readings.is_empty()).then_some(Self { readings, purpose })
    }

    /// What a code of this length is for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The MACs that a challenge of this id would have stored for it.
    pub fn macs(&self, key: &SecretKey, challenge: &str) -> Vec<String> {
        self.readings.iter().map(|code| code.mac(key, challenge)).collect()
    }
}

impl fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::SystemEnv;

    fn key() -> SecretKey {
        SecretKey::parse(&"ab".repeat(32)).unwrap()
    }

    fn same(typed: &str, code: &str) -> bool {
        let mac = Code(code.to_owned()).mac(&key(), "c");
        TypedCode::parse(typed).is_some_and(|typed| typed.macs(&key(), "c").contains(&mac))
    }

    #[test]
    fn spaces_dashes_case_width_and_look_alikes_are_folded() {
        for typed in ["BCDF-GHLS", "bcdf ghls", " b c d f – g h 1 5", "ＢＣＤＦＧＨＬＳ", "8cdf.6hi5"] {
            assert!(same(typed, "BCDFGHLS"), "{typed}");
        }
        assert!(same("I2O-456", "120456"));
        assert!(!same("BCDF-GHLT", "BCDFGHLS"));
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        for typed in ["", "BCD", "ÄÖÜÄÖÜÄÖ", "AEIOUAEI", "BCDFGHJKLMNPQ", "BCDF\0GHJ", "💥💥💥💥💥💥💥💥"]
        {
            assert!(TypedCode::parse(typed).is_none(), "{typed}");
        }
        assert!(TypedCode::parse(&"B".repeat(10_000)).is_none());
    }

    #[test]
    fn a_code_that_is_drawn_can_be_typed_and_reads_in_groups() {
        let env = SystemEnv::default();
        for (style, length, shown) in
            [(CodeStyle::Letters, 8, 9), (CodeStyle::Digits, 6, 7), (CodeStyle::Letters, 15, 17)]
        {
            let code = Code::draw(&env, style, length);
            assert_eq!(code.grouped().len(), shown);
            assert!(same(&code.grouped(), &code.0));
        }
    }

    #[test]
    fn every_sign_is_equally_likely() {
        let code = Code::draw(&SystemEnv::default(), CodeStyle::Letters, 200_000);
        for sign in LETTERS {
            let count = code.0.bytes().filter(|byte| byte == sign).count();
            assert!((9_500..10_500).contains(&count), "{} came {count} times in 200,000", char::from(*sign));
        }
    }
}
