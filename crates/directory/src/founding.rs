//! The founding of a domain: its first tree, written in one transaction.

use std::collections::HashMap;

use bailiwick_adtypes::dn::{Dn, ObjectName};
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::generalized_time::GeneralizedTime;
use bailiwick_adtypes::sid::Sid;
use bailiwick_credential::{Cost, Password, PasswordHash};
use bailiwick_domain::PasswordFault;
use bailiwick_store::{ReadTransaction, Store, WriteTransaction};

use crate::change;
use crate::native::{META_BOOTSTRAP, META_ENTRY_ID, META_FACTS, META_FORMAT, META_RID, OpenError};
use crate::provision::{self, Object, Parameters};
use crate::record::credential::{self, Credential};
use crate::record::name::{self, NamingContexts};
use crate::record::{DescriptorId, Draft, EntryId, FORMAT, Fault, META, descriptor, reference, sequence};
use crate::rule::password::{self, Circumstances};
use crate::rule::{metadata, security_descriptor};
use crate::schema::{AttributeNumber, Schema};

/// The first entry id; the schema's objects come first, since their ids are the numbers in every record.
const ENTRY_ID_FIRST: u32 = 16;
/// The first RID that is given to new accounts and groups. [MS-SAMR] 3.1.1.9.2.1: below are the well-known ones.
const RID_FIRST: u64 = provision::RID_BLOCK_FIRST as u64;
/// RID of the Administrator.
const RID_ADMINISTRATOR: u32 = 500;
/// RID of Domain Admins, which own what is founded.
const RID_DOMAIN_ADMINS: u32 = 512;
/// The name of that account.
const ADMINISTRATOR: &str = "Administrator";

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

/// The names that a new domain takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewName {
    /// The domain's DNS name.
    Domain,
    /// The domain's short name.
    Netbios,
    /// This server's short name.
    Host,
}

/// The longest DNS name of a domain, as Windows has it.
const DOMAIN_NAME_OCTETS_MAX: usize = 64;
/// The longest label of a DNS name. RFC 1035 section 2.3.4.
const LABEL_OCTETS_MAX: usize = 63;
/// The longest short name of a domain or host. [MS-NBTE] 2.2.1.
const SHORT_NAME_OCTETS_MAX: usize = 15;

impl NewDomain {
    /// Whether a domain could be founded with these names.
    ///
    /// # Errors
    /// `InvalidName` for the first name that cannot be used.
    pub fn check_names(&self) -> Result<(), ProvisionError> {
        let labels = self.dns_domain.split('.');
        // A domain of one label is one that resolvers do not ask DNS for.
        let is_domain = self.dns_domain.len() <= DOMAIN_NAME_OCTETS_MAX
            && labels.clone().count() > 1
            && labels.into_iter().all(|label| is_label(label, LABEL_OCTETS_MAX));
        let names = [
            (NewName::Domain, &self.dns_domain, is_domain),
            (NewName::Netbios, &self.netbios, is_label(&self.netbios, SHORT_NAME_OCTETS_MAX)),
            (NewName::Host, &self.host, is_label(&self.host, SHORT_NAME_OCTETS_MAX)),
        ];
        match names.into_iter().find(|(_, _, is_usable)| !is_usable) {
            Some((part, name, _)) => Err(ProvisionError::InvalidName { part, name: name.clone() }),
            None => Ok(()),
        }
    }
}

impl NewDomain {
    /// Whether the domain's own policy would take the Administrator's password, once it is there.
    ///
    /// # Errors
    /// `Password`.
    pub fn check_password(&self) -> Result<(), ProvisionError> {
        let circumstances = Circumstances { flags: 0, account_name: ADMINISTRATOR, display_name: "" };
        let (length_min, complex) = provision::password_quality();
        password::check_quality(length_min, complex, circumstances, &self.admin_password)
            .map_err(ProvisionError::Password)
    }
}

