//! What a server of the DSM web API answers, as the client reads it.

use bailiwick_client::answer::{Unread, read, read_nothing};
use bailiwick_client::directory::{Deletion, DirectoryInfo, NewObject, ObjectPage};
use bailiwick_client::envelope::{EncryptionInfo, SealingKey};
use bailiwick_client::handshake::{Handshake, HandshakeFault, ServerKey};
use bailiwick_client::user::{
    ChangedUser, CreatedUser, Expiry, MembershipTask, PasswordExpiry, PasswordPolicy, UserPage,
};
use bailiwick_client::{CompoundAnswer, Offer, SignedIn};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// APIs whose numbers mean different things.
const APIS: [&str; 4] = ["SYNO.API.Auth", "SYNO.DirectoryServer.User", "SYNO.ActiveDirectory.User", "SYNO.Core.User"];

/// Answers of every shape: whatever comes is data, a refusal or a fault, and no fault tells what was in the answer.
pub fn client_answer(data: &[u8]) {
    for api in APIS {
        let nothing = read_nothing(data, api, "get");
        if let Err(Unread::Refused(refused)) = &nothing {
            assert!(refused.to_string().contains(&format!("(code {})", refused.code)));
        }
        if read::<Value>(data, api, "get").is_ok() {
            assert!(nothing.is_ok(), "data comes with success only");
        }
    }
    let shapes: [fn(&[u8]); 11] = [
        shape::<Offer>,
        shape::<SignedIn>,
        shape::<DirectoryInfo>,
        shape::<ObjectPage>,
        shape::<NewObject>,
        shape::<Deletion>,
        shape::<UserPage>,
        shape::<(CreatedUser, ChangedUser)>,
        shape::<MembershipTask>,
        shape::<PasswordPolicy>,
        shape::<PasswordExpiry>,
    ];
    for shape in shapes {
        shape(data);
    }
    if let Ok(info) = read::<EncryptionInfo>(data, APIS[0], "getinfo")
        && let Ok(key) = SealingKey::read(&info)
    {
        assert_eq!(key.field(), info.cipherkey);
    }
    if let Ok(answer) = read::<CompoundAnswer>(data, APIS[2], "request") {
        for result in answer.result {
            let _ = result.read::<Deletion>();
        }
    }
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(expiry) = text.parse::<Expiry>() {
        assert_eq!(expiry.to_string().parse(), Ok(expiry));
    }
}

fn shape<T: DeserializeOwned>(data: &[u8]) {
    if let Err(Unread::Fault(fault)) = read::<T>(data, APIS[2], "get") {
        let words = fault.to_string();
        assert!(words.starts_with("the answer") && words.len() < 120, "{words}");
    }
}

/// A server's part of the handshake: nobody who lacks the key can finish one.
pub fn client_handshake(data: &[u8]) {
    /// The key of the vector in the crate's own tests.
    const KEY: &str = "j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8";
    let Ok(text) = str::from_utf8(data) else { return };
    let key = ServerKey::read(text).unwrap_or_else(|_| ServerKey::read(KEY).expect("the vector is a key"));
    let (handshake, message) = Handshake::begin(&key, 1_700_000_000).expect("the random source works");
    assert_eq!(message.len(), 155);
    assert_eq!(handshake.finish(text).err(), Some(HandshakeFault::BadAnswer));
}
