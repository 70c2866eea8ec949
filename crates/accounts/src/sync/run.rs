//! Bringing the view up to date, a slice at a time.

use std::sync::Arc;

use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_adtypes::filter::{Assertion, Filter};
use bailiwick_adtypes::object_name::ObjectName;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::administration::{self, Domain};
use bailiwick_domain::{
    Budget, Collect, Context, Directory, Entry, ExtendedDnForm, Progress as SearchProgress, Scope, SearchOptions,
    SearchRequest,
};
use bailiwick_store::{Error as StoreError, ReadTransaction, Store, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::account::NUMBER_BASE;
use super::project::{ATTRIBUTES, Projected, Projection, USN, usn};
use super::{GROUPS, MEMBERS, STATE, USERS};
use crate::book::{Book, Named, kept};

/// The key of the state.
const STATE_KEY: &[u8] = b"state";
/// The most objects of one slice, which is one transaction.
const SLICE_OBJECTS_MAX: u32 = 512;
/// The most candidates that one search looks at before it answers.
const SLICE_EXAMINED_MAX: u32 = 8192;
/// Once so many members of groups were read in a slice, it ends.
const SLICE_MEMBERS_MAX: usize = 100_000;
/// The most records that one slice looks at when those that are no more in the domain are removed.
const SWEEP_RECORDS_MAX: usize = 2048;
/// How long changes alone are followed. Then the whole domain is walked once more: a directory that was restored from a
/// backup gives numbers again that this view has seen before.
const WHOLE_EVERY: Interval = Interval::from_days(30);

/// The sync of the view, in a store that was opened with [`crate::SPACES`].
#[derive(Clone)]
pub struct Sync {
    store: Arc<dyn Store>,
    netbios: Arc<str>,
}

/// What a slice came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is more to do.
    More(Progress),
    /// The view shows the domain as it was when the run began, or later.
    Done(Progress),
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// 0 to 100; 100 when it has ended, and only then.
    pub percent: u8,
    /// Objects that the directory handed out.
    pub objects_read: u64,
    /// Users among them that the view has.
    pub users: u64,
    /// Groups among them that the view has.
    pub groups: u64,
    /// Records of the view that were written or removed.
    pub changes: u64,
}

/// How many accounts the view has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Users.
    pub users: u64,
    /// Groups.
    pub groups: u64,
}

/// A run cannot go on. It can be tried again, and goes on where it was.
#[derive(Debug)]
pub enum Error {
    /// The directory refuses or fails.
    Directory(administration::Error),
    /// The host's store failed.
    Store(StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        Error::Store(error)
    }
}

impl From<administration::Error> for Error {
    fn from(error: administration::Error) -> Error {
        Error::Directory(error)
    }
}

impl From<bailiwick_domain::Error> for Error {
    fn from(error: bailiwick_domain::Error) -> Error {
        Error::Directory(error.into())
    }
}

