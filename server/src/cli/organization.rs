//! `vestibule org list`.

use super::{
    failure::Failure,
    open::{Migrations, Open},
    output::Output,
};
use crate::config::Config;

/// Makes the first organization if there is none, so that its id can be known before the first start.
pub(super) async fn list(config: &Config, json: bool, out: &mut Output) -> Result<(), Failure> {
    let open = Open::new(config, Migrations::Apply).await?;
    let listed = async {
        open.vestibule.first_organization(&config.organization).await?;
        open.vestibule.organizations().await
    };
    let listed = listed.await;
    let organizations = open.close(listed).await?;
    if json {
        return out.json(&organizations);
    }
    organizations
        .iter()
        .try_for_each(|organization| out.line(format_args!("{}  {}", organization.id, organization.name)))
}
