//! Letters, from the outbox to a real mail server.

use bailiwick_tests::{Domain, MailServer, Output, Server, ServerCommand, command, run};

const AUTHORITY: &str = "tls/ca.pem";

/// A domain that has been served once, and so has a certificate.
fn served() -> Domain {
    Server::start().stop()
}

/// A server that sends its letters to a mail server, protected so.
fn sending(domain: Domain, mail: &MailServer, security: &str, flags: &[&str]) -> Server {
    let port = mail.port().to_string();
    let authority = domain.data().join(AUTHORITY).display().to_string();
    let mut all = vec!["--smtp-server", "localhost", "--smtp-port", &port, "--smtp-security", security];
    all.extend(["--smtp-authority", &authority]);
    all.extend(flags);
    Server::on(domain, &all)
}

fn shell(server: &Server, arguments: &[&str]) -> Output {
    let mut command = command("mail");
    run(command.args(arguments).arg("--data").arg(server.data()), "")
}

fn slips(server: &Server) -> Vec<serde_json::Value> {
    let output = shell(server, &["list", "--json"]);
    output.expect(0, &[]);
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"))
}

/// The only letter's slip, once it has been tried: the server notes that after the mail server has answered.
fn tried(server: &Server) -> serde_json::Value {
    loop {
        let slip = slips(server).remove(0);
        if slip["state"]["is"] != "waiting" || slip["state"]["attempts"] != 0 {
            return slip;
        }
    }
}

#[test]
fn letters_go_by_starttls_by_tls_and_in_the_clear_as_they_are_told_to() {
    for (security, encrypted) in [("starttls", true), ("tls", true), ("none", false)] {
        let domain = served();
        let mut mail = MailServer::start(&domain.data(), security, None);
        let server = sending(domain, &mail, security, &[]);
        shell(&server, &["test", "ada@example.com"]).expect(0, &["In the outbox: letter 1"]);
        let letter = mail.letter();
        assert_eq!(letter["to"], serde_json::json!(["ada@example.com"]), "{security}");
        assert_eq!(letter["header_to"], "ada@example.com");
        assert_eq!(letter["from"], "bailiwick@example.com");
        assert_eq!(letter["encrypted"], encrypted, "{security}");
        assert_eq!(tried(&server)["state"]["is"], "sent");
        shell(&server, &["show", "1"]).expect(1, &["the letter's text is gone"]);
    }
}

#[test]
fn the_server_signs_in_where_that_is_wanted_and_its_password_is_told_to_nobody_else() {
    let domain = served();
    let password = "Post-Amt-17!";
    let file = domain.data().with_extension("smtp-password");
    std::fs::write(&file, format!("{password}\n")).unwrap();
    let mut mail = MailServer::start(&domain.data(), "starttls", Some(("bailiwick", password)));
    let file = file.display().to_string();
    let user = ["--smtp-user", "bailiwick", "--smtp-password-file", &file, "--mail-from", "no-reply@example.com"];
    let server = sending(domain, &mail, "starttls", &user);
    shell(&server, &["test", "ada@example.com"]).expect(0, &[]);
    let letter = mail.letter();
    assert_eq!((&letter["signed_in"], &letter["from"]), (&true.into(), &"no-reply@example.com".into()));
    assert!(!server.log().contains(password));
}

#[test]
fn a_refused_letter_is_given_up_and_a_delayed_one_is_tried_again() {
    for (address, state, reason) in
        [("refuse@example.com", "given-up", "nobody of this name"), ("later@example.com", "waiting", "come back later")]
    {
        let domain = served();
        let mail = MailServer::start(&domain.data(), "tls", None);
        let server = sending(domain, &mail, "tls", &[]);
        shell(&server, &["test", address]).expect(0, &[]);
        let slip = tried(&server);
        assert_eq!(slip["state"]["is"], state, "{slip}");
        assert!(slip["state"]["reason"].as_str().is_some_and(|said| said.contains(reason)), "{slip}");
    }
}

#[test]
fn a_server_whose_certificate_is_not_trusted_gets_nothing() {
    let domain = served();
    let mail = MailServer::start(&domain.data(), "starttls", None);
    let port = mail.port().to_string();
    let server = Server::on(domain, &["--smtp-server", "localhost", "--smtp-port", &port]);
    shell(&server, &["test", "ada@example.com"]).expect(0, &[]);
    let slip = tried(&server);
    assert!(slip["state"]["reason"].as_str().is_some_and(|said| said.contains("certificate")), "{slip}");
}

#[test]
fn without_a_mail_server_letters_stay_and_are_sent_when_there_is_one() {
    let domain = served();
    let server = Server::on(domain, &[]);
    shell(&server, &["test", "ada@example.com"]).expect(0, &[]);
    assert_eq!(slips(&server)[0]["state"]["is"], "waiting");
    shell(&server, &["show", "1"]).expect(0, &["To: ada@example.com", "see whether letters arrive"]);
    let domain = server.stop();
    let mut mail = MailServer::start(&domain.data(), "tls", None);
    let server = sending(domain, &mail, "tls", &[]);
    assert_eq!(mail.letter()["to"][0], "ada@example.com");
    shell(&server, &["retry", "9"]).expect(1, &["no letter has this number"]);
    shell(&server, &["remove", "1"]).expect(0, &["Removed: letter 1"]);
    assert!(slips(&server).is_empty());
    shell(&server, &["test", "nobody"]).expect(1, &["no letter can go to this address"]);
}

#[test]
fn settings_that_cannot_work_stop_the_start_with_a_word_why() {
    let domain = served();
    let start = |flags: &[&str]| ServerCommand::new(&domain.data()).flags(flags).fail();
    for (flags, reason) in [
        (["--smtp-server", "localhost", "--mail-from", "nobody"], "mail-from: nobody"),
        (["--smtp-server", "localhost", "--smtp-authority", "/nonexistent"], "smtp-authority: /nonexistent"),
        (["--smtp-server", "localhost", "--smtp-authority", "/dev/null"], "no certificate"),
        (["--smtp-server", "localhost", "--smtp-security", "ssl"], "starttls, tls or none"),
        (["--smtp-server", "localhost", "--smtp-user", "ada"], "smtp-password-file"),
    ] {
        let exited = start(&flags);
        assert_eq!(exited.status.code(), Some(3), "{exited:?}");
        assert!(exited.stderr.contains(reason), "{exited:?}");
    }
}
