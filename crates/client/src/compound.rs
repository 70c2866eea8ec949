//! Several calls in one request (`SYNO.Entry.Request`), some of which may fail.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::answer::{AnswerFault, Failure, read_part};
use crate::error::Error;
use crate::form::Parameters;
use crate::refusal::Refused;
use crate::session::Session;

const API: &str = "SYNO.Entry.Request";

/// Calls to be made in one request.
///
/// ```
/// use bailiwick_client::{Compound, Mode};
/// use serde_json::json;
///
/// let compound = Compound::new(Mode::Parallel)
///     .call("SYNO.ActiveDirectory.Info", "get", 3, json!({}))
///     .call("SYNO.Core.User", "list", 1, json!({"type": "local"}));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Compound {
    mode: Mode,
    calls: Vec<Value>,
}

/// In which order the calls of a compound are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One after the other, also after one failed.
    Sequential,
    /// One after the other, up to the first that fails. Those after it have no result.
    UpToFailure,
    /// All at once, in no order.
    Parallel,
}

/// How the calls of a compound ended.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct CompoundAnswer {
    /// Whether at least one failed.
    #[serde(default)]
    pub has_fail: bool,
    /// One for each call that was made, in the order in which they were asked for.
    #[serde(default)]
    pub result: Vec<CompoundResult>,
}

/// How one call ended.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "WireResult")]
#[non_exhaustive]
pub struct CompoundResult {
    /// The API that was called.
    pub api: String,
    /// The method that was called.
    pub method: String,
    /// The data, null when there is none; or why not.
    pub outcome: Result<Value, Refused>,
}

/// One call as the server answers it.
#[derive(Deserialize)]
struct WireResult {
    #[serde(default)]
    api: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    data: Value,
    #[serde(default)]
    error: Option<Failure>,
    #[serde(default)]
    success: bool,
}

/// One call as it is asked for by way of a compound. Secrets in it are borrowed and not copied.
#[derive(Serialize)]
pub(crate) struct InnerCall<P> {
    pub api: &'static str,
    pub method: &'static str,
    pub version: u32,
    #[serde(skip)]
    pub mode: Mode,
    /// Whether the parameters must be sealed over plain HTTP.
    #[serde(skip)]
    pub holds_secret: bool,
    #[serde(flatten)]
    pub parameters: P,
}

impl Compound {
    /// No call yet.
    pub fn new(mode: Mode) -> Compound {
        Compound { mode, calls: Vec::new() }
    }

    /// Adds a call. `parameters` is a JSON object; anything else stands for no parameters.
    pub fn call(mut self, api: &str, method: &str, version: u32, parameters: Value) -> Compound {
        let mut call = match parameters {
            Value::Object(parameters) => parameters,
            _ => Map::new(),
        };
        call.extend([("api".to_owned(), json!(api)), ("method".to_owned(), json!(method))]);
        call.insert("version".to_owned(), json!(version));
        self.calls.push(Value::Object(call));
        self
    }
}

impl Session {
    /// Makes several calls in one request. It is sealed as a whole over plain HTTP, since secrets may be in it.
    ///
    /// # Errors
    /// Those of [`Session::call`] for the request as a whole. That a call in it failed is told in the answer.
    pub async fn compound(&self, compound: &Compound) -> Result<CompoundAnswer, Error> {
        let parameters = compound.mode.parameters().secret_json("compound", &compound.calls);
        self.call_offered(API, "request", 1, &parameters).await
    }

    /// Makes one call by way of a compound, as some methods demand, and reads its data.
    pub(crate) async fn call_within<T: DeserializeOwned>(&self, call: InnerCall<impl Serialize>) -> Result<T, Error> {
        let parameters = call.mode.parameters();
        let parameters = match call.holds_secret {
            true => parameters.secret_json("compound", &[&call]),
            false => parameters.open_json("compound", &[&call]),
        };
        let mut answer: CompoundAnswer = self.call_offered(API, "request", 1, &parameters).await?;
        let fault = |fault| Error::Answer { api: call.api.to_owned(), method: call.method.to_owned(), fault };
        let result = answer.result.pop().ok_or_else(|| fault(AnswerFault::NoData))?;
        read_part(result.outcome?).map_err(fault)
    }
}

impl Mode {
    /// The parameters of a compound beside its calls.
    fn parameters(self) -> Parameters {
        let name = if self == Mode::Parallel { "parallel" } else { "sequential" };
        Parameters::new().json("mode", name).json("stop_when_error", self == Mode::UpToFailure)
    }
}

impl CompoundResult {
    /// The data as a value.
    ///
    /// # Errors
    /// [`Error::Refused`]: the call failed. [`Error::Answer`]: the data has another shape.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, Error> {
        let CompoundResult { api, method, outcome } = self;
        read_part(outcome?).map_err(|fault| Error::Answer { api, method, fault })
    }
}

impl From<WireResult> for CompoundResult {
    fn from(wire: WireResult) -> CompoundResult {
        /// Says "unknown error", for a result that is no success and tells nothing else.
        const UNKNOWN: i64 = 100;
        let WireResult { api, method, data, error, success } = wire;
        let outcome = match error {
            Some(failure) => Err(Refused::read(&api, &method, failure.code, failure.errors.as_ref())),
            None if success => Ok(data),
            None => Err(Refused::read(&api, &method, UNKNOWN, None)),
        };
        CompoundResult { api, method, outcome }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refusal;

    #[test]
    fn each_call_has_its_own_outcome() {
        let answer: CompoundAnswer = serde_json::from_value(json!({"has_fail": true, "result": [
            {"api": "SYNO.ActiveDirectory.User", "data": [{"code": 0}], "method": "set", "success": true, "version": 2},
            {"api": "SYNO.Core.User", "error": {"code": 3106}, "method": "get", "success": false, "version": 1},
            {"api": "SYNO.Core.User", "method": "set", "success": true, "version": 1},
            {},
        ]}))
        .unwrap();
        assert!(answer.has_fail);
        let [changed, missing, empty, unknown] = answer.result.try_into().unwrap();
        assert_eq!(changed.read::<Value>().unwrap(), json!([{"code": 0}]));
        assert!(matches!(missing.read::<Value>().unwrap_err().refusal(), Some(Refusal::NoSuchUser)));
        assert_eq!(empty.outcome.unwrap(), Value::Null);
        assert!(matches!(unknown.outcome.unwrap_err().refusal, Refusal::ServerFailed));
    }

    #[test]
    fn what_is_called_cannot_be_changed_by_a_parameter() {
        let compound = Compound::new(Mode::Parallel).call("A", "get", 1, json!({"api": "B", "x": 1}));
        assert_eq!(compound.calls, [json!({"api": "A", "method": "get", "version": 1, "x": 1})]);
    }

    #[test]
    fn a_call_is_written_with_its_parameters_beside_its_name() {
        let (mode, parameters) = (Mode::Parallel, json!({"userList": [1]}));
        let call = InnerCall { api: "A", method: "set", version: 2, mode, holds_secret: true, parameters };
        assert_eq!(serde_json::to_string(&call).unwrap(), r#"{"api":"A","method":"set","version":2,"userList":[1]}"#);
    }
}
