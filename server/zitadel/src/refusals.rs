//! What the rules' "no" is called here. One match for all; what differs from call to call stands in a [`Family`].

use tonic::Code;
use vestibule_core::{Error, Refusal, address::AddressProblem};

use crate::{
    call::NOT_PERMITTED,
    error::{Said, ZError},
};

pub const USER_NOT_FOUND: &str = "User could not be found";
const CODE_INVALID: &str = "Code is invalid";
const CODE_NOT_FOUND: &str = "Code not found";
const EMAIL_NOT_FOUND: &str = "Email not found";
const EMAIL_UNCHANGED: &str = "Email not changed";

/// How a family of calls says what others say otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// There is no such user.
    unknown: Said,
    /// The code is not right.
    code: Said,
    /// The code was right, once.
    expired: Said,
    /// No code is pending.
    none_open: Said,
    /// The address is verified already.
    verified: Said,
    /// What was to be changed is so already.
    unchanged: Said,
    /// The user is not in the state that the call ends.
    stale: Said,
    /// A call that redeems says of every limit that the code is wrong: an unlike answer would tell that it is not.
    redeems: bool,
}

const fn not_found(text: &'static str, id: &'static str) -> Said {
    (Code::NotFound, text, id)
}

const fn failed(text: &'static str, id: &'static str) -> Said {
    (Code::FailedPrecondition, text, id)
}

const fn invalid(text: &'static str, id: &'static str) -> Said {
    (Code::InvalidArgument, text, id)
}

impl Family {
    const OTHERS: Self = Self {
        unknown: not_found(USER_NOT_FOUND, "QUERY-Dfbg2"),
        code: invalid(CODE_INVALID, "COMMAND-eis9R"),
        expired: invalid(CODE_INVALID, "COMMAND-eis9R"),
        none_open: failed(CODE_NOT_FOUND, "COMMAND-Wr3gq"),
        verified: failed("Email is already verified", "COMMAND-3M9ds"),
        unchanged: failed("No changes", "COMMAND-2M0fs"),
        stale: failed("The state has changed meanwhile", "VESTIBULE-Stale"),
        redeems: false,
    };

    const fn redeeming(unknown: Said, code: Said, expired: Said, none_open: Said) -> Self {
        Self { unknown, code, expired, none_open, verified: none_open, redeems: true, ..Self::OTHERS }
    }

    const fn of_state(unknown: &'static str, stale: Said) -> Self {
        Self { unknown: not_found(USER_NOT_FOUND, unknown), stale, ..Self::OTHERS }
    }

