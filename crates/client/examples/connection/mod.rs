//! The server of the examples, as the environment names it:
//!
//! - `DSM_ADDRESS`, such as `https://dc1.example.com:5001`
//! - `DSM_ACCOUNT` and `DSM_PASSWORD`
//! - `DSM_CODE`, if the account has a second factor
//! - `DSM_CA`, a PEM file of the authority to trust, if not those of the system

use std::env::{self, VarError};
use std::error::Error;

use bailiwick_client::{Client, Secret, Session, SignIn, Trust};

/// Signs in.
pub async fn sign_in() -> Result<Session, Box<dyn Error>> {
    let mut builder = Client::builder(&variable("DSM_ADDRESS")?)?;
    if let Ok(path) = env::var("DSM_CA") {
        builder = builder.trust(Trust::Pem(std::fs::read(path)?));
    }
    let mut sign_in = SignIn::new(variable("DSM_ACCOUNT")?, Secret::new(variable("DSM_PASSWORD")?));
    if let Ok(code) = env::var("DSM_CODE") {
        sign_in = sign_in.one_time_code(code);
    }
    let session = builder.build()?.sign_in(sign_in).await?;
    println!("Signed in as {}, {}.", session.account(), if session.is_bound() { "bound" } else { "not bound" });
    Ok(session)
}

fn variable(name: &str) -> Result<String, Box<dyn Error>> {
    env::var(name).map_err(|error| match error {
        VarError::NotPresent => format!("the environment variable {name} is not set").into(),
        VarError::NotUnicode(_) => format!("the environment variable {name} is no text").into(),
    })
}
