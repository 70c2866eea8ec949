//! What real programs ask, and the answers that a domain controller would give: one row for each question.
//!
//! The questions are those of the programs' own sources; the organisation is the one of the harness. `{D}` stands for
//! the domain, `{P}` for its people and `{G}` for its groups.

use bailiwick_tests::{BASE, Client, Server, load_organisation};

/// One question and its answer.
struct Row {
    /// Who asks what.
    client: &'static str,
    /// The arguments of `ldapsearch`: base, scope, filter, attributes.
    question: (&'static str, &'static str, &'static str, &'static [&'static str]),
    /// The name of each entry that must come, with those values that are known beforehand, as `attribute=value`;
    /// an attribute without a value, as `attribute=`, must be absent.
    answer: &'static [(&'static str, &'static [&'static str])],
}

const ANN: &str = "CN=Ann Archer,{P}";
const BOB: &str = "CN=Bob Baker,{P}";
const CY: &str = "CN=Cy Carter,{P}";
const DORA: &str = "CN=Dora Dyer,OU=Abroad,{P}";

const TABLE: &[Row] = &[
    Row {
        client: "adcli: the account of a computer",
        question: ("{D}", "sub", "(&(objectClass=computer)(sAMAccountName=WEB1$))", &["1.1"]),
        answer: &[("CN=web1,OU=Machines,{D}", &[])],
    },
    Row {
        client: "adcli: the container of computers",
        question: ("{D}", "sub", "(&(objectClass=container)(cn=Computers))", &["cn"]),
        answer: &[("CN=Computers,{D}", &["cn=Computers"])],
    },
    Row {
        client: "adcli: the well-known containers",
        question: ("{D}", "base", "(objectClass=*)", &["wellKnownObjects"]),
        answer: &[(
            "{D}",
            &[
                "wellKnownObjects=B:32:AA312825768811D1ADED00C04FD8D5CD:CN=Computers,{D}",
                "wellKnownObjects=B:32:A9D1CA15768811D1ADED00C04FD8D5CD:CN=Users,{D}",
            ],
        )],
    },
    Row {
        client: "adcli: the domain's short name",
        question: ("CN=Partitions,CN=Configuration,{D}", "one", "(&(nCName={D})(nETBIOSName=*))", &["nETBIOSName"]),
        answer: &[("CN=EXAMPLE,CN=Partitions,CN=Configuration,{D}", &["nETBIOSName=EXAMPLE"])],
    },
    Row {
        client: "adcli: reading a computer back",
        question: (
            "CN=web1,OU=Machines,{D}",
            "base",
            "(objectClass=*)",
            &["dNSHostName", "servicePrincipalName", "operatingSystem", "operatingSystemServicePack"],
        ),
        answer: &[(
            "CN=web1,OU=Machines,{D}",
            &[
                "dNSHostName=web1.example.com",
                "servicePrincipalName=HOST/web1.example.com",
                "servicePrincipalName=HOST/WEB1",
                "operatingSystem=",
            ],
        )],
    },
    Row {
        client: "SSSD: a user",
        question: (
            "{D}",
            "sub",
            "(&(sAMAccountName=bob)(objectclass=user)(sAMAccountName=*)(objectSID=*))",
            &["userPrincipalName", "primaryGroupID"],
        ),
        answer: &[(BOB, &["userPrincipalName=bob@example.com", "primaryGroupID=513"])],
    },
    Row {
        client: "SSSD: a user by UPN or mail",
        question: (
            "{D}",
            "sub",
            "(&(|(userPrincipalName=dora@example.com)(mail=dora@example.com))(objectclass=user)(sAMAccountName=*)(objectSID=*))",
            &["sAMAccountName"],
        ),
        answer: &[(DORA, &["sAMAccountName=dora"])],
    },
    Row {
        client: "SSSD: a group",
        question: ("{D}", "sub", "(&(sAMAccountName=engineers)(objectclass=group)(sAMAccountName=*))", &["member"]),
        answer: &[("CN=engineers,{G}", &["member=CN=Bob Baker,{P}", "member=CN=Dora Dyer,OU=Abroad,{P}"])],
    },
    Row {
        client: "SSSD: a group with a number",
        question: (
            "{D}",
            "sub",
            "(&(sAMAccountName=engineers)(objectclass=group)(sAMAccountName=*)(&(gidNumber=*)(!(gidNumber=0))))",
            &["1.1"],
        ),
        answer: &[],
    },
    Row {
        client: "SSSD: trusts",
        question: (
            "{D}",
            "sub",
            "(&(objectclass=trustedDomain)(trustType=2)(!(msDS-TrustForestTrustInfo=*)))",
            &["1.1"],
        ),
        answer: &[],
    },
    Row {
        client: "SSSD: whether the schema has POSIX attributes",
        question: (
            "CN=Schema,CN=Configuration,{D}",
            "sub",
            "(&(objectclass=attributeSchema)(|(cn=uidNumber)(cn=gidNumber)))",
            &["lDAPDisplayName"],
        ),
        answer: &[
            ("CN=GidNumber,CN=Schema,CN=Configuration,{D}", &["lDAPDisplayName=gidNumber"]),
            ("CN=UidNumber,CN=Schema,CN=Configuration,{D}", &["lDAPDisplayName=uidNumber"]),
        ],
    },
    Row {
        client: "SSSD: group policy, of which there is none",
        question: ("{D}", "base", "(objectClass=*)", &["gPLink", "gpOptions"]),
        answer: &[("{D}", &["gPLink=", "gPOptions="])],
    },
    Row {
        client: "SSSD: group policy of the site",
        question: ("CN=Default-First-Site-Name,CN=Sites,CN=Configuration,{D}", "base", "(objectClass=*)", &["gPLink"]),
        answer: &[("CN=Default-First-Site-Name,CN=Sites,CN=Configuration,{D}", &["gPLink="])],
    },
    Row {
        client: "SSSD with rfc2307bis",
        question: (
            "{D}",
            "sub",
            "(&(uid=dora)(objectclass=posixAccount)(uid=*)(&(uidNumber=*)(!(uidNumber=0))))",
            &["uidNumber"],
        ),
        answer: &[(DORA, &["uidNumber=10004"])],
    },
    Row {
        client: "an absolute true filter on the computer's own object",
        question: ("CN=web1,OU=Machines,{D}", "base", "(&)", &["cn"]),
        answer: &[("CN=web1,OU=Machines,{D}", &["cn=web1"])],
    },
    Row {
        client: "Keycloak: direct groups",
        question: ("{G}", "sub", "(&(objectClass=group)(member=CN=Bob Baker,{P}))", &["cn"]),
        answer: &[("CN=engineers,{G}", &["cn=engineers"])],
    },
    Row {
        client: "Keycloak: nested groups",
        question: ("{G}", "sub", "(&(objectClass=group)(member:1.2.840.113556.1.4.1941:=CN=Bob Baker,{P}))", &["cn"]),
        answer: &[("CN=admins-of-app,{G}", &[]), ("CN=engineers,{G}", &[]), ("CN=staff,{G}", &[])],
    },
    Row {
        client: "Keycloak: nested members",
        question: (
            "{P}",
            "sub",
            "(&(objectClass=user)(memberOf:1.2.840.113556.1.4.1941:=CN=staff,{G}))",
            &["whenCreated"],
        ),
        answer: &[(ANN, &[]), (BOB, &[]), (DORA, &[])],
    },
    Row {
        client: "Keycloak: what changed since a time",
        question: (
            "{P}",
            "sub",
            "(&(objectClass=user)(|(createTimestamp>=20200101000000.0Z)(modifyTimestamp>=20200101000000.0Z)))",
            &["1.1"],
        ),
        answer: &[(ANN, &[]), (BOB, &[]), (CY, &[]), (DORA, &[])],
    },
    Row {
        client: "Keycloak: what changed in the far future",
        question: (
            "{P}",
            "sub",
            "(&(objectClass=user)(|(createTimestamp>=29990101000000.0Z)(modifyTimestamp>=29990101000000.0Z)))",
            &["1.1"],
        ),
        answer: &[],
    },
    Row {
        client: "Authelia: a user that may sign in",
        question: (
            "{D}",
            "sub",
            "(&(|(sAMAccountName=Administrator)(mail=Administrator))(sAMAccountType=805306368)(!(userAccountControl:1.2.840.113556.1.4.803:=2))(!(pwdLastSet=0))(|(!(accountExpires=*))(accountExpires=0)(accountExpires>=133500000000000000)))",
            &["sAMAccountName"],
        ),
        answer: &[("CN=Administrator,CN=Users,{D}", &["sAMAccountName=Administrator"])],
    },
    Row {
        client: "Authelia: a disabled user",
        question: (
            "{D}",
            "sub",
            "(&(|(sAMAccountName=cy)(mail=cy))(sAMAccountType=805306368)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))",
            &["1.1"],
        ),
        answer: &[],
    },
    Row {
        client: "Authelia: groups",
        question: (
            "{D}",
            "sub",
            "(&(member=CN=Ann Archer,{P})(|(sAMAccountType=268435456)(sAMAccountType=536870912)))",
            &["sAMAccountName"],
        ),
        answer: &[("CN=loop-b,{G}", &["sAMAccountName=loop-b"]), ("CN=staff,{G}", &["sAMAccountName=staff"])],
    },
    Row {
        client: "Nextcloud: testing a base, asking for an attribute that is none",
        question: ("{P}", "base", "(objectclass=*)", &["dn"]),
        answer: &[("{P}", &[])],
    },
    Row {
        client: "Nextcloud: a login",
        question: ("{P}", "sub", "(&(objectclass=person)(memberOf=CN=engineers,{G})(uid=bob))", &["uid"]),
        answer: &[(BOB, &["uid=bob"])],
    },
    Row {
        client: "Nextcloud: nested members",
        question: (
            "{P}",
            "sub",
            "(&(&(objectclass=person))(displayName=*)(memberof:1.2.840.113556.1.4.1941:=CN=admins-of-app,{G}))",
            &["displayName"],
        ),
        answer: &[
            (ANN, &["displayName=Ann Archer"]),
            (BOB, &["displayName=Bob Baker"]),
            (DORA, &["displayName=Dora Dyer"]),
        ],
    },
    Row {
        client: "Gitea: a user",
        question: ("{D}", "sub", "(&(objectClass=person)(|(uid=bob)(mail=bob)))", &["mail"]),
        answer: &[(BOB, &["mail=bob@example.com"])],
    },
    Row {
        client: "Gitea: the user's attributes, below the user's own name",
        question: ("CN=Bob Baker,{P}", "sub", "(&(objectClass=person)(|(uid=bob)(mail=bob)))", &["givenName", "sn"]),
        answer: &[(BOB, &["givenName=Bob", "sn=Baker"])],
    },
    Row {
        client: "Gitea: the filter for administrators, below the user's own name",
        question: ("CN=Bob Baker,{P}", "sub", "(memberOf=CN=staff,{G})", &["1.1"]),
        answer: &[],
    },
    Row {
        client: "Gitea: groups",
        question: ("{G}", "sub", "(&(objectClass=group)(member=CN=Dora Dyer,OU=Abroad,{P}))", &["1.1"]),
        answer: &[("CN=engineers,{G}", &[])],
    },
    Row {
        client: "Gitea: synchronising everybody",
        question: ("{P}", "sub", "(&(objectClass=person)(|(uid=*)(mail=*)))", &["1.1"]),
        answer: &[(ANN, &[]), (BOB, &[]), (CY, &[]), (DORA, &[])],
    },
    Row {
        client: "Grafana: a user by cn",
        question: ("{D}", "sub", "(cn=Bob Baker)", &["givenName", "sn", "cn", "memberOf", "email"]),
        answer: &[(BOB, &["cn=Bob Baker", "memberOf=CN=engineers,{G}", "email="])],
    },
    Row {
        client: "Grafana: POSIX groups",
        question: ("{D}", "sub", "(&(objectClass=posixGroup)(memberUid=bob))", &["1.1"]),
        answer: &[],
    },
    Row {
        client: "Jellyfin: a user",
        question: (
            "{D}",
            "sub",
            "(&(memberOf=CN=engineers,{G})(|(uid=bob)(cn=bob)(mail=bob)(displayName=bob)))",
            &["uid", "jpegphoto"],
        ),
        answer: &[(BOB, &["uid=bob", "jpegPhoto="])],
    },
    Row {
        client: "Jellyfin: administrators by an attribute that nobody has",
        question: ("CN=Bob Baker,{P}", "sub", "(enabledService=JellyfinAdministrator)", &["1.1"]),
        answer: &[],
    },
    Row {
        client: "an unknown attribute is Undefined, and so is its negation",
        question: ("{P}", "sub", "(!(enabledService=JellyfinAdministrator))", &["1.1"]),
        answer: &[],
    },
    Row {
        client: "an unknown attribute beside a known one",
        question: ("{P}", "sub", "(|(enabledService=x)(sAMAccountName=BOB))", &["1.1"]),
        answer: &[(BOB, &[])],
    },
    Row {
        client: "GitLab: a disabled user",
        question: ("CN=Cy Carter,{P}", "base", "(userAccountControl:1.2.840.113556.1.4.803:=2)", &["1.1"]),
        answer: &[(CY, &[])],
    },
    Row {
        client: "GitLab: a user that is not disabled",
        question: ("CN=Bob Baker,{P}", "base", "(userAccountControl:1.2.840.113556.1.4.803:=2)", &["1.1"]),
        answer: &[],
    },
    Row {
        client: "Vault: nested groups",
        question: (
            "{G}",
            "sub",
            "(&(objectClass=group)(member:1.2.840.113556.1.4.1941:=CN=Dora Dyer,OU=Abroad,{P}))",
            &["1.1"],
        ),
        answer: &[("CN=admins-of-app,{G}", &[]), ("CN=engineers,{G}", &[]), ("CN=staff,{G}", &[])],
    },
    Row {
        client: "Odoo: attribute names in any case",
        question: (
            "{D}",
            "sub",
            "(&(sAMAccountName=bob)(!(UserAccountControl:1.2.840.113556.1.4.803:=2)))",
            &["SAMACCOUNTNAME"],
        ),
        answer: &[(BOB, &["sAMAccountName=bob"])],
    },
    Row {
        client: "LAM: whether an account is locked",
        question: ("CN=Bob Baker,{P}", "base", "(objectClass=*)", &["lockoutTime"]),
        answer: &[(BOB, &["lockoutTime="])],
    },
    Row {
        client: "class names compare without regard to case",
        question: ("{P}", "one", "(objectClass=PERSON)", &["1.1"]),
        answer: &[(ANN, &[]), (BOB, &[]), (CY, &[])],
    },
    Row {
        client: "a category by the short name of its class",
        question: ("{D}", "sub", "(&(objectCategory=computer)(cn=web*))", &["1.1"]),
        answer: &[("CN=web1,OU=Machines,{D}", &[])],
    },
    Row { client: "ambiguous names", question: ("{P}", "sub", "(anr=Bob Ba)", &["1.1"]), answer: &[(BOB, &[])] },
    Row {
        client: "pieces of a value",
        question: ("{P}", "sub", "(&(displayName=d*r*y*r)(mail=*@example.com))", &["1.1"]),
        answer: &[(DORA, &[])],
    },
    Row {
        client: "a name that nobody has",
        question: ("{D}", "sub", "(memberOf=CN=nobody,OU=nowhere,{D})", &["1.1"]),
        answer: &[],
    },
    Row {
        client: "a secret does not exist for a filter",
        question: ("CN=Administrator,CN=Users,{D}", "sub", "(unicodePwd=*)", &["1.1"]),
        answer: &[],
    },
    Row {
        client: "nor for the negation of one",
        question: ("CN=Administrator,CN=Users,{D}", "sub", "(!(unicodePwd=*))", &["1.1"]),
        answer: &[],
    },
];

