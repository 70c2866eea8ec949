//! Reading entries. RFC 4511 section 4.5; pages: RFC 2696; order: RFC 2891.
//!
//! A search begins on the thread that read it, with a small budget, and writes straight into the output. What does
//! not end there goes on in the pool, a slice a turn. When the client does not take what it is sent, the search is
//! parked: it holds a position and no memory to speak of. The clock is looked at between slices.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use bailiwick_domain::{Budget, Error, Position, Progress, Requester, SearchRequest};
use bailiwick_ldap::control::{Control, PagedResults, ServerSideSortResponse};
use bailiwick_ldap::message::MessageId;
use bailiwick_ldap::request;
use bailiwick_ldap::response::{ResponseKind, write_result};
use bailiwick_ldap::result_code::ResultCode;
use parking_lot::Mutex;

use super::{Step, Surroundings, end, extended, log_failure, send_away};
use crate::ldap::controls::RequestControls;
use crate::ldap::from_wire;
use crate::ldap::mailbox::{Outcome, Reply, RequestId};
use crate::ldap::result::Answer;
use crate::ldap::root_dse;
use crate::ldap::service::Service;
use crate::ldap::session::{Began, Running, Session, Work};
use crate::ldap::to_wire::{Probe, ToWire};
use crate::telemetry::Place;

/// How many entries a search may examine on the thread that read it: enough for every search by an index.
const INLINE_ENTRIES_EXAMINED_MAX: u32 = 256;
/// How many entries a slice in the pool may examine; some milliseconds' worth, so that turns come round quickly.
const SLICE_ENTRIES_EXAMINED_MAX: u32 = 4096;
/// How many octets a slice in the pool may produce.
const SLICE_OCTETS_MAX: usize = 64 * 1024;

/// A search under way. It is plain data: it can lie parked, or go from thread to thread.
pub struct SearchTask {
    id: MessageId,
    request_id: RequestId,
    request: SearchRequest,
    requester: Arc<Requester>,
    position: Option<Position>,
    deadline: Instant,
    /// Entries sent in answer to this message.
    sent: u32,
    /// The most entries to send in answer to this message.
    entries_max: u32,
    /// What it means when that many were sent.
    at_most: AtMost,
    page: Option<Page>,
    sort: Option<SortState>,
    /// What a slice in the pool produced; the buffer is used again and again.
    produced: Vec<u8>,
}

/// What ends an answer that has as many entries as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AtMost {
    /// The page is full; a cookie leads on.
    Page,
    /// The size limit: an error if there is another match, so one more is looked for.
    SizeLimit,
}

/// What is known of a paged search.
#[derive(Clone, Copy, Debug)]
struct Page {
    fingerprint: u64,
    sent_before: u32,
}

/// The order that was asked for, and whether it can be had.
#[derive(Clone, Copy, Debug)]
struct SortState {
    critical: bool,
    code: ResultCode,
}

/// How a slice left the search.
#[derive(Debug)]
pub enum Turn {
    /// There is more to do.
    More,
    /// The search has ended.
    Ended(SearchEnd),
}

/// Why a search has ended.
#[derive(Debug)]
pub enum SearchEnd {
    /// Every match was sent.
    Complete,
    /// The page is full.
    PageFull,
    /// There are more matches than may be sent.
    SizeLimit,
    /// It took too long.
    TimeLimit,
    /// Nobody waits any more.
    Abandoned,
    /// The pool takes no more slices.
    Busy,
    /// It cannot be done.
    Failed(Error),
}

/// Begins a search, and ends it right here if it is short.
pub fn begin(
    session: &mut Session,
    around: &Surroundings<'_>,
    began: Began,
    wire: request::SearchRequest<'_>,
    controls: RequestControls<'_>,
) -> Step {
    if wire.base.is_empty() && wire.scope == request::Scope::Base {
        return root_dse::run(session, around, &began, &wire, &controls);
    }
    let mut task = match prepare(session, around.service, &began, wire, &controls) {
        Ok(Some(task)) => task,
        Ok(None) => return end_forgotten(session, around, &began),
        Err(answer) => return end(session, around, &began, &answer),
    };
    let mut output = std::mem::take(&mut session.output);
    let octets_max = around.service.limits.output_octets_max;
    let turn = task.slice(around.service, INLINE_ENTRIES_EXAMINED_MAX, &mut output, octets_max, Place::Inline);
    session.output = output;
    match turn {
        Turn::Ended(ended) => finish(session, around, &began, task, ended),
        Turn::More => {
            let work = Work::Search { abandoned: Arc::default(), parked: None, cancelled_by: None };
            go_on(session, around, Running { began, work }, Box::new(task))
        }
    }
}

