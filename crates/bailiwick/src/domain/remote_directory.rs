//! A running server as a directory of the port, so that use-cases work on it as on a folder.

use std::sync::{Mutex, PoisonError};

use bailiwick_accounts::administration::{Answer, Refusal as HostRefusal, Request as HostRequest};
use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_adtypes::object_name::ObjectName;
use bailiwick_domain::{
    Applied, AttributeFault, Authentication, Budget, Change, Check, Collect, Context, Directory, Entry, Error, Limits,
    Password, Position, Progress, Refusal, Refused, Requester, Scope, SearchOptions, SearchRequest, Sink, Verdict,
};
use bailiwick_ldap::control::{Control, DomainScope, PagedResults, SdFlags, ServerSideSort, SortKey};
use bailiwick_ldap::request::{self, CompareRequest, DereferenceAliases, Request};

use super::Remote;
use super::connection::{End, Received};
use crate::exit::Failure;

/// The most entries of one page; what directories allow.
const PAGE_ENTRIES_MAX: u32 = 1000;
/// compareTrue and compareFalse.
const COMPARED: [(u32, bool); 2] = [(6, true), (5, false)];

/// A server on whose connection the owner of its folder has signed in.
pub struct RemoteDirectory(Mutex<Remote>);

impl RemoteDirectory {
    /// The directory behind a connection.
    pub fn new(remote: Remote) -> RemoteDirectory {
        RemoteDirectory(Mutex::new(remote))
    }

    /// Asks something of the host behind the server.
    ///
    /// # Errors
    /// As for [`Remote::administer`].
    pub(super) fn administer(&self, request: &HostRequest) -> Result<Result<Answer, HostRefusal>, Failure> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).administer(request)
    }

    fn with<T>(&self, work: impl FnOnce(&mut Remote) -> Result<T, Failure>) -> Result<T, Error> {
        let mut remote = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut remote).map_err(|failure| Error::Unavailable { reason: failure.to_string() })
    }

    /// Reads one object by its name.
    fn read(&self, context: &Context<'_>, name: ObjectName, selection: &[&str]) -> Result<Option<Entry>, Error> {
        let request = SearchRequest {
            base: name,
            scope: Scope::Base,
            filter: Filter::any_object(),
            selection: selection.iter().map(|&name| name.to_owned()).collect(),
            types_only: false,
            options: SearchOptions::default(),
        };
        let mut found = Collect::default();
        self.search(context, &request, None, Budget { entries_examined: u32::MAX, entries_sent: 1 }, &mut found)?;
        Ok(found.entries.pop())
    }
}

impl Directory for RemoteDirectory {
    /// A page that was fetched is handed over whole, whatever the sink says: the server's cookie stands behind its last
    /// entry. The position is that cookie, and good on this connection only.
    fn search(
        &self,
        _: &Context<'_>,
        request: &SearchRequest,
        from: Option<&Position>,
        budget: Budget,
        sink: &mut dyn Sink,
    ) -> Result<Progress, Error> {
        let base = request.base.to_string();
        let wire = request::SearchRequest {
            base: &base,
            scope: match request.scope {
                Scope::Base => request::Scope::Base,
                Scope::OneLevel => request::Scope::OneLevel,
                Scope::Subtree => request::Scope::Subtree,
            },
            dereference_aliases: DereferenceAliases::Never,
            size_limit: 0,
            time_limit_seconds: 0,
            types_only: request.types_only,
            filter: request.filter.clone(),
            attributes: request.selection.iter().map(String::as_str).collect(),
        };
        let cookie = from.map_or(&[][..], |position| &position.0);
        let paged = PagedResults { size: budget.entries_sent.min(PAGE_ENTRIES_MAX), cookie }.encode();
        let mut controls = vec![Control::critical(PagedResults::OID, Some(&paged))];
        if request.options.domain_scope {
            controls.push(Control::optional(DomainScope::OID, None));
        }
        let sd_flags = request.options.sd_flags.map(|flags| SdFlags { flags }.encode());
        if let Some(value) = &sd_flags {
            controls.push(Control::critical(SdFlags::OID, Some(value)));
        }
        let keys = request.options.sort.iter().map(|key| SortKey {
            attribute: &key.attribute,
            rule: key.rule.as_deref(),
            reverse: key.reverse,
        });
        let sort = ServerSideSort { keys: keys.collect() };
        let sort = (!sort.keys.is_empty()).then(|| sort.encode());
        if let Some(value) = &sort {
            controls.push(Control::critical(ServerSideSort::OID, Some(value)));
        }
        let (found, end) = self.with(|remote| {
            remote.request(&Request::Search(wire), &controls);
            let mut found = Vec::new();
            let end = loop {
                match remote.receive()? {
                    Received::Entry(entry) => found.push(entry),
                    Received::Other => {}
                    Received::End(end) => break end,
                }
            };
            found.iter_mut().try_for_each(|entry| remote.complete(entry))?;
            Ok((found, end))
        })?;
        if end.code != 0 {
            return Err(error(&end));
        }
        for entry in &found {
            hand_over(entry, sink);
        }
        Ok(end.cookie.map_or(Progress::Done, |cookie| Progress::More(Position(cookie))))
    }

