//! Forest-wide settings below CN=Services: lifetimes, names of services, optional features and limits.
//! [MS-ADTS] 6.1.1.2.4.1, 3.1.1.3.4.6, 3.1.1.9.

use bailiwick_adtypes::guid::Guid;

use super::configuration::DISALLOW_DELETE;
use super::{Object, Plan, below};

/// Days until a tombstone goes.
const TOMBSTONE_LIFETIME_DAYS: i64 = 180;
/// msDS-OptionalFeatureFlags: the feature is one of the forest.
const FOREST_FEATURE: i64 = 1;

/// Services that answer under the HOST name of a computer. [MS-DRSR] 4.1.4.2.19.
const SPN_MAPPINGS: &str = "host=alerter,appmgmt,cisvc,clipsrv,browser,dhcp,dnscache,replicator,eventlog,eventsystem,\
    policyagent,oakley,dmserver,dns,mcsvc,fax,msiserver,ias,messenger,netlogon,netman,netdde,netddedsm,nmagent,\
    plugplay,protectedstorage,rasman,rpclocator,rpc,rpcss,remoteaccess,rsvp,samss,scardsvr,scesrv,seclogon,scm,dcom,\
    cifs,spooler,snmp,schedule,tapisrv,trksvr,trkwks,ups,time,wins,www,http,w3svc,iisadmin,msdtc";

/// Settings of dynamic objects and list views. [MS-ADTS] 3.1.1.3.4.7.
const OTHER_SETTINGS: [&str; 3] = ["DisableVLVSupport=0", "DynamicObjectDefaultTTL=86400", "DynamicObjectMinTTL=900"];

/// The limits of requests, as Windows has them. [MS-ADTS] 3.1.1.3.4.6.
const LIMITS: [&str; 13] = [
    "InitRecvTimeout=120",
    "MaxActiveQueries=20",
    "MaxConnections=5000",
    "MaxConnIdleTime=900",
    "MaxDatagramRecv=4096",
    "MaxNotificationPerConn=5",
    "MaxPageSize=1000",
    "MaxPoolThreads=4",
    "MaxQueryDuration=120",
    "MaxReceiveBuffer=10485760",
    "MaxResultSetSize=262144",
    "MaxTempTableSize=10000",
    "MaxValRange=1500",
];

/// Name, GUID and least forest level of the optional features.
const FEATURES: [(&str, u128, i64); 2] = [
    ("Recycle Bin Feature", 0x766ddcd8_acd0_445e_f3b9_a7f9b6744f2a, 4),
    ("Privileged Access Management Feature", 0xec43e873_cce8_4640_b4ab_07ffe4ab5bcd, 7),
];

pub(super) fn objects(plan: &Plan<'_>) -> Vec<Object> {
    let services = below(&plan.configuration, &["Services"]);
    let windows_nt = below(&services, &["Windows NT"]);
    let directory_service = below(&windows_nt, &["Directory Service"]);
    let policies = below(&directory_service, &["Query-Policies"]);
    let features = below(&directory_service, &["Optional Features"]);
    let mut objects = vec![
        Object::common(&plan.configuration, "Services", "container").number("systemFlags", DISALLOW_DELETE),
        Object::common(&services, "Claims Configuration", "container"),
        Object::common(&services, "Windows NT", "container"),
        Object::common(&windows_nt, "Directory Service", "nTDSService")
            .number("tombstoneLifetime", TOMBSTONE_LIFETIME_DAYS)
            .text("sPNMappings", SPN_MAPPINGS)
            .texts("msDS-Other-Settings", OTHER_SETTINGS),
        Object::common(&directory_service, "Query-Policies", "container"),
        Object::common(&policies, "Default Query Policy", "queryPolicy").texts("lDAPAdminLimits", LIMITS),
        Object::common(&directory_service, "Optional Features", "container"),
    ];
    objects.extend(FEATURES.map(|(name, guid, level)| {
        Object::common(&features, name, "msDS-OptionalFeature")
            .octets("msDS-OptionalFeatureGUID", *Guid::from_u128(guid).as_bytes())
            .number("msDS-OptionalFeatureFlags", FOREST_FEATURE)
            .number("msDS-RequiredForestBehaviorVersion", level)
    }));
    objects
}
