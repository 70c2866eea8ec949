//! A typed, async client for the Synology DSM web API: the directory and the users of a Bailiwick or of a DSM.
//!
//! ```no_run
//! use bailiwick_client::directory::NewUser;
//! use bailiwick_client::{Client, Error, Refusal, Secret, SignIn};
//!
//! # async fn example() -> Result<(), Error> {
//! let client = Client::new("https://dc1.example.com:5001")?;
//! let session = client.sign_in(SignIn::new("admin", Secret::new("Swordfish-77"))).await?;
//!
//! let user = NewUser::new("jdoe", "CN=Users,DC=example,DC=com", Secret::new("Password123"));
//! match session.directory().create_new_user(&user).await {
//!     Ok(created) => println!("{} is there now", created.dn),
//!     Err(error) => match error.refusal() {
//!         Some(Refusal::DirectoryFailed { causes }) => println!("the directory refused: {causes:?}"),
//!         _ => return Err(error),
//!     },
//! }
//! session.sign_out().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What is there
//!
//! - [`Client`]: a server, and how to talk to it: address, [`Trust`], times, lengths, [`Sealing`].
//! - [`SignIn`]: who signs in: password, one-time code, remembered device; for DSM 6 and 7 ([`Dsm`], [`Handshaking`]).
//! - [`Session`]: who signed in. [`Session::directory`] and [`Session::users`] have a method for each method on the pages
//!   "DirectoryServer" and "User" of the Python client `synology-api`, under the same names in snake case;
//!   [`Session::call`] and [`Session::compound`] reach everything else.
//! - [`Error`]: what went wrong; [`Refusal`]: what the server's numbers mean. Numbers that are not known are kept.
//!
//! # Where secrets go
//!
//! Over TLS secrets travel in it. Over plain HTTP they travel in the [envelope], which hides them from who listens, but
//! not from who can change what is sent: use TLS where others are on the line. Nothing is ever put into a URL. Secrets
//! are [`Secret`]s: they cannot print and are wiped when dropped, and no error holds one.
//!
//! Against DSM 7 and Bailiwick the [handshake] binds the session to this process: an id that somebody stole is worth
//! nothing without the key.
//!
//! # Stopping half-way
//!
//! Every future may be dropped at any time. A call that was under way may or may not have been carried out; the session
//! and the client stay whole. Tasks of the server ([`TaskId`]) go on by themselves.
//!
//! # Limits
//!
//! An answer is at most 16 MiB long and takes at most a minute, unless the [`ClientBuilder`] is told otherwise; it is
//! read without recursion deeper than 128. The runtime must be tokio's.
//!
//! # Where this was tried
//!
//! Every method is tested against Bailiwick. The wire was learned from the pages of the Python client, from what that
//! client sends, and from what owners of a DSM published; against a DSM itself it was not run yet.
//!
//! `examples/` has programs that take a server's address and account from the environment.

mod address;
pub mod answer;
mod client;
mod compound;
pub mod directory;
pub mod envelope;
mod error;
mod form;
pub mod handshake;
mod offer;
mod refusal;
mod secret;
mod session;
mod sign_in;
mod task;
mod transport;
mod trust;
pub mod user;

pub use address::{Address, AddressFault};
pub use client::{Client, ClientBuilder, Sealing};
pub use compound::{Compound, CompoundAnswer, CompoundResult, Mode};
pub use error::Error;
pub use form::Parameters;
pub use offer::{Offer, OfferedApi};
pub use refusal::{Cause, PasswordRule, Refusal, Refused};
pub use secret::Secret;
pub use session::Session;
pub use sign_in::{Dsm, Handshaking, SignIn, SignedIn};
pub use task::TaskId;
pub use trust::{Trust, TrustFault};
