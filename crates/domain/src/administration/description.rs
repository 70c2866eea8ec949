//! The domain and its controllers, in the words that administrators have for them.

use bailiwick_adtypes::dn::{Dn, Rdn};
use bailiwick_adtypes::filter::{Assertion, Filter};

use super::target::search;
use super::{Error, domain};
use crate::{Context, Directory, Scope};

/// The most controllers that are described.
const CONTROLLERS_MAX: u32 = 1000;

/// A domain.
#[derive(Clone, Debug)]
pub struct DomainDescription {
    /// The name of its head.
    pub base: Dn,
    /// Its DNS name.
    pub dns_name: String,
    /// Its short name.
    pub netbios_name: String,
    /// Its controllers.
    pub controllers: Vec<Controller>,
}

/// A domain controller.
#[derive(Clone, Debug)]
pub struct Controller {
    /// The name of its computer object.
    pub dn: Dn,
    /// Its common name.
    pub name: String,
    /// Its DNS name; empty when it has none.
    pub dns_name: String,
    /// The roles that only one controller has, which this one has.
    pub roles: Vec<Role>,
}

/// What only one controller of a domain or forest does. [MS-ADTS] 6.1.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The one that others ask last for passwords.
    PrimaryController,
    /// The one that gives blocks of RIDs.
    RidMaster,
    /// The one that changes the schema.
    SchemaMaster,
    /// The one that adds domains.
    NamingMaster,
    /// The one that follows names in other domains.
    Infrastructure,
}

/// Describes the domain.
///
/// # Errors
/// `Unsaid` when the requester may not read what it is made of.
pub fn describe_domain(directory: &dyn Directory, context: &Context<'_>) -> Result<DomainDescription, Error> {
    let domain = domain(directory, context)?;
    let (head, unsaid) = (&domain.base, |attribute| Error::Unsaid { attribute });
    let configuration = domain.schema.parent().ok_or(unsaid("configurationNamingContext"))?;
    let partitions = below(&configuration, "Partitions");
    let crosses = search(
        directory,
        context,
        partitions.clone().into(),
        Scope::OneLevel,
        equals("nCName", &head.to_string()),
        &["nETBIOSName"],
        1,
    )?;
    let netbios_name = crosses.first().and_then(|cross| cross.text("nETBIOSName")).ok_or(unsaid("nETBIOSName"))?;
    let mut holders = Vec::new();
    for (role, place) in [
        (Role::PrimaryController, head.clone()),
        (Role::RidMaster, below(&below(head, "System"), "RID Manager$")),
        (Role::SchemaMaster, domain.schema.clone()),
        (Role::NamingMaster, partitions),
        (Role::Infrastructure, below(head, "Infrastructure")),
    ] {
        if let Some(holder) = role_holder(directory, context, place)? {
            holders.push((role, holder));
        }
    }
    let attributes = ["cn", "dNSHostName"];
    let filter = equals("primaryGroupID", "516");
    let found = search(directory, context, head.clone().into(), Scope::Subtree, filter, &attributes, CONTROLLERS_MAX)?;
    let mut controllers = Vec::new();
    for entry in found {
        let dn = Dn::parse(&entry.dn).map_err(|_| Error::InvalidName { text: entry.dn.clone() })?;
        let roles = holders.iter().filter(|(_, holder)| holder.equals_ignore_case(&dn)).map(|(role, _)| *role);
        controllers.push(Controller {
            roles: roles.collect(),
            name: entry.text("cn").unwrap_or_default().to_owned(),
            dns_name: entry.text("dNSHostName").unwrap_or_default().to_owned(),
            dn,
        });
    }
    let (dns_name, netbios_name) = (domain.dns_name(), netbios_name.to_owned());
    Ok(DomainDescription { dns_name, netbios_name, controllers, base: domain.base })
}

/// The computer that holds a role. An object of the role names the settings of a server, which lie below the server,
/// which names the computer.
fn role_holder(directory: &dyn Directory, context: &Context<'_>, place: Dn) -> Result<Option<Dn>, Error> {
    let name_at = |place: Dn, attribute: &'static str| {
        let found = search(directory, context, place.into(), Scope::Base, Filter::any_object(), &[attribute], 1)?;
        Ok::<_, Error>(found.first().and_then(|entry| entry.text(attribute)).and_then(|text| Dn::parse(text).ok()))
    };
    match name_at(place, "fSMORoleOwner")?.and_then(|settings| settings.parent()) {
        Some(server) => name_at(server, "serverReference"),
        None => Ok(None),
    }
}

fn below(place: &Dn, name: &str) -> Dn {
    place.child(Rdn { attribute: "CN".to_owned(), value: name.to_owned() })
}

fn equals(attribute: &str, value: &str) -> Filter {
    Filter::Equality(Assertion { attribute: attribute.to_owned(), value: value.as_bytes().to_vec() })
}
