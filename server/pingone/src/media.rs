//! The media types that name operations.

/// Plain JSON.
pub const JSON: &str = "application/json";

macro_rules! vendor {
    ($($(#[$meta:meta])* $name:ident = $type:literal => $place:literal;)+) => {
        $(
            $(#[$meta])*
            pub const $name: &str = concat!("application/vnd.pingidentity.", $type, "+json");
        )+

        /// Each type with the method and path that take it.
        const PLACES: &[(&str, &str)] = &[$(($name, $place)),+];
    };
}

vendor! {
    /// Create a user with a password, a lifecycle, a verified address.
    USER_IMPORT = "user.import" => "POST /v1/environments/{environment}/users";
    /// On the collection: create and invite. On a user: invite again.
    USER_INVITE = "user.invite" => "POST /v1/environments/{environment}/users or /v1/environments/{environment}/users/{user}";
    USER_SEND_CODE = "user.sendVerificationCode" => "POST /v1/environments/{environment}/users/{user}";
    USER_VERIFY = "user.verify" => "POST /v1/environments/{environment}/users/{user}";
    ACCOUNT_LOCK = "account.lock" => "POST /v1/environments/{environment}/users/{user}";
    ACCOUNT_UNLOCK = "account.unlock" => "POST /v1/environments/{environment}/users/{user}";
    EMAIL_SEND = "user.emailVerification.send" => "POST /v1/environments/{environment}/users/{user}/emailVerification";
    EMAIL_VERIFY = "user.emailVerification.verify" => "POST /v1/environments/{environment}/users/{user}/emailVerification";
    ACCEPT_INVITE = "user.acceptInvite" => "POST /{environment}/flows/{flow}";
    PASSWORD_SET = "password.set" => "PUT /v1/environments/{environment}/users/{user}/password";
    PASSWORD_RESET = "password.reset" => "PUT /v1/environments/{environment}/users/{user}/password";
    PASSWORD_CHECK = "password.check" => "POST /v1/environments/{environment}/users/{user}/password";
    PASSWORD_RECOVER = "password.recover" => "POST /v1/environments/{environment}/users/{user}/password";
    PASSWORD_SEND_CODE = "password.sendRecoveryCode" => "POST /v1/environments/{environment}/users/{user}/password";
    PASSWORD_FORCE_CHANGE = "password.forceChange" => "POST /v1/environments/{environment}/users/{user}/password";
    PASSWORD_UNLOCK = "password.unlock" => "POST /v1/environments/{environment}/users/{user}/password";
}

/// What to do instead, for somebody whose media type is not taken where it was sent.
pub fn advice(method: &str, path: &str, sent: &[String]) -> String {
    let special = sent.iter().find(|sent| *sent != JSON).or(sent.first());
    let Some(sent) = special else {
        return format!("The request has no Content-Type. {}", taken(method, path));
    };
    let sent: String = sent.chars().take(120).collect();
    // The spelling of types is checked without case, as they are compared.
    let named = PLACES.iter().find(|(name, _)| name.eq_ignore_ascii_case(&sent));
    match named {
        Some((name, place)) => format!("{name} belongs to {place}. {}", taken(method, path)),
        None => format!("{sent} is not supported here. {}", taken(method, path)),
    }
}

/// The types that a place takes.
fn taken(method: &str, path: &str) -> String {
    let fits = |place: &str| {
        let Some((verb, paths)) = place.split_once(' ') else { return false };
        verb == method && paths.split(" or ").any(|pattern| matches(pattern, path))
    };
    let mut types: Vec<&str> = PLACES.iter().filter(|(_, place)| fits(place)).map(|(name, _)| *name).collect();
    if types.is_empty() || matches("/v1/environments/{environment}/users", path) {
        types.insert(0, JSON);
    }
    format!("This path takes {}.", types.join(", "))
}

fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len() && pattern.iter().zip(&path).all(|(want, have)| want.starts_with('{') || want == have)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_names_the_right_place() {
        let at = |path: &str, sent: &[&str]| {
            let sent: Vec<String> = sent.iter().map(|sent| sent.to_lowercase()).collect();
            advice("POST", path, &sent)
        };
        insta::assert_snapshot!([
            at("/v1/environments/e/users/u", &[JSON]),
            at("/v1/environments/e/users/u", &[]),
            at("/v1/environments/e/users/u", &[JSON, EMAIL_VERIFY]),
            at("/v1/environments/e/users/u/emailVerification", &[USER_VERIFY]),
            at("/v1/environments/e/users", &["text/plain"]),
            at("/e/flows/f", &[USER_INVITE]),
        ].join("\n"), @r#"
        application/json is not supported here. This path takes application/vnd.pingidentity.user.invite+json, application/vnd.pingidentity.user.sendVerificationCode+json, application/vnd.pingidentity.user.verify+json, application/vnd.pingidentity.account.lock+json, application/vnd.pingidentity.account.unlock+json.
        The request has no Content-Type. This path takes application/vnd.pingidentity.user.invite+json, application/vnd.pingidentity.user.sendVerificationCode+json, application/vnd.pingidentity.user.verify+json, application/vnd.pingidentity.account.lock+json, application/vnd.pingidentity.account.unlock+json.
        application/vnd.pingidentity.user.emailVerification.verify+json belongs to POST /v1/environments/{environment}/users/{user}/emailVerification. This path takes application/vnd.pingidentity.user.invite+json, application/vnd.pingidentity.user.sendVerificationCode+json, application/vnd.pingidentity.user.verify+json, application/vnd.pingidentity.account.lock+json, application/vnd.pingidentity.account.unlock+json.
        application/vnd.pingidentity.user.verify+json belongs to POST /v1/environments/{environment}/users/{user}. This path takes application/vnd.pingidentity.user.emailVerification.send+json, application/vnd.pingidentity.user.emailVerification.verify+json.
        text/plain is not supported here. This path takes application/json, application/vnd.pingidentity.user.import+json, application/vnd.pingidentity.user.invite+json.
        application/vnd.pingidentity.user.invite+json belongs to POST /v1/environments/{environment}/users or /v1/environments/{environment}/users/{user}. This path takes application/vnd.pingidentity.user.acceptInvite+json.
        "#);
    }
}
