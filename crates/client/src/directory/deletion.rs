//! Deleting objects, which the server does one after the other after it answered.

use serde::Deserialize;

use crate::refusal::Cause;

/// How far a deletion has come.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deletion {
    /// The objects done so far, deleted or not, in the order in which they were asked for.
    #[serde(default, rename = "data")]
    pub objects: Vec<DeletedObject>,
    /// Whether all are done.
    pub finished: bool,
    /// How many there are to do.
    #[serde(default)]
    pub total: u64,
}

/// One object of a deletion.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(from = "WireObject")]
#[non_exhaustive]
pub struct DeletedObject {
    /// Its name, as it was asked for.
    pub dn: String,
    /// Why it was not deleted; `None` when it was.
    pub failure: Option<Cause>,
}

#[derive(Deserialize)]
struct WireObject {
    dn: String,
    #[serde(default)]
    status: Option<Status>,
}

/// An empty object when all is well.
#[derive(Deserialize)]
struct Status {
    code: Option<i64>,
    #[serde(default)]
    msg: String,
}

impl Deletion {
    /// The objects that were not deleted, and why.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &Cause)> {
        self.objects.iter().filter_map(|object| Some((object.dn.as_str(), object.failure.as_ref()?)))
    }
}

impl From<WireObject> for DeletedObject {
    fn from(WireObject { dn, status }: WireObject) -> DeletedObject {
        let failure = status.and_then(|Status { code, msg }| {
            let code = code.filter(|code| *code != 0)?;
            Some(Cause { code, message: msg })
        });
        DeletedObject { dn, failure }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_without_a_status_number_was_deleted() {
        let deletion: Deletion = serde_json::from_value(serde_json::json!({"data": [
            {"dn": "CN=a", "status": {}},
            {"dn": "CN=b"},
            {"dn": "CN=c", "status": {"code": 0, "msg": "fine"}},
            {"dn": "CN=d", "status": {"code": 10237, "msg": "ldb updaterecords: delete: no such object"}},
        ], "finished": true, "total": 4}))
        .unwrap();
        assert!(deletion.finished && deletion.total == 4 && deletion.objects.len() == 4);
        let failures: Vec<_> = deletion.failures().map(|(dn, cause)| (dn, cause.code)).collect();
        assert_eq!(failures, [("CN=d", 10237)]);
    }
}