/// How far the view has come. It changes in the transactions that change the view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    /// The SID of the domain that the view is of.
    domain: String,
    /// The first update sequence number that was not seen yet.
    next: u64,
    /// Which whole walk of the domain its records are of.
    generation: u32,
    /// When that walk ended, and when the last run did.
    whole_at: Option<i64>,
    ended_at: Option<i64>,
    /// The run under way.
    run: Option<Run>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Run {
    /// Where it began, and where it ends: the directory's greatest number at its beginning.
    start: u64,
    until: u64,
    phase: Phase,
    /// Whether it walks the whole domain, and so removes what it did not meet.
    whole: bool,
    progress: Progress,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Phase {
    /// Through the changes.
    Walk,
    /// Through the users of the view, from this number on.
    SweepUsers(u32),
    /// Through its groups.
    SweepGroups(u32),
}

impl Sync {
    /// The sync of a domain with this NetBIOS name.
    pub fn new(store: Arc<dyn Store>, netbios: &str) -> Sync {
        Sync { store, netbios: netbios.into() }
    }

    /// Runs one slice: begins a run, or goes on with the one under way. `context` is the system's.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn step(&self, directory: &dyn Directory, context: &Context<'_>) -> Result<Step, Error> {
        let state = State::read(self.store.read()?.as_ref())?;
        let (state, run) = match state.run {
            Some(run) => (state, run),
            None => self.begin(directory, context, state)?,
        };
        match run.phase {
            Phase::Walk => self.walk(directory, context, &state, run),
            Phase::SweepUsers(from) => self.sweep(context, &USERS, from, |user| user.generation, &state, run),
            Phase::SweepGroups(from) => self.sweep(context, &GROUPS, from, |group| group.generation, &state, run),
        }
    }

    /// How many accounts the view has.
    ///
    /// # Errors
    /// The store's.
    pub fn totals(&self) -> Result<Totals, StoreError> {
        let transaction = self.store.read()?;
        Ok(Totals { users: USERS.count(transaction.as_ref())?, groups: GROUPS.count(transaction.as_ref())? })
    }

    /// When the last run ended; none when none has.
    ///
    /// # Errors
    /// The store's.
    pub fn ended_at(&self) -> Result<Option<FileTime>, StoreError> {
        Ok(State::read(self.store.read()?.as_ref())?.ended_at.map(FileTime))
    }

    /// Whether the schedule wants a run: none has ended yet, or the last one so long ago.
    ///
    /// # Errors
    /// The store's.
    pub fn is_due(&self, every: Interval, now: FileTime) -> Result<bool, StoreError> {
        let state = State::read(self.store.read()?.as_ref())?;
        Ok(state.ended_at.is_none_or(|at| now >= FileTime(at).after(every)))
    }

    fn begin(&self, directory: &dyn Directory, context: &Context<'_>, mut state: State) -> Result<(State, Run), Error> {
        let domain = administration::domain(directory, context)?.sid(directory, context)?.to_string();
        // Read before the walk, so that the walk sees every change up to it.
        let until = highest_usn(directory, context)?;
        let is_old = |at: i64| context.now >= FileTime(at).after(WHOLE_EVERY);
        let whole = state.domain != domain || state.next > until.saturating_add(1) || state.whole_at.is_none_or(is_old);
        if whole {
            state = State { domain, next: 0, generation: state.generation.wrapping_add(1), whole_at: None, ..state };
        }
        let run = Run { start: state.next, until, phase: Phase::Walk, whole, progress: Progress::default() };
        state.run = Some(run);
        Ok((state, run))
    }

    /// Takes over the next changes.
    fn walk(
        &self,
        directory: &dyn Directory,
        context: &Context<'_>,
        state: &State,
        mut run: Run,
    ) -> Result<Step, Error> {
        let domain: Sid =
            state.domain.parse().map_err(|_| StoreError::Corrupt { doing: "reading how far the sync has come" })?;
        let projection = Projection { domain: &domain, netbios: &self.netbios, generation: state.generation };
        let place = administration::domain(directory, context)?;
        // Nothing was changed since: not even a search is needed.
        let (entries, mut is_end) = match state.next > run.until {
            true => (Vec::new(), true),
            false => changes(directory, context, &place, state.next)?,
        };
        let mut projected = Vec::new();
        let mut next = state.next;
        let mut members_read = 0;
        for entry in &entries {
            if members_read > SLICE_MEMBERS_MAX {
                is_end = false;
                break;
            }
            next = usn(entry).map_or(next, |usn| next.max(usn.saturating_add(1)));
            let object = projection.of(entry);
            let members = match &object {
                Projected::Group(group) => members(directory, context, &projection, group.gid)?,
                _ => Vec::new(),
            };
            members_read += members.len();
            run.progress.objects_read += 1;
            projected.push((object, members));
        }
        if is_end {
            next = next.max(run.until.saturating_add(1));
            run.phase = Phase::SweepUsers(0);
        }
        run.progress.percent = percent(&run, next);
        self.store
            .transact(|transaction| {
                let mut run = run;
                for (object, members) in &projected {
                    take_over(transaction, object, members, &mut run.progress)?;
                }
                let state = State { next, run: Some(run), ..state.clone() };
                match is_end && !run.whole {
                    true => state.end(transaction, context.now, run),
                    false => state.go_on(transaction, run),
                }
            })?
            .map_err(Error::Store)
    }

    /// Removes what a whole walk did not meet.
    fn sweep<T: Named>(
        &self,
        context: &Context<'_>,
        book: &Book<T>,
        from: u32,
        generation: fn(&T) -> u32,
        state: &State,
        run: Run,
    ) -> Result<Step, Error> {
        self.store
            .transact(|transaction| {
                let mut run = run;
                let mut from = Some(from);
                for _ in 0..SWEEP_RECORDS_MAX {
                    let found = from.map(|from| book.at_or_after(transaction, from)).transpose()?.flatten();
                    let Some(record) = found else {
                        let state = State { run: Some(run), ..state.clone() };
                        return match run.phase {
                            Phase::SweepUsers(_) => {
                                run.phase = Phase::SweepGroups(0);
                                state.go_on(transaction, run)
                            }
                            Phase::Walk | Phase::SweepGroups(_) => state.end(transaction, context.now, run),
                        };
                    };
                    from = record.number().checked_add(1);
                    if generation(&record) != state.generation {
                        forget(transaction, record.number(), &mut run.progress)?;
                    }
                }
                let from = from.unwrap_or(u32::MAX);
                run.phase = match run.phase {
                    Phase::SweepGroups(_) => Phase::SweepGroups(from),
                    Phase::Walk | Phase::SweepUsers(_) => Phase::SweepUsers(from),
                };
                state.clone().go_on(transaction, run)
            })?
            .map_err(Error::Store)
    }
}

