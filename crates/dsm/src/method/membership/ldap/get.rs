//! `SYNO.Core.Directory.LDAP` `get`: which server the host asks, and how.

use bailiwick_adtypes::file_time::Interval;
use bailiwick_domain::administration::describe_domain;
use serde_json::json;

use super::PROFILE;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::User, run };

/// The server answers.
const CONNECTED: u32 = 2702;
/// It does not.
const DISCONNECTED: u32 = 2703;
/// The version from which on the server's address has another name.
const ADDRESS_VERSION: u32 = 2;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let every = call.accounts().schedule.every().map_err(|error| failed(&error))?;
    let (base, host, state) = match describe_domain(call.directory(), &call.context()) {
        Ok(domain) => {
            let host = domain.controllers.first().map(|controller| controller.dns_name.clone()).unwrap_or_default();
            (domain.base.to_string(), host, CONNECTED)
        }
        Err(_) => (String::new(), String::new(), DISCONNECTED),
    };
    let mut data = json!({
        "base_dn": base,
        "enable_cifs": false,
        "enable_cifs_kerberos": false,
        "enable_cifs_pam": false,
        "enable_client": true,
        "enable_client_certificate": false,
        "enable_idmap": false,
        "encryption": "no",
        "error": state,
        "is_syno_server": true,
        "ldap_schema": "rfc2307",
        "nested_group_level": 0,
        "no_nested_group": false,
        "profile": PROFILE,
        "server_support_samba_schema": false,
        "tls_reqcert": false,
        "update_min": every.map_or(0, Interval::seconds) / 60,
    });
    match call.version >= ADDRESS_VERSION {
        true => {
            data["server_address"] = json!(host);
            data["expand_nested_groups"] = json!(false);
        }
        false => data["host"] = json!(host),
    }
    Ok(Reply::data(data))
}
