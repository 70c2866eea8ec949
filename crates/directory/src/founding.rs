//! The founding of a domain: its first tree, written in one transaction.

use std::collections::HashMap;

use bailiwick_adtypes::dn::Dn;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::sid::Sid;
use bailiwick_credential::{Cost, Password, PasswordHash};
use bailiwick_store::{ReadTransaction, Store, WriteTransaction};

use crate::change;
use crate::native::{META_ENTRY_ID, META_FACTS, META_FORMAT, META_RID, OpenError};
use crate::provision::{self, Object, Parameters};
use crate::record::name::NamingContexts;
use crate::record::{Draft, EntryId, FORMAT, Fault, META, credential, descriptor, sequence};
use crate::rule::stored_descriptor;
use crate::schema::{AttributeNumber, Schema};

/// The first entry id; the schema's objects come first, since their ids are the numbers in every record.
const ENTRY_ID_FIRST: u32 = 16;
/// The first RID that is given to new accounts and groups. [MS-SAMR] 3.1.1.9.2.1: below are the well-known ones.
const RID_FIRST: u64 = 1100;
/// The most entry ids that a founding uses.
const FOUNDING_ENTRIES_MAX: u64 = 1 << 16;
/// RID of the Administrator.
const RID_ADMINISTRATOR: u32 = 500;

/// What a new domain is called, and its administrator's password.
pub struct NewDomain {
    /// `example.com`.
    pub dns_domain: String,
    /// `EXAMPLE`.
    pub netbios: String,
    /// The short name of this server.
    pub host: String,
    /// The password of the domain's Administrator.
    pub admin_password: Password,
    /// What a password hash costs.
    pub cost: Cost,
}

/// A domain could not be founded.
#[derive(Debug)]
pub enum ProvisionError {
    /// The store holds a domain already.
    AlreadyProvisioned,
    /// A name cannot be one of a domain or host.
    InvalidName,
    /// The password cannot be hashed with this cost.
    Hash,
    /// The store failed.
    Store(bailiwick_store::Error),
    /// The tables do not fit together: a fault of this program.
    Inconsistent {
        /// What does not fit.
        what: String,
    },
}

impl std::fmt::Display for ProvisionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ProvisionError::AlreadyProvisioned => write!(f, "there is a domain already"),
            ProvisionError::InvalidName => write!(f, "a name is not a valid domain or host name"),
            ProvisionError::Hash => write!(f, "the password cannot be hashed with these parameters"),
            ProvisionError::Store(error) => write!(f, "the store failed: {error}"),
            ProvisionError::Inconsistent { what } => write!(f, "the founding tables do not fit together: {what}"),
        }
    }
}

impl std::error::Error for ProvisionError {}

impl From<Fault> for ProvisionError {
    fn from(fault: Fault) -> ProvisionError {
        match fault {
            Fault::Store(error) => ProvisionError::Store(error),
            damaged => ProvisionError::Inconsistent { what: damaged.to_string() },
        }
    }
}

/// What is fixed about the domain. Written at its founding as lines of `key TAB value`.
pub(crate) struct Facts {
    /// The head of the domain.
    pub domain: EntryId,
    /// The head of the configuration.
    pub configuration: EntryId,
    /// The head of the schema.
    pub schema: EntryId,
    /// This server's NTDS settings object.
    pub ntds_settings: EntryId,
    /// The policy object that holds the limits.
    pub query_policy: EntryId,
    /// The domain's SID.
    pub domain_sid: Sid,
    /// `example.com`, as it was given.
    pub dns_name: String,
    /// `EXAMPLE`.
    pub netbios_name: String,
    /// This server's full DNS name.
    pub host_fqdn: String,
}

impl Facts {
    /// Reads what the founding wrote.
    pub fn read(transaction: &dyn ReadTransaction) -> Result<Facts, OpenError> {
        let octets = transaction.get(META, META_FACTS)?.ok_or(OpenError::NotProvisioned)?;
        let text = String::from_utf8_lossy(octets);
        let facts: HashMap<&str, &str> = text.lines().filter_map(|line| line.split_once('\t')).collect();
        let fact = |key: &str| {
            facts.get(key).copied().ok_or_else(|| OpenError::Damaged { what: format!("the fact `{key}` is missing") })
        };
        let entry = |key: &str| {
            fact(key)?.parse().map(EntryId).map_err(|_| OpenError::Damaged { what: format!("the fact `{key}`") })
        };
        Ok(Facts {
            domain: entry("domain")?,
            configuration: entry("configuration")?,
            schema: entry("schema")?,
            ntds_settings: entry("ntds-settings")?,
            query_policy: entry("query-policy")?,
            domain_sid: fact("domain-sid")?
                .parse()
                .map_err(|_| OpenError::Damaged { what: "the fact `domain-sid`".to_owned() })?,
            dns_name: fact("dns-name")?.to_owned(),
            netbios_name: fact("netbios-name")?.to_owned(),
            host_fqdn: fact("host-fqdn")?.to_owned(),
        })
    }

    fn write(&self, transaction: &mut dyn WriteTransaction) -> Result<(), Fault> {
        let text = format!(
            "domain\t{}\nconfiguration\t{}\nschema\t{}\nntds-settings\t{}\nquery-policy\t{}\ndomain-sid\t{}\n\
             dns-name\t{}\nnetbios-name\t{}\nhost-fqdn\t{}\n",
            self.domain.0,
            self.configuration.0,
            self.schema.0,
            self.ntds_settings.0,
            self.query_policy.0,
            self.domain_sid,
            self.dns_name,
            self.netbios_name,
            self.host_fqdn,
        );
        Ok(transaction.put(META, META_FACTS, text.as_bytes())?)
    }

    /// The naming contexts: the domain, the configuration below it, and the schema below that.
    pub fn naming_contexts(&self) -> NamingContexts {
        let domain = provision::domain_dn(&self.dns_name);
        let configuration = provision::configuration_dn(&self.dns_name);
        let schema = provision::schema_dn(&self.dns_name);
        let mut contexts = NamingContexts::default();
        contexts.push(self.domain, domain);
        contexts.push(self.configuration, configuration);
        contexts.push(self.schema, schema);
        contexts
    }
}

/// Founds a domain in an empty store, in one transaction: all of it is there afterwards, or nothing.
///
/// # Errors
/// See [`ProvisionError`]; the store is unchanged.
pub fn provision(
    store: &dyn Store,
    new: &NewDomain,
    now: FileTime,
    random: &(dyn Fn(&mut [u8]) + Sync),
) -> Result<(), ProvisionError> {
    let mut salt = [0; bailiwick_credential::SALT_OCTETS];
    random(&mut salt);
    let hash = PasswordHash::make(&new.admin_password, salt, new.cost).map_err(|_| ProvisionError::Hash)?;
    let schema = Schema::from_tables(ENTRY_ID_FIRST);
    let parameters = Parameters {
        dns_domain: new.dns_domain.clone(),
        netbios: new.netbios.clone(),
        host: new.host.clone(),
        domain_sid: random_domain_sid(random),
        now,
    };
    let tree = provision::tree(&parameters, &schema, random);
    let founding = Founding::new(&schema, &parameters, &tree)?;
    store
        .transact(|transaction| {
            if transaction.get(META, META_FORMAT).map_err(Fault::Store)?.is_some() {
                return Err(ProvisionError::AlreadyProvisioned);
            }
            founding.write(transaction, &tree, &hash, now, random)
        })
        .map_err(ProvisionError::Store)?
}

struct Founding<'f> {
    schema: &'f Schema,
    facts: Facts,
    ids: HashMap<String, EntryId>,
    next_id: u64,
}