impl State {
    fn read(transaction: &dyn ReadTransaction) -> Result<State, StoreError> {
        match transaction.get(STATE, STATE_KEY)? {
            None => Ok(State::default()),
            Some(octets) => serde_json::from_slice(octets)
                .map_err(|_| StoreError::Corrupt { doing: "reading how far the sync has come" }),
        }
    }

    fn go_on(self, transaction: &mut dyn WriteTransaction, run: Run) -> Result<Step, StoreError> {
        let state = State { run: Some(run), ..self };
        transaction.put(STATE, STATE_KEY, &kept(&state))?;
        Ok(Step::More(run.progress))
    }

    fn end(self, transaction: &mut dyn WriteTransaction, now: FileTime, run: Run) -> Result<Step, StoreError> {
        let whole_at = if run.whole { Some(now.0) } else { self.whole_at };
        let state = State { run: None, whole_at, ended_at: Some(now.0), ..self };
        transaction.put(STATE, STATE_KEY, &kept(&state))?;
        Ok(Step::Done(Progress { percent: 100, ..run.progress }))
    }
}

/// The next changed objects of the domain, in the order of their changes, and whether there are no more.
fn changes(
    directory: &dyn Directory,
    context: &Context<'_>,
    domain: &Domain,
    next: u64,
) -> Result<(Vec<Entry>, bool), Error> {
    let since = Assertion { attribute: USN.to_owned(), value: next.to_string().into_bytes() };
    let request = SearchRequest {
        base: domain.base.clone().into(),
        scope: Scope::Subtree,
        filter: Filter::GreaterOrEqual(since),
        selection: ATTRIBUTES.iter().map(|&name| name.to_owned()).collect(),
        types_only: false,
        options: SearchOptions { domain_scope: true, show_deleted: true, ..SearchOptions::default() },
    };
    let budget = Budget { entries_examined: SLICE_EXAMINED_MAX, entries_sent: SLICE_OBJECTS_MAX };
    let mut found = Collect::default();
    let mut position = None;
    loop {
        match directory.search(context, &request, position.as_ref(), budget, &mut found)? {
            SearchProgress::Done => return Ok((found.entries, true)),
            // The next slice begins behind the last number, so that no position outlives this one.
            SearchProgress::More(_) if !found.entries.is_empty() => return Ok((found.entries, false)),
            SearchProgress::More(next) => position = Some(next),
        }
    }
}

