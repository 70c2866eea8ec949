//! What the root DSE says of the directory itself. [MS-ADTS] 3.1.1.3.2. Faces add what they speak.

use bailiwick_adtypes::generalized_time::GeneralizedTime;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_domain::{Context, Error, Identity};
use bailiwick_store::ReadTransaction;

use crate::computed::token_groups;
use crate::native::Native;
use crate::opening;
use crate::record::sequence;

/// Functional level of Windows Server 2016. [MS-ADTS] 6.1.4.2.
const FUNCTIONAL_LEVEL: &str = "7";

/// The attributes, those on demand only when `named` asks for them.
pub(crate) fn run(
    native: &Native,
    transaction: &dyn ReadTransaction,
    context: &Context<'_>,
    named: &dyn Fn(&str) -> bool,
) -> Result<Vec<Attribute>, Error> {
    let snapshot = native.snapshot(transaction);
    let facts = &native.facts;
    let domain = native.base_dn();
    let configuration = native.contexts.text_of(facts.configuration).unwrap_or_default();
    let schema = native.contexts.text_of(facts.schema).unwrap_or_default();
    let settings = snapshot.dn_text(facts.ntds_settings, &native.contexts)?;
    let server = settings.split_once(',').map_or("", |(_, server)| server);
    let host = facts.host_fqdn.split('.').next().unwrap_or_default();
    let now = GeneralizedTime::from_file_time(context.now).map(|time| time.to_string()).unwrap_or_default();
    let usn = sequence::highest_usn(transaction)?.to_string();
    let realm = facts.dns_name.to_ascii_uppercase();
    let service = format!("{}:{}$@{realm}", facts.dns_name, host.to_ascii_lowercase());
    let aggregate = format!("CN=Aggregate,{schema}");
    let mut attributes = Vec::new();
    let mut say = |name: &str, values: &[&str]| {
        attributes.push(Attribute {
            name: name.to_owned(),
            values: values.iter().map(|value| value.as_bytes().to_vec()).collect(),
        });
    };
    say("currentTime", &[&now]);
    say("subschemaSubentry", &[&aggregate]);
    say("dsServiceName", &[&settings]);
    say("namingContexts", &[domain, configuration, schema]);
    say("defaultNamingContext", &[domain]);
    say("schemaNamingContext", &[schema]);
    say("configurationNamingContext", &[configuration]);
    say("rootDomainNamingContext", &[domain]);
    say("highestCommittedUSN", &[&usn]);
    say("dnsHostName", &[&facts.host_fqdn]);
    say("ldapServiceName", &[&service]);
    say("serverName", &[server]);
    say("isSynchronized", &["TRUE"]);
    say("isGlobalCatalogReady", &["TRUE"]);
    say("domainFunctionality", &[FUNCTIONAL_LEVEL]);
    say("forestFunctionality", &[FUNCTIONAL_LEVEL]);
    say("domainControllerFunctionality", &[FUNCTIONAL_LEVEL]);
    say("supportedLDAPPolicies", &opening::POLICIES);
    let count = |number: usize| number.to_string();
    if named("dsSchemaAttrCount") {
        say("dsSchemaAttrCount", &[&count(snapshot.schema.attributes().len())]);
    }
    if named("dsSchemaClassCount") {
        say("dsSchemaClassCount", &[&count(snapshot.schema.classes().len())]);
    }
    if named("validFSMOs") {
        say("validFSMOs", &[schema, domain, configuration]);
    }
    if named("tokenGroups")
        && let Identity::Account { sid, .. } = &context.requester.identity
        && let Some(id) = snapshot.by_sid(sid)?
    {
        let groups = token_groups::all(snapshot, &snapshot.existing(id)?)?;
        let values = std::iter::once(*sid).chain(groups).map(|sid| sid.to_bytes()).collect();
        attributes.push(Attribute { name: "tokenGroups".to_owned(), values });
    }
    Ok(attributes)
}