    pub const VERIFY_INVITE: Self = Self::redeeming(
        failed(USER_NOT_FOUND, "COMMAND-F5g2h"),
        invalid(CODE_INVALID, "COMMAND-Wgn4q"),
        invalid(CODE_INVALID, "COMMAND-Wgn4q"),
        invalid(CODE_INVALID, "COMMAND-Wgn4q"),
    );
    pub const VERIFY_EMAIL: Self = Self::redeeming(
        not_found(EMAIL_NOT_FOUND, "COMMAND-ieJ2e"),
        invalid(CODE_INVALID, "COMMAND-eis9R"),
        invalid(CODE_INVALID, "COMMAND-eis9R"),
        invalid(CODE_INVALID, "COMMAND-eis9R"),
    );
    pub const VERIFY_MY_EMAIL: Self = Self::redeeming(
        not_found(CODE_NOT_FOUND, "COMMAND-3n8ud"),
        invalid(CODE_INVALID, "COMMAND-Gdsgs"),
        invalid(CODE_INVALID, "COMMAND-Gdsgs"),
        not_found(CODE_NOT_FOUND, "COMMAND-3n8ud"),
    );
    pub const RESET: Self = Self::redeeming(
        failed("Password not found", "COMMAND-G8dh3"),
        invalid(CODE_INVALID, "CODE-woT0xc"),
        failed("Code is expired", "CODE-QvUQ4P"),
        failed(CODE_NOT_FOUND, "COMMAND-2M9fs"),
    );
    pub const PASSKEY_CODE: Self = Self::redeeming(
        not_found(USER_NOT_FOUND, "COMMAND-M9dsd"),
        invalid(CODE_INVALID, "COMMAND-Eeb2a"),
        invalid(CODE_INVALID, "COMMAND-Eeb2a"),
        invalid(CODE_INVALID, "COMMAND-Eeb2a"),
    );
    pub const PASSKEY: Self = Self { unknown: not_found(USER_NOT_FOUND, "COMMAND-M9dsd"), ..Self::OTHERS };
    pub const INVITE: Self = Self { unknown: failed(USER_NOT_FOUND, "COMMAND-Wgvn4"), ..Self::OTHERS };
    pub const EMAIL: Self = Self {
        unknown: not_found(EMAIL_NOT_FOUND, "COMMAND-ieJ2e"),
        none_open: failed("Code is empty", "EMAIL-5w5ilin4yt"),
        unchanged: failed(EMAIL_UNCHANGED, "COMMAND-Uch5e"),
        ..Self::OTHERS
    };
    pub const MY_EMAIL: Self = Self {
        unknown: not_found(EMAIL_NOT_FOUND, "COMMAND-0Pe4r"),
        unchanged: failed(EMAIL_UNCHANGED, "COMMAND-2b7fM"),
        ..Self::OTHERS
    };
    pub const READ: Self = Self::OTHERS;
    pub const CREATE: Self = Self::OTHERS;
    pub const UPDATE: Self = Self { unknown: not_found(USER_NOT_FOUND, "COMMAND-ugjs0upun6"), ..Self::OTHERS };
    pub const PASSWORD: Self = Self { unknown: failed("Password not found", "COMMAND-G8dh3"), ..Self::OTHERS };
    pub const REQUEST_RESET: Self = Self { unknown: not_found(USER_NOT_FOUND, "COMMAND-SAF4f"), ..Self::OTHERS };
    pub const DELETE: Self = Self::of_state("COMMAND-bd4ir1mblj", Self::OTHERS.stale);
    pub const DEACTIVATE: Self =
        Self::of_state("COMMAND-5gp2p62iin", failed("User is already inactive", "COMMAND-5gunjw0cd7"));
    pub const REACTIVATE: Self =
        Self::of_state("COMMAND-9hy5kzbuk6", failed("User is not inactive", "COMMAND-s5qqcz97hf"));
    pub const LOCK: Self =
        Self::of_state("COMMAND-450yxuqrh1", failed("User is not active or initial", "COMMAND-lgws8wtsqf"));
    pub const UNLOCK: Self = Self::of_state("COMMAND-x377t913pw", failed("User is not locked", "COMMAND-olb9vb0oca"));

    /// The answer to a code that cannot be one: as to a wrong one.
    pub fn wrong_code(&self) -> ZError {
        self.code.into()
    }

    pub fn unknown_user(&self) -> ZError {
        self.unknown.into()
    }

    pub fn unchanged(&self) -> ZError {
        self.unchanged.into()
    }

    /// What a verb ended with. `now` is the core's, in unix milliseconds.
    pub fn error(&self, error: &Error, now: i64) -> ZError {
        match error {
            Error::Refused(refusal) => self.refusal(refusal, now),
            Error::Store(_) | Error::Internal(_) => ZError::failed(error),
        }
    }

