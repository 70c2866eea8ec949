//! Brings the host's copy of the domain's users and groups up to date, and waits for it:
//! `DSM_ADDRESS=… DSM_ACCOUNT=… DSM_PASSWORD=… cargo run -p bailiwick-client --example update_domain`.

mod connection;

use std::error::Error;

use bailiwick_client::user::{UserKind, UserQuery};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let session = connection::sign_in().await?;
    let task = session.directory().update_domain_records().await?;
    println!("{task} …");
    session.directory().wait_for_update(&task).await?;
    let query = UserQuery { kind: UserKind::Domain, limit: Some(0), ..UserQuery::default() };
    println!("The host knows {} users of the domain.", session.users().get_users(&query).await?.total);
    session.sign_out().await?;
    Ok(())
}
