//! A search, and its way through the directory: page by page, until the limit or a bound of the host is reached.

use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_adtypes::object_name::ObjectName;
use bailiwick_domain::{
    Budget, Collect, Context, Directory, Entry, Error, Flow, Limits, Position, Progress, SearchOptions, SearchRequest,
    Sink,
};

use super::{Defaults, Endpoint, Parameters, properties};

/// How many candidates the directory examines before it is asked whether time is left.
const SLICE_ENTRIES: u32 = 4096;

/// What one request may cost the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most entries of one reply, whatever its limit says.
    pub entries_max: u32,
    /// The most octets of names and values in one reply.
    pub octets_max: usize,
    /// The most values of one attribute.
    pub values_max: u32,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { entries_max: 10_000, octets_max: 32 << 20, values_max: 100_000 }
    }
}

/// What to search for, and how much of it to return.
#[derive(Clone, Debug)]
pub struct Search {
    /// The search as the directory understands it.
    pub request: SearchRequest,
    /// The most entries; 0 is all.
    pub limit: u32,
    /// The effective list of attributes, as written; empty is all.
    pub properties: Vec<String>,
}

/// What a search found.
#[derive(Debug, Default)]
pub struct Found {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Where it goes on; none when everything was found.
    pub next: Option<Position>,
    /// An attribute had more values than a reply may hold.
    pub values_cut: bool,
}

impl Search {
    /// The search that parameters mean, below `base`.
    pub fn new(
        endpoint: Endpoint,
        defaults: &Defaults,
        parameters: &Parameters,
        base: ObjectName,
        filter: Filter,
    ) -> Search {
        let properties = properties::effective(endpoint, defaults, parameters.properties.as_deref());
        Search {
            request: SearchRequest {
                base,
                scope: parameters.scope,
                filter,
                selection: properties.clone(),
                types_only: false,
                // A reply has no place for references into other naming contexts.
                options: SearchOptions {
                    domain_scope: true,
                    sort: parameters.sort.iter().cloned().collect(),
                    ..SearchOptions::default()
                },
            },
            limit: parameters.limit.unwrap_or(defaults.limit),
            properties,
        }
    }

    /// Performs the search from the beginning, or from a position of it. `time_is_left` is asked now and then; when it
    /// says no, the search is cut there. Blocking: it belongs on a thread for that.
    ///
    /// # Errors
    /// Those of [`Directory::search`].
    pub fn run(
        &self,
        directory: &dyn Directory,
        context: &Context<'_>,
        from: Option<Position>,
        bounds: Bounds,
        time_is_left: &dyn Fn() -> bool,
    ) -> Result<Found, Error> {
        // All values of an attribute at once: a program that reads JSON asks for no ranges.
        let limits = Limits { range_values_max: bounds.values_max, ..context.limits };
        let context = Context { limits, ..context.clone() };
        let entries_max = match self.limit {
            0 => bounds.entries_max,
            limit => limit.min(bounds.entries_max),
        };
        let mut gathered =
            Gathered { collected: Collect::default(), octets_left: bounds.octets_max, values_cut: false };
        let mut next = from;
        loop {
            let found = u32::try_from(gathered.collected.entries.len()).unwrap_or(u32::MAX);
            let budget = Budget {
                entries_examined: SLICE_ENTRIES,
                entries_sent: entries_max.saturating_sub(found).min(SLICE_ENTRIES),
            };
            match directory.search(&context, &self.request, next.as_ref(), budget, &mut gathered)? {
                Progress::Done => next = None,
                Progress::More(position) => next = Some(position),
            }
            let full = gathered.collected.entries.len() >= entries_max as usize || gathered.octets_left == 0;
            if next.is_none() || full || !time_is_left() {
                return Ok(Found { entries: gathered.collected.entries, next, values_cut: gathered.values_cut });
            }
        }
    }
}

/// Collects entries until they are too large together.
struct Gathered {
    collected: Collect,
    octets_left: usize,
    values_cut: bool,
}

impl Sink for Gathered {
    fn begin(&mut self, dn: &str) {
        self.octets_left = self.octets_left.saturating_sub(dn.len());
        self.collected.begin(dn);
    }

    fn attribute(&mut self, description: &str) {
        // `member;range=0-99999` is the attribute `member`, cut.
        let name = description.split(';').next().unwrap_or(description);
        self.values_cut |= description.len() > name.len() && !description.ends_with("-*");
        self.octets_left = self.octets_left.saturating_sub(name.len());
        self.collected.attribute(name);
    }

    fn value(&mut self, value: &[u8]) {
        self.octets_left = self.octets_left.saturating_sub(value.len() + size_of::<Attribute>());
        self.collected.value(value);
    }

    fn end(&mut self) -> Flow {
        if self.octets_left == 0 { Flow::Stop } else { Flow::Continue }
    }

    fn reference(&mut self, _url: &str) {}
}