/// The numbers of a group's members, sorted. They are read in ranges, as the directory hands them out.
fn members(
    directory: &dyn Directory,
    context: &Context<'_>,
    projection: &Projection<'_>,
    gid: u32,
) -> Result<Vec<u32>, Error> {
    let mut numbers = Vec::new();
    let Some(sid) = projection.domain.with_rid(gid - NUMBER_BASE) else { return Ok(numbers) };
    let mut low = 0;
    loop {
        let request = SearchRequest {
            base: ObjectName::Sid(sid),
            scope: Scope::Base,
            filter: Filter::any_object(),
            selection: vec![format!("member;range={low}-*")],
            types_only: false,
            options: SearchOptions { extended_dn: Some(ExtendedDnForm::Text), ..SearchOptions::default() },
        };
        let mut found = Collect::default();
        let budget = Budget { entries_examined: 1, entries_sent: 1 };
        match directory.search(context, &request, None, budget, &mut found) {
            Ok(_) => {}
            // It has just been deleted, and the walk will come to that.
            Err(bailiwick_domain::Error::NoSuchObject { .. }) => break,
            Err(error) => return Err(error.into()),
        }
        let Some(attribute) = found.entries.first().and_then(|entry| entry.attributes.first()) else { break };
        low += attribute.values.len();
        numbers.extend(attribute.values.iter().filter_map(|name| projection.member(name)));
        // The last range says so by a star; an empty one would go on for ever.
        if attribute.values.is_empty() || attribute.name.ends_with("-*") || !attribute.name.contains(";range=") {
            break;
        }
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

fn highest_usn(directory: &dyn Directory, context: &Context<'_>) -> Result<u64, Error> {
    const NAME: &str = "highestCommittedUSN";
    let attributes = directory.root_dse(context, &|name| name.eq_ignore_ascii_case(NAME))?;
    let found = attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(NAME));
    let text = found.and_then(|found| found.values.first()).and_then(|value| std::str::from_utf8(value).ok());
    text.and_then(|text| text.parse().ok()).ok_or(Error::Directory(administration::Error::Unsaid { attribute: NAME }))
}

fn take_over(
    transaction: &mut dyn WriteTransaction,
    object: &Projected,
    members: &[u32],
    progress: &mut Progress,
) -> Result<(), StoreError> {
    match object {
        Projected::Nothing => {}
        Projected::Gone(number) => forget(transaction, *number, progress)?,
        Projected::User(user) => {
            progress.users += 1;
            put(transaction, &USERS, user, progress)?;
        }
        Projected::Group(group) => {
            progress.groups += 1;
            put(transaction, &GROUPS, group, progress)?;
            progress.changes += MEMBERS.set_members(transaction, group.gid, members)? as u64;
        }
    }
    Ok(())
}

/// Keeps a record, if it is another than before: what changed of an object is mostly nothing that the host sees.
fn put<T: Named + PartialEq>(
    transaction: &mut dyn WriteTransaction,
    book: &Book<T>,
    record: &T,
    progress: &mut Progress,
) -> Result<(), StoreError> {
    let former = book.get(transaction, record.number())?;
    if former.as_ref() != Some(record) {
        progress.changes += 1;
        book.put(transaction, record, former.as_ref())?;
    }
    Ok(())
}

/// Removes the account with this number, whichever kind it is, and with it what it was a member of, as the directory
/// does without another number for the group. The RIDs of users and groups are one series.
fn forget(transaction: &mut dyn WriteTransaction, number: u32, progress: &mut Progress) -> Result<(), StoreError> {
    if let Some(user) = USERS.get(transaction, number)? {
        USERS.remove(transaction, &user)?;
        MEMBERS.forget_member(transaction, number)?;
        progress.changes += 1;
    }
    if let Some(group) = GROUPS.get(transaction, number)? {
        GROUPS.remove(transaction, &group)?;
        MEMBERS.forget_group(transaction, number)?;
        MEMBERS.forget_member(transaction, number)?;
        progress.changes += 1;
    }
    Ok(())
}

/// How much of the walk is done. The whole is reached by the end of the run alone.
fn percent(run: &Run, next: u64) -> u8 {
    let all = run.until.saturating_add(1).saturating_sub(run.start).max(1);
    let done = next.saturating_sub(run.start).min(all);
    u8::try_from(u128::from(done) * 100 / u128::from(all)).map_or(99, |percent| percent.min(99))
}
