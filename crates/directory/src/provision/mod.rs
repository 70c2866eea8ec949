//! The tree of a new domain, as data: which objects it has, with which attributes. [MS-ADTS] 6.1.1.
//!
//! Nothing here knows the store. Whoever writes the tree adds what every object gets from the directory: its GUID
//! unless it is given, objectClass with its superclasses, objectCategory, security descriptor, times and USNs.

mod accounts;
mod configuration;
mod controller;
mod description;
mod domain;
mod rights;
mod schema_objects;
mod security;
mod services;
mod sites;

use bailiwick_adtypes::dn::{Dn, Rdn};
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::sid::Sid;

use crate::schema::{Schema, SchemaObject};

/// Domain, forest and domain controller functional level: Windows Server 2016. [MS-ADTS] 6.1.4.2.
const BEHAVIOR_VERSION: i64 = 7;
/// The first site of a forest.
const SITE: &str = "Default-First-Site-Name";
/// instanceType of a naming context's head. [MS-ADTS] 6.1.1.1.1: head and writable.
const INSTANCE_HEAD: i64 = 0x5;
/// instanceType of the head of a naming context below another.
const INSTANCE_HEAD_BELOW: i64 = 0xD;
/// instanceType of all other objects.
const INSTANCE_WRITABLE: i64 = 0x4;

/// The first RID of the first pool: those below are for what is made at the founding.
pub(crate) const RID_BLOCK_FIRST: i64 = 1100;
/// How many RIDs a pool has.
pub(crate) const RID_BLOCK_RIDS: i64 = 500;

/// The names and the moment that a new domain is made of.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// `example.com`.
    pub dns_domain: String,
    /// `EXAMPLE`.
    pub netbios: String,
    /// The short name of this server.
    pub host: String,
    /// The domain's SID.
    pub domain_sid: Sid,
    /// The moment of its founding.
    pub now: FileTime,
}

/// An object of the tree.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its name.
    pub dn: Dn,
    /// Its most specific structural class.
    pub class: &'static str,
    /// Its attributes with their values in stored form, the one of the RDN and instanceType included and objectClass
    /// and objectSid left out. A value that names an object has the text form of its syntax; the object may come
    /// later in the tree. Back links are left out.
    pub attributes: Vec<(&'static str, Vec<Vec<u8>>)>,
    /// Its objectSid.
    pub sid: Option<Sid>,
    /// The attribute or class that it defines: its entry id must be that number.
    pub defines: Option<SchemaObject>,
}

impl Object {
    /// An object below `parent`; its RDN attribute is among its attributes.
    fn new(parent: &Dn, rdn: &'static str, name: &str, class: &'static str) -> Object {
        let attribute = if rdn == "cn" { "CN" } else { "OU" };
        let dn = parent.child(Rdn { attribute: attribute.to_owned(), value: name.to_owned() });
        Object { dn, class, attributes: Vec::new(), sid: None, defines: None }.text(rdn, name)
    }

    /// An object below `parent` named by cn.
    fn common(parent: &Dn, name: &str, class: &'static str) -> Object {
        Object::new(parent, "cn", name, class)
    }

    fn octets(mut self, attribute: &'static str, octets: impl Into<Vec<u8>>) -> Object {
        self.attributes.push((attribute, vec![octets.into()]));
        self
    }

    fn text(self, attribute: &'static str, text: &str) -> Object {
        self.octets(attribute, text)
    }

    fn texts(mut self, attribute: &'static str, texts: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Object {
        let values: Vec<Vec<u8>> = texts.into_iter().map(Into::into).collect();
        if !values.is_empty() {
            self.attributes.push((attribute, values));
        }
        self
    }

    fn number(self, attribute: &'static str, number: i64) -> Object {
        self.text(attribute, &number.to_string())
    }

    fn boolean(self, attribute: &'static str, value: bool) -> Object {
        self.text(attribute, if value { "TRUE" } else { "FALSE" })
    }

    fn name(self, attribute: &'static str, dn: &Dn) -> Object {
        self.text(attribute, &dn.to_string())
    }

    fn names<'d>(self, attribute: &'static str, dns: impl IntoIterator<Item = &'d Dn>) -> Object {
        self.texts(attribute, dns.into_iter().map(Dn::to_string))
    }

    fn sid(mut self, sid: Sid) -> Object {
        self.sid = Some(sid);
        self
    }

    fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|(name, _)| *name == attribute)
    }
}

/// What the parts of the tree need of each other: names that recur, and GUIDs that stand in more than one place.
struct Plan<'p> {
    parameters: &'p Parameters,
    schema: &'p Schema,
    domain: Dn,
    configuration: Dn,
    schema_head: Dn,
    /// The server's computer object.
    computer: Dn,
    /// The server's nTDSDSA object.
    ntds_settings: Dn,
    ntds_guid: Guid,
    invocation_id: Guid,
    /// `host.example.com`.
    host_name: String,
}