#[test]
fn every_client_gets_the_answer_of_a_domain_controller() {
    let server = Server::start();
    load_organisation(&server);
    let mut wrong = Vec::new();
    for row in TABLE {
        if let Err(difference) = ask(&server, row) {
            wrong.push(format!("{}: {difference}", row.client));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), TABLE.len(), wrong.join("\n"));
}

fn fill(text: &str) -> String {
    let people = format!("OU=People,{BASE}");
    let groups = format!("OU=Groups,{BASE}");
    text.replace("{P}", &people).replace("{G}", &groups).replace("{D}", BASE)
}

fn ask(server: &Server, row: &Row) -> Result<(), String> {
    let (base, scope, filter, attributes) = row.question;
    let (base, filter) = (fill(base), fill(filter));
    let mut arguments = vec!["-b", &base, "-s", scope, &filter];
    arguments.extend(attributes);
    // Paged, as most programs do it.
    let output = server.search(&[&["-E", "pr=500/noprompt"], arguments.as_slice()].concat());
    if output.code != 0 {
        return Err(output.to_string());
    }
    let mut found = output.entries();
    found.sort_by(|a, b| a.dn.cmp(&b.dn));
    let mut expected: Vec<_> = row.answer.iter().map(|(name, values)| (fill(name), values)).collect();
    expected.sort();
    let names: Vec<_> = found.iter().map(|entry| entry.dn.clone()).collect();
    let expected_names: Vec<_> = expected.iter().map(|(name, _)| name.clone()).collect();
    if names != expected_names {
        return Err(format!("{names:?} instead of {expected_names:?}"));
    }
    for (entry, (_, values)) in found.iter().zip(expected) {
        for value in values.iter() {
            let (attribute, value) = value.split_once('=').ok_or("a row's value has an equals sign")?;
            let actual = entry.values(attribute);
            let as_expected = if value.is_empty() { actual.is_empty() } else { actual.contains(&fill(value)) };
            if !as_expected {
                return Err(format!("{attribute} of {} is {actual:?} instead of {value:?}", entry.dn));
            }
        }
    }
    Ok(())
}

