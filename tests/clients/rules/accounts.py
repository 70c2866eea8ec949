"""Users, groups and computers: defaults, names, flags, scopes and the quota of machines. [MS-SAMR] 3.1.1.6 and 3.1.1.8."""

from . import add, computer, delete, group, minus, modify, person, plus, put, read, user

SECURITY = -(1 << 31)
GLOBAL, LOCAL, UNIVERSAL = 2 + SECURITY, 4 + SECURITY, 8 + SECURITY
BOB = ("CN=bob", "Sommer-2026")
NEVER = 2**63 - 1

BIRTHS = [
    ("a plain user is a whole account", add("CN=ada", "user", cn="ada", sAMAccountName="ada"),
     read("CN=ada", userAccountControl=546, primaryGroupID=513, sAMAccountType=805306368, accountExpires=NEVER, badPwdCount=0, badPasswordTime=0,
          pwdLastSet=0, logonCount=0, lastLogon=0, codePage=0, countryCode=0, objectClass=["top", "person", "organizationalPerson", "user"])),
    ("a plain group is a global security group", group("g"), read("CN=g", groupType=GLOBAL, sAMAccountType=268435456)),
    ("a plain computer is a workstation", computer("PC1"),
     read("CN=PC1", userAccountControl=4130, primaryGroupID=515, sAMAccountType=805306369, isCriticalSystemObject="FALSE")),
    ("who gives no account name gets one", add("CN=x", "user"), add("CN=y", "group")),
]

NAMES = [
    *((f"no account name has {bad!r}", user("x", 80, sAMAccountName=f"a{bad}b"), user("x"), modify("CN=x", put("sAMAccountName", f"a{bad}b"), expected=80))
      for bad in ['"', "/", "\\", "[", ":", ";", "|", "=", ",", "+", "*", "?", "<", ">", "\t"]),
    ("an account name does not end in a dot", user("x", 80, sAMAccountName="x.")),
    ("an account name may have spaces, dots and accents", user("x", sAMAccountName="Jö von der Alm.x")),
    ("two accounts have two names", user("twin"), group("g", sAMAccountName="twin2"), add("CN=z", "group", 68, sAMAccountName="TWIN"),
     modify("CN=g", put("sAMAccountName", "Twin"), expected=68), modify("CN=g", put("sAMAccountName", "twin3"))),
    ("a name is free again after a delete", user("brief"), delete("CN=brief"), user("other", sAMAccountName="brief")),
    ("principal names are unique", user("u1", userPrincipalName="u@example.com"), user("u2", 19, userPrincipalName="U@EXAMPLE.com"),
     user("u2", userPrincipalName="v@example.com"), modify("CN=u2", put("userPrincipalName", "u@example.com"), expected=19)),
    ("names of services are unique", user("s1", servicePrincipalName="http/shop"), user("s2", 19, servicePrincipalName="HTTP/shop"),
     user("s2"), modify("CN=s2", plus("servicePrincipalName", "http/shop"), expected=19), modify("CN=s2", plus("servicePrincipalName", "http/shop2"))),
    ("a name of a service has its form", *(user("s5", 19, servicePrincipalName=name) for name in ["web", "http/", "/web", "http/a/b/c"]), user("s5"),
     modify("CN=s5", put("servicePrincipalName", "web"), expected=19), modify("CN=s5", put("servicePrincipalName", "http/a/b"))),
    ("administrators share out what a host name stands for", computer("WEB1", servicePrincipalName="host/web1"), user("s3", servicePrincipalName="http/web1")),
    ("nobody else does", person("bob"), computer("WEB2", servicePrincipalName="host/web2"), user("s4"),
     modify("CN=Account Operators,CN=Builtin,{base}", plus("member", "CN=bob,{ou}")), modify("CN=s4", put("servicePrincipalName", "http/free2"), by=BOB),
     modify("CN=WEB2", put("servicePrincipalName", "host/web2", "http/www2"), by=BOB), modify("CN=s4", put("servicePrincipalName", "http/www2"), expected=19, by=BOB)),
    ("names of services follow a computer", computer("OLD1", dNSHostName="old1.example.com", servicePrincipalName=["HOST/OLD1", "HOST/old1.example.com", "http/other1"]),
     modify("CN=OLD1", put("dNSHostName", "new1.example.com")), read("CN=OLD1", servicePrincipalName=["HOST/OLD1", "HOST/new1.example.com", "http/other1"]),
     modify("CN=OLD1", put("sAMAccountName", "NEW1$")), read("CN=OLD1", servicePrincipalName=["HOST/NEW1", "HOST/new1.example.com", "http/other1"])),
]

