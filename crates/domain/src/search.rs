//! A search as the port states it: the request, the budget of one slice, and where the results go.

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::filter::Filter;

/// How far from the base a search reaches. RFC 4511 section 4.5.1.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The base itself.
    Base,
    /// Its immediate children.
    OneLevel,
    /// The base and everything below it.
    Subtree,
}

/// What to find and what of it to hand out.
#[derive(Clone, Debug)]
pub struct SearchRequest {
    /// Where to start.
    pub base: ObjectName,
    /// How far to reach.
    pub scope: Scope,
    /// What must hold. Names and values are as the client wrote them.
    pub filter: Filter,
    /// Attribute descriptions to return; empty and `*` mean all that are not operational, `+` the operational
    /// ones, `1.1` none. Unknown names are passed over.
    pub selection: Vec<String>,
    /// Hand out attribute names without values.
    pub types_only: bool,
    /// What controls and faces ask for beyond the plain request.
    pub options: SearchOptions,
}

/// What controls and faces ask for beyond the plain request; the default is a plain search.
#[derive(Clone, Debug, Default)]
pub struct SearchOptions {
    /// Tombstones and deleted objects are visible ([MS-ADTS] 3.1.1.3.4.1.14).
    pub show_deleted: bool,
    /// Which parts of a security descriptor to return: owner 1, group 2, DACL 4, SACL 8. None: attribute not asked by
    /// control, then all parts are returned if it is named.
    pub sd_flags: Option<u32>,
    /// Show names with GUID and SID in front ([MS-ADTS] 3.1.1.3.4.1.5).
    pub extended_dn: Option<ExtendedDnForm>,
    /// Do not continue into other naming contexts by references ([MS-ADTS] 3.1.1.3.4.1.4).
    pub domain_scope: bool,
    /// Search all naming contexts below the base, however they are related ([MS-ADTS] 3.1.1.3.4.1.12).
    pub phantom_root: bool,
    /// Hand results out in this order; empty is the natural order.
    pub sort: Vec<SortKey>,
}

/// How GUID and SID are written in an extended name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtendedDnForm {
    /// Hexadecimal octets.
    Hex,
    /// The dashed GUID and the `S-1-…` form.
    Text,
}

/// One key of a server-side sort. RFC 2891.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// Attribute description.
    pub attribute: String,
    /// Ordering rule, name or OID; none is the attribute's own.
    pub rule: Option<String>,
    /// From the greatest to the least.
    pub reverse: bool,
}

/// What one slice of a search may spend. A driver begins with a small budget on its own thread and goes on
/// elsewhere when it gets [`Progress::More`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How many candidate entries may be examined.
    pub entries_examined: u32,
    /// How many entries may be handed to the sink.
    pub entries_sent: u32,
}

/// How far a search has come after spending its budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Every match was handed to the sink.
    Done,
    /// The budget is spent or the sink is full; pass the position back unchanged to go on.
    ///
    /// When `entries_sent` ended the slice, at least one more match exists.
    More(Position),
}

/// Where a search goes on: plain data, never an open cursor or transaction. It survives a restart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position(pub Vec<u8>);

/// Whether a sink takes another entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Hand over the next one.
    Continue,
    /// Enough for now: the search answers [`Progress::More`] if there is more to do.
    Stop,
}

/// Where results go, one value at a time, borrowed from the mapped page: nothing is collected on the way.
///
/// For each entry: `begin`, then for each attribute `attribute` followed by its `value`s, then `end`.
pub trait Sink {
    /// An entry starts. `dn` is its name as text, extended if that was asked for.
    fn begin(&mut self, dn: &str);
    /// An attribute of the entry starts, with its description as shown (`member;range=0-1499`).
    fn attribute(&mut self, description: &str);
    /// One value of the attribute, in its LDAP form.
    fn value(&mut self, value: &[u8]);
    /// The entry is complete.
    fn end(&mut self) -> Flow;
    /// A continuation reference: an LDAP URL.
    fn reference(&mut self, url: &str);
}