#[test]
fn token_groups_are_the_sids_of_all_groups() {
    let server = Server::start();
    load_organisation(&server);
    let bob = format!("CN=Bob Baker,OU=People,{BASE}");
    let tokens = server.search(&["-b", &bob, "-s", "base", "(objectClass=*)", "tokenGroups"]).entries();
    let mut tokens = tokens[0].octets("tokenGroups").to_vec();
    tokens.sort();
    let groups = server.search(&[
        "(|(cn=engineers)(cn=staff)(cn=admins-of-app)(cn=Domain Users)(&(cn=Users)(objectClass=group)))",
        "objectSid",
    ]);
    let mut sids: Vec<_> = groups.entries().iter().map(|group| group.octets("objectSid")[0].clone()).collect();
    sids.sort();
    assert_eq!(tokens, sids);
}

#[test]
fn a_computer_joins_with_the_attributes_that_adcli_sends() {
    let server = Server::start();
    let host = format!("CN=HOST7,CN=Computers,{BASE}");
    server.add(&format!(
        "dn: {host}\nobjectClass: computer\nsAMAccountName: HOST7$\nuserAccountControl: 69632\n\
         msDS-SupportedEncryptionTypes: 28\ndNSHostName: host7.example.com\noperatingSystem: redhat-linux-gnu\n\
         servicePrincipalName: host/HOST7\nservicePrincipalName: host/host7.example.com\n\
         servicePrincipalName: RestrictedKrbHost/HOST7\nservicePrincipalName: RestrictedKrbHost/host7.example.com\n"
    ));
    let found = &server.search(&["(sAMAccountName=HOST7$)", "*"]).entries()[0];
    assert_eq!(found.values("objectClass"), ["top", "person", "organizationalPerson", "user", "computer"]);
    assert_eq!(found.value("sAMAccountType"), "805306369");
    assert_eq!(found.value("primaryGroupID"), "515");
    assert_eq!(found.value("objectCategory"), format!("CN=Computer,CN=Schema,CN=Configuration,{BASE}"));
}

