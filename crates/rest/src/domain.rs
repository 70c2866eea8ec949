//! The one domain that is served, by the names that callers select it with. Section 4.

use bailiwick_adtypes::dn::Dn;
use bailiwick_domain::administration::{self, Error};
use bailiwick_domain::{Context, Directory};

use crate::problem::{OperationType, Problem};

/// The domain.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The name of its head.
    pub base: Dn,
    /// Its DNS name.
    pub dns_name: String,
    /// The DNS name of this server.
    pub host: String,
}

impl Domain {
    /// Reads it from the root of the directory.
    ///
    /// # Errors
    /// The directory does not say.
    pub fn read(directory: &dyn Directory, context: &Context<'_>) -> Result<Domain, Error> {
        let domain = administration::domain(directory, context)?;
        let root = directory.root_dse(context, &|_| false)?;
        let host = root.iter().find(|attribute| attribute.name.eq_ignore_ascii_case("dnsHostName"));
        let host = host.and_then(|attribute| attribute.values.first()).map(|value| String::from_utf8_lossy(value));
        let dns_name = domain.dns_name();
        Ok(Domain {
            host: host.map_or_else(|| dns_name.clone(), |host| host.into_owned()),
            base: domain.base,
            dns_name,
        })
    }

    /// Whether the parameter `domain` means this one: its DNS name, its DN, or the name of its server. Nothing means this
    /// one too. D-37: an unknown domain is an error, since a write may be meant for another one.
    ///
    /// # Errors
    /// It means another one.
    pub fn select(&self, wanted: Option<&str>, operation: OperationType) -> Result<(), Problem> {
        let Some(wanted) = wanted.map(str::trim) else { return Ok(()) };
        let is_host = wanted.eq_ignore_ascii_case(&self.host)
            || self.host.split('.').next().is_some_and(|short| short.eq_ignore_ascii_case(wanted));
        let is_dn = || Dn::parse(wanted).is_ok_and(|dn| dn.to_string().eq_ignore_ascii_case(&self.base.to_string()));
        match wanted.eq_ignore_ascii_case(&self.dns_name) || is_host || is_dn() {
            true => Ok(()),
            false => {
                let message = format!("This server does not serve the domain '{wanted}'.");
                Err(Problem::refused(400, operation, message).on("domain"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_37_an_unknown_domain_is_an_error() {
        let domain = Domain {
            base: Dn::parse("DC=contoso,DC=com").unwrap(),
            dns_name: "contoso.com".into(),
            host: "dc01.contoso.com".into(),
        };
        for known in ["contoso.com", "CONTOSO.COM", "dc=Contoso, dc=com", "dc01.contoso.com", "DC01"] {
            assert_eq!(domain.select(Some(known), OperationType::Commit), Ok(()), "{known}");
        }
        assert_eq!(domain.select(None, OperationType::Commit), Ok(()));
        for unknown in ["other.com", "DC=com", "com"] {
            let problem = domain.select(Some(unknown), OperationType::Create).unwrap_err();
            assert_eq!(problem.status, 400);
            assert_eq!(problem.fault.and_then(|fault| fault.property).as_deref(), Some("domain"), "{unknown}");
        }
    }
}
