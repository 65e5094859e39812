//! What a user may do in the console, as owners give it.

use leptos::prelude::*;
use vestibule_core::{
    actor::{Admin, Role},
    user::UserRow,
};

/// The card on a user's page; owners can change what is in it, but not for themselves.
pub(super) fn card(admin: &Admin, user: &UserRow, role: Option<Role>, chosen: Option<String>) -> Option<AnyView> {
    if !admin.is(Role::Owner) {
        return None;
    }
    let present = role.map_or("None: no access to the console.", about);
    let own = admin.user_id() == user.id;
    // What was chosen before the owner had to show again who they are, else what is.
    let chosen = chosen.map_or(role, |word| word.parse().ok());
    let options = [None].into_iter().chain(Role::ALL.iter().copied().map(Some)).map(move |option| {
        let value = option.map_or("", Role::as_str);
        view! { <option value=value selected=option == chosen>{option.map_or("No role", name)}</option> }
    });
    let form = (!own).then(|| {
        view! {
            <form class="stack tight" method="post" action="/do/grant_role">
                <input type="hidden" name="user" value=user.id.clone() />
                <div class="field">
                    <label for="role">"Role"</label>
                    <select id="role" name="role">{options.collect_view()}</select>
                </div>
                <button class="button">"Change the role"</button>
            </form>
        }
    });
    Some(
        view! {
            <section class="card">
                <header><h2>"Console"</h2></header>
                <div class="body stack">
                    <p class="muted">{present}</p>
                    {form}
                </div>
            </section>
        }
        .into_any(),
    )
}

fn name(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Manager => "Manager",
        Role::Support => "Support",
        Role::Viewer => "Viewer",
    }
}

fn about(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner: everything, roles, keys and settings included.",
        Role::Manager => "Manager: users, addresses and invites.",
        Role::Support => "Support: sends again, marks verified with a reason.",
        Role::Viewer => "Viewer: looks.",
    }
}
