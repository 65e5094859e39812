use leptos::prelude::*;

use super::brand::Brand;
use super::icons::{Drawing, Icon};

/// Where in the console a page belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Overview,
    Users,
    Invites,
    Deliveries,
    Keys,
    Providers,
    Settings,
}

/// Numbers beside the entries, already written in the reader's manner. Left out where they are not known or not wanted.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub users: Option<String>,
    pub invites: Option<String>,
    pub deliveries: Option<String>,
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    /// The role as a word for the reader.
    pub role: String,
    /// Whether they find keys and settings in the navigation.
    pub is_owner: bool,
}

/// What the frame says, in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct ConsoleWords {
    pub skip: &'static str,
    /// Names the navigation for those who jump between landmarks.
    pub navigation: &'static str,
    pub overview: &'static str,
    pub users: &'static str,
    pub invites: &'static str,
    pub deliveries: &'static str,
    pub keys: &'static str,
    pub providers: &'static str,
    pub settings: &'static str,
    pub sign_out: &'static str,
}

impl Default for ConsoleWords {
    fn default() -> Self {
        Self {
            skip: "Skip to content",
            navigation: "Console",
            overview: "Overview",
            users: "Users",
            invites: "Invites",
            deliveries: "Deliveries",
            keys: "Keys",
            providers: "Company accounts",
            settings: "Settings",
            sign_out: "Sign out",
        }
    }
}

/// The console around a page: the rail with its entries and the signed-in person, and the page beside it.
#[component]
pub fn ConsoleFrame(
    /// The entry that the page belongs to.
    section: Section,
    person: Person,
    #[prop(optional)] counts: Counts,
    #[prop(optional)] words: ConsoleWords,
    children: Children,
) -> impl IntoView {
    let entry =
        move |entry: Section, href: &'static str, drawing: Drawing, word: &'static str, count: Option<String>| {
            let count = count.map(|count| view! { <span class="count">{count}</span> });
            view! {
                <a href=href aria-current=(entry == section).then_some("page")>
                    <Icon drawing=drawing />
                    <span>{word}</span>
                    {count}
                </a>
            }
        };
    view! {
        <a class="skip" href="#main">{words.skip}</a>
        <div class="console">
            <header class="rail">
                <Brand name="Vestibule" href="/console" />
                <nav aria-label=words.navigation>
                    {entry(Section::Overview, "/console", Drawing::Overview, words.overview, None)}
                    {entry(Section::Users, "/console/users", Drawing::Users, words.users, counts.users)}
                    {entry(Section::Invites, "/console/invites", Drawing::Invites, words.invites, counts.invites)}
                    {entry(Section::Deliveries, "/console/deliveries", Drawing::Deliveries, words.deliveries, counts.deliveries)}
                    {person.is_owner.then(|| (
                        entry(Section::Keys, "/console/keys", Drawing::Keys, words.keys, None),
                        entry(Section::Providers, "/console/providers", Drawing::Company, words.providers, None),
                        entry(Section::Settings, "/console/settings", Drawing::Settings, words.settings, None),
                    ))}
                </nav>
                <form class="person" method="post" action="/do/sign_out">
                    <span>
                        <span class="name">{person.name}</span>
                        <small>{person.role}</small>
                    </span>
                    <button class="button quiet small">{words.sign_out}</button>
                </form>
            </header>
            <main class="page" id="main" tabindex="-1">
                {children()}
            </main>
        </div>
    }
}
