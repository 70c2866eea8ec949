//! Requests of the DSM web API: forms, values, envelopes, handshakes and the header that proves a key.

use std::sync::LazyLock;

use bailiwick_accounts::session::Binding;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_dsm::parameters::{FIELDS_MAX, Fields, Form, Parameters, parse_json};
use bailiwick_dsm::{Responder, envelope, proven_nonce};
use zeroize::Zeroizing;

/// The time of every request.
const NOW: FileTime = FileTime::from_unix_seconds(1_700_000_000);

/// Forms and their values, read as every type: bounded, and the same whichever way they come.
pub fn dsm_parameters(data: &[u8]) {
    let Ok(body) = Fields::from_form(data) else { return };
    assert!(body.all("v").count() <= FIELDS_MAX);
    let query = Fields::default();
    let text = body.last("v").map(str::to_owned);
    let parameters = Parameters::Form(Form { body, query, ..Form::default() });
    let _ = (parameters.flag("v"), parameters.list("v"), parameters.names("v"), parameters.dn("v"));
    let _ = (parameters.objects("v"), parameters.secret("v").is_ok());
    let number = parameters.integer("v");
    assert_eq!(parameters.raw("v"), text);
    if let Some(text) = text
        && let Some(serde_json::Value::String(value)) = parse_json(&text)
        && text.starts_with('"')
    {
        assert_eq!(parameters.text("v"), Ok(Some(value.clone())));
        // What is quoted in a form is the string itself in a compound.
        let members = serde_json::Map::from_iter([("v".to_owned(), value.into())]);
        let item = Parameters::Item { members, is_enveloped: false };
        assert_eq!(item.integer("v"), number);
    }
    let boundary = data.iter().take(8).map(|octet| char::from(octet % 26 + b'a')).collect::<String>();
    let _ = Fields::from_multipart(data, &boundary);
}

/// The symmetric half of an envelope, and the header of a bound session.
pub fn dsm_envelope(data: &[u8]) {
    static RESPONDER: LazyLock<Option<Responder>> = LazyLock::new(|| Responder::new(&[7; 32]));
    if let Ok(plain) = envelope::decrypt(b"passphrase", data) {
        assert!(plain.len() < data.len());
    }
    let Ok(text) = str::from_utf8(data) else { return };
    let binding = Binding { handshake_hash: [1; 64], key: Zeroizing::new([2; 32]) };
    // Nobody guesses a key that is not known.
    assert_eq!(proven_nonce(&binding, text), None);
    if let Some(responder) = RESPONDER.as_ref() {
        let _ = responder.respond(text, NOW, &|octets| octets.fill(9));
    }
}
