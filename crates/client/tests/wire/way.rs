//! What happens on the way: broken connections, long waits, long answers, wrong certificates, nonsense.

use std::error::Error as _;
use std::time::Duration;

use bailiwick_client::{Client, Error, Parameters, Refusal, SignIn, Trust};
use serde_json::json;

use crate::fake::{Answer, Asked, Fake, Manner, success};

/// Calls a method that the manner's answer is for.
async fn call(manner: Manner) -> Error {
    let fake = Fake::start(manner).await;
    let client = fake.builder().answer_octets_max(10_000).build().unwrap();
    let session = client.sign_in(SignIn::new("admin", "p+w d%".into())).await.unwrap();
    session.call::<u32>("SYNO.Core.User", "get", 1, &Parameters::new()).await.unwrap_err()
}

async fn check_fault(answer: fn(&Asked) -> Answer, expected: &str) {
    let error = call(Manner::answering(answer)).await;
    let Error::Answer { fault, .. } = error else { panic!("{error:?}") };
    assert_eq!(format!("{fault:?}"), expected);
}

#[tokio::test]
async fn what_is_no_answer_is_a_fault() {
    check_fault(|_| Answer::Text("<html>".to_owned()), "NotJson { line: 1, column: 1 }").await;
    check_fault(|_| Answer::Text(String::new()), "NotJson { line: 1, column: 0 }").await;
    check_fault(|_| Answer::Text("[".repeat(9000)), "UnexpectedShape { line: 1, column: 1 }").await;
    check_fault(|_| Answer::Json(json!({"success": false})), "NoVerdict").await;
    check_fault(|_| Answer::Json(json!({"success": true})), "NoData").await;
    check_fault(|_| Answer::Json(success(json!("hunter2"))), "UnexpectedShape { line: 1, column: 17 }").await;
}

#[tokio::test]
async fn a_refusal_says_what_was_called() {
    let error = call(Manner::answering(|_| Answer::Json(json!({"error": {"code": 3106}, "success": false})))).await;
    assert!(matches!(error.refusal(), Some(Refusal::NoSuchUser)));
    assert_eq!(error.to_string(), "SYNO.Core.User get: there is no such user (code 3106)");
}

#[tokio::test]
async fn a_status_that_is_not_200_is_an_error_and_no_redirect_is_followed() {
    for status in [302, 404, 500] {
        let answer: fn(&Asked) -> Answer = match status {
            302 => |_| Answer::Status(302),
            404 => |_| Answer::Status(404),
            _ => |_| Answer::Status(500),
        };
        let error = call(Manner::answering(answer)).await;
        assert!(matches!(error, Error::Status(found) if found == status), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_not_read_to_its_end() {
    let error = call(Manner::answering(|_| Answer::Text(" ".repeat(1_000_000)))).await;
    assert!(matches!(error, Error::LongAnswer { octets_max: 10_000 }), "{error:?}");
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    // The kernel takes the connection and the request; nobody reads them.
    let limit = Duration::from_millis(50);
    let client = Client::builder(&address).unwrap().answer_time_max(limit).build().unwrap();
    let error = client.offer(&[]).await.unwrap_err();
    assert!(matches!(error, Error::TimedOut { after } if after == limit), "{error:?}");
}

#[tokio::test]
async fn a_call_that_is_dropped_leaves_the_session_whole() {
    let fake = Fake::start(Manner::answering(|asked| match asked.field("method") {
        "silence" => Answer::Silence,
        _ => Answer::Json(success(json!(7))),
    }))
    .await;
    let session = fake.session().await;
    let parameters = Parameters::new();
    let call = session.call::<u32>("SYNO.Core.User", "silence", 1, &parameters);
    assert!(tokio::time::timeout(Duration::from_millis(50), call).await.is_err());
    assert_eq!(session.call::<u32>("SYNO.Core.User", "get", 1, &parameters).await.unwrap(), 7);
    assert_eq!(fake.last().number, Some(1));
}

#[tokio::test]
async fn a_server_that_is_not_there_cannot_be_reached() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::new(&address).unwrap();
    let error = client.offer(&[]).await.unwrap_err();
    assert!(matches!(error, Error::Connect(_)) && error.source().is_some(), "{error:?}");
}

#[tokio::test]
async fn a_server_that_hangs_up_breaks_the_call() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let error = Client::new(&address).unwrap().offer(&[]).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
}

#[tokio::test]
async fn a_certificate_must_be_trusted() {
    let fake = Fake::start_with_tls(Manner::default()).await;
    let other = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let refused = fake.builder().trust(Trust::Pem(other.cert.pem().into_bytes())).build().unwrap();
    let error = refused.offer(&[]).await.unwrap_err();
    assert!(matches!(error, Error::Connect(_)), "{error:?}");
    assert!(fake.asked().is_empty());
    for trust in [Trust::Pem(fake.authority()), Trust::DangerouslyAnyone] {
        fake.builder().trust(trust).build().unwrap().offer(&["SYNO.API.Auth"]).await.unwrap();
    }
}

#[tokio::test]
async fn a_certificate_must_be_for_the_address() {
    let fake = Fake::start_with_tls(Manner::default()).await;
    let address = fake.url().replace("127.0.0.1", "localhost");
    let builder = Client::builder(&address).unwrap();
    let error = builder.trust(Trust::Pem(fake.authority())).build().unwrap().offer(&[]).await.unwrap_err();
    assert!(matches!(error, Error::Connect(_)), "{error:?}");
}
