//! A server that signs in with envelope and handshake as a DSM does, writes down what it was asked, and answers what
//! the test says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use aws_lc_rs::cipher::{AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{KeySize, Pkcs1PrivateDecryptingKey, PrivateDecryptingKey};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use bailiwick_client::{Client, ClientBuilder, Session, SignIn};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use md5::{Digest, Md5};
use serde_json::{Value, json};
use snow::{Builder, HandshakeState, StatelessTransportState};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::server::TlsStream;

pub const SID: &str = "sess/ion+1";
pub const TOKEN: &str = "t0ken";
pub const TIME: i64 = 1_700_000_000;

/// What a server is like.
#[derive(Clone, Copy)]
pub struct Manner {
    /// The highest version of the sign-in.
    pub auth_version_max: u32,
    /// Whether it gives its handshake key.
    pub has_key: bool,
    /// What it answers to the handshake.
    pub handshake: Reaction,
    /// What it answers to everything but the sign-in.
    pub answer: fn(&Asked) -> Answer,
}

/// What a server makes of a handshake.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    Answer,
    /// Signs in without a word about it.
    Ignore,
    /// Answers with a message of another handshake.
    Garble,
}

/// What a server answers.
pub enum Answer {
    Json(Value),
    Text(String),
    Status(u16),
    /// Nothing, ever.
    Silence,
}

/// One request as it came.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub path: String,
    /// Every field, those of the envelope too, by name.
    pub fields: BTreeMap<String, String>,
    /// The names of those that were sealed.
    pub sealed: Vec<String>,
    pub token: Option<String>,
    /// The number of the request's hash, which was right.
    pub number: Option<u64>,
}

/// A server that runs until the test ends.
pub struct Fake {
    url: String,
    authority: Option<String>,
    state: Arc<Served>,
}

struct Served {
    manner: Manner,
    asked: Mutex<Vec<Asked>>,
    binding: Mutex<Option<(String, StatelessTransportState)>>,
}

impl Default for Manner {
    fn default() -> Manner {
        let answer = |_: &Asked| Answer::Json(json!({"success": true}));
        Manner { auth_version_max: 7, has_key: true, handshake: Reaction::Answer, answer }
    }
}

impl Manner {
    pub fn answering(answer: fn(&Asked) -> Answer) -> Manner {
        Manner { answer, ..Manner::default() }
    }
}

impl Asked {
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// API and method.
    pub fn call(&self) -> (&str, &str) {
        (self.field("api"), self.field("method"))
    }
}

impl Fake {
    /// A server over plain HTTP.
    pub async fn start(manner: Manner) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (state, service) = service(manner);
        tokio::spawn(async move { axum::serve(listener, service).await });
        Fake { url, authority: None, state }
    }

    /// A server over TLS, whose certificate is its own authority.
    pub async fn start_with_tls(manner: Manner) -> Fake {
        let signed = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let key = signed.signing_key.serialize_der().try_into().unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![signed.cert.der().clone()], key)
            .unwrap();
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", socket.local_addr().unwrap());
        let listener = TlsListener { socket, acceptor: TlsAcceptor::from(Arc::new(config)) };
        let (state, service) = service(manner);
        tokio::spawn(async move { axum::serve(listener, service).await });
        Fake { url, authority: Some(signed.cert.pem()), state }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The certificate of a server with TLS.
    pub fn authority(&self) -> Vec<u8> {
        self.authority.clone().unwrap().into_bytes()
    }

    pub fn builder(&self) -> ClientBuilder {
        Client::builder(&self.url).unwrap()
    }

    /// Somebody who signed in without much ado.
    pub async fn session(&self) -> Session {
        self.builder().build().unwrap().sign_in(SignIn::new("admin", "p+w d%".into())).await.unwrap()
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().unwrap().clone()
    }

    /// The last thing that was asked.
    pub fn last(&self) -> Asked {
        self.asked().pop().unwrap()
    }
}

fn service(manner: Manner) -> (Arc<Served>, Router) {
    let state = Arc::new(Served { manner, asked: Mutex::default(), binding: Mutex::default() });
    (Arc::clone(&state), Router::new().fallback(answer).with_state(state))
}

