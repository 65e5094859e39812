//! What may be typed after `vestibule`.

use std::{ffi::OsString, path::PathBuf};

use clap::{
    Arg, ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, builder::PossibleValuesParser,
    builder::TypedValueParser,
};
use vestibule_core::{
    actor::Role,
    api_key::{LONGEST_LIFETIME, Scope},
    env::DAY,
};

use crate::config::setting::{ALL, CONFIG_VARIABLE};

/// The arguments, read.
#[derive(Debug)]
pub(super) struct Arguments {
    pub command: Command,
    /// Settings that were given as flags, by key.
    pub flags: Vec<(&'static str, String)>,
    /// The TOML file.
    pub config: Option<PathBuf>,
}

#[derive(Debug, Parser)]
#[command(name = "vestibule", version, about = "Invites people, proves their email addresses, and lets them in.")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve pages and APIs and send mail (the default)
    Serve {
        /// Refuse to start when the database needs migrating, instead of migrating it
        #[arg(long)]
        no_migrate: bool,
    },
    /// Bring the database up to this release
    Migrate,
    /// Administrators
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Keys for machines
    #[command(subcommand)]
    ApiKey(KeyCommand),
    /// OAuth clients: machines that change a secret for access tokens
    #[command(subcommand)]
    Client(ClientCommand),
    /// Organizations
    #[command(subcommand)]
    Org(OrgCommand),
    /// Make users of the rows of a CSV file; who is there already stays as they are
    ///
    /// The first line names the columns: `email` (needed), `name`, `username`, `language`, `verified` (yes or no),
    /// `password_hash` (argon2id or bcrypt), and the texts of a profile by their names in OpenID Connect (`given_name`,
    /// `family_name`, …).
    /// No mail is sent.
    Import(ImportArguments),
    /// The log of what happened
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Check settings, database, key, mail server and clock; changes nothing
    Doctor {
        /// Print the checks as a JSON list
        #[arg(long)]
        json: bool,
    },
    /// Send a mail now and say which step failed if it did
    SendTestMail { address: String },
    /// Show every setting: its value, variable and default
    Config {
        /// Print the settings as a JSON list
        #[arg(long)]
        json: bool,
    },
    /// Copy the SQLite database to a new file while everything goes on; the secret key is not in it
    Backup { file: PathBuf },
    /// Put a backup in the place of the SQLite database; stop Vestibule first
    Restore {
        file: PathBuf,
        /// Replace the database that is there; it is kept with `.before-restore-` and the time at its end
        #[arg(long)]
        force: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Make an administrator and print their id
    Create(NewAdmin),
    /// Let administrators in without a passkey again, should nobody be left who has theirs
    WithoutPasskey {
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Args)]
pub(super) struct NewAdmin {
    #[arg(long)]
    pub email: String,
    /// What they may do; each role may also do what those after it may
    #[arg(long, value_parser = role())]
    pub role: Role,
    /// Their name; without it the part of the address before the at sign
    #[arg(long)]
    pub name: Option<String>,
    /// Read the password from the first line of standard input; there is no other way
    #[arg(long, required = true)]
    pub password_stdin: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key and print it alone; it is shown only this once
    Create(NewKeyArguments),
    /// Every key of an organization, revoked ones last
    List {
        #[command(flatten)]
        at: At,
        /// Print the keys as a JSON list
        #[arg(long)]
        json: bool,
    },
    /// End a key at once and for ever
    Revoke {
        /// The key's id, as `list` shows it
        id: String,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum ClientCommand {
    /// Make a client and print its id and its secret, a line each; the secret is shown only this once
    ///
    /// With --redirect-uri it is an app that people sign in to, without it a machine that acts for itself.
    Create(NewClientArguments),
    /// Every client of an organization, revoked ones last
    List {
        #[command(flatten)]
        at: At,
        /// Print the clients as a JSON list
        #[arg(long)]
        json: bool,
    },
    /// Say anew what a client is for
    Rename {
        id: String,
        #[arg(long)]
        name: String,
        #[command(flatten)]
        at: At,
    },
    /// End a client and its access tokens at once and for ever
    Revoke {
        id: String,
        #[command(flatten)]
        at: At,
    },
}

/// Where.
#[derive(Debug, Args)]
pub(super) struct At {
    /// Id or name of the organization; without it the first one
    #[arg(long)]
    pub org: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct NewKeyArguments {
    /// What it is for
    #[arg(long)]
    pub name: String,
    #[command(flatten)]
    pub at: At,
    /// What it may do, with commas between; without it everything
    #[arg(long = "scope", value_delimiter = ',', value_parser = scope())]
    pub scopes: Vec<Scope>,
    /// After how many days it stops working; without it never
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=LONGEST_LIFETIME / DAY))]
    pub expires: Option<i64>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct NewClientArguments {
    #[command(flatten)]
    pub key: NewKeyArguments,
    /// Where people come back to after signing in to it; may be given several times
    #[arg(long = "redirect-uri", value_name = "URL", conflicts_with = "expires")]
    pub redirect_uris: Vec<String>,
    /// Where people may be led after signing out; may be given several times
    #[arg(long = "post-logout-uri", value_name = "URL", requires = "redirect_uris")]
    pub post_logout_uris: Vec<String>,
    /// It runs on people's own devices and cannot keep a secret, so it gets none
    #[arg(long, requires = "redirect_uris")]
    pub public: bool,
    /// It is the organization's own, so people are not asked whether they agree
    #[arg(long, requires = "redirect_uris")]
    pub first_party: bool,
}

#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// CSV in UTF-8, parted by commas, semicolons or tabs
    pub file: PathBuf,
    /// Only say what would become of each row
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub at: At,
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
}

impl KeyCommand {
    pub fn organization(&self) -> Option<&str> {
        match self {
            Self::Create(NewKeyArguments { at, .. }) | Self::List { at, .. } | Self::Revoke { at, .. } => {
                at.org.as_deref()
            }
        }
    }
}

impl ClientCommand {
    pub fn organization(&self) -> Option<&str> {
        match self {
            Self::Create(NewClientArguments { key: NewKeyArguments { at, .. }, .. })
            | Self::List { at, .. }
            | Self::Rename { at, .. }
            | Self::Revoke { at, .. } => at.org.as_deref(),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Check that nobody changed the log since it was sealed; fails and names the first broken seal if somebody did
    Verify {
        /// Print what was found as JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum OrgCommand {
    /// Every organization, oldest first: id and name
    List {
        /// Print the organizations as a JSON list
        #[arg(long)]
        json: bool,
    },
}

impl Arguments {
    /// Reads what was typed. The flags for settings come from the one table and stand before or after the command.
    pub fn read(typed: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let matches = command().try_get_matches_from(typed)?;
        let cli = Cli::from_arg_matches(&matches)?;
        let given = |key: &'static str| Some((key, matches.get_one::<String>(key)?.clone()));
        Ok(Self {
            command: cli.command.unwrap_or(Command::Serve { no_migrate: false }),
            flags: ALL
                .iter()
                .filter(|setting| setting.flag.is_some())
                .filter_map(|setting| given(setting.key))
                .collect(),
            config: matches.get_one::<PathBuf>("config").cloned(),
        })
    }
}

fn command() -> clap::Command {
    let settings = ALL.iter().filter_map(|setting| {
        let help = format!("{} [default: {}] [env: {}]", setting.meaning, setting.default, setting.variable);
        let flag = Arg::new(setting.key).long(setting.flag?).global(true).action(ArgAction::Set).value_name("VALUE");
        Some(flag.help(help).help_heading("Settings"))
    });
    let file =
        Arg::new("config").long("config").global(true).value_name("FILE").value_parser(clap::value_parser!(PathBuf));
    let help = format!("TOML file with settings. [env: {CONFIG_VARIABLE}]");
    Cli::command().arg(file.help(help).help_heading("Settings")).args(settings)
}

fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.iter().map(|role| role.as_str())).try_map(|word| word.parse::<Role>())
}

fn scope() -> impl TypedValueParser<Value = Scope> {
    PossibleValuesParser::new(Scope::ALL.iter().map(|scope| scope.as_str())).try_map(|word| word.parse::<Scope>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Result<Arguments, clap::Error> {
        Arguments::read(typed.split(' ').map(OsString::from))
    }

    #[test]
    fn the_commands_fit_together() {
        command().debug_assert();
    }

    #[test]
    fn serving_is_the_default_and_flags_may_stand_on_either_side() {
        for typed in
            ["vestibule --listen [::1]:80", "vestibule serve --listen [::1]:80", "vestibule --listen [::1]:80 serve"]
        {
            let arguments = read(typed).unwrap();
            assert!(matches!(arguments.command, Command::Serve { no_migrate: false }));
            assert_eq!(arguments.flags, [("listen", "[::1]:80".to_owned())]);
        }
        assert_eq!(read("vestibule config --config v.toml").unwrap().config, Some("v.toml".into()));
    }

    #[test]
    fn secrets_are_no_flags_and_a_password_comes_from_standard_input_only() {
        assert!(read("vestibule --smtp-url smtp://mail").is_err());
        assert!(read("vestibule admin create --email a@b.example --role owner").is_err());
        assert!(read("vestibule admin create --email a@b.example --role king --password-stdin").is_err());
        assert!(read("vestibule admin create --email a@b.example --role owner --password-stdin").is_ok());
    }

    #[test]
    fn scopes_are_words_with_commas_between() {
        let arguments = read("vestibule api-key create --name crm --scope read,verify").unwrap();
        let Command::ApiKey(KeyCommand::Create(new)) = arguments.command else { panic!("another command") };
        assert_eq!(new.scopes, [Scope::Read, Scope::Verify]);
        assert!(read("vestibule api-key create --name crm --scope all").is_err());
        assert!(read("vestibule client create --name crm --expires 0").is_err());
    }
}