#[test]
fn a_user_is_found_by_the_octets_of_its_guid() {
    let server = Server::start();
    load_organisation(&server);
    let bob = &server.search(&["(sAMAccountName=bob)", "objectGUID"]).entries()[0];
    let escaped: String = bob.octets("objectGUID")[0].iter().map(|octet| format!("\\{octet:02X}")).collect();
    let found = server.search(&[&format!("(objectGUID={escaped})"), "1.1"]).entries();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].dn, bob.dn);
}

/// A client that follows `uSNChanged` while others write must see every change, and none twice.
#[test]
fn a_client_that_follows_usns_sees_each_new_object_once() {
    const WRITERS: usize = 4;
    const OBJECTS: usize = 40;
    let server = Server::start();
    let address = server.address("ldap");
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            std::thread::spawn(move || {
                let mut client = Client::administrator(address);
                for object in 0..OBJECTS {
                    let name = format!("CN=w{writer}-{object},CN=Users,{BASE}");
                    client.add(&name, &[("objectClass", "contact")]).expect("the server answers");
                }
            })
        })
        .collect();
    let mut follower = Client::administrator(address);
    let mut seen = Vec::new();
    let mut next = 0;
    loop {
        // Whether the writers are done must be known before the search that then sees all they did.
        let done = writers.iter().all(|writer| writer.is_finished());
        let filter = format!("(&(objectClass=contact)(uSNChanged>={next}))");
        for (name, attributes) in follower.search(BASE, &filter, &["uSNChanged"]).expect("the server answers") {
            let usn = std::str::from_utf8(&attributes[0].1[0]).expect("a USN is text");
            next = next.max(usn.parse::<u64>().expect("a USN is a number") + 1);
            seen.push(name);
        }
        if done {
            break;
        }
    }
    let answers = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((answers, seen.len()), (WRITERS * OBJECTS, WRITERS * OBJECTS));
}

