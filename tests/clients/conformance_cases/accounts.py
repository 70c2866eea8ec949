"""Accounts: their names, flags, primary groups and services."""

from . import add, case, computer, delete, minus, modify, plus, put, rename, show, user

FLAGS = ("userAccountControl", "sAMAccountType", "primaryGroupID")

ACCOUNT_NAMES = [
    *(
        case(f"an account name with {what}", add("CN=x", "user", sAMAccountName="{id}" + character + "x"))
        for what, character in [
            ("a quotation mark", '"'), ("a slash", "/"), ("a backslash", "\\"), ("a bracket", "["), ("a closing bracket", "]"),
            ("a colon", ":"), ("a semicolon", ";"), ("a bar", "|"), ("an equals sign", "="), ("a comma", ","), ("a plus", "+"),
            ("an asterisk", "*"), ("a question mark", "?"), ("a less-than sign", "<"), ("a greater-than sign", ">"),
            ("an at sign", "@"), ("a space", " "), ("a dot", "."), ("a dollar", "$"), ("an accent", "é"), ("a tab", "\t"),
        ]
    ),
    case("an account name that ends with a dot", add("CN=x", "user", sAMAccountName="{id}.")),
    case("an account name of dots", add("CN=x", "user", sAMAccountName="...")),
    case("an account name of 20 characters", add("CN=x", "user", sAMAccountName="{id}" + "x" * 15)),
    case("an account name of 21 characters", add("CN=x", "user", sAMAccountName="{id}" + "x" * 16)),
    case("an account name of 256 characters", add("CN=x", "group", sAMAccountName="{id}" + "x" * 251), show("CN=x", "cn")),
    case("an account name of 257 characters", add("CN=x", "group", sAMAccountName="{id}" + "x" * 252)),
    case("an empty account name", add("CN=x", "user", sAMAccountName="")),
    case("an account name that is taken", user("x"), add("CN=y", "user", sAMAccountName="{id}x")),
    case("an account name that is taken in other case", user("x"), add("CN=y", "group", sAMAccountName="{id}X")),
    case("an account name that is taken, later", user("x"), user("y"), modify("CN=y", put("sAMAccountName", "{id}x"))),
    case("the account name of the administrator", add("CN=x", "user", sAMAccountName="administrator")),
    case("the account name of a built-in group", add("CN=x", "user", sAMAccountName="Users")),
    case("an account name changes", user("x"), modify("CN=x", put("sAMAccountName", "{id}z")), show("CN=x", "sAMAccountName")),
    case("an account name is deleted", user("x"), modify("CN=x", minus("sAMAccountName"))),
    case("an account name changes badly", user("x"), modify("CN=x", put("sAMAccountName", "a*b"))),
    case("a user without an account name", add("CN=x", "user"), show("CN=x", "sAMAccountName")),
    case("a group without an account name", add("CN=x", "group"), show("CN=x", "sAMAccountName", "groupType")),
    case("a computer without an account name", add("CN=x", "computer"), show("CN=x", "sAMAccountName")),
    case("a computer whose name has no dollar", add("CN=x", "computer", sAMAccountName="{id}pc"), show("CN=x", "sAMAccountName", *FLAGS)),
    case("a contact with an account name", add("CN=x", "contact", sAMAccountName="{id}x")),
    case("a rename keeps the account name", user("x"), rename("CN=x", "CN=y"), show("CN=y", "sAMAccountName")),
]

