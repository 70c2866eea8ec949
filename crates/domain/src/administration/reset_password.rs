//! A password that nobody chose, for an account whose owner forgot it.

use bailiwick_adtypes::filter::Filter;
use bailiwick_credential::Password;
use zeroize::Zeroizing;

use super::target::search;
use super::{Error, NewPassword, Target, domain, set_password};
use crate::{Context, Directory, Scope};

/// The least characters of a password that is made here.
const CHARACTERS_MIN: usize = 12;
/// The most, whatever a policy says.
const CHARACTERS_MAX: usize = 128;
/// The kinds of characters, none of them easily mistaken for another; one of each is in every password.
const KINDS: [&[u8]; 4] = [b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"abcdefghijkmnpqrstuvwxyz", b"23456789", b"!#%+-=?@_"];

/// Sets a random password that must be changed at the next sign-in, unlocks the account, and gives the password.
///
/// # Errors
/// The directory refuses.
pub fn reset_password(directory: &dyn Directory, context: &Context<'_>, target: &Target) -> Result<Password, Error> {
    let base = domain(directory, context)?.base;
    let head = search(directory, context, base.into(), Scope::Base, Filter::any_object(), &["minPwdLength"], 1)?;
    let minimum = head.first().and_then(|head| head.text("minPwdLength")?.parse::<usize>().ok()).unwrap_or_default();
    let password = random_password(context.random, minimum.clamp(CHARACTERS_MIN, CHARACTERS_MAX));
    let new = NewPassword { password: &password, must_change: true, unlock: true };
    set_password(directory, context, target, &new)?;
    Ok(password)
}

fn random_password(random: &dyn Fn(&mut [u8]), characters: usize) -> Password {
    let all: Vec<u8> = KINDS.concat();
    let mut text: Zeroizing<Vec<u8>> = Zeroizing::new(KINDS.iter().map(|kind| *pick(random, kind)).collect());
    while text.len() < characters {
        text.push(*pick(random, &all));
    }
    // The kinds stand in no particular places.
    for last in (1..text.len()).rev() {
        text.swap(last, below(random, last + 1));
    }
    Password::new(&text)
}

fn pick<'a>(random: &dyn Fn(&mut [u8]), choices: &'a [u8]) -> &'a u8 {
    &choices[below(random, choices.len())]
}

/// A number below `end`, which is at most 256, each as likely as any other.
fn below(random: &dyn Fn(&mut [u8]), end: usize) -> usize {
    let fair = 256 - 256 % end;
    loop {
        let mut octet = [0];
        random(&mut octet);
        if usize::from(octet[0]) < fair {
            return usize::from(octet[0]) % end;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn every_kind_is_in_it_and_no_two_are_alike() {
        let state = Cell::new(1_u32);
        let random = |octets: &mut [u8]| {
            for octet in octets {
                state.set(state.get().wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
                *octet = (state.get() >> 24) as u8;
            }
        };
        let (one, other) = (random_password(&random, 12), random_password(&random, 12));
        assert_ne!(one.expose(), other.expose());
        for kind in KINDS {
            assert!(one.expose().iter().any(|octet| kind.contains(octet)));
        }
        assert_eq!(random_password(&random, 40).expose().len(), 40);
    }
}
