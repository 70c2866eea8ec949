//! Joining and leaving groups, which the server does after it answered.

use serde::Deserialize;

/// How far joining and leaving has come.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(from = "WireTask")]
#[non_exhaustive]
pub struct MembershipTask {
    /// Whether it is over.
    pub finished: bool,
    /// Whether nothing failed so far.
    pub succeeded: bool,
    /// The server's number for what failed.
    pub failure: Option<i64>,
    /// The user.
    pub name: String,
    /// The user's number.
    pub uid: Option<u64>,
    /// Users done.
    pub progress: u64,
    /// Users to do.
    pub total: u64,
}

/// The answer, which has data and success within its data.
#[derive(Deserialize)]
struct WireTask {
    #[serde(default)]
    data: WireProgress,
    finish: bool,
    #[serde(default)]
    success: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireProgress {
    name: String,
    progress: u64,
    total: u64,
    uid: Option<u64>,
    error: Option<WireFailure>,
}

#[derive(Deserialize)]
struct WireFailure {
    code: i64,
}

impl From<WireTask> for MembershipTask {
    fn from(WireTask { data, finish, success }: WireTask) -> MembershipTask {
        let WireProgress { name, progress, total, uid, error } = data;
        let failure = error.map(|error| error.code);
        MembershipTask { finished: finish, succeeded: success, failure, name, uid, progress, total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_answer_of_the_page_is_read() {
        let task: MembershipTask = serde_json::from_value(json!({
            "auto_remove": false,
            "data": {"name": "test_user2", "pid": 18126, "progress": 1, "total": 1, "uid": 1028},
            "finish": false,
            "info": {"api": "SYNO.Core.User.Group", "group": "admin", "method": "join", "prefix": "groupbatch", "version": 1},
            "success": true,
        }))
        .unwrap();
        let expected = MembershipTask {
            finished: false,
            succeeded: true,
            failure: None,
            name: "test_user2".to_owned(),
            uid: Some(1028),
            progress: 1,
            total: 1,
        };
        assert_eq!(task, expected);
    }

    #[test]
    fn a_failed_task_tells_its_number() {
        let answer = json!({"data": {"error": {"code": 3204}}, "finish": true, "success": false});
        let task: MembershipTask = serde_json::from_value(answer).unwrap();
        assert_eq!((task.finished, task.succeeded, task.failure), (true, false, Some(3204)));
    }
}