PRINCIPAL_NAMES = [
    case("a principal name", user("x", userPrincipalName="{id}@example.com"), show("CN=x", "userPrincipalName")),
    case("a principal name of another suffix", user("x", userPrincipalName="{id}@elsewhere.net")),
    case("a principal name without a suffix", user("x", userPrincipalName="{id}")),
    case("a principal name that is taken", user("x", userPrincipalName="{id}@example.com"), user("y", userPrincipalName="{id}@EXAMPLE.com")),
    case("a principal name that is taken, later", user("x", userPrincipalName="{id}@example.com"), user("y"), modify("CN=y", put("userPrincipalName", "{id}@example.com"))),
    case("a principal name that another's account name implies", user("x"), user("y", userPrincipalName="{id}x@example.com")),
    case("an account name that another's principal name implies", user("x", userPrincipalName="{id}y@example.com"), user("y")),
    case("two principal names", user("x", userPrincipalName=["{id}a@example.com", "{id}b@example.com"])),
    case("a principal name is free after a delete", user("x", userPrincipalName="{id}@example.com"), delete("CN=x"), user("y", userPrincipalName="{id}@example.com")),
    case("a service name", user("x", servicePrincipalName="http/{id}.example.com"), show("CN=x", "servicePrincipalName")),
    case("a service name that is taken", user("x", servicePrincipalName="http/{id}.example.com"), user("y", servicePrincipalName="HTTP/{id}.example.com")),
    case("a service name that is taken, later", computer("x", servicePrincipalName="HOST/{id}"), computer("y"), modify("CN=y", plus("servicePrincipalName", "HOST/{id}"))),
    case("a service name that a host of another implies", computer("x", servicePrincipalName="HOST/{id}"), computer("y", servicePrincipalName="cifs/{id}")),
    case("a service name that a host of another implies, later", computer("x", servicePrincipalName="HOST/{id}"), user("y"), modify("CN=y", plus("servicePrincipalName", "http/{id}"))),
    case("a host whose services another has", computer("x", servicePrincipalName="cifs/{id}"), computer("y", servicePrincipalName="HOST/{id}")),
    case("a service no host implies", computer("x", servicePrincipalName="HOST/{id}"), computer("y", servicePrincipalName="ldap/{id}")),
    case("a service the own host implies", computer("x", servicePrincipalName=["HOST/{id}", "cifs/{id}"]), show("CN=x", "servicePrincipalName")),
    case("a service name without a slash", user("x", servicePrincipalName="{id}")),
    case("a service name of four parts", user("x", servicePrincipalName="http/{id}/example.com/x")),
    case("a service name of three parts", user("x", servicePrincipalName="http/{id}/example.com")),
    case("a service name with a port", user("x", servicePrincipalName="mssql/{id}:1433")),
]

CONTROL = [
    *(
        case(f"a user with flags {flags:#x}", user("x", userAccountControl=str(flags)), show("CN=x", *FLAGS))
        for flags in [
            0, 0x2, 0x12, 0x20, 0x42, 0x82, 0x200, 0x202, 0x212, 0x220, 0x242, 0x282, 0x302, 0x802, 0x1002, 0x2002, 0x1202,
            0x10202, 0x20202, 0x40200, 0x40202, 0x80202, 0x100202, 0x200202, 0x400202, 0x800202, 0x1000202, 0x4000202,
            0x40000202, 0x222,
        ]
    ),
    *(
        case(f"a computer with flags {flags:#x}", computer("x", userAccountControl=str(flags)), show("CN=x", *FLAGS))
        for flags in [0, 0x2, 0x200, 0x800, 0x1000, 0x1002, 0x1020, 0x1022, 0x2000, 0x3000, 0x11000, 0x81000, 0x82000, 0x5001000]
    ),
    *(
        case(f"a user gets flags {flags:#x}", user("x", userAccountControl="514"), modify("CN=x", put("userAccountControl", str(flags))), show("CN=x", *FLAGS))
        for flags in [0, 0x2, 0x200, 0x202, 0x212, 0x222, 0x220, 0x302, 0x802, 0x1002, 0x2002, 0x10202, 0x80202, 0x800202, 0x1000202, 0x4000202]
    ),
    *(
        case(f"a computer gets flags {flags:#x}", computer("x", userAccountControl="4098"), modify("CN=x", put("userAccountControl", str(flags))), show("CN=x", *FLAGS))
        for flags in [0, 0x2, 0x202, 0x1000, 0x2002, 0x81002, 0x5001002]
    ),
    case("flags that are no number", user("x", userAccountControl="disabled")),
    case("a user's flags are deleted", user("x"), modify("CN=x", minus("userAccountControl"))),
    case("a negative set of flags", user("x", userAccountControl="-2147483134"), show("CN=x", *FLAGS)),
    case("a user is enabled with a password not required", user("x"), modify("CN=x", put("userAccountControl", "544")), show("CN=x", *FLAGS)),
    case("a lockout time", user("x"), modify("CN=x", put("lockoutTime", "0")), show("CN=x", "lockoutTime")),
    case("a lockout time of now", user("x"), modify("CN=x", put("lockoutTime", "133000000000000000"))),
    *(
        case(f"pwdLastSet of {value} later", user("x"), modify("CN=x", put("pwdLastSet", value)))
        for value in ["0", "-1", "1", "133000000000000000"]
    ),
    *(case(f"pwdLastSet of {value} at birth", user("x", pwdLastSet=value)) for value in ["0", "-1", "1"]),
    case("logon hours of a week", user("x"), modify("CN=x", put("logonHours", "x" * 21)), show("CN=x", "logonHours")),
    case("logon hours of another length", user("x"), modify("CN=x", put("logonHours", "x" * 20))),
    case("accountExpires of zero", user("x", accountExpires="0"), show("CN=x", "accountExpires")),
]