FLAGS = [
    ("flags that are shown elsewhere are not stored", user("x"), modify("CN=x", put("userAccountControl", 512 + 2 + 16 + 0x800000)), read("CN=x", userAccountControl=514)),
    ("an account is of one kind", user("x"), modify("CN=x", put("userAccountControl", 0x200 + 0x1000), expected=80), modify("CN=x", put("userAccountControl", 0x100), expected=80)),
    ("a user is no machine", user("x", 65, userAccountControl=4096), user("x"), modify("CN=x", put("userAccountControl", 4096 + 2), expected=65)),
    ("a computer that becomes a controller changes its primary group", computer("PC2"), modify("CN=PC2", put("userAccountControl", 0x2000)),
     read("CN=PC2", primaryGroupID=516, sAMAccountType=805306369), modify("CN=PC2", put("userAccountControl", 0x1000)), read("CN=PC2", primaryGroupID=515)),
    ("no password, no enabled account", user("x"), modify("CN=x", put("userAccountControl", 512), expected=53), modify("CN=x", put("userAccountControl", 544))),
    ("operators set the plain flags and no others", person("bob"), modify("CN=Account Operators,CN=Builtin,{base}", plus("member", "CN=bob,{ou}")), user("x"),
     modify("CN=x", put("userAccountControl", 514 + 0x10000), by=BOB), modify("CN=x", put("userAccountControl", 514 + 0x80000), expected=50, by=BOB),
     modify("CN=x", put("userAccountControl", 514 + 0x1000000), expected=50, by=BOB), modify("CN=x", put("userAccountControl", 514 + 0x80000)),
     computer("PC3"), modify("CN=PC3", put("userAccountControl", 0x2000), expected=50, by=BOB), computer("PC4", 50, BOB, userAccountControl=0x2000),
     computer("PC4", 80, BOB, sAMAccountName="PC4"), computer("PC4", 0, BOB), modify("CN=x", put("msDS-AllowedToDelegateTo", "http/a"), expected=50, by=BOB)),
]

GROUPS = [
    *((f"a group of type {number} is none", group("g", number, 53)) for number in [0, 1, 6, 14, 5 + SECURITY]),
    *((f"a group goes from {before} to {after}", group("g", before), modify("CN=g", put("groupType", after), expected=expected), read("CN=g", groupType=after if expected == 0 else before))
      for before, after, expected in [(GLOBAL, UNIVERSAL, 0), (UNIVERSAL, GLOBAL, 0), (UNIVERSAL, LOCAL, 0), (LOCAL, UNIVERSAL, 0), (GLOBAL, 2, 0), (GLOBAL, LOCAL, 53), (LOCAL, GLOBAL, 53), (LOCAL, LOCAL + 1, 53)]),
    *((f"a {inner} in a {outer}", group("p", outer), group("m", inner), modify("CN=p", plus("member", "CN=m,{ou}"), expected=expected), group("q", outer, expected, member="CN=m,{ou}"))
      for outer, inner, expected in [
          (GLOBAL, GLOBAL, 0), (GLOBAL, UNIVERSAL, 53), (GLOBAL, LOCAL, 53), (UNIVERSAL, GLOBAL, 0), (UNIVERSAL, UNIVERSAL, 0), (UNIVERSAL, LOCAL, 53),
          (LOCAL, GLOBAL, 0), (LOCAL, UNIVERSAL, 0), (LOCAL, LOCAL, 0), (2, 8, 53), (8, 4, 53), (4, 4, 0)]),
    *((f"accounts are in groups of type {outer}", user("x"), computer("PC5"), add("CN=c", "contact"), group("p", outer, member=["CN=x,{ou}", "CN=PC5,{ou}", "CN=c,{ou}"]))
      for outer in [GLOBAL, UNIVERSAL, LOCAL, 2]),
    ("built-in groups are in no other", group("p", LOCAL), modify("CN=p", plus("member", "CN=Guests,CN=Builtin,{base}"), expected=53),
     modify("CN=Guests,CN=Builtin,{base}", plus("member", "CN=p,{ou}"))),
    ("a group is not in itself", group("g"), modify("CN=g", plus("member", "CN=g,{ou}"), expected=53)),
    ("foreigners are in local groups", group("l", LOCAL), group("g", GLOBAL), group("u", UNIVERSAL),
     modify("CN=l", plus("member", "CN=S-1-5-11,CN=ForeignSecurityPrincipals,{base}")),
     modify("CN=g", plus("member", "CN=S-1-5-11,CN=ForeignSecurityPrincipals,{base}"), expected=53),
     modify("CN=u", plus("member", "CN=S-1-5-11,CN=ForeignSecurityPrincipals,{base}"), expected=53)),
    ("SIDs from elsewhere are in local groups", group("l", LOCAL), group("g", GLOBAL), modify("CN=g", plus("member", "<SID=S-1-5-21-1-2-3-4444>"), expected=53),
     modify("CN=l", plus("member", "<SID=S-1-5-21-1-2-3-4444>")), read("CN=l", member="CN=S-1-5-21-1-2-3-4444,CN=ForeignSecurityPrincipals,{base}"),
     modify("CN=l", plus("member", "<SID=S-1-5-32-4444>"), expected=32)),
    ("a universal member keeps a group universal", group("g", UNIVERSAL), group("m", UNIVERSAL), modify("CN=g", plus("member", "CN=m,{ou}")),
     modify("CN=g", put("groupType", GLOBAL), expected=53), modify("CN=g", minus("member")), modify("CN=g", put("groupType", GLOBAL))),
    ("a local member keeps a group local", group("g", LOCAL), group("m", LOCAL), modify("CN=g", plus("member", "CN=m,{ou}")), modify("CN=g", put("groupType", UNIVERSAL), expected=53)),
    ("a global holder keeps a group global", group("g"), group("h", member="CN=g,{ou}"), modify("CN=g", put("groupType", UNIVERSAL), expected=53)),
    ("a universal holder keeps a group from being local", group("g", UNIVERSAL), group("h", UNIVERSAL, member="CN=g,{ou}"), modify("CN=g", put("groupType", LOCAL), expected=53)),
    ("a member is one once", user("x"), group("g", member="CN=x,{ou}"), modify("CN=g", plus("member", "CN=x,{ou}"), expected=68),
     modify("CN=g", minus("member", "CN=x,{ou}")), modify("CN=g", minus("member", "CN=x,{ou}"), expected=53)),
    ("one is a member of one's primary group already", user("x"), modify("CN=Domain Users,CN=Users,{base}", plus("member", "CN=x,{ou}"), expected=68)),
    ("a primary group is one that one is in", user("x"), modify("CN=x", put("primaryGroupID", 514), expected=53),
     modify("CN=Domain Guests,CN=Users,{base}", plus("member", "CN=x,{ou}")), modify("CN=x", put("primaryGroupID", 514)),
     read("CN=x", memberOf="CN=Domain Users,CN=Users,{base}")),
    ("a primary group stays a security group", modify("CN=Domain Users,CN=Users,{base}", put("groupType", 2), expected=53)),
]

