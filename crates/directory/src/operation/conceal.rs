//! What not even an auditor is shown: the values of attributes that hold secrets.

use crate::native::Native;
use crate::rule::value;

/// Attributes with secrets that the schema marks neither secret nor confidential, because Active Directory computes
/// them, or leaves their protection to descriptors.
const SECRETIVE: [&str; 18] = [
    "linkTrackSecret",
    "msDNS-SigningKeys",
    "msDS-ExecuteScriptPassword",
    "msDS-ManagedPassword",
    "msExchAggregationSubscriptionCredential",
    "msExchTUIPassword",
    "msFVE-KeyPackage",
    "msFVE-RecoveryPassword",
    "msKds-RootKeyData",
    "msPKI-CredentialRoamingTokens",
    "msPKIAccountCredentials",
    "msPKIDPAPIMasterKeys",
    "msTPM-OwnerInformation",
    "msTPM-OwnerInformationTemp",
    "privateKey",
    "unixUserPassword",
    "userPKCS12",
    "userPassword",
];

/// Whether values written under this description are concealed. What no attribute has as its name may be a misspelt
/// secret, and so may be one with options.
pub(crate) fn conceals(native: &Native, description: &str) -> bool {
    value::attribute_named(&native.schema, description).map_or(true, |attribute| {
        attribute.is_secret() || attribute.is_confidential() || SECRETIVE.contains(&attribute.name.as_ref())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn every_name_is_one_of_the_schema() {
        let schema = Schema::from_tables(1);
        for name in SECRETIVE {
            assert_eq!(schema.attribute_named(name).map(|attribute| attribute.name.as_ref()), Some(name));
        }
    }
}
