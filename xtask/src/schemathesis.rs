//! Schemathesis: requests made up from `/openapi.json`, thousands of them, none of which may end in a server error.

use std::env;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::command::{binary, fresh_folder, run_quietly, target, which};
use crate::machine::apt_install;

/// The version whose command line and configuration are written here.
const VERSION: &str = "4.32.5";

/// How long one round may take. It needs a minute, and a busy machine several; this is only that it ends at all.
const PATIENCE: Duration = Duration::from_mins(15);

/// What would end the session that the second round lives in.
const GOODBYES: [&str; 3] = ["/do/sign_out", "/do/end_session", "/oidc/v1/end_session"];

const OWNER: &str = "olga@acme.example";
const PASSWORD: &str = "tall ships and quiet harbours";

/// Two rounds against the release binary: a client with a key to whom every id is strange, then the same as a signed-in
/// owner where organization, user and address exist.
pub fn run() -> Result<()> {
    let program = install()?;
    let server = Server::start()?;
    let known = Known::make(&server)?;
    for (round, config) in [("strange", config(None)), ("known", config(Some(&known)))] {
        eprintln!("-- {round} ids");
        let file = server.folder.join(format!("{round}.toml"));
        fs::write(&file, config)?;
        let mut schemathesis = Command::new(&program);
        schemathesis
            .arg("--config-file")
            .arg(file)
            .args(["--no-color", "run", &server.url("/openapi.json"), "--checks", "not_a_server_error"])
            .args(["--max-examples", "5", "--seed", "7", "--workers", "2", "--phases", "coverage,fuzzing"])
            .args(["--warnings", "off", "--request-timeout", "10", "--suppress-health-check", "all"])
            // A made-up key beside the right one would only be refused.
            .args(["--generation-with-security-parameters", "false"])
            .args(["--header", &format!("Authorization: Bearer {}", known.key)])
            .args(["--header", &format!("X-API-KEY: {}", known.key)])
            .current_dir(&server.folder);
        if round == "known" {
            schemathesis.args(["--header", &format!("Cookie: vestibule={}", known.session)]);
            schemathesis.args(GOODBYES.iter().flat_map(|path| ["--exclude-path", path]));
        }
        finish(schemathesis).with_context(|| format!("what the server said is in {}", log().display()))?;
    }
    server.signed_in(&known.session)
}

