//! Creates a user and a group in the domain, puts one into the other, lists what is there and deletes both again:
//! `DSM_ADDRESS=… DSM_ACCOUNT=… DSM_PASSWORD=… cargo run -p bailiwick-client --example directory_users`.

mod connection;

use std::error::Error;

use bailiwick_client::Secret;
use bailiwick_client::directory::{NewGroup, NewUser, ObjectCategory, ObjectQuery, ObjectScope, UserInformation};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let session = connection::sign_in().await?;
    let directory = session.directory();
    let info = directory.get_directory_info().await?;
    let domain = info.domain.ok_or("the directory is not served")?;
    println!("{} ({}), controllers: {}", domain.realm, domain.workgroup, info.controllers.len());

    let base = domain.realm.to_lowercase().split('.').map(|label| format!("DC={label}")).collect::<Vec<_>>().join(",");
    let users = format!("CN=Users,{base}");
    if directory.does_dn_exist("example.user").await? || directory.does_dn_exist("Example Group").await? {
        return Err("example.user or Example Group is there already".into());
    }
    let user = directory.create_new_user(&NewUser::new("example.user", &users, Secret::new("Password123-x"))).await?;
    let information = UserInformation {
        first_name: Some("Example".to_owned()),
        last_name: Some("User".to_owned()),
        ..UserInformation::default()
    };
    directory.modify_user_info(&user.dn, &information).await?;
    directory.change_user_password(&user.dn, &Secret::new("Password456-y")).await?;
    let group = directory.create_new_group(&NewGroup::new("Example Group", &users)).await?;
    directory.add_user_to_group(&user.dn, &group.dn).await?;
    println!("{} is in {}.", user.name, group.name);

    let query = ObjectQuery {
        scope: ObjectScope::One,
        categories: vec![ObjectCategory::Person, ObjectCategory::Group],
        limit: ObjectQuery::ALL,
        ..ObjectQuery::default()
    };
    for object in directory.list_directory_objects(&users, &query).await?.objects {
        println!("  {:?} {} {}", object.category, object.account_name, object.dn);
    }
    let deletion = directory.delete_items(&[&user.dn, &group.dn]).await?;
    for (dn, cause) in deletion.failures() {
        println!("{dn} was not deleted: {}", cause.message);
    }
    session.sign_out().await?;
    Ok(())
}