/// Takes what a slice in the pool produced.
pub fn resume(
    session: &mut Session,
    around: &Surroundings<'_>,
    running: Running,
    mut task: Box<SearchTask>,
    turn: Turn,
) -> Step {
    session.output.extend_from_slice(&task.produced);
    task.produced.clear();
    match turn {
        Turn::More => go_on(session, around, running, task),
        Turn::Ended(ended) => end_running(session, around, running, *task, ended),
    }
}

/// Sends on the searches that were parked, as far as the output has room again.
pub fn unpark(session: &mut Session, around: &Surroundings<'_>) {
    // Half of the limit, so that a client that takes little by little does not cost a slice for each entry.
    let room = around.service.limits.output_octets_max / 2;
    let is_parked = |running: &Running| matches!(running.work, Work::Search { parked: Some(_), .. });
    while session.output.len() <= room {
        let Some(index) = session.running.iter().position(is_parked) else { return };
        let mut running = session.running.swap_remove(index);
        let Work::Search { parked, .. } = &mut running.work else { return };
        let Some(task) = parked.take() else { return };
        let id = running.began.id;
        if go_on(session, around, running, task) == Step::Ended {
            session.also_ended.push(id);
        }
    }
}

/// Cancels the search at `index` on behalf of a cancel operation. RFC 3909.
pub fn cancel(session: &mut Session, around: &Surroundings<'_>, index: usize, by: Began) {
    let Work::Search { abandoned, parked, cancelled_by } = &mut session.running[index].work else { return };
    abandoned.store(true, Ordering::Relaxed);
    *cancelled_by = Some(by);
    // A parked search is here and ends at once; one in the pool ends when its slice does.
    let Some(task) = parked.take() else { return };
    let running = session.running.swap_remove(index);
    let id = running.began.id;
    end_running(session, around, running, *task, SearchEnd::Abandoned);
    session.also_ended.push(id);
}

/// The search to run; none when the client gives up a paged search by asking for a page of no entries.
fn prepare(
    session: &mut Session,
    service: &Service,
    began: &Began,
    wire: request::SearchRequest<'_>,
    controls: &RequestControls<'_>,
) -> Result<Option<SearchTask>, Answer> {
    let most = service.request_limits().page_entries_max.max(1);
    let size_limit = if wire.size_limit == 0 { u32::MAX } else { wire.size_limit };
    let deadline = began.at + service.search_time(wire.time_limit_seconds);
    let sort = controls.sort.as_ref().map(|sort| SortState { critical: sort.critical, code: ResultCode::Success });
    let mut position = None;
    let mut page = None;
    let (mut entries_max, mut at_most) = (size_limit.min(most), AtMost::SizeLimit);
    if let Some(paged) = &controls.paged {
        let fingerprint = from_wire::fingerprint(&wire, controls);
        let mut sent_before = 0;
        if !paged.cookie.is_empty() {
            let known = session.take_page(paged.cookie).filter(|known| known.fingerprint == fingerprint);
            let known = known.ok_or_else(|| Answer::from(&Error::InvalidPosition))?;
            if paged.size == 0 {
                return Ok(None);
            }
            position = Some(known.position);
            sent_before = known.sent;
        }
        let page_size = if paged.size == 0 { most } else { paged.size.min(most) };
        let left = size_limit.saturating_sub(sent_before).max(1);
        entries_max = page_size.min(left);
        at_most = if left <= page_size { AtMost::SizeLimit } else { AtMost::Page };
        page = Some(Page { fingerprint, sent_before });
    }
    Ok(Some(SearchTask {
        id: began.id,
        request_id: began.request_id,
        request: from_wire::search(wire, controls).map_err(|error| Answer::from(&error))?,
        requester: Arc::clone(&session.requester),
        position,
        deadline,
        sent: 0,
        entries_max,
        at_most,
        page,
        sort,
        produced: Vec::new(),
    }))
}