PRIMARY_GROUPS = [
    case("a primary group at birth, the usual one", user("x", primaryGroupID="513"), show("CN=x", "primaryGroupID")),
    case("a primary group at birth, another", user("x", primaryGroupID="514")),
    case("a primary group one is no member of", user("x"), modify("CN=x", put("primaryGroupID", "514"))),
    case("a primary group that is not there", user("x"), modify("CN=x", put("primaryGroupID", "99999"))),
    case(
        "a primary group one is a member of",
        user("x"),
        modify("CN=Domain Guests,CN=Users,{base}", plus("member", "CN=x,{ou}")),
        modify("CN=x", put("primaryGroupID", "514")),
        show("CN=x", "primaryGroupID", "memberOf"),
        modify("CN=Domain Guests,CN=Users,{base}", plus("member", "CN=x,{ou}")),
        modify("CN=Domain Users,CN=Users,{base}", minus("member", "CN=x,{ou}")),
    ),
    case("the primary group as an ordinary one", user("x"), modify("CN=Domain Users,CN=Users,{base}", plus("member", "CN=x,{ou}"))),
    case("the primary group is left", user("x"), modify("CN=Domain Users,CN=Users,{base}", minus("member", "CN=x,{ou}"))),
    case("the primary group is deleted", user("x"), modify("CN=x", minus("primaryGroupID"))),
    case("the primary group of a computer", computer("x"), modify("CN=x", put("primaryGroupID", "513"))),
    case("a built-in group as primary one", user("x"), modify("CN=x", put("primaryGroupID", "545"))),
]

COMPUTERS = [
    case("a joined computer", computer("x", {"userAccountControl": "69632", "dNSHostName": "{id}.example.com", "msDS-SupportedEncryptionTypes": "28", "servicePrincipalName": ["host/{id}.example.com", "host/{id}"], "operatingSystem": "Linux"}), show("CN=x")),
    case("a computer's DNS name alone", computer("x", dNSHostName="{id}.example.com"), show("CN=x", "servicePrincipalName")),
    case("a computer's DNS name changes", computer("x", dNSHostName="{id}.example.com", servicePrincipalName="HOST/{id}.example.com"), modify("CN=x", put("dNSHostName", "{id}b.example.com")), show("CN=x", "dNSHostName", "servicePrincipalName")),
    case("a computer's account name changes", computer("x", dNSHostName="{id}x.example.com", servicePrincipalName="HOST/{id}x"), modify("CN=x", put("sAMAccountName", "{id}y$")), show("CN=x", "servicePrincipalName")),
    case("a computer loses its dollar", computer("x"), modify("CN=x", put("sAMAccountName", "{id}x")), show("CN=x", "sAMAccountName")),
    case("what is below a computer", computer("x"), add("CN=y,CN=x,{ou}", "container"), delete("CN=x")),
    case("a managed service account", add("CN=x", "msDS-ManagedServiceAccount", sAMAccountName="{id}x$"), show("CN=x", "objectClass", *FLAGS)),
]

TABLE = {
    "Account names": ACCOUNT_NAMES,
    "Principal and service names": PRINCIPAL_NAMES,
    "Account flags": CONTROL,
    "Primary groups": PRIMARY_GROUPS,
    "Computers": COMPUTERS,
}