/// Finds or installs the program, in a Python environment of its own.
fn install() -> Result<PathBuf> {
    let home = target().join("schemathesis").join(VERSION);
    let program = home.join("bin/schemathesis");
    // Written last: an installation that was cut short is made again.
    let done = home.join("installed");
    if done.is_file() {
        return Ok(program);
    }
    let complete = || run_quietly(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_ok();
    if which("python3").is_none() || !complete() {
        apt_install(&["python3", "python3-venv"])?;
    }
    run_quietly(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
    let package = format!("schemathesis=={VERSION}");
    run_quietly(Command::new(home.join("bin/python")).args([
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        &package,
    ]))?;
    fs::write(done, VERSION)?;
    Ok(program)
}

/// A server with nothing in it, on a free port of loopback; it ends with this value.
struct Server {
    folder: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl Server {
    fn start() -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let folder = fresh_folder(&env::temp_dir(), "schemathesis")?;
        let mut server = Self { folder, port, process: None };
        let mut owner = server.command(&["admin", "create", "--email", OWNER, "--name", "Olga", "--role", "owner"]);
        let mut making = owner.arg("--password-stdin").stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        making.stdin.take().context("no standard input")?.write_all(PASSWORD.as_bytes())?;
        if !making.wait()?.success() {
            bail!("the owner could not be made");
        }
        let mut serve = server.command(&["serve"]);
        server.process = Some(serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(log())?).spawn()?);
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if begun.elapsed() > Duration::from_secs(20) {
                bail!("the server did not start; see {}", log().display());
            }
            sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    /// The binary on this server's data, with nothing of the machine's own settings.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("VESTIBULE_")) {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("DATABASE_URL", format!("sqlite:{}", self.folder.join("vestibule.db").display()))
            .env("VESTIBULE_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("VESTIBULE_API_RATE", "0");
        command
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Sends a request with the given lines of its head, and reads the answer to its end.
    fn ask(&self, request: &str, headers: &[String], body: &str) -> Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        let headers = headers.concat();
        let length = body.len();
        write!(
            stream,
            "{request} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}",
            self.port
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    /// Fails if the session is over, because then the round has tried less than it says.
    fn signed_in(&self, session: &str) -> Result<()> {
        let answer = self.ask("GET /console", &[format!("Cookie: vestibule={session}\r\n")], "")?;
        if !answer.starts_with("HTTP/1.1 200") {
            bail!("an operation ended the session; it belongs among those that are left out");
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // It may have ended by itself; then there is nothing to end.
            let _ = process.kill();
            let _ = process.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What the server wrote, kept for whoever looks for the reason.
fn log() -> PathBuf {
    target().join("schemathesis/server.log")
}

/// What exists: without it, most requests end where an id is looked up.
struct Known {
    key: String,
    session: String,
    organization: String,
    user: String,
    email: String,
}

impl Known {
    fn make(server: &Server) -> Result<Self> {
        let key = run_quietly(&mut server.command(&["api-key", "create", "--name", "Schemathesis"]))?;
        let organizations: Value =
            serde_json::from_str(&run_quietly(&mut server.command(&["org", "list", "--json"]))?)?;
        let form = format!("username={OWNER}&password={}", PASSWORD.replace(' ', "+"));
        let form_type = "Content-Type: application/x-www-form-urlencoded\r\nAccept: text/html\r\n".to_owned();
        let signed_in = server.ask("POST /do/sign_in", &[form_type], &form)?;
        let session = signed_in.split("vestibule=").nth(1).and_then(|rest| rest.split(';').next());
        let headers = [format!("X-API-KEY: {key}\r\n"), "Content-Type: application/json\r\n".to_owned()];
        let person = json!({"email": "ada@acme.example", "name": "Ada", "password": "seven wooden bridges"});
        let created = server.ask("POST /api/users", &headers, &person.to_string())?;
        let (_, body) = created.split_once("\r\n\r\n").context("an answer without an end of its head")?;
        let user: Value = serde_json::from_str(body).with_context(|| created.clone())?;
        let text = |value: &Value| value.as_str().map(str::to_owned).context("an answer without an id");
        Ok(Self {
            key,
            session: session.with_context(|| signed_in.clone())?.to_owned(),
            organization: text(&organizations[0]["id"])?,
            user: text(&user["user_id"])?,
            email: text(&user["emails"][0]["id"])?,
        })
    }
}

/// A round's configuration. 501 is an honest answer to what is not offered, 503 the status of the page that says so.
fn config(known: Option<&Known>) -> String {
    let expected = "[checks.not_a_server_error]\nexpected-statuses = ['2xx', '3xx', '4xx', '501']\n\n\
        [[operations]]\ninclude-path = '/unavailable'\n\
        checks.not_a_server_error.expected-statuses = ['4xx', '503']\n";
    let Some(Known { organization, user, email, .. }) = known else {
        return expected.to_owned();
    };
    // What deletes keeps to strange ids, lest the rest find nobody.
    format!(
        "{expected}\n[[operations]]\nexclude-method = 'DELETE'\n[operations.parameters]\n\
        'path.environment_id' = '{organization}'\n'path.user_id' = '{user}'\n'path.user' = '{user}'\n\
        'path.identifier_id' = '{email}'\n"
    )
}

/// Runs to the end, and no longer than is bearable.
fn finish(mut schemathesis: Command) -> Result<()> {
    let begun = Instant::now();
    let mut process = schemathesis.spawn().context("cannot start schemathesis")?;
    let status = loop {
        if let Some(status) = process.try_wait()? {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            process.kill()?;
            process.wait()?;
            bail!("schemathesis did not end within {} s", PATIENCE.as_secs());
        }
        sleep(Duration::from_millis(200));
    };
    if !status.success() {
        bail!("schemathesis ended with {status}");
    }
    Ok(())
}
