//! Rules 3 and 5: what is spent stays spent, codes are worth nothing without the key, and no log line holds a secret.

use std::{
    io,
    sync::{
        Mutex, Once,
        atomic::{AtomicUsize, Ordering},
    },
};

use tracing_subscriber::fmt::format::FmtSpan;
use vestibule_core::{
    Refusal,
    store::{challenges, challenges::Cost},
};

use crate::support::{Person, World, at_address, at_handle, by_link, refused, typed, wrong};

both! {
    a_challenge_is_spent_once_whoever_asks,
    a_code_fits_only_under_the_key_it_was_drawn_with,
    no_line_of_the_log_holds_a_secret_or_an_address,
}

/// The guard of the statement itself: what stands before it is not asked.
async fn a_challenge_is_spent_once_whoever_asks(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let (first, second) = tokio::join!(spend(&world, &drawn.challenge_id), spend(&world, &drawn.challenge_id));
    assert_eq!([first, second].concat(), [drawn.challenge_id.as_str()]);

    let alan = world.person(&owner, "alan@park.example").await;
    let drawn = world.send_code(&owner, &alan).await;
    world.vestibule.mark_verified(&owner, &alan.user_id, &alan.email_id, "met him", None).await.unwrap();
    assert!(spend(&world, &drawn.challenge_id).await.is_empty(), "it ended in another way");
}

async fn spend(world: &World, id: &str) -> Vec<String> {
    let (id, now) = (id.to_owned(), world.vestibule.now());
    let spent = world.store.write(move |tx| {
        let id = id.clone();
        Box::pin(async move { challenges::spend(tx, &[Cost { id, cost: 1 }], now).await })
    });
    spent.await.unwrap()
}

async fn a_code_fits_only_under_the_key_it_was_drawn_with(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let answer = world.with_other_key().await.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await;
    assert_eq!(refused(answer), Refusal::Wrong { left: 4 });
    world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await.unwrap();
}

/// From the set-up link to the first sign-in, with everything logged that can be.
async fn no_line_of_the_log_holds_a_secret_or_an_address(world: World) {
    let _listening = Listening::begin();
    let (address, password) = ("rosalind@crystal.example", "fifty one photographs of a helix");
    let link = world.vestibule.open_setup_link().await.unwrap().unwrap();
    let owner = world.owner().await;
    let (invited, invite) = world.invite_mailed(&owner, address).await;
    let _ = world.vestibule.redeem(at_handle(&invited.challenge_id, wrong(&invite))).await;
    world.vestibule.redeem(at_handle(&invited.challenge_id, typed(&invite))).await.unwrap();
    let redeemed = world.vestibule.redeem(by_link(&invite.token)).await.unwrap();
    world.vestibule.set_first_password(&redeemed, password.to_owned()).await.unwrap();
    world.vestibule.sign_in(address, password.to_owned(), Some("192.0.2.1".to_owned())).await.unwrap();
    let _ = world.vestibule.sign_in(address, "a photograph that is not of it".to_owned(), None).await;

    let email = world.view(&owner, &invited.user_id).await.emails[0].email.clone();
    world.vestibule.unverify(&owner, &invited.user_id, &email.id, "to see it again").await.unwrap();
    let person = Person { user_id: invited.user_id, email_id: email.id, address: crate::support::address(address) };
    let code = world.send_code(&owner, &person).await;
    world.vestibule.redeem(at_address(&person.address, typed(&code))).await.unwrap();

    let log = String::from_utf8_lossy(&LOG.lock().unwrap()).to_lowercase();
    assert!(log.contains("insert into message") && log.contains("update challenge"), "what was done is in the log");
    let drawn = [invite, code].map(|drawn| [drawn.code.grouped(), drawn.token.reveal().to_owned()]).concat();
    let secrets = drawn.into_iter().flat_map(|secret| [secret.replace('-', ""), secret]);
    let secrets =
        secrets.chain([address, password, "a photograph that is not of it", link.reveal()].map(str::to_owned));
    for secret in secrets.chain(["5a".repeat(32)]) {
        assert!(!log.contains(&secret.to_lowercase()), "the log holds {secret}");
    }
}

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

static LISTENERS: AtomicUsize = AtomicUsize::new(0);

/// While it lives, everything that is logged in this process is kept, at the most talkative level, spans included.
struct Listening;

impl Listening {
    fn begin() -> Self {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
            lines.with_span_events(FmtSpan::FULL).with_writer(|| Kept).init();
        });
        LISTENERS.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        LISTENERS.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Kept;

impl io::Write for Kept {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if LISTENERS.load(Ordering::SeqCst) > 0 {
            LOG.lock().unwrap().extend_from_slice(line);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
