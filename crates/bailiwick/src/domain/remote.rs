//! The domain behind a running server, over LDAP.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::path::Path;

use bailiwick_accounts::administration::{Answer, Refusal, Request as HostRequest, Unreadable, parse_result};
use bailiwick_adtypes::dn::{Dn, ObjectName};
use bailiwick_adtypes::filter::Filter;
use bailiwick_credential::Password;
use bailiwick_domain::{Change, Entry, Scope};
use bailiwick_ldap::control::{Control, DomainScope, PagedResults, PermissiveModify, SdFlags, TreeDelete};
use bailiwick_ldap::extended::host_administration;
use bailiwick_ldap::message::MessageId;
use bailiwick_ldap::request::{
    self, AddRequest, Authentication, BindRequest, DeleteRequest, DereferenceAliases, ModifyDnRequest, ModifyRequest,
    Request, SearchRequest,
};

use bailiwick_server::ldap::AS_SYSTEM;

use super::connection::{Connection, ConnectionError, End, Protection, Received};
use super::{Address, Domain, Judge, Query, Refused, Verdict, Visit};
use crate::exit::Failure;

/// How many changes are under way at once; below what servers take from one connection.
const CHANGES_UNDER_WAY_MAX: usize = 48;
/// How many entries a page has; what directories allow.
const PAGE_ENTRIES: u32 = 1000;
/// noSuchObject.
const NO_SUCH_OBJECT: u32 = 32;

/// How to sign in.
#[derive(Debug)]
pub struct SignIn {
    /// Any name that a directory takes.
    pub name: String,
    /// The password.
    pub password: Password,
}

/// What the owner of a data folder is to the server that uses it.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    /// An administrator, bound by the rules of the directory.
    Administrator,
    /// The directory itself, which may restore what administrators may not write.
    System,
}

impl Role {
    fn bind(self) -> BindRequest<'static> {
        let credentials = match self {
            Role::Administrator => None,
            Role::System => Some(AS_SYSTEM.as_bytes()),
        };
        let authentication = Authentication::Sasl { mechanism: "EXTERNAL", credentials };
        BindRequest { authentication, ..BindRequest::external() }
    }
}

/// A connection on which somebody has signed in.
pub struct Remote {
    connection: Connection,
    server: String,
    base_dn: String,
}

impl Remote {
    /// Connects and signs in.
    ///
    /// # Errors
    /// The server cannot be reached, or refuses the sign-in.
    pub fn open(address: &Address, protection: &Protection, sign_in: &SignIn) -> Result<Remote, Failure> {
        let server = address.to_string();
        match Connection::open(address, protection) {
            Ok(connection) => {
                Remote::sign_in(connection, server, BindRequest::simple(&sign_in.name, sign_in.password.expose()))
            }
            Err(source) => Err(Failure::Connection { address: server, source }),
        }
    }

