//! What users are told of their accounts by mail.

use bailiwick_credential::Password;
use bailiwick_domain::Context;
use zeroize::Zeroizing;

use super::User;
use crate::mail::{Letter, Outbox, OutboxError};

/// Why a user is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// The account is new.
    Made,
    /// Somebody changed the account.
    Changed,
    /// The password ends soon.
    PasswordEnds {
        /// In so many days, of which the last may have begun.
        days: u16,
    },
}

/// Writes to every address that the user has, and gives the number of letters. `place` is what the account is good for:
/// the name of the domain. The password goes along if it is given.
///
/// # Errors
/// The outbox's. What cannot be an address for a letter is passed over.
pub fn write(
    outbox: &Outbox,
    context: &Context<'_>,
    user: &User,
    occasion: Occasion,
    place: &str,
    password: Option<&Password>,
) -> Result<usize, OutboxError> {
    let mut letters = 0;
    for address in user.email.split([',', ';']) {
        if let Some(letter) = letter(address, user, occasion, place, password) {
            outbox.put(&letter, context.now, context.random)?;
            letters += 1;
        }
    }
    Ok(letters)
}

fn letter(address: &str, user: &User, occasion: Occasion, place: &str, password: Option<&Password>) -> Option<Letter> {
    let (subject, sentence) = match occasion {
        Occasion::Made => (format!("Your account at {place}"), format!("an account was made for you at {place}.")),
        Occasion::Changed => {
            (format!("Your account at {place} was changed"), format!("your account at {place} was changed."))
        }
        Occasion::PasswordEnds { days } => {
            let days = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
            let sentence = format!("the password of your account at {place} ends in {days}. Please set another one.");
            (format!("Your password at {place} ends in {days}"), sentence)
        }
    };
    let called = if user.description.is_empty() { &user.name } else { &user.description };
    let mut text = Zeroizing::new(format!("Hello {called},\n\n{sentence}\n\n  Name      {}\n", user.name));
    if let Some(password) = password.and_then(|password| std::str::from_utf8(password.expose()).ok()) {
        text.push_str("  Password  ");
        text.push_str(password);
        text.push('\n');
    }
    text.push_str("\nIf you do not know why, ask your administrator.\n");
    Letter::new(address, &subject, text).ok()
}

#[cfg(test)]
mod tests {
    use bailiwick_adtypes::file_time::FileTime;

    use super::*;
    use crate::expiry::Expiry;

    fn user() -> User {
        User {
            uid: 1026,
            name: "ada".into(),
            description: "Ada Lovelace".into(),
            email: "ada@example.com".into(),
            expiry: Expiry::Normal,
            cannot_change_password: false,
            password_never_expires: true,
            password_changed: FileTime::ZERO,
            password_pending: false,
        }
    }

    #[test]
    fn a_letter_names_the_account_and_has_the_password_when_it_is_asked_for() {
        let password = Password::new(b"Violet-7");
        let write = |password| letter("ada@example.com", &user(), Occasion::Made, "example.com", password).unwrap();
        assert_eq!(write(None).subject(), "Your account at example.com");
        assert!(write(None).text().starts_with("Hello Ada Lovelace,\n\nan account was made for you at example.com.\n"));
        assert!(write(None).text().contains("Name      ada\n") && !write(None).text().contains("Violet-7"));
        assert!(write(Some(&password)).text().contains("Password  Violet-7\n"));
    }

    #[test]
    fn what_is_no_address_gets_no_letter() {
        assert!(letter("nobody", &user(), Occasion::Changed, "example.com", None).is_none());
    }
}
