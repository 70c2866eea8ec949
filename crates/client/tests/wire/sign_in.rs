//! Signing in and out.

use bailiwick_client::handshake::HandshakeFault;
use bailiwick_client::{Dsm, Error, Handshaking, Parameters, Refusal, Sealing, Secret, SignIn, Trust};

use crate::fake::{Asked, Fake, Manner, Reaction, SID, TOKEN};

fn sign_in() -> SignIn {
    SignIn::new("admin", Secret::new("p+w d%"))
}

fn calls(fake: &Fake) -> Vec<String> {
    let name = |asked: &Asked| format!("{} {} {}", asked.path, asked.call().0, asked.call().1);
    fake.asked().iter().map(name).collect()
}

#[tokio::test]
async fn dsm_7_in_the_clear_takes_handshake_and_envelope() {
    let fake = Fake::start(Manner::default()).await;
    let session = fake.builder().build().unwrap().sign_in(sign_in().stay()).await.unwrap();
    assert!(session.is_bound());
    assert_eq!(session.account(), "admin");
    assert_eq!(session.device().unwrap().expose(), "dev1");
    let expected = [
        "/webapi/query.cgi SYNO.API.Info query",
        "/webapi/entry.cgi SYNO.API.Auth.UIConfig get",
        "/webapi/entry.cgi SYNO.API.Encryption getinfo",
        "/webapi/auth.cgi SYNO.API.Auth login",
    ];
    assert_eq!(calls(&fake), expected);
    let asked = fake.last();
    let outside = [("version", "7"), ("enable_syno_token", "yes"), ("client", "browser")];
    let inside = [
        ("account", "admin"),
        ("enable_device_token", "no"),
        ("logintype", "local"),
        ("rememberme", "1"),
        ("passwd", "p+w d%"),
        ("session", "webui"),
        ("format", "sid"),
    ];
    for (name, value) in outside.into_iter().chain(inside) {
        assert_eq!(asked.field(name), value, "{name}");
    }
    assert_eq!(asked.sealed, inside.map(|(name, _)| name));
    assert_eq!((asked.field("ik_message").len(), asked.number), (155, None));
}

#[tokio::test]
async fn dsm_6_knows_no_handshake() {
    let manner = Manner { auth_version_max: 6, ..Manner::default() };
    for dsm in [Dsm::Newest, Dsm::Six] {
        let fake = Fake::start(manner).await;
        let session = fake.builder().build().unwrap().sign_in(sign_in().dsm(dsm)).await.unwrap();
        assert!(!session.is_bound());
        assert_eq!((fake.last().field("version"), fake.last().field("ik_message")), ("6", ""));
        assert_eq!(fake.asked().len(), 3);
    }
    let fake = Fake::start(manner).await;
    let error = fake.builder().build().unwrap().sign_in(sign_in().dsm(Dsm::Seven)).await.unwrap_err();
    assert!(matches!(error, Error::NotOffered { .. }), "{error:?}");
}

#[tokio::test]
async fn dsm_7_can_be_met_as_dsm_6() {
    let fake = Fake::start(Manner::default()).await;
    fake.builder().build().unwrap().sign_in(sign_in().dsm(Dsm::Six)).await.unwrap();
    assert_eq!((fake.last().field("version"), fake.last().field("ik_message")), ("6", ""));
}

#[tokio::test]
async fn within_tls_the_envelope_is_not_needed() {
    let fake = Fake::start_with_tls(Manner::default()).await;
    let client = fake.builder().trust(Trust::Pem(fake.authority())).build().unwrap();
    let session = client.sign_in(sign_in()).await.unwrap();
    assert!(session.is_bound());
    assert_eq!((fake.last().field("passwd"), fake.last().sealed.len()), ("p+w d%", 0));

    let client = fake.builder().trust(Trust::Pem(fake.authority())).sealing(Sealing::Always).build().unwrap();
    client.sign_in(sign_in()).await.unwrap();
    assert_eq!(fake.last().sealed.len(), 7);
}

#[tokio::test]
async fn every_request_of_a_bound_session_has_a_hash_of_its_own() {
    let fake = Fake::start(Manner::default()).await;
    let session = fake.session().await;
    let before = fake.asked().len();
    let parameters = Parameters::new();
    let call = || session.run("SYNO.Core.User", "x", 1, &parameters);
    let (a, b, c) = tokio::join!(call(), call(), call());
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    let asked = &fake.asked()[before..];
    let mut numbers: Vec<_> = asked.iter().map(|asked| asked.number).collect();
    numbers.sort();
    assert_eq!(numbers, [Some(0), Some(1), Some(2)]);
    for asked in asked {
        assert_eq!((asked.field("_sid"), asked.token.as_deref()), (SID, Some(TOKEN)));
    }
}