JOIN = {"userAccountControl": 69632, "operatingSystem": "Linux", "msDS__SupportedEncryptionTypes": 24}


def joined(name, expected=0, by=BOB, **attributes):
    """A computer as a machine creates it that joins, in the domain's own container."""
    given = {"sAMAccountName": name + "$", "dNSHostName": name + ".example.com", "servicePrincipalName": ["HOST/" + name, "RestrictedKrbHost/" + name], **JOIN, **attributes}
    return add(f"CN={name},CN=Computers,{{base}}", "computer", expected, by, **given)


QUOTA = [
    ("everybody creates ten computers", person("bob"), *(joined(f"q{number}") for number in range(10)), joined("q10", 53),
     joined("q10", by=None), read("CN=q10,CN=Computers,{base}", **{"mS__DS__CreatorSID": None}), delete("CN=q3,CN=Computers,{base}"), joined("q11")),
    ("a quota is for plain workstations", person("eve"), *(joined("r1", expected, ("CN=eve", "Sommer-2026"), **given) for given, expected in [
        ({"userAccountControl": 0x2000}, 50), ({"userAccountControl": 0x1000 + 0x80000}, 50), ({"sAMAccountName": "r1"}, 80), ({"dNSHostName": "dc1.example.com"}, 19),
        ({"servicePrincipalName": "HOST/dc1"}, 19), ({"description": "x"}, 50), ({}, 0)])),
    ("a quota is for the domain's container", person("eve2"), computer("r2", 50, ("CN=eve2", "Sommer-2026")), user("r3", 50, ("CN=eve2", "Sommer-2026"))),
    ("a domain may have no quota", person("eve3"), modify("{base}", put("ms-DS-MachineAccountQuota", 0)), joined("r4", 50, ("CN=eve3", "Sommer-2026")),
     modify("{base}", put("ms-DS-MachineAccountQuota", 10)), joined("r4", 0, ("CN=eve3", "Sommer-2026"))),
]

TABLES = [BIRTHS, NAMES, FLAGS, GROUPS, QUOTA]
