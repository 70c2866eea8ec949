//! Hashes of other servers: brought in by the directory itself, replaced at the first good sign-in.

use bailiwick_credential::{KEY_OCTETS, Vault};
use bailiwick_domain::SignInFailure;

use super::*;

/// Of the password "Sommer-2026".
const SSHA: &str = "{SSHA}0e3mw5//9HK+FVNw2B8AU5bg9jdzYWx0c2FsdA==";

fn imported(attribute: &str, value: &[u8]) -> Native {
    let directory = domain::founded();
    let pairs = [("objectClass", "user"), ("sAMAccountName", "ada"), ("userAccountControl", "512")];
    let mut add = domain::add(&dn("ada"), &pairs);
    if let Change::Add { attributes, .. } = &mut add {
        attributes.push(Attribute { name: attribute.to_owned(), values: vec![value.to_vec()] });
    }
    restore(&directory, add).expect("ada is brought back");
    directory
}

#[test]
fn an_imported_hash_signs_in_and_is_replaced() {
    let directory = imported("userPassword", SSHA.as_bytes());
    assert_eq!(sign_in(&directory, "ada", SECOND, NOW).map(drop), Err(failure(SignInFailure::WrongPassword)));
    sign_in(&directory, "ada", FIRST, NOW).unwrap();
    assert!(is_decided_at_once(&directory, "ada", FIRST, NOW));
    // Only a hash of our own is known to be among the former passwords.
    set_policy(&directory, "minPwdAge", "0");
    assert_eq!(change(&directory, "ada", FIRST, FIRST, NOW), fault(PasswordFault::InHistory));
    change(&directory, "ada", FIRST, SECOND, NOW).unwrap();
    assert_eq!(change(&directory, "ada", SECOND, FIRST, NOW), fault(PasswordFault::InHistory));
}

#[test]
fn an_nt_hash_comes_as_unicode_pwd() {
    let octets = [0x88, 0x46, 0xf7, 0xea, 0xee, 0x8f, 0xb1, 0x17, 0xad, 0x06, 0xbd, 0xd8, 0x30, 0xb7, 0x58, 0x6c];
    let directory = imported("unicodePwd", &octets);
    assert!(sign_in(&directory, "ada", "password", NOW).is_ok());
}

#[test]
fn clients_cannot_bring_hashes() {
    let directory = with_ada();
    let write = modify(&dn("ada"), &[(Operation::Replace, "userPassword", &[SSHA.as_bytes()])]);
    let refused = Err(Error::Refused(bailiwick_domain::Refusal::PasswordWrite));
    assert_eq!(apply(&directory, &administrator(&directory), write, NOW), refused);
    assert!(sign_in(&directory, "ada", FIRST, NOW).is_ok());
}

#[test]
fn passwords_from_elsewhere_need_not_meet_the_policy() {
    let directory = imported("userPassword", b"x");
    assert!(sign_in(&directory, "ada", "x", NOW).is_ok());
}

/// What the account signs in with, as an export with secrets writes it.
fn stored(directory: &Native, account: &str) -> Vec<u8> {
    directory.stored_credential(&name(account)).expect("the account is there").expect("it has a password")
}

#[test]
fn what_an_account_signs_in_with_comes_back_from_an_export() {
    let export = stored(&with_ada(), "ada");
    let directory = imported("supplementalCredentials", &export);
    assert_eq!(sign_in(&directory, "ada", SECOND, NOW).map(drop), Err(failure(SignInFailure::WrongPassword)));
    sign_in(&directory, "ada", FIRST, NOW).unwrap();
    assert_eq!(value(&directory, "ada", "supplementalCredentials"), "");
}

#[test]
fn what_an_existing_account_signs_in_with_is_replaced() {
    let export = stored(&with_ada(), "ada");
    let directory = with_ada();
    reset(&directory, &administrator(&directory), "ada", SECOND, NOW).unwrap();
    let write = modify(&dn("ada"), &[(Operation::Replace, "supplementalCredentials", &[&export])]);
    restore(&directory, write).unwrap();
    sign_in(&directory, "ada", FIRST, NOW).unwrap();
}

#[test]
fn only_the_directory_itself_brings_stored_credentials_and_only_whole_ones() {
    let directory = with_ada();
    let export = stored(&directory, "ada");
    let write = |octets: &[u8]| modify(&dn("ada"), &[(Operation::Replace, "supplementalCredentials", &[octets])]);
    let refused = Err(Error::Refused(bailiwick_domain::Refusal::PasswordWrite));
    assert_eq!(apply(&directory, &administrator(&directory), write(&export), NOW), refused);
    let cut = Err(Error::attribute("supplementalCredentials", bailiwick_domain::AttributeFault::InvalidSyntax));
    assert_eq!(restore(&directory, write(&export[..export.len() - 1])), cut);
    assert!(sign_in(&directory, "ada", FIRST, NOW).is_ok());
}

#[test]
fn keys_that_another_vault_sealed_are_left_behind() {
    let with_vault = |key: u8| domain::founded().with_vault(Vault::new(&[key; KEY_OCTETS]));
    let source = with_vault(1);
    apply(&source, &administrator(&source), user_with("ada", FIRST, &[]), NOW).unwrap();
    let export = stored(&source, "ada");
    let brought = |key: u8| {
        let directory = with_vault(key);
        let add = user_with("ada", SECOND, &[]);
        apply(&directory, &administrator(&directory), add, NOW).unwrap();
        let write = modify(&dn("ada"), &[(Operation::Replace, "supplementalCredentials", &[&export])]);
        restore(&directory, write).unwrap();
        stored(&directory, "ada").len()
    };
    // The account has the same number in both, so its keys open where the vault is the same.
    assert_eq!(brought(1), export.len());
    assert!(brought(2) < export.len());
}