/// The objects of a new domain, parents before children.
///
/// `random` fills a buffer with unpredictable octets.
pub fn tree(parameters: &Parameters, schema: &Schema, random: &mut dyn FnMut(&mut [u8])) -> Vec<Object> {
    let plan = Plan {
        parameters,
        schema,
        domain: domain_dn(&parameters.dns_domain),
        configuration: configuration_dn(&parameters.dns_domain),
        schema_head: schema_dn(&parameters.dns_domain),
        computer: computer_dn(&parameters.dns_domain, &parameters.host),
        ntds_settings: ntds_settings_dn(&parameters.dns_domain, &parameters.host),
        ntds_guid: random_guid(random),
        invocation_id: random_guid(random),
        host_name: host_name(parameters),
    };
    let mut objects = domain::objects(&plan);
    objects.extend(accounts::objects(&plan));
    objects.extend(controller::objects(&plan));
    objects.extend(configuration::objects(&plan));
    objects.extend(sites::objects(&plan));
    objects.extend(services::objects(&plan));
    objects.extend(rights::objects(&plan));
    objects.extend(schema_objects::objects(&plan));
    for object in &mut objects {
        if let Some(descriptor) = security::descriptor(&plan, object) {
            object.attributes.push(("nTSecurityDescriptor", vec![descriptor]));
        }
        complete(object, schema);
    }
    objects
}

/// What the policy of a new domain wants of passwords: the least length, and whether they must be complex.
pub fn password_quality() -> (usize, bool) {
    domain::password_quality()
}

/// The name of the domain's head.
pub fn domain_dn(dns_domain: &str) -> Dn {
    let labels = dns_domain.split('.').filter(|label| !label.is_empty());
    Dn::from_rdns(labels.map(|label| Rdn { attribute: "DC".to_owned(), value: label.to_owned() }).collect())
}

/// The name of the configuration's head.
pub fn configuration_dn(dns_domain: &str) -> Dn {
    below(&domain_dn(dns_domain), &["Configuration"])
}

/// The name of the schema's head.
pub fn schema_dn(dns_domain: &str) -> Dn {
    below(&configuration_dn(dns_domain), &["Schema"])
}

/// The name of this server's computer object.
pub fn computer_dn(dns_domain: &str, host: &str) -> Dn {
    let unit = Rdn { attribute: "OU".to_owned(), value: "Domain Controllers".to_owned() };
    below(&domain_dn(dns_domain).child(unit), &[&host.to_uppercase()])
}

/// The name of this server's server object.
pub fn server_dn(dns_domain: &str, host: &str) -> Dn {
    below(&configuration_dn(dns_domain), &["Sites", SITE, "Servers", &host.to_uppercase()])
}

/// The name of this server's nTDSDSA object.
pub fn ntds_settings_dn(dns_domain: &str, host: &str) -> Dn {
    below(&server_dn(dns_domain, host), &["NTDS Settings"])
}

/// The name of the policy object that holds the limits of requests.
pub fn query_policy_dn(dns_domain: &str) -> Dn {
    below(&directory_service_dn(dns_domain), &["Query-Policies", "Default Query Policy"])
}

/// The name of the object with forest-wide settings.
pub fn directory_service_dn(dns_domain: &str) -> Dn {
    below(&configuration_dn(dns_domain), &["Services", "Windows NT", "Directory Service"])
}

/// The full name of the server, `host.example.com`.
pub fn host_name(parameters: &Parameters) -> String {
    format!("{}.{}", parameters.host, parameters.dns_domain).to_lowercase()
}

/// The object that these common names lead to from `parent`, outermost first.
fn below(parent: &Dn, names: &[&str]) -> Dn {
    names
        .iter()
        .fold(parent.clone(), |dn, name| dn.child(Rdn { attribute: "CN".to_owned(), value: (*name).to_owned() }))
}

/// A value of Object(DN-Binary).
fn dn_binary(digits: &str, dn: &Dn) -> String {
    format!("B:{}:{digits}:{dn}", digits.len())
}

/// A GUID of version 4. RFC 9562 section 5.4.
fn random_guid(random: &mut dyn FnMut(&mut [u8])) -> Guid {
    let mut octets = [0; 16];
    random(&mut octets);
    // Octets 7 and 8 of the wire form hold the version and the variant.
    octets[7] = octets[7] & 0x0F | 0x40;
    octets[8] = octets[8] & 0x3F | 0x80;
    Guid::from_bytes(octets)
}

/// Adds what follows from the class or is alike for most objects.
fn complete(object: &mut Object, schema: &Schema) {
    if !object.has("instanceType") {
        object.attributes.push(("instanceType", vec![INSTANCE_WRITABLE.to_string().into_bytes()]));
    }
    let hidden = schema.class_named(object.class).is_some_and(|class| class.default_hiding_value);
    if hidden && !object.has("showInAdvancedViewOnly") {
        object.attributes.push(("showInAdvancedViewOnly", vec![b"TRUE".to_vec()]));
    }
}

#[cfg(test)]
mod tests;
