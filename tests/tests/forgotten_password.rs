//! A forgotten password: asked for over the DSM web API, brought by a real mail server, replaced on the page in the letter.

use std::process::Command;

use bailiwick_tests::{Domain, MailServer, Output, PASSWORD, Server, command, run};

const NEW: &str = "Violet-Harbour-7";

/// `curl` to the HTTPS listener under the name that letters give the server.
fn curl(server: &Server, arguments: &[&str]) -> Output {
    let https = server.address("https");
    let resolve = format!("{}:{}:127.0.0.1", host(server), https.port());
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--resolve", &resolve, "--cacert"]);
    run(command.arg(server.authority_file()).args(arguments), "")
}

/// The name of the server, as its start screen has it.
fn host(server: &Server) -> String {
    let line = server.screen_until_ready().lines().find(|line| line.contains("This server"));
    let line = line.expect("the start screen names the server");
    line.split_whitespace().last().expect("the line ends with the name").to_owned()
}

/// The members of an answer of the web API.
fn call(server: &Server, form: &[(&str, &str)]) -> serde_json::Value {
    let url = format!("https://{}:{}/webapi/entry.cgi", host(server), server.address("https").port());
    let fields: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut arguments = vec![url.as_str()];
    arguments.extend(fields.iter().flat_map(|field| ["--data-urlencode", field.as_str()]));
    let output = curl(server, &arguments);
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"))
}

/// A server with letters for forgotten passwords on, and a user with an address; and its mail server.
fn served() -> (Server, MailServer) {
    let domain: Domain = Server::start().stop();
    let mail = MailServer::start(&domain.data(), "starttls", None);
    let (port, authority) = (mail.port().to_string(), domain.data().join("tls/ca.pem").display().to_string());
    let server =
        Server::on(domain, &["--smtp-server", "localhost", "--smtp-port", &port, "--smtp-authority", &authority]);
    let mut create = command("user");
    create.args(["create", "ada", "--password-file", "-", "mail=ada@example.com", "--data"]).arg(server.data());
    run(&mut create, "Password-123\n").expect(0, &[]);
    let login = [("api", "SYNO.API.Auth"), ("version", "7"), ("method", "login"), ("format", "sid")];
    let signed_in = call(&server, &[login.as_slice(), &[("account", "Administrator"), ("passwd", PASSWORD)]].concat());
    let sid = signed_in["data"]["sid"].as_str().unwrap_or_else(|| panic!("{signed_in}"));
    let policy = [("api", "SYNO.Core.User.PasswordPolicy"), ("version", "1"), ("method", "set"), ("_sid", sid)];
    let set = call(&server, &[policy.as_slice(), &[("enable_reset_passwd_by_email", "true")]].concat());
    assert_eq!(set["success"], true, "{set}");
    (server, mail)
}

fn send(server: &Server, user: &str) -> serde_json::Value {
    call(server, &[("api", "SYNO.Auth.ForgotPwd"), ("version", "1"), ("method", "send"), ("user", user)])
}

fn whoami(server: &Server, password: &str) -> Output {
    let url = server.url("ldap");
    server.bare_tool("ldapwhoami", &["-x", "-H", &url, "-D", "ada@example.com", "-w", password], "")
}

#[test]
fn a_letter_brings_a_link_and_its_page_sets_the_password_once() {
    let (server, mut mail) = served();
    assert_eq!(send(&server, "ada"), send(&server, "nobody"));
    let letter = mail.letter();
    assert_eq!(letter["to"][0], "ada@example.com");
    let text = letter["text"].as_str().expect("a letter has a text");
    let link = text.split_whitespace().find(|word| word.starts_with("https://")).expect("there is a link");
    let page = curl(&server, &[link]);
    page.expect(0, &["Choose a new password", "<strong>ada</strong>"]);
    let (path, ticket) = link.split_once("?ticket=").expect("the link has a ticket");
    let post = |password: &str| {
        let fields = [format!("ticket={ticket}"), format!("password={password}"), format!("again={password}")];
        let [ticket, password, again] = &fields;
        curl(&server, &["--data-urlencode", ticket, "--data-urlencode", password, "--data-urlencode", again, path])
    };
    post("short").expect(0, &["characters or more"]);
    whoami(&server, "Password-123").expect(0, &[]);
    post(NEW).expect(0, &["Your password is set"]);
    whoami(&server, NEW).expect(0, &["EXAMPLE\\ada"]);
    whoami(&server, "Password-123").expect(49, &[]);
    post("Other-Harbour-8").expect(0, &["not good any more"]);
    let told = mail.letter();
    assert!(told["subject"].as_str().is_some_and(|subject| subject.contains("was changed")), "{told}");
    // Neither the ticket nor a password is in the log.
    for secret in [ticket, NEW, "Password-123"] {
        assert!(!server.log().contains(secret), "{secret}");
    }
}
