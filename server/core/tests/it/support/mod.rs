//! A Vestibule on a fresh database of either engine, with everything that is not its own held still.

pub mod env;
pub mod fuzz;
pub mod people;
pub mod place;
pub mod sql;

use std::sync::Arc;

use vestibule_core::{Refusal, Result, Vestibule, actor::Admin, secret::SecretKey, store::Store};

use self::{env::FixedEnv, place::Place, sql::Db};

pub use self::people::{Person, address, at_address, at_handle, by_link, typed, wrong};
pub use self::place::Engine;

/// Makes two tests of each function, one on SQLite and one on Postgres. One that is not listed is dead code.
macro_rules! both {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            use crate::support::{self, Engine};

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                support::run(Engine::Sqlite, super::$name).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                support::run(Engine::Postgres, super::$name).await;
            }
        }
    )+ };
}

/// Where browsers find the tests' Vestibule.
pub const ORIGIN: &str = "https://id.acme.example";

/// What a test body gets.
#[derive(Clone, Debug)]
pub struct World {
    pub vestibule: Vestibule,
    pub env: Arc<FixedEnv>,
    pub db: Db,
    pub organization: String,
    pub url: String,
    pub store: Store,
}

/// Runs a body on a fresh database and takes the database away, whatever came of it.
pub async fn run<F>(engine: Engine, body: impl FnOnce(World) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let place = Place::make(engine).await;
    let world = World::open(place.url()).await;
    let outcome = tokio::spawn(body(world.clone())).await;
    world.store.close().await;
    world.db.close().await;
    drop(world);
    place.remove().await;
    if let Err(error) = outcome {
        std::panic::resume_unwind(error.into_panic());
    }
}

fn key() -> SecretKey {
    SecretKey::parse(&"5a".repeat(32)).unwrap()
}

impl World {
    async fn open(url: &str) -> Self {
        let env = Arc::new(FixedEnv::new(1));
        let store = Store::open(url).await.unwrap();
        store.migrate().await.unwrap();
        let vestibule = Vestibule::new(store.clone(), env.clone(), key()).with_relying_party(ORIGIN);
        let organization = vestibule.first_organization("Acme").await.unwrap().id;
        Self { vestibule, env, db: Db::open(url).await, organization, url: url.to_owned(), store }
    }

    /// Another instance of the same Vestibule, with connections of its own.
    pub async fn second(&self) -> Vestibule {
        Vestibule::new(Store::open(&self.url).await.unwrap(), self.env.clone(), key()).with_relying_party(ORIGIN)
    }

    /// An instance on the same data that was given another secret key.
    pub async fn with_other_key(&self) -> Vestibule {
        let key = SecretKey::parse(&"a5".repeat(32)).unwrap();
        Vestibule::new(Store::open(&self.url).await.unwrap(), self.env.clone(), key).with_relying_party(ORIGIN)
    }

    /// The first owner.
    pub async fn owner(&self) -> Admin {
        let link = self.vestibule.open_setup_link().await.unwrap().unwrap();
        let made = self.vestibule.set_up_owner(&link, "Olga Owner", &address("olga@acme.example"), secret_word()).await;
        self.admin(&made.unwrap().user_id).await
    }

    /// Has the organization want to be told of everything.
    pub async fn add_webhook(&self) {
        let columns = "webhook_endpoint (id, organization_id, url, created_at)";
        let values = format!("('hook', '{}', 'https://hook.example', 0)", self.organization);
        self.db.exec(&format!("INSERT INTO {columns} VALUES {values}")).await;
    }

    /// A user with a role, as an administrator who is signed in.
    pub async fn admin(&self, user_id: &str) -> Admin {
        self.vestibule.visitor(user_id).await.unwrap().unwrap().admin.unwrap()
    }
}

/// A password that every policy allows.
pub fn secret_word() -> String {
    "tall ships sail at dawn".to_owned()
}

/// The refusal that a verb must have ended with.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(answer: Result<T>) -> Refusal {
    answer.unwrap_err().refusal().expect("a refusal").clone()
}
