//! A small blocking HTTP client, which shows every octet that a test asked for and nothing else.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;

use bailiwick_tests::{BASE, PASSWORD, Running, run};
use serde_json::Value;

/// Who asks, unless a test says otherwise.
pub const ADMINISTRATOR: &str = "Administrator";

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The lines of the head, names in small letters.
    pub head: Vec<(String, String)>,
    /// The body as it came.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The values of a line of the head.
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.head.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Checks the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// Checks a failure: its status, the property and the kind of operation. Gives all that was said.
    #[track_caller]
    pub fn expect_fault(&self, status: u16, property: Option<&str>, operation: &str) -> String {
        assert_eq!(self.status, status, "{}", self.text);
        let body = self.json();
        assert_eq!(body["success"], false, "{}", self.text);
        assert_eq!(body["error"]["onProperty"].as_str(), property, "{}", self.text);
        assert_eq!(body["error"]["operationType"], operation, "{}", self.text);
        assert!(body.get("dn").is_none(), "a failure has no dn: {}", self.text);
        format!("{} {}", body["message"].as_str().unwrap_or_default(), body["error"]["errorExtended"])
    }

    /// The code of a failure.
    pub fn code(&self) -> i64 {
        self.json()["error"]["errorCode"].as_i64().unwrap_or_default()
    }
}

/// A request to be sent.
pub struct Request<'a> {
    method: &'a str,
    path: &'a str,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl<'a> Request<'a> {
    /// A request by the administrator.
    pub fn new(method: &'a str, path: &'a str) -> Request<'a> {
        let request = Request { method, path, headers: Vec::new(), body: Vec::new() };
        request.by(ADMINISTRATOR, PASSWORD)
    }

    /// By somebody else.
    pub fn by(self, name: &str, password: &str) -> Request<'a> {
        let value = format!("Basic {}", base64(format!("{name}:{password}").as_bytes()));
        self.without("authorization").header("Authorization", &value)
    }

    /// By whoever has the token.
    pub fn bearer(self, token: &str) -> Request<'a> {
        self.without("authorization").header("Authorization", &format!("Bearer {token}"))
    }

    /// Without a line of the head.
    pub fn without(mut self, name: &str) -> Request<'a> {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    /// With a line of the head.
    pub fn header(mut self, name: &str, value: &str) -> Request<'a> {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a body.
    pub fn body(mut self, body: impl AsRef<[u8]>) -> Request<'a> {
        self.body = body.as_ref().to_vec();
        match self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            true => self,
            false => self.header("Content-Type", "application/json"),
        }
    }

    /// Sends it in the clear over loopback.
    #[track_caller]
    pub fn send(self, server: &Running) -> Answer {
        self.send_to(server.address("http"))
    }

    #[track_caller]
    fn send_to(self, address: SocketAddr) -> Answer {
        let mut octets = format!("{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            octets += &format!("{name}: {value}\r\n");
        }
        octets += &format!("Content-Length: {}\r\n\r\n", self.body.len());
        let mut socket = TcpStream::connect(address).expect("the server listens");
        // A server that refuses by the head alone need not read the body.
        let _ = socket.write_all(octets.as_bytes()).and_then(|()| socket.write_all(&self.body));
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        parse(&answer)
    }
}

#[track_caller]
fn parse(octets: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(octets);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text}"));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let head = lines.filter_map(|line| line.split_once(": "));
    Answer {
        status: status.expect("an answer has a status"),
        head: head.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect(),
        text: body.to_owned(),
    }
}

/// A request of a few words.
#[track_caller]
pub fn ask(server: &Running, method: &str, path: &str, body: &str) -> Answer {
    let request = Request::new(method, path);
    match body.is_empty() {
        true => request.send(server),
        false => request.body(body).send(server),
    }
}

/// One that must succeed.
#[track_caller]
pub fn done(server: &Running, method: &str, path: &str, body: &str) -> Value {
    let answer = ask(server, method, path, body);
    assert!((200..300).contains(&answer.status), "{method} {path}: {}", answer.text);
    answer.json()
}

/// Base64. RFC 4648 section 4.
pub fn base64(octets: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in octets.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, octet| bits << 8 | u32::from(*octet)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            match place <= chunk.len() {
                true => text.push(char::from(ALPHABET[(bits >> (18 - 6 * place)) as usize & 63])),
                false => text.push('='),
            }
        }
    }
    text
}

/// `curl` with these arguments, which knows the server's certificate authority.
#[track_caller]
pub fn curl(server: &Running, arguments: &[&str]) -> String {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--cacert"]).arg(server.authority_file()).args(arguments);
    let output = run(&mut command, "");
    assert_eq!(output.code, 0, "{output}");
    output.stdout
}

/// Lets passwords be changed again at once, which the policy of a new domain does not.
#[track_caller]
pub fn allow_quick_changes(server: &Running) {
    let change = format!("dn: {BASE}\nchangetype: modify\nreplace: minPwdAge\nminPwdAge: 0\n");
    server.modify(&change).expect(0, &[]);
}
