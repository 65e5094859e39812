//! What a `User-Agent` says of a browser and its device, by names that are the same in every language.

/// The device, where it is one of the usual.
pub fn device(user_agent: &str) -> Option<&'static str> {
    // A telephone also says what its system descends from, so it is asked for first.
    find(
        user_agent,
        &[
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("CrOS", "Chromebook"),
            ("Macintosh", "Mac"),
            ("Windows", "Windows"),
            ("Linux", "Linux"),
        ],
    )
}

/// The browser, where it is one of the usual.
pub fn browser(user_agent: &str) -> Option<&'static str> {
    // Nearly all claim to be Safari, and many to be Chrome.
    find(
        user_agent,
        &[
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("SamsungBrowser/", "Samsung Internet"),
            ("Firefox/", "Firefox"),
            ("FxiOS/", "Firefox"),
            ("CriOS/", "Chrome"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ],
    )
}

/// Both, or the one that is known: `Firefox · Windows`.
pub fn name(user_agent: &str) -> Option<String> {
    let known: Vec<&str> = [browser(user_agent), device(user_agent)].into_iter().flatten().collect();
    (!known.is_empty()).then(|| known.join(" · "))
}

fn find(user_agent: &str, names: &[(&str, &'static str)]) -> Option<&'static str> {
    names.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_called_by_their_own_names() {
        for (told, user_agent) in [
            (
                "Chrome · Windows",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/159.0.0.0 Safari/537.36",
            ),
            (
                "Edge · Windows",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/159.0.0.0 Safari/537.36 Edg/159.0.0.0",
            ),
            ("Safari · Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/26.0 Safari/605.1.15"),
            (
                "Safari · iPhone",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Mobile/15E148 Safari/604.1",
            ),
            (
                "Chrome · iPhone",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) CriOS/159.0.0.0 Mobile/15E148 Safari/604.1",
            ),
            (
                "Samsung Internet · Android",
                "Mozilla/5.0 (Linux; Android 15; SM-S931) SamsungBrowser/29.0 Chrome/140.0.0.0 Mobile Safari/537.36",
            ),
            ("Firefox · Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"),
            ("Linux", "Lynx/2.9 (Linux)"),
        ] {
            assert_eq!(name(user_agent).as_deref(), Some(told), "{user_agent}");
        }
        assert_eq!(name("curl/8.14"), None);
        assert_eq!(name(""), None);
    }
}