/// Letters, digits and inner hyphens. RFC 1123 section 2.1.
fn is_label(label: &str, octets_max: usize) -> bool {
    (1..=octets_max).contains(&label.len())
        && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// A domain could not be founded.
#[derive(Debug)]
pub enum ProvisionError {
    /// The store holds a domain already.
    AlreadyProvisioned,
    /// A name cannot be the domain's or the host's.
    InvalidName {
        /// Which of the names.
        part: NewName,
        /// The name as it was given.
        name: String,
    },
    /// The policy of the new domain does not take the Administrator's password.
    Password(PasswordFault),
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
            ProvisionError::InvalidName { part: NewName::Domain, name } => write!(
                f,
                "`{name}` cannot be a domain: it takes two or more labels of letters, digits and inner hyphens, such as \
                 example.com, and {DOMAIN_NAME_OCTETS_MAX} characters at most"
            ),
            ProvisionError::InvalidName { part: NewName::Netbios, name } => write!(
                f,
                "`{name}` cannot be a NetBIOS name: it takes 1 to {SHORT_NAME_OCTETS_MAX} letters, digits and inner hyphens"
            ),
            ProvisionError::InvalidName { part: NewName::Host, name } => write!(
                f,
                "`{name}` cannot be a host's short name: it takes 1 to {SHORT_NAME_OCTETS_MAX} letters, digits and inner \
                 hyphens"
            ),
            ProvisionError::Password(PasswordFault::TooShort { length, minimum }) => write!(
                f,
                "the Administrator's password has {length} characters and the policy of a new domain wants {minimum}"
            ),
            ProvisionError::Password(_) => write!(
                f,
                "the Administrator's password is too plain: the policy of a new domain wants three of capitals, small letters, \
                 digits and other signs, and no `{ADMINISTRATOR}` in it"
            ),
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
    new.check_names()?;
    new.check_password()?;
    let mut salt = [0; bailiwick_credential::SALT_OCTETS];
    random(&mut salt);
    let hash = PasswordHash::make(&new.admin_password, salt, new.cost).map_err(|_| ProvisionError::Hash)?;
    let schema = Schema::from_tables(ENTRY_ID_FIRST);
    let parameters = Parameters {
        dns_domain: new.dns_domain.clone(),
        netbios: new.netbios.clone(),
        host: new.host.clone(),
        domain_sid: random_domain_sid(random)?,
        now,
    };
    let tree = provision::tree(&parameters, &schema, &mut |octets| random(octets));
    let founding = Founding::new(&schema, &parameters, &tree)?;
    let mut drafts = Vec::with_capacity(tree.len());
    for object in &tree {
        drafts.push(founding.draft(object, random)?);
    }
    store
        .transact(|transaction| {
            if transaction.get(META, META_FORMAT).map_err(Fault::Store)?.is_some() {
                return Err(ProvisionError::AlreadyProvisioned);
            }
            founding.write(transaction, &drafts, &hash)
        })
        .map_err(ProvisionError::Store)?
}

/// The SID of a new domain: three random sub-authorities, as domain controllers choose them.
fn random_domain_sid(random: &(dyn Fn(&mut [u8]) + Sync)) -> Result<Sid, ProvisionError> {
    let mut octets = [0; 12];
    random(&mut octets);
    let part = |at: usize| u32::from_le_bytes([octets[at], octets[at + 1], octets[at + 2], octets[at + 3]]);
    Sid::new(5, &[21, part(0), part(4), part(8)])
        .ok_or_else(|| ProvisionError::Inconsistent { what: "the domain SID".to_owned() })
}

/// An object of the first tree, ready to be written, with the links it begins.
struct Founded {
    draft: Draft,
    links: Vec<(AttributeNumber, EntryId, Vec<u8>)>,
    descriptor: Option<Vec<u8>>,
}

/// The first tree with a number for every name.
struct Founding<'f> {
    schema: &'f Schema,
    parameters: &'f Parameters,
    ids: HashMap<String, EntryId>,
    contexts: Vec<EntryId>,
    facts: Facts,
    entry_id_next: u64,
}

