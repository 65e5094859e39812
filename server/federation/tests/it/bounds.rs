//! Providers that are slow, talk too much, or lead elsewhere.

use std::time::{Duration, Instant};

use vestibule_federation::Federation;

use super::{
    provider::{Provider, Trick},
    registration, trouble,
};

#[tokio::test]
async fn too_much_is_not_read() {
    for trick in [Trick::DiscoveryTooLarge, Trick::TokenTooLarge] {
        assert_eq!(trouble(trick).await, "unreadable", "{trick:?}");
    }
}

#[tokio::test]
async fn nobody_waits_long_for_a_slow_provider() {
    let begun = Instant::now();
    let (discovery, token) = tokio::join!(trouble(Trick::DiscoverySlow), trouble(Trick::TokenSlow));
    assert_eq!((discovery, token), ("unreachable", "unreachable"));
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_provider_is_who_was_asked_and_where_it_was_asked() {
    assert_eq!(trouble(Trick::Issuer).await, "other-issuer");
    assert_eq!(trouble(Trick::DiscoveryRedirected).await, "status", "nobody is led elsewhere");
    assert_eq!(trouble(Trick::Insecure).await, "insecure");
}

#[tokio::test]
async fn a_provider_that_is_away_is_told_apart_from_one_that_is_wrong() {
    let federation = Federation::default();
    let away = federation.check(&registration("http://127.0.0.1:9")).await.unwrap_err();
    assert_eq!(away.word(), "unreachable");
    let provider = Provider::open(Trick::Honest).await;
    federation.check(&registration(&provider.issuer)).await.unwrap();
    assert!(!format!("{away} {away:?}").contains("known to both"), "no secret in what is logged");
}