    /// One change at a time: LDAP has no list of changes that is applied whole.
    fn apply(&self, context: &Context<'_>, changes: &[Change]) -> Result<Vec<Applied>, Refused> {
        let [change] = changes else {
            return match changes {
                [] => Ok(Vec::new()),
                _ => Err(Refused { index: 1, error: Error::Refused(Refusal::Contradiction) }),
            };
        };
        let refused = |error| Refused { index: 0, error };
        let end = self.with(|remote| {
            remote.send(change);
            remote.end()
        });
        let end = end.map_err(refused)?;
        if end.code != 0 {
            return Err(refused(error(&end)));
        }
        let name = match change {
            Change::Add { name, .. } => name.clone(),
            // Whoever changes an object knows it already; only a new one has an identity that nobody knows.
            Change::Modify { .. } | Change::Rename(_) | Change::Delete { .. } => {
                return Ok(vec![Applied { guid: Guid::NIL }]);
            }
        };
        let entry = self.read(context, name, &["objectGUID"]).map_err(refused)?;
        let guid = entry.and_then(|entry| Guid::try_from(entry.values("objectGUID").first()?.as_slice()).ok());
        Ok(vec![Applied { guid: guid.unwrap_or(Guid::NIL) }])
    }

    fn compare(&self, _: &Context<'_>, name: &ObjectName, attribute: &str, value: &[u8]) -> Result<bool, Error> {
        let entry = name.to_string();
        let end = self.with(|remote| {
            remote.request(&Request::Compare(CompareRequest { entry: &entry, attribute, value }), &[]);
            remote.end()
        })?;
        let found = COMPARED.iter().find(|(code, _)| *code == end.code);
        found.map(|(_, same)| *same).ok_or_else(|| error(&end))
    }

    /// A sign-in on this connection would change who asks on it, so there is none.
    fn authenticate(&self, _: &Context<'_>, _: &str, _: &Password) -> Authentication {
        Authentication::Decided(Err(Error::Refused(Refusal::Contradiction)))
    }

    fn finish(&self, _: &Context<'_>, _: Check, _: Verdict) -> Result<Requester, Error> {
        Err(Error::Refused(Refusal::Contradiction))
    }

    fn root_dse(&self, context: &Context<'_>, _: &dyn Fn(&str) -> bool) -> Result<Vec<Attribute>, Error> {
        let root = ObjectName::Dn(bailiwick_adtypes::dn::Dn::default());
        Ok(self.read(context, root, &[])?.map(|entry| entry.attributes).unwrap_or_default())
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }
}

fn hand_over(entry: &Entry, sink: &mut dyn Sink) {
    sink.begin(&entry.dn);
    for attribute in &entry.attributes {
        sink.attribute(&attribute.name);
        for value in &attribute.values {
            sink.value(value);
        }
    }
    sink.end();
}

/// What use-cases look at has its own meaning back; the rest is for people, who get the server's words.
fn error(end: &End) -> Error {
    let attribute = || end.text.split(": ").nth(1).unwrap_or_default();
    match (end.code, end.text.get(..8).unwrap_or_default()) {
        (32, _) => Error::NoSuchObject { matched: String::new() },
        (16, "00002085") => Error::attribute(attribute(), AttributeFault::NotPresent),
        (50, _) => Error::InsufficientRights,
        (66, _) => Error::HasChildren,
        (68, "00002071") => Error::AlreadyExists,
        (code, _) => Error::Remote { code, text: end.text.clone() },
    }
}