/// While one client makes the server examine everything again and again, others are answered in between.
#[test]
fn a_client_that_reads_everything_does_not_stop_the_others() {
    const SEARCHES: usize = 200;
    let server = Server::with(&["--ldap-threads", "1", "--search-threads", "1"]);
    let address = server.address("ldap");
    let schema = format!("CN=Schema,CN=Configuration,{BASE}");
    let (sender, done) = std::sync::mpsc::channel();
    let (begun_sender, begun) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut client = Client::administrator(address);
        let mut rounds = 0;
        begun_sender.send(()).expect("the test waits for the reader");
        // No index helps with this one, and it matches nothing: every entry is examined.
        while done.try_recv().is_err() {
            client.search(&schema, "(&(objectClass=*)(description=*x*y*z*))", &["*"]).expect("the server answers");
            rounds += 1;
        }
        rounds
    });
    let mut client = Client::administrator(address);
    begun.recv().expect("the reader begins");
    for _ in 0..SEARCHES {
        let found = client.search(BASE, "(sAMAccountName=Administrator)", &["cn"]).expect("the server answers");
        assert_eq!(found.len(), 1);
    }
    sender.send(()).expect("the reader reads");
    // Had each of the others waited for the end of a round, there would be as many rounds as searches.
    let rounds = reader.join().expect("the reader does not panic");
    assert!(rounds < SEARCHES / 2, "{SEARCHES} searches took {rounds} rounds of the reader");
}
