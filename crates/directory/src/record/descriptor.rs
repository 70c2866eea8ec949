//! Security descriptors, each distinct one stored once and shared by number.

use bailiwick_store::{ReadTransaction, WriteTransaction};
use sha2::{Digest, Sha256};

use crate::record::{DESCRIPTOR, DescriptorId, Fault};

/// Keys of descriptors by number start with this octet.
const BY_NUMBER: u8 = 0;
/// Keys of numbers by digest start with this octet.
const BY_DIGEST: u8 = 1;

/// The octets of a descriptor, self-relative; none for number 0.
pub(crate) fn read(transaction: &dyn ReadTransaction, id: DescriptorId) -> Result<Option<&[u8]>, Fault> {
    if id.0 == 0 {
        return Ok(None);
    }
    transaction
        .get(DESCRIPTOR, &number_key(id.0))?
        .map(Some)
        .ok_or(Fault::Damaged { what: "security descriptor", id: u64::from(id.0) })
}

/// The number of a descriptor, stored now if it is new.
pub(crate) fn intern(transaction: &mut dyn WriteTransaction, octets: &[u8]) -> Result<DescriptorId, Fault> {
    let mut digest_key = vec![BY_DIGEST];
    digest_key.extend_from_slice(&Sha256::digest(octets));
    if let Some(number) = transaction.get(DESCRIPTOR, &digest_key)? {
        return number
            .first_chunk::<4>()
            .map(|number| DescriptorId(u32::from_be_bytes(*number)))
            .ok_or(Fault::Damaged { what: "descriptor number", id: 0 });
    }
    let greatest = match transaction.last_before(DESCRIPTOR, &[BY_DIGEST])? {
        Some((key, _)) => u32::from_be_bytes(
            key.get(1..5)
                .and_then(|number| number.first_chunk::<4>().copied())
                .ok_or(Fault::Damaged { what: "descriptor number", id: 0 })?,
        ),
        None => 0,
    };
    let number = greatest.checked_add(1).ok_or(Fault::Damaged { what: "descriptor number", id: greatest.into() })?;
    transaction.put(DESCRIPTOR, &number_key(number), octets)?;
    transaction.put(DESCRIPTOR, &digest_key, &number.to_be_bytes())?;
    Ok(DescriptorId(number))
}

fn number_key(number: u32) -> [u8; 5] {
    let [a, b, c, d] = number.to_be_bytes();
    [BY_NUMBER, a, b, c, d]
}
