//! The tests that every engine must pass.
//!
//! An engine's own tests implement [`Subject`] and call [`every_engine_passes!`](crate::every_engine_passes),
//! which makes one `#[test]` of each claim. [`model`] compares whole histories with a plain map.

pub mod cursors;
pub mod failures;
pub mod model;
#[allow(missing_docs, reason = "the names are the claims")]
pub mod reads;
pub mod threads;
pub mod writes;

use std::ops::ControlFlow;

use crate::{Committed, Error, ReadTransaction, Space, Stop, Store, WriteTransaction};

/// The space most claims are about.
pub const ONE: Space = Space("one");
/// A second space, to see that spaces do not mix.
pub const OTHER: Space = Space("other");
/// What a [`Subject`] opens its store with.
pub const SPACES: [Space; 2] = [ONE, OTHER];
/// A work of this many octets does not fit into a store from [`Subject::open_tight`].
pub const TOO_MANY_OCTETS: usize = 8 << 20;

/// An engine under test, with whatever its store needs to live.
pub trait Subject: Sized {
    /// A new, empty store with [`SPACES`].
    fn open() -> Self;
    /// A new, empty store whose commit fails for [`TOO_MANY_OCTETS`], but not for a tenth of it.
    fn open_tight() -> Self;
    /// The store.
    fn store(&self) -> &dyn Store;
    /// Closes the store and opens it again.
    fn reopen(self) -> Self;
}

/// Makes a test of every claim of the battery, for one [`Subject`].
#[macro_export]
macro_rules! every_engine_passes {
    ($subject:ty) => {
        $crate::every_engine_passes!($subject;
            reads::an_absent_key_has_no_value,
            reads::an_empty_value_is_not_absent,
            reads::spaces_do_not_mix,
            reads::an_undeclared_space_is_an_error,
            reads::keys_order_as_unsigned_bytes,
            reads::first_at_or_after_finds_the_key_or_the_next,
            reads::last_before_finds_the_greatest_smaller_key,
            reads::scan_takes_the_start_and_leaves_the_end,
            reads::scan_stops_when_told,
            reads::reading_with_a_key_no_space_can_hold_finds_nothing,
            reads::a_snapshot_never_changes,
            reads::a_read_after_the_answer_sees_the_write,
            cursors::a_cursor_walks_in_order_and_stays_at_the_end,
            cursors::a_cursor_seeks_forwards_and_backwards,
            cursors::a_cursor_answers_values_that_outlive_its_moves,
            writes::a_work_sees_its_own_writes_in_every_kind_of_read,
            writes::a_refused_work_leaves_nothing,
            writes::a_panicking_work_leaves_nothing_and_the_store_goes_on,
            writes::deleting_tells_whether_the_key_was_there,
            writes::a_deleted_key_can_be_put_again,
            writes::long_and_empty_keys_are_refused_before_the_commit,
            writes::the_longest_key_is_stored,
            writes::large_values_and_large_works_are_stored,
            writes::touched_keys_are_counted,
            writes::a_reopened_store_has_its_data,
            writes::transact_hands_over_value_and_error,
            threads::increments_from_many_threads_are_not_lost,
            threads::refusals_and_panics_harm_no_neighbour,
            threads::readers_see_whole_works_only,
            threads::a_long_snapshot_does_not_stop_writers,
            failures::a_failed_commit_leaves_nothing_and_the_store_goes_on,
            failures::works_of_a_failed_batch_all_hear_of_it,
        );
    };
    ($subject:ty; $($module:ident :: $claim:ident),+ $(,)?) => {
        $(
            #[test]
            fn $claim() {
                $crate::battery::$module::$claim::<$subject>();
            }
        )+
    };
}

/// Puts pairs into [`ONE`] in one work.
pub(crate) fn put_all(store: &dyn Store, pairs: &[(&[u8], &[u8])]) {
    let ended = store.write(&mut |t| pairs.iter().try_for_each(|(key, value)| or_stop(t.put(ONE, key, value))));
    durable(ended);
}

/// A write that neither failed nor refused.
pub(crate) fn durable(ended: Result<Committed, Error>) {
    assert!(matches!(ended, Ok(Committed::Durable { .. })), "{ended:?}");
}

/// An engine's error makes the work stop; the claim then fails on the missing write.
pub(crate) fn or_stop<T>(result: Result<T, Error>) -> Result<T, Stop> {
    result.map_err(|_| Stop)
}

/// What a scan of `[from, to)` finds, copied.
pub(crate) fn pairs(
    transaction: &(impl ReadTransaction + ?Sized),
    space: Space,
    from: &[u8],
    to: Option<&[u8]>,
) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut found = Vec::new();
    let visited = transaction.scan(space, from, to, &mut |key, value| {
        found.push((key.to_vec(), value.to_vec()));
        ControlFlow::Continue(())
    });
    visited.expect("a declared space can be scanned");
    found
}

/// The keys of everything in [`ONE`].
pub(crate) fn keys(transaction: &(impl ReadTransaction + ?Sized)) -> Vec<Vec<u8>> {
    pairs(transaction, ONE, &[], None).into_iter().map(|(key, _)| key).collect()
}

/// The number stored under `key`, zero when absent.
pub(crate) fn number(transaction: &dyn WriteTransaction, key: &[u8]) -> Result<u64, Error> {
    let octets = transaction.get(ONE, key)?.map(|value| value.try_into().expect("numbers have eight octets"));
    Ok(octets.map_or(0, u64::from_be_bytes))
}