    fn refusal(&self, refusal: &Refusal, now: i64) -> ZError {
        let said = match refusal {
            Refusal::Unreadable | Refusal::Wrong { .. } | Refusal::OutOfTries | Refusal::LinkUnknown => self.code,
            Refusal::Disabled | Refusal::Cooling { .. } | Refusal::Limited { .. } if self.redeems => self.code,
            Refusal::Expired => self.expired,
            Refusal::Used
            | Refusal::Replaced
            | Refusal::Revoked
            | Refusal::Declined
            | Refusal::AddressChanged
            | Refusal::NoneOpen => self.none_open,
            Refusal::AlreadyVerified => self.verified,
            Refusal::NotFound => self.unknown,
            Refusal::Forbidden => NOT_PERMITTED,
            Refusal::Disabled => failed("User is inactive", "VESTIBULE-Inactive"),
            Refusal::Cooling { until } | Refusal::Limited { until } => return too_soon(*until, now),
            Refusal::Unchanged => self.unchanged,
            Refusal::Stale => self.stale,
            Refusal::HasMethod => failed("User is already initialized", "COMMAND-EF34g"),
            Refusal::Address(AddressProblem::Empty) => invalid("Email is empty", "EMAIL-spblu"),
            Refusal::Address(_) => invalid("Email is invalid", "EMAIL-599BI"),
            // Here an address is one user's, and a user name too.
            Refusal::AddressTaken | Refusal::UsernameTaken => (Code::AlreadyExists, "User already exists", "V3-DKcYh"),
            Refusal::IdTaken => failed("Errors.User.AlreadyExisting", "COMMAND-7yiox1isql"),
            Refusal::Phone => invalid("Phone is invalid", "PHONE-so0wa"),
            Refusal::PhoneTaken => (Code::AlreadyExists, "Phone already exists", "VESTIBULE-PhoneTaken"),
            Refusal::Name => invalid("Errors.Invalid.Argument", "V2-zzad3"),
            Refusal::Profile { .. } => invalid("Profile is invalid", "VESTIBULE-Profile"),
            Refusal::Text => invalid("Errors.Invalid.Argument", "VESTIBULE-Text"),
            Refusal::PasswordTooShort { .. } => invalid("Password is too short", "DOMAIN-HuJf6"),
            Refusal::PasswordTooLong => invalid("Password is too long", "VESTIBULE-PasswordLong"),
            Refusal::PasswordCommon { .. } => invalid("Password is too common", "VESTIBULE-PasswordCommon"),
            Refusal::Hash => invalid("Password hash is not supported", "USER-JDk4t"),
            Refusal::SignInFailed => {
                return ZError::from(invalid("Password is invalid", "COMMAND-3M0fs")).wrong_password(0);
            }
            Refusal::MethodNotAllowed => failed("Not allowed by the organization's policy", "VESTIBULE-Method"),
            Refusal::NotVerified => failed("Email is not verified", "VESTIBULE-NotVerified"),
            Refusal::PrimaryAddress => failed("The primary address stays", "VESTIBULE-Primary"),
            Refusal::SetupOver => failed("The set-up is over", "VESTIBULE-SetupOver"),
            Refusal::Yourself => failed("Nobody does this to themselves", "VESTIBULE-Yourself"),
            Refusal::NameTaken => (Code::AlreadyExists, "The name is taken", "VESTIBULE-NameTaken"),
            Refusal::LastPopulation => failed("The last one stays", "VESTIBULE-LastPopulation"),
            Refusal::NotEmpty => failed("It is not empty", "VESTIBULE-NotEmpty"),
            Refusal::LastMethod => failed("The last way in stays", "VESTIBULE-LastMethod"),
            Refusal::PasskeysOff => failed("Passkeys cannot be used here", "VESTIBULE-PasskeysOff"),
            Refusal::CeremonyOver => failed("No such registration is under way", "WEBAU-5M9so"),
            // An internal error there; here who sends nonsense is told so.
            Refusal::Passkey => invalid("The passkey is invalid", "WEBAU-3Vb9s"),
            Refusal::PasskeyTaken => (Code::AlreadyExists, "Passkey already exists", "VESTIBULE-PasskeyTaken"),
            Refusal::PasskeyNeeded => failed("Administrators need a passkey", "VESTIBULE-PasskeyNeeded"),
            // Company accounts are linked by pages alone.
            Refusal::Issuer => invalid("The issuer is invalid", "VESTIBULE-Issuer"),
            Refusal::ProviderMismatch { .. } => failed("The account has another email", "VESTIBULE-Mismatch"),
            Refusal::ProviderUnknown => failed("The account is not linked", "VESTIBULE-ProviderUnknown"),
            Refusal::ProviderNotAnew => failed("The account did not sign in again", "VESTIBULE-ProviderNotAnew"),
            Refusal::ProviderTaken => (Code::AlreadyExists, "The account is linked already", "VESTIBULE-ProviderTaken"),
        };
        said.into()
    }
}

/// Only calls that send say this.
fn too_soon(until: i64, now: i64) -> ZError {
    let seconds = u64::try_from((until - now).max(0)).unwrap_or_default().div_ceil(1_000).max(1);
    ZError::raw(Code::ResourceExhausted, "Too many requests; try again later").retry_after(seconds)
}
