//! The server's last words before it closes a connection. RFC 4511 section 4.4.1.

use crate::message::MessageId;
use crate::response::{ExtendedResponse, LdapResult};

/// The name of the notification.
pub const OID: &str = "1.3.6.1.4.1.1466.20036";

/// Appends the notification to `out`; the reasons defined are protocolError, strongerAuthRequired and unavailable.
pub fn write(out: &mut Vec<u8>, result: LdapResult<'_>) {
    let notice = ExtendedResponse { result, name: Some(OID), value: None };
    notice.write(out, MessageId::UNSOLICITED, &[]);
}

/// Whether a response with this id is the notification.
pub fn is(id: MessageId, response: &ExtendedResponse<'_>) -> bool {
    id == MessageId::UNSOLICITED && response.name == Some(OID)
}