impl SearchTask {
    /// Does a slice: at most this many entries examined, and no more output than this.
    fn slice(
        &mut self,
        service: &Service,
        entries_examined: u32,
        out: &mut Vec<u8>,
        octets_max: usize,
        place: Place,
    ) -> Turn {
        if Instant::now() >= self.deadline {
            return Turn::Ended(SearchEnd::TimeLimit);
        }
        let left = self.entries_max - self.sent;
        if left == 0 {
            return self.probe(service, entries_examined);
        }
        let budget = Budget { entries_examined, entries_sent: left };
        let mut sink = ToWire::new(out, self.id, octets_max);
        let context = service.context(&self.requester, self.request_id);
        let result = service.directory.search(&context, &self.request, self.position.as_ref(), budget, &mut sink);
        let entries = sink.entries();
        self.sent += entries;
        service.metrics.search_slice(place, entries.into());
        match result {
            Ok(Progress::Done) => Turn::Ended(SearchEnd::Complete),
            Ok(Progress::More(position)) => {
                self.position = Some(position);
                match self.at_most {
                    AtMost::Page if self.sent == self.entries_max => Turn::Ended(SearchEnd::PageFull),
                    AtMost::Page | AtMost::SizeLimit => Turn::More,
                }
            }
            Err(Error::CannotSort) => self.give_up_order(),
            Err(error) => Turn::Ended(SearchEnd::Failed(error)),
        }
    }

    /// As many entries as allowed were sent: whether that is an error depends on there being another.
    fn probe(&mut self, service: &Service, entries_examined: u32) -> Turn {
        let mut sink = Probe::default();
        let budget = Budget { entries_examined, entries_sent: 1 };
        let context = service.context(&self.requester, self.request_id);
        match service.directory.search(&context, &self.request, self.position.as_ref(), budget, &mut sink) {
            Ok(_) if sink.found => Turn::Ended(SearchEnd::SizeLimit),
            Ok(Progress::Done) => Turn::Ended(SearchEnd::Complete),
            Ok(Progress::More(position)) => {
                self.position = Some(position);
                Turn::More
            }
            Err(error) => Turn::Ended(SearchEnd::Failed(error)),
        }
    }

    /// RFC 2891 section 1.2: results without order if the client can use them, none if it cannot.
    fn give_up_order(&mut self) -> Turn {
        match &mut self.sort {
            Some(sort) => {
                sort.code = ResultCode::InappropriateMatching;
                if sort.critical || self.sent > 0 {
                    return Turn::Ended(SearchEnd::Failed(Error::CannotSort));
                }
                self.request.options.sort.clear();
                Turn::More
            }
            None => Turn::Ended(SearchEnd::Failed(Error::CannotSort)),
        }
    }
}

/// Sends a search to the pool, or parks it when the client has enough to take.
fn go_on(session: &mut Session, around: &Surroundings<'_>, mut running: Running, task: Box<SearchTask>) -> Step {
    let Work::Search { abandoned, parked, .. } = &mut running.work else { return Step::Away };
    if session.output.len() >= around.service.limits.output_octets_max {
        *parked = Some(task);
        session.running.push(running);
        return Step::Away;
    }
    let abandoned = Arc::clone(abandoned);
    let request_id = running.began.request_id;
    let Running { began, work } = running;
    let reply = send_away(session, around, began, work);
    let slicer = Slicer { service: Arc::clone(around.service), abandoned, reply, task };
    if slicer.submit().is_ok() {
        return Step::Away;
    }
    let Some(running) = session.take_running(request_id) else { return Step::Away };
    end(session, around, &running.began, &Answer::from(&Error::Busy))
}

/// A search in the pool.
struct Slicer {
    service: Arc<Service>,
    abandoned: Arc<AtomicBool>,
    reply: Reply,
    task: Box<SearchTask>,
}

impl Slicer {
    /// Queues the next turn; gives the search back when the queue takes no more.
    fn submit(self) -> Result<(), Slicer> {
        let owner = self.reply.owner();
        let service = Arc::clone(&self.service);
        // A job that is not taken is dropped: the search lies where both sides can reach it.
        let place = Arc::new(Mutex::new(Some(self)));
        let taken = Arc::clone(&place);
        let job = move || {
            let slicer = taken.lock().take();
            if let Some(slicer) = slicer {
                slicer.turn();
            }
        };
        let submitted = service.searches.submit(owner, Box::new(job));
        match submitted {
            Ok(()) => Ok(()),
            Err(_full) => place.lock().take().map_or(Ok(()), Err),
        }
    }