    /// Connects to the socket in the data folder of a server on this machine, as the owner of the folder; none when no
    /// server listens there.
    ///
    /// # Errors
    /// As for `open`.
    pub fn open_local(path: &Path, role: Role) -> Result<Option<Remote>, Failure> {
        let server = path.display().to_string();
        match Connection::open_local(path) {
            Ok(connection) => Remote::sign_in(connection, server, role.bind()).map(Some),
            // A server that was killed leaves its socket behind. A path too long for a socket has none.
            Err(ConnectionError::Io(error))
                if matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::ConnectionRefused | ErrorKind::InvalidInput
                ) =>
            {
                Ok(None)
            }
            Err(source) => Err(Failure::Connection { address: server, source }),
        }
    }

    fn sign_in(connection: Connection, server: String, bind: BindRequest<'_>) -> Result<Remote, Failure> {
        let mut remote = Remote { connection, server, base_dn: String::new() };
        remote.connection.send(&Request::Bind(bind), &[]);
        let end = remote.end()?;
        if end.code != 0 {
            let refused = Refused { code: end.code, text: end.text };
            return Err(Failure::SignIn { address: remote.server, refused });
        }
        let query = Query {
            base: "",
            scope: Scope::Base,
            filter: "(objectClass=*)",
            attributes: &["defaultNamingContext"],
            secrets: false,
        };
        let mut base_dn = None;
        remote.search(&query, &mut |entry| {
            base_dn = entry.text("defaultNamingContext").map(str::to_owned);
            Ok(())
        })?;
        remote.base_dn = base_dn.unwrap_or_default();
        Ok(remote)
    }

    fn broken(&self, source: ConnectionError) -> Failure {
        Failure::Connection { address: self.server.clone(), source }
    }

    /// What the server sends next.
    pub(super) fn receive(&mut self) -> Result<Received, Failure> {
        let received = self.connection.receive();
        received.map_err(|source| self.broken(source))
    }

    /// How the next operation ends.
    pub(super) fn end(&mut self) -> Result<End, Failure> {
        loop {
            if let Received::End(end) = self.receive()? {
                return Ok(end);
            }
        }
    }

    /// Puts a change into the output.
    pub(super) fn send(&mut self, change: &Change) -> MessageId {
        match change {
            Change::Add { name, attributes, sd_flags } => {
                let request = AddRequest { entry: &name.to_string(), attributes: attributes.clone() };
                let flags = sd_flags.map(|flags| SdFlags { flags }.encode());
                let controls: Vec<_> =
                    flags.iter().map(|value| Control::critical(SdFlags::OID, Some(value.as_slice()))).collect();
                self.connection.send(&Request::Add(request), &controls)
            }
            Change::Modify { name, modifications, permissive, sd_flags } => {
                let request = ModifyRequest { entry: &name.to_string(), modifications: modifications.clone() };
                let flags = sd_flags.map(|flags| SdFlags { flags }.encode());
                let permissive = permissive.then(|| Control::critical(PermissiveModify::OID, None));
                let flags = flags.iter().map(|value| Control::critical(SdFlags::OID, Some(value.as_slice())));
                let controls: Vec<_> = permissive.into_iter().chain(flags).collect();
                self.connection.send(&Request::Modify(request), &controls)
            }
            Change::Rename(rename) => {
                let superior = rename.new_superior.as_ref().map(ObjectName::to_string);
                let request = ModifyDnRequest {
                    entry: &rename.name.to_string(),
                    new_rdn: &rename.new_rdn.to_string(),
                    delete_old_rdn: rename.delete_old_rdn,
                    new_superior: superior.as_deref(),
                };
                self.connection.send(&Request::ModifyDn(request), &[])
            }
            Change::Delete { name, tree } => {
                let controls = [Control::critical(TreeDelete::OID, None)];
                let request = DeleteRequest { entry: &name.to_string() };
                self.connection.send(&Request::Delete(request), if *tree { &controls } else { &[] })
            }
        }
    }

    /// One page; gives the cookie of the next one.
    fn page(
        &mut self,
        query: &Query<'_>,
        filter: &Filter,
        cookie: &[u8],
        found: &mut Vec<Entry>,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let request = SearchRequest {
            base: query.base,
            scope: match query.scope {
                Scope::Base => request::Scope::Base,
                Scope::OneLevel => request::Scope::OneLevel,
                Scope::Subtree => request::Scope::Subtree,
            },
            dereference_aliases: DereferenceAliases::Never,
            size_limit: 0,
            time_limit_seconds: 0,
            types_only: false,
            filter: filter.clone(),
            attributes: query.attributes.to_vec(),
        };
        let value = PagedResults { size: PAGE_ENTRIES, cookie }.encode();
        let controls = [Control::critical(PagedResults::OID, Some(&value)), Control::optional(DomainScope::OID, None)];
        self.connection.send(&Request::Search(request), &controls);
        loop {
            match self.receive()? {
                Received::Entry(entry) => found.push(entry),
                Received::Other => {}
                Received::End(end) if end.code == 0 || end.code == NO_SUCH_OBJECT => return Ok(end.cookie),
                Received::End(end) => {
                    let refused = Refused { code: end.code, text: end.text };
                    return Err(Failure::Refused { doing: "the search".into(), refused });
                }
            }
        }
    }

    /// Reads the rest of attributes of which a server hands out a range at a time. [MS-ADTS] 3.1.1.3.1.3.3.
    pub(super) fn complete(&mut self, entry: &mut Entry) -> Result<(), Failure> {
        let filter = Filter::Present("objectClass".into());
        let base = entry.dn.clone();
        for attribute in &mut entry.attributes {
            while let Some((name, next)) = range(&attribute.name) {
                let name = name.to_owned();
                let Some(next) = next else {
                    attribute.name = name;
                    break;
                };
                let rest = format!("{name};range={next}-*");
                let query = Query {
                    base: &base,
                    scope: Scope::Base,
                    filter: "(objectClass=*)",
                    attributes: &[&rest],
                    secrets: false,
                };
                let mut found = Vec::new();
                self.page(&query, &filter, b"", &mut found)?;
                let more = found.pop().and_then(|mut entry| {
                    entry
                        .attributes
                        .retain(|more| range(&more.name).is_some_and(|(n, _)| n.eq_ignore_ascii_case(&name)));
                    entry.attributes.pop()
                });
                match more {
                    Some(more) => {
                        attribute.name = more.name;
                        attribute.values.extend(more.values);
                    }
                    // The values went away in between.
                    None => attribute.name = name,
                }
            }
        }
        Ok(())
    }
}

/// The name before a range option, and where the next range begins; none when this one is the last.
fn range(description: &str) -> Option<(&str, Option<u32>)> {
    let (name, option) = description.split_once(';')?;
    let (_, last) = option.strip_prefix("range=")?.split_once('-')?;
    Some((name, last.parse::<u32>().ok().and_then(|last| last.checked_add(1))))
}

impl Remote {
    /// Asks something of the host behind the server, which takes it on the socket of the data folder alone.
    ///
    /// # Errors
    /// `Refused` by a server of another version; the connection broke.
    pub(super) fn administer(&mut self, request: &HostRequest) -> Result<Result<Answer, Refusal>, Failure> {
        self.connection.send(&Request::Extended(host_administration::request(&request.to_octets())), &[]);
        let end = self.end()?;
        let result = end.value.as_ref().filter(|_| end.code == 0).map(|value| parse_result(value));
        match result {
            Some(Ok(result)) => Ok(result),
            Some(Err(Unreadable)) | None => {
                let refused = Refused { code: end.code, text: end.text };
                Err(Failure::Refused { doing: "administration of the host".into(), refused })
            }
        }
    }