impl<'f> Founding<'f> {
    /// Numbers the objects: those of the schema have the numbers that records name attributes and classes by.
    fn new(schema: &'f Schema, parameters: &'f Parameters, tree: &[Object]) -> Result<Founding<'f>, ProvisionError> {
        let mut next = u64::from(schema.next_number());
        let mut ids = HashMap::new();
        for object in tree {
            let display_name = object
                .attributes
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("lDAPDisplayName"))
                .and_then(|(_, values)| std::str::from_utf8(values.first()?).ok());
            let id = match (object.class, display_name) {
                ("attributeSchema", Some(name)) => schema.attribute_named(name).map(|found| found.number.0),
                ("classSchema", Some(name)) => schema.class_named(name).map(|found| found.number.0),
                _ => None,
            };
            let id = id.map_or_else(
                || {
                    next += 1;
                    EntryId(next - 1)
                },
                |number| EntryId(number.into()),
            );
            if ids.insert(text_key(&object.dn), id).is_some() {
                return Err(ProvisionError::Inconsistent { what: format!("{} stands twice", object.dn) });
            }
        }
        let id = |name: &Dn| {
            ids.get(&text_key(name))
                .copied()
                .ok_or_else(|| ProvisionError::Inconsistent { what: format!("{name} is missing") })
        };
        let dns = &parameters.dns_domain;
        let facts = Facts {
            domain: id(&provision::domain_dn(dns))?,
            configuration: id(&provision::configuration_dn(dns))?,
            schema: id(&provision::schema_dn(dns))?,
            ntds_settings: id(&provision::ntds_settings_dn(dns, &parameters.host))?,
            query_policy: id(&provision::query_policy_dn(dns))?,
            domain_sid: parameters.domain_sid,
            dns_name: dns.clone(),
            netbios_name: parameters.netbios.clone(),
            host_fqdn: format!("{}.{dns}", parameters.host.to_ascii_lowercase()),
        };
        let contexts = vec![facts.domain, facts.configuration, facts.schema];
        Ok(Founding { schema, parameters, ids, contexts, facts, entry_id_next: next })
    }

    /// Turns the description of an object into its stored form, and adds what the directory makes itself.
    fn draft(&self, object: &Object, random: &(dyn Fn(&mut [u8]) + Sync)) -> Result<Founded, ProvisionError> {
        let inconsistent = |what: &str| ProvisionError::Inconsistent { what: format!("{}: {what}", object.dn) };
        let known = self.schema.known();
        let class = self.schema.class_named(object.class).ok_or_else(|| inconsistent("unknown class"))?;
        let rdn = object.dn.rdn().ok_or_else(|| inconsistent("no name"))?;
        let id = self.id(&object.dn)?;
        let is_head = self.contexts.contains(&id);
        let parent = match object.dn.parent() {
            Some(parent) if !is_head => self.id(&parent)?,
            _ => EntryId::NONE,
        };
        let mut draft = Draft {
            id,
            parent,
            naming_context: self.context_of(&object.dn)?,
            class: class.number,
            rdn_attribute: name::rdn_of(self.schema, rdn).ok_or_else(|| inconsistent("unknown RDN attribute"))?,
            descriptor: DescriptorId(0),
            deleted: false,
            attributes: Default::default(),
        };
        let mut links = Vec::new();
        let mut descriptor = None;
        for (name, values) in &object.attributes {
            let attribute = self.schema.attribute_named(name).ok_or_else(|| inconsistent(name))?;
            if attribute.number == known.nt_security_descriptor {
                descriptor = values.first().cloned();
                continue;
            }
            for value in values {
                let Some(form) = attribute.dn_form() else {
                    let stored = attribute.store(self.schema, value).map_err(|_| inconsistent(name))?;
                    draft.attributes.entry(attribute.number).or_default().push(stored.into_owned());
                    continue;
                };
                let reference = reference::parse(form, value).ok_or_else(|| inconsistent(name))?;
                let ObjectName::Dn(target) = &reference.target else { return Err(inconsistent(name)) };
                let target = self.id(target)?;
                match attribute.link {
                    Some(_) => links.push((attribute.number, target, reference.data)),
                    None => draft
                        .attributes
                        .entry(attribute.number)
                        .or_default()
                        .push(reference::stored(target, &reference.data)),
                }
            }
        }
        let chain = class.chain.iter().filter_map(|number| self.schema.class(*number));
        let classes: Vec<Vec<u8>> = chain.map(|class| class.name.as_bytes().to_vec()).collect();
        draft.attributes.insert(known.object_class, classes);
        draft.set(draft.rdn_attribute, rdn.value.as_bytes());
        draft.set(known.name, rdn.value.as_bytes());
        let category = EntryId(class.default_object_category.0.into());
        draft.set_default(known.object_category, category.key());
        if let Some(sid) = &object.sid {
            draft.set(known.object_sid, sid.to_bytes());
        }
        draft.set_default(known.object_guid, metadata::random_guid(random).as_bytes().as_slice());
        draft.set_default(known.instance_type, b"4".as_slice());
        let time = GeneralizedTime::from_file_time(self.parameters.now).map(|time| time.to_string());
        let time = time.ok_or_else(|| inconsistent("the time"))?;
        draft.set(known.when_created, time.as_bytes());
        draft.set(known.when_changed, time.as_bytes());
        draft.deleted = draft.value(known.is_deleted) == Some(b"TRUE");
        let owner = self.parameters.domain_sid.with_rid(RID_DOMAIN_ADMINS).ok_or_else(|| inconsistent("the owner"))?;
        let descriptor = descriptor
            .or_else(|| security_descriptor::stored_descriptor(class, &self.parameters.domain_sid, &owner, &owner));
        Ok(Founded { draft, links, descriptor })
    }

    fn id(&self, name: &Dn) -> Result<EntryId, ProvisionError> {
        self.ids
            .get(&text_key(name))
            .copied()
            .ok_or_else(|| ProvisionError::Inconsistent { what: format!("{name} is missing") })
    }

    fn context_of(&self, name: &Dn) -> Result<EntryId, ProvisionError> {
        self.facts
            .naming_contexts()
            .context_of(name)
            .map(|(head, _)| head)
            .ok_or_else(|| ProvisionError::Inconsistent { what: format!("{name} is in no naming context") })
    }

    fn write(
        &self,
        transaction: &mut dyn WriteTransaction,
        founded: &[Founded],
        hash: &PasswordHash,
    ) -> Result<(), ProvisionError> {
        let known = self.schema.known();
        for object in founded {
            let mut draft = object.draft.clone();
            if let Some(octets) = &object.descriptor {
                draft.descriptor = descriptor::intern(transaction, octets)?;
            }
            change::insert(transaction, self.schema, &mut draft)?;
            for (attribute, target, data) in &object.links {
                change::link(transaction, *attribute, draft.id, *target, data)?;
            }
            let administrator = self.parameters.domain_sid.with_rid(RID_ADMINISTRATOR).map(|sid| sid.to_bytes());
            if administrator.is_some() && draft.value(known.object_sid).map(<[u8]>::to_vec) == administrator {
                let credential = Credential::first(hash.clone().into(), self.parameters.now, None);
                credential::write(transaction, draft.id, &credential)?;
            }
        }
        let numbers: String =
            self.schema.attributes().map(|attribute| format!("{}\t{}\n", attribute.name, attribute.number.0)).collect();
        transaction.put(META, META_BOOTSTRAP, numbers.as_bytes()).map_err(Fault::Store)?;
        sequence::begin(transaction, META_ENTRY_ID, self.entry_id_next)?;
        sequence::begin(transaction, META_RID, RID_FIRST)?;
        self.facts.write(transaction)?;
        // The format comes last: a folder that has it is whole.
        transaction.put(META, META_FORMAT, &FORMAT.to_be_bytes()).map_err(Fault::Store)?;
        Ok(())
    }
}

/// Names are compared by their text, folded: the first tree has plain ones only.
fn text_key(name: &Dn) -> String {
    name.to_string().to_lowercase()
}