#[tokio::test]
async fn a_server_without_a_key_or_an_answer_is_met_unbound() {
    let without_key = Manner { has_key: false, ..Manner::default() };
    let without_answer = Manner { handshake: Reaction::Ignore, ..Manner::default() };
    for manner in [without_key, without_answer] {
        let fake = Fake::start(manner).await;
        let session = fake.session().await;
        assert!(!session.is_bound());
        session.run("SYNO.Core.User", "x", 1, &Parameters::new()).await.unwrap();
        assert_eq!(fake.last().number, None);

        let sign_in = sign_in().handshaking(Handshaking::Required);
        let error = fake.builder().build().unwrap().sign_in(sign_in).await.unwrap_err();
        assert!(matches!(error, Error::Handshake(HandshakeFault::NotOffered)), "{error:?}");
    }
}

#[tokio::test]
async fn a_handshake_can_be_left_out() {
    let fake = Fake::start(Manner::default()).await;
    let sign_in = sign_in().handshaking(Handshaking::Never);
    let session = fake.builder().build().unwrap().sign_in(sign_in).await.unwrap();
    assert!(!session.is_bound());
    assert_eq!((fake.last().field("version"), fake.last().field("ik_message")), ("7", ""));
}

#[tokio::test]
async fn a_garbled_handshake_ends_the_session_again() {
    let fake = Fake::start(Manner { handshake: Reaction::Garble, ..Manner::default() }).await;
    let error = fake.builder().build().unwrap().sign_in(sign_in()).await.unwrap_err();
    assert!(matches!(error, Error::Handshake(HandshakeFault::BadAnswer)), "{error:?}");
    assert_eq!(fake.last().call(), ("SYNO.API.Auth", "logout"));
    assert_eq!(fake.last().field("_sid"), SID);
}

#[tokio::test]
async fn a_wrong_password_is_refused() {
    let fake = Fake::start(Manner::default()).await;
    let sign_in = SignIn::new("admin", Secret::new("hunter2"));
    let error = fake.builder().build().unwrap().sign_in(sign_in).await.unwrap_err();
    assert!(matches!(error.refusal(), Some(Refusal::WrongCredentials)), "{error:?}");
    assert!(!format!("{error:?} {error}").contains("hunter2"));
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_given() {
    let fake = Fake::start(Manner::default()).await;
    let client = fake.builder().build().unwrap();
    let guarded = || SignIn::new("guarded", Secret::new("p+w d%"));
    let error = client.sign_in(guarded()).await.unwrap_err();
    let Some(Refusal::SecondFactorNeeded { retry: Some(retry), kinds }) = error.refusal() else {
        panic!("{error:?}");
    };
    assert_eq!((retry.expose(), kinds.as_slice()), ("again", ["otp".to_owned()].as_slice()));

    client.sign_in(guarded().one_time_code("123456").remember_device("laptop")).await.unwrap();
    let asked = fake.last();
    let fields = ["otp_code", "enable_device_token", "device_name"].map(|name| asked.field(name));
    assert_eq!(fields, ["123456", "yes", "laptop"]);
    assert!(asked.sealed.contains(&"otp_code".to_owned()));

    client.sign_in(sign_in().device("dev1".into())).await.unwrap();
    assert_eq!(fake.last().field("device_id"), "dev1");
}

#[tokio::test]
async fn signing_out_names_the_session() {
    let fake = Fake::start(Manner::default()).await;
    let session = fake.session().await;
    session.sign_out().await.unwrap();
    let asked = fake.last();
    assert_eq!((asked.path.as_str(), asked.call()), ("/webapi/auth.cgi", ("SYNO.API.Auth", "logout")));
    let fields = ["_sid", "version", "session"].map(|name| asked.field(name));
    assert_eq!(fields, [SID, "7", "webui"]);
}

#[tokio::test]
async fn a_session_does_not_print_its_secrets() {
    let fake = Fake::start(Manner::default()).await;
    let session = fake.session().await;
    let printed = format!("{session:?} {:?} {:?}", session.directory(), fake.builder());
    assert!(printed.contains("admin"), "{printed}");
    assert!(!printed.contains(SID) && !printed.contains(TOKEN) && !printed.contains("dev1"), "{printed}");
}
