//! Lists the host's own users and what their passwords must be like:
//! `DSM_ADDRESS=… DSM_ACCOUNT=… DSM_PASSWORD=… cargo run -p bailiwick-client --example host_users`.

mod connection;

use std::error::Error;

use bailiwick_client::user::{UserField, UserQuery};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let session = connection::sign_in().await?;
    let users = session.users();
    let query = UserQuery {
        additional: vec![UserField::Uid, UserField::Email, UserField::Expiry, UserField::Groups],
        ..UserQuery::default()
    };
    for user in users.get_users(&query).await?.users {
        let expiry = user.expiry.map(|expiry| expiry.to_string()).unwrap_or_default();
        println!("{:>6} {:20} {expiry:10} {:?}", user.uid.unwrap_or(0), user.name, user.groups.unwrap_or_default());
    }
    let rules = users.get_password_policy().await?.strong_password;
    if rules.min_length_enable {
        println!("Passwords have {} letters or more.", rules.min_length);
    }
    println!("{} names are kept for the system.", users.get_username_policy().await?.len());
    session.sign_out().await?;
    Ok(())
}