async fn answer(State(served): State<Arc<Served>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    assert_eq!(uri.query(), None, "nothing belongs into a URL");
    let asked = served.read(uri.path(), &headers, &body);
    served.asked.lock().unwrap().push(asked.clone());
    let mut response = Response::builder().header("content-type", "application/json; charset=\"UTF-8\"");
    let answer = match asked.call() {
        ("SYNO.API.Info", "query") => Answer::Json(success(served.offer(asked.field("query")))),
        ("SYNO.API.Auth.UIConfig", "get") => {
            if served.manner.has_key {
                let public = URL_SAFE_NO_PAD.encode(key_pair().1);
                response = response.header("set-cookie", "other=1; path=/");
                response = response.header("set-cookie", format!("_SSID={public}; path=/; HttpOnly"));
            }
            Answer::Json(success(json!([])))
        }
        ("SYNO.API.Encryption", "getinfo") => Answer::Json(success(encryption_info(asked.field("format")))),
        ("SYNO.API.Auth", "login") => served.sign_in(&asked),
        _ => (served.manner.answer)(&asked),
    };
    match answer {
        Answer::Json(value) => response.body(Body::from(value.to_string())),
        Answer::Text(text) => response.body(Body::from(text)),
        Answer::Status(status) => response.status(status).header("location", "/webapi/entry.cgi").body(Body::empty()),
        Answer::Silence => std::future::pending().await,
    }
    .unwrap()
}

pub fn success(data: Value) -> Value {
    json!({"data": data, "success": true})
}

impl Served {
    fn read(&self, path: &str, headers: &HeaderMap, body: &[u8]) -> Asked {
        assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
        let header = |name| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let mut asked = Asked { path: path.to_owned(), token: header("x-syno-token"), ..Asked::default() };
        for (name, value) in form_urlencoded::parse(body) {
            if name == "__cIpHeRtExT" {
                for (name, value) in open_envelope(&value) {
                    asked.sealed.push(name.clone());
                    asked.fields.insert(name, value);
                }
            } else {
                let twice = asked.fields.insert(name.into_owned(), value.into_owned());
                assert_eq!(twice, None, "a field came twice");
            }
        }
        asked.number = header("x-syno-hash").map(|hash| self.check_hash(&hash));
        asked
    }

    fn check_hash(&self, hash: &str) -> u64 {
        let binding = self.binding.lock().unwrap();
        let (prefix, state) = binding.as_ref().expect("only a bound session has hashes");
        let (left, number) = hash.split_once('.').unwrap();
        let number = String::from_utf8(URL_SAFE_NO_PAD.decode(number).unwrap()).unwrap().parse().unwrap();
        assert_eq!(&left[..8], prefix);
        let tag = URL_SAFE_NO_PAD.decode(&left[8..]).unwrap();
        assert_eq!(state.read_message(number, &tag, &mut [0; 16]), Ok(0));
        number
    }

    fn offer(&self, names: &str) -> Value {
        let all = names.split(',').map(|name| {
            let (version, path) = match name {
                "SYNO.API.Auth" => (self.manner.auth_version_max, "auth.cgi"),
                "SYNO.ActiveDirectory.Info" | "SYNO.ActiveDirectory.Directory" => (3, "entry.cgi"),
                "SYNO.Core.User.PasswordConfirm" => (2, "entry.cgi"),
                _ => (2, "entry.cgi"),
            };
            (name.to_owned(), json!({"maxVersion": version, "minVersion": 1, "path": path}))
        });
        let known = |(name, _): &(String, Value)| name != "SYNO.Core.User.UsernamePolicy";
        Value::Object(all.filter(known).collect())
    }

    fn sign_in(&self, asked: &Asked) -> Answer {
        if asked.field("passwd") != "p+w d%" {
            return Answer::Json(json!({"error": {"code": 400}, "success": false}));
        }
        if asked.field("account") == "guarded" && asked.field("otp_code") != "123456" {
            let detail = json!({"token": "again", "types": [{"type": "otp"}]});
            return Answer::Json(json!({"error": {"code": 403, "errors": detail}, "success": false}));
        }
        let mut data = json!({"account": "admin", "device_id": "dev1", "did": "dev1", "is_portal_port": false,
            "sid": SID, "synotoken": TOKEN});
        if let Some(message) = asked.fields.get("ik_message") {
            match self.manner.handshake {
                Reaction::Answer => data["ik_message"] = json!(self.take_handshake(message)),
                Reaction::Ignore => data["ik_message"] = Value::Null,
                Reaction::Garble => data["ik_message"] = json!(URL_SAFE_NO_PAD.encode([7; 48])),
            }
        }
        Answer::Json(success(data))
    }