    /// One turn. A slice that found nothing to send queues again without troubling the event loop.
    fn turn(mut self) {
        if self.abandoned.load(Ordering::Relaxed) {
            return self.reply.send(Outcome::Slice(self.task, Turn::Ended(SearchEnd::Abandoned)));
        }
        let mut produced = std::mem::take(&mut self.task.produced);
        let turn =
            self.task.slice(&self.service, SLICE_ENTRIES_EXAMINED_MAX, &mut produced, SLICE_OCTETS_MAX, Place::Pool);
        self.task.produced = produced;
        if matches!(turn, Turn::More) && self.task.produced.is_empty() {
            if let Err(refused) = self.submit() {
                refused.reply.send(Outcome::Slice(refused.task, Turn::Ended(SearchEnd::Busy)));
            }
        } else {
            self.reply.send(Outcome::Slice(self.task, turn));
        }
    }
}

/// Ends a search that was away, and with it the cancel that may wait for it.
fn end_running(
    session: &mut Session,
    around: &Surroundings<'_>,
    running: Running,
    task: SearchTask,
    ended: SearchEnd,
) -> Step {
    let step = finish(session, around, &running.began, task, ended);
    if let Work::Search { cancelled_by: Some(cancel), .. } = running.work {
        extended::cancelled(session, around, &cancel);
    }
    step
}

/// Writes the end of a search, with the controls that belong to it.
fn finish(
    session: &mut Session,
    around: &Surroundings<'_>,
    began: &Began,
    mut task: SearchTask,
    ended: SearchEnd,
) -> Step {
    let mut cookie = None;
    let answer = match ended {
        SearchEnd::Complete => Answer::SUCCESS,
        SearchEnd::PageFull => {
            if let (Some(page), Some(position)) = (task.page, task.position.take()) {
                let sent = page.sent_before.saturating_add(task.sent);
                let pages_max = around.service.limits.paged_searches_per_connection_max;
                cookie = Some(session.keep_page(page.fingerprint, position, sent, pages_max));
            }
            Answer::SUCCESS
        }
        SearchEnd::SizeLimit => Answer::fixed(ResultCode::SizeLimitExceeded, "00002023: there are more entries"),
        SearchEnd::TimeLimit => Answer::fixed(ResultCode::TimeLimitExceeded, "00002022: the search took too long"),
        SearchEnd::Busy => Answer::from(&Error::Busy),
        SearchEnd::Abandoned => Answer::fixed(ResultCode::Canceled, "00000057: the search was cancelled"),
        SearchEnd::Failed(Error::CannotSort) if task.sort.is_some_and(|sort| sort.critical) => {
            Answer::fixed(ResultCode::UnavailableCriticalExtension, "0000202C: the results cannot be sorted so")
        }
        SearchEnd::Failed(error) => {
            log_failure::<()>(began, &Err(error.clone()));
            Answer::from(&error)
        }
    };
    // RFC 2696 section 3: the control is in every answer to a request that has it, on a single page too.
    let paged = task.page.map(|_| {
        let cookie = cookie.as_ref().map_or(&[][..], |cookie| cookie);
        PagedResults { size: 0, cookie }.encode()
    });
    let sort = task.sort.map(|sort| ServerSideSortResponse { code: sort.code, attribute: None }.encode());
    let mut controls = Vec::new();
    if let Some(value) = &sort {
        controls.push(Control::optional(ServerSideSortResponse::OID, Some(value)));
    }
    if let Some(value) = &paged {
        controls.push(Control::optional(PagedResults::OID, Some(value)));
    }
    write_result(&mut session.output, began.id, ResponseKind::SearchDone, &answer.as_wire(), &controls);
    session.ended(&around.service.metrics, began, answer.code);
    Step::Ended
}

fn end_forgotten(session: &mut Session, around: &Surroundings<'_>, began: &Began) -> Step {
    let value = PagedResults { size: 0, cookie: &[] }.encode();
    let controls = [Control::optional(PagedResults::OID, Some(&value))];
    write_result(&mut session.output, began.id, ResponseKind::SearchDone, &Answer::SUCCESS.as_wire(), &controls);
    session.ended(&around.service.metrics, began, ResultCode::Success);
    Step::Ended
}