    /// Puts any request into the output.
    pub(super) fn request(&mut self, request: &Request<'_>, controls: &[Control<'_>]) {
        self.connection.send(request, controls);
    }
}

impl Domain for Remote {
    fn base_dn(&self) -> &str {
        &self.base_dn
    }

    /// Many at once, so that they share the server's flushes. A server runs them side by side, so a change waits for
    /// all before it that touch its object or its parent.
    fn apply(&mut self, mut changes: Vec<Change>, judge: &mut Judge<'_>) -> Result<u64, Failure> {
        let mut under_way: Vec<(MessageId, usize)> = Vec::new();
        let mut waiting: VecDeque<usize> = (0..changes.len()).collect();
        let touched: Vec<[Option<String>; 2]> = changes.iter().map(touches).collect();
        let mut stopping = false;
        let mut applied = 0;
        loop {
            while !stopping && under_way.len() < CHANGES_UNDER_WAY_MAX {
                let Some(&next) = waiting.front() else { break };
                if under_way.iter().any(|&(_, other)| touches_same(&touched[other], &touched[next])) {
                    break;
                }
                waiting.pop_front();
                under_way.push((self.send(&changes[next]), next));
            }
            if under_way.is_empty() {
                return Ok(applied);
            }
            let end = self.end()?;
            let Some(index) = under_way.iter().position(|(id, _)| *id == end.id) else {
                // A notice of disconnection.
                return Err(self.broken(ConnectionError::Closed));
            };
            let (_, place) = under_way.swap_remove(index);
            if end.code == 0 {
                applied += 1;
                continue;
            }
            let refused = Refused { code: end.code, text: end.text };
            match judge(place, &mut changes[place], &refused) {
                Verdict::Retry => waiting.push_front(place),
                Verdict::Skip => {}
                Verdict::Stop => stopping = true,
            }
        }
    }

    fn search(&mut self, query: &Query<'_>, visit: &mut Visit<'_>) -> Result<(), Failure> {
        if query.secrets {
            return Err(Failure::Usage { text: "a running server shows passwords to nobody: stop it to export them" });
        }
        let filter = Filter::parse(query.filter).map_err(|_| Failure::Query { text: query.filter.to_owned() })?;
        let mut cookie = Vec::new();
        loop {
            let mut found = Vec::new();
            let next = self.page(query, &filter, &cookie, &mut found)?;
            for mut entry in found {
                self.complete(&mut entry)?;
                visit(entry)?;
            }
            match next {
                Some(next) => cookie = next,
                None => return Ok(()),
            }
        }
    }
}

/// The names that a change touches, in a form that compares: its object, and the object's parent, where changes could
/// matter to it.
fn touches(change: &Change) -> [Option<String>; 2] {
    let name = match change {
        Change::Add { name, .. } | Change::Modify { name, .. } | Change::Delete { name, .. } => name,
        // What a rename moves is not told by names alone, so nothing runs beside it.
        Change::Rename(_) => return [None, None],
    };
    match name {
        ObjectName::Dn(dn) => {
            let fold = |dn: &Dn| dn.to_string().to_lowercase();
            [Some(fold(dn)), dn.parent().as_ref().map(fold)]
        }
        _ => [None, None],
    }
}

/// Whether the second change must wait for the first: it has the same object, or lies below or above it.
fn touches_same(first: &[Option<String>; 2], second: &[Option<String>; 2]) -> bool {
    match (first, second) {
        ([Some(first), first_parent], [Some(second), second_parent]) => {
            first == second || second_parent.as_ref() == Some(first) || first_parent.as_ref() == Some(second)
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delete(name: &str) -> [Option<String>; 2] {
        touches(&Change::Delete { name: ObjectName::parse(name).unwrap(), tree: false })
    }

    #[test]
    fn a_change_waits_for_its_parent_and_its_own_object() {
        let first = delete("OU=x,DC=example");
        assert!(touches_same(&first, &delete("CN=a,ou=X,DC=Example")));
        assert!(touches_same(&first, &delete("OU=x,DC=example")));
        assert!(touches_same(&delete("CN=a,OU=x,DC=example"), &first));
        assert!(!touches_same(&first, &delete("CN=a,OU=y,DC=example")));
        assert!(!touches_same(&delete("CN=b,OU=x,DC=example"), &delete("CN=a,OU=x,DC=example")));
        assert!(touches_same(&first, &delete("<GUID=00000000000000000000000000000001>")));
    }

    #[test]
    fn ranges_tell_where_they_go_on() {
        assert_eq!(range("member;range=0-1499"), Some(("member", Some(1500))));
        assert_eq!(range("member;range=1500-*"), Some(("member", None)));
        assert_eq!(range("member"), None);
        assert_eq!(range("userCertificate;binary"), None);
    }
}