    fn take_handshake(&self, message: &str) -> String {
        let (private, _) = key_pair();
        let builder = Builder::new(pattern()).local_private_key(&private).unwrap();
        let mut state: HandshakeState = builder.build_responder().unwrap();
        let mut payload = [0; 64];
        let octets = state.read_message(&URL_SAFE_NO_PAD.decode(message).unwrap(), &mut payload).unwrap();
        let payload: Value = serde_json::from_slice(&payload[..octets]).unwrap();
        assert!(payload["time"].as_u64().unwrap() > 1_700_000_000);
        let mut answer = [0; 64];
        let octets = state.write_message(&[], &mut answer).unwrap();
        let prefix = URL_SAFE_NO_PAD.encode(state.get_handshake_hash())[..8].to_owned();
        *self.binding.lock().unwrap() = Some((prefix, state.into_stateless_transport_mode().unwrap()));
        URL_SAFE_NO_PAD.encode(&answer[..octets])
    }
}

fn pattern() -> snow::params::NoiseParams {
    "Noise_IK_25519_ChaChaPoly_BLAKE2b".parse().unwrap()
}

/// The private and the public key of the handshake.
fn key_pair() -> (Vec<u8>, Vec<u8>) {
    static PAIR: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    let make = || {
        let pair = Builder::new(pattern()).generate_keypair().unwrap();
        (pair.private, pair.public)
    };
    PAIR.get_or_init(make).clone()
}

/// The key of the envelope; short, so that it is made quickly.
fn sealing_key() -> &'static PrivateDecryptingKey {
    static KEY: OnceLock<PrivateDecryptingKey> = OnceLock::new();
    KEY.get_or_init(|| PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap())
}

fn encryption_info(format: &str) -> Value {
    assert_eq!(format, "module");
    let der = sealing_key().public_key().as_der().unwrap();
    // The modulus ends five octets before the end, where the exponent 65537 stands with its tag and length.
    let modulus = &der.as_ref()[der.as_ref().len() - 5 - 256..der.as_ref().len() - 5];
    let public_key: String = modulus.iter().map(|octet| format!("{octet:02x}")).collect();
    json!({"cipherkey": "__cIpHeRtExT", "ciphertoken": "__cIpHeRtOkEn", "public_key": public_key, "server_time": TIME})
}

/// The fields of an envelope.
fn open_envelope(text: &str) -> Vec<(String, String)> {
    let envelope: Value = serde_json::from_str(text).unwrap();
    let member = |name: &str| STANDARD.decode(envelope[name].as_str().unwrap()).unwrap();
    let key = Pkcs1PrivateDecryptingKey::new(sealing_key().clone()).unwrap();
    let mut passphrase = vec![0; key.min_output_size()];
    let passphrase = key.decrypt(&member("rsa"), &mut passphrase).unwrap().to_vec();
    let mut aes = member("aes");
    assert_eq!(&aes[..8], b"Salted__");
    let digest = |previous: &[u8]| -> Vec<u8> { Md5::digest([previous, &passphrase, &aes[8..16]].concat()).to_vec() };
    let first = digest(&[]);
    let second = digest(&first);
    let vector: [u8; 16] = digest(&second).try_into().unwrap();
    let key = UnboundCipherKey::new(&AES_256, &[first, second].concat()).unwrap();
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).unwrap();
    let text = key.decrypt(&mut aes[16..], DecryptionContext::Iv128(FixedLength::from(vector))).unwrap();
    let mut fields: Vec<(String, String)> = form_urlencoded::parse(text).into_owned().collect();
    assert_eq!(fields.pop(), Some(("__cIpHeRtOkEn".to_owned(), TIME.to_string())));
    fields
}

struct TlsListener {
    socket: TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (socket, address) = self.socket.accept().await.unwrap();
            // A client that does not trust this server hangs up here.
            if let Ok(stream) = self.acceptor.accept(socket).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.socket.local_addr()
    }
}
