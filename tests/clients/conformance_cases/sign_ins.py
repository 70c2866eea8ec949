"""Signing in: every form of a name, what is refused and why, lockout, and what users may do."""

from . import add, bind, by, case, computer, delete, group, minus, modify, plus, put, quoted, rename, search, show, unprotected, user
from .passwords import DOMAIN, FIRST, SECOND, USER, enabled, reset

WRONG = "Wrong-Pass-99"

NAMES = [
    *(
        case(f"a sign-in by {what}", enabled("x", userPrincipalName="{id}upn@example.com", displayName="{id} Display"), bind(name, FIRST))
        for what, name in [
            ("its name", USER),
            ("its name in other case and with spaces", "cn=X, {ou}"),
            ("its principal name", "{id}upn@example.com"),
            ("its principal name in capitals", "{id}UPN@EXAMPLE.COM"),
            ("its account name and the domain", "{id}x@example.com"),
            ("its account name and the short domain", "{id}x@EXAMPLE"),
            ("its account name and another domain", "{id}x@elsewhere.net"),
            ("the short domain and its account name", "EXAMPLE\\{id}x"),
            ("the short domain in small letters and its account name", "example\\{id}X"),
            ("the domain and its account name", "example.com\\{id}x"),
            ("another domain and its account name", "OTHER\\{id}x"),
            ("no domain and its account name", "\\{id}x"),
            ("its account name alone", "{id}x"),
            ("its display name", "{id} Display"),
            ("its canonical name", "example.com/conformance/{id}/x"),
            ("its canonical name with a line feed", "example.com/conformance/{id}\nx"),
            ("its common name", "x"),
            ("a name of nobody", "CN=nobody,{ou}"),
            ("an account name of nobody", "EXAMPLE\\{id}nobody"),
            ("a principal name of nobody", "{id}nobody@example.com"),
            ("a name that is none", "="),
        ]
    ),
    case("a sign-in by the SID of the administrator", bind("<SID={sid}-500>", WRONG), bind("{sid}-500", WRONG)),
    case("a sign-in by a service name", enabled("x", servicePrincipalName="http/{id}.example.com"), bind("http/{id}.example.com", FIRST)),
    case("a sign-in by an aliased service name", enabled("x", servicePrincipalName="HOST/{id}.example.com"), bind("cifs/{id}.example.com", FIRST)),
    case("a sign-in by a display name of two", enabled("x", displayName="{id} Two"), enabled("y", displayName="{id} Two"), bind("{id} Two", FIRST)),
    case("a sign-in of a group", group("x"), bind("CN=x,{ou}", FIRST)),
    case("a sign-in of a unit", bind("{ou}", FIRST)),
    case("a sign-in of a contact", add("CN=x", "contact"), bind("CN=x,{ou}", FIRST)),
    case("a sign-in after a rename", enabled("x"), rename("CN=x", "CN=y"), bind(USER, FIRST), bind("CN=y,{ou}", FIRST)),
    case("a sign-in of a deleted user", enabled("x"), delete("CN=x"), bind(USER, FIRST), bind("EXAMPLE\\{id}x", FIRST)),
    case("an anonymous sign-in", bind("", "")),
    case("a name without a password", enabled("x"), bind(USER, "")),
    case("a name of nobody without a password", bind("CN=nobody,{ou}", "")),
    case("a password without a name", bind("", FIRST)),
    case("a sign-in on an unprotected connection", enabled("x"), bind(USER, FIRST, protected=False)),
]

REFUSED = [
    case("a wrong password", enabled("x"), bind(USER, WRONG), show("CN=x", "badPwdCount", "badPasswordTime")),
    case("a wrong password twice", enabled("x"), bind(USER, WRONG), bind(USER, WRONG), show("CN=x", "badPwdCount")),
    case("two wrong passwords", enabled("x"), bind(USER, WRONG), bind(USER, WRONG + "!"), show("CN=x", "badPwdCount")),
    case("the password before the last", enabled("x"), reset("x", SECOND), bind(USER, FIRST), show("CN=x", "badPwdCount")),
    case("a right password forgives", enabled("x"), bind(USER, WRONG), bind(USER, FIRST), show("CN=x", "badPwdCount")),
    case("the right password counts a logon", enabled("x"), bind(USER, FIRST), show("CN=x", "logonCount", "lastLogon", "lastLogonTimestamp")),
    case("a disabled account", user("x", unicodePwd=quoted(FIRST), userAccountControl="514"), bind(USER, FIRST), bind(USER, WRONG)),
    case("an account that has expired", enabled("x", accountExpires="133000000000000000"), bind(USER, FIRST), bind(USER, WRONG)),
    case("an account that expires never", enabled("x", accountExpires="0"), bind(USER, FIRST)),
    case("a password that must be changed", enabled("x", pwdLastSet="0"), bind(USER, FIRST), bind(USER, WRONG)),
    case("a password that must be changed and never expires", user("x", unicodePwd=quoted(FIRST), userAccountControl="66048"), modify("CN=x", put("pwdLastSet", "0")), bind(USER, FIRST)),
    case("a smart card is required", enabled("x"), modify("CN=x", put("userAccountControl", "262656")), bind(USER, FIRST)),
    case("no logon hours", enabled("x", logonHours=b"\x00" * 21), bind(USER, FIRST), bind(USER, WRONG)),
    case("all logon hours", enabled("x", logonHours=b"\xff" * 21), bind(USER, FIRST)),
    case("another workstation", enabled("x", userWorkstations="elsewhere"), bind(USER, FIRST)),
    case("disabled and expired", user("x", unicodePwd=quoted(FIRST), userAccountControl="514", accountExpires="133000000000000000"), bind(USER, FIRST)),
    case("disabled, and the password must be changed", user("x", unicodePwd=quoted(FIRST), userAccountControl="514", pwdLastSet="0"), bind(USER, FIRST)),
    case("an account without a password", user("x", userAccountControl="544"), bind(USER, FIRST), bind(USER, "")),
    case("an empty password that is none", user("x", userAccountControl="544"), reset("x", ""), bind(USER, WRONG)),
]

# The first case turns lockout on, the last one off again.
LOCKOUT = [
    case("lockout after three wrong passwords", modify(DOMAIN, put("lockoutThreshold", "3")), show(DOMAIN, "lockoutThreshold")),
    case(
        "three wrong passwords",
        enabled("x"),
        *(bind(USER, WRONG + str(number)) for number in range(3)),
        show("CN=x", "badPwdCount", "lockoutTime"),
        bind(USER, FIRST),
        bind(USER, WRONG),
        show("CN=x", "msDS-User-Account-Control-Computed", "userAccountControl", "badPwdCount"),
    ),
    case(
        "an account is unlocked",
        enabled("x"),
        *(bind(USER, WRONG + str(number)) for number in range(3)),
        modify("CN=x", put("lockoutTime", "0")),
        show("CN=x", "badPwdCount", "lockoutTime"),
        bind(USER, FIRST),
    ),
    case("a reset does not unlock", enabled("x"), *(bind(USER, WRONG + str(number)) for number in range(3)), reset("x", SECOND), bind(USER, SECOND)),
    case("two wrong passwords and a right one", enabled("x"), bind(USER, WRONG + "1"), bind(USER, WRONG + "2"), bind(USER, FIRST), bind(USER, WRONG + "3"), bind(USER, FIRST)),
    case("the flag of lockout is taken away", enabled("x"), *(bind(USER, WRONG + str(number)) for number in range(3)), modify("CN=x", put("userAccountControl", "512")), show("CN=x", "lockoutTime"), bind(USER, FIRST)),
    case("a disabled account is not locked", user("x", unicodePwd=quoted(FIRST), userAccountControl="514"), *(bind(USER, WRONG + str(number)) for number in range(3)), bind(USER, FIRST)),
    case("a lockout that lasts until it is ended", modify(DOMAIN, put("lockoutThreshold", "0")), enabled("x"), *(bind(USER, WRONG + str(number)) for number in range(4)), bind(USER, FIRST)),
]

RIGHTS = [
    case("a user reads another", enabled("x"), user("y", description="d"), by(USER, FIRST, show("CN=y", "cn", "description", "sAMAccountName"))),
    case("a user reads the flags of another", enabled("x"), user("y"), by(USER, FIRST, show("CN=y", "userAccountControl", "pwdLastSet"))),
    case("a user describes itself", enabled("x"), by(USER, FIRST, modify("CN=x", put("telephoneNumber", "1"))), by(USER, FIRST, modify("CN=x", put("description", "d")))),
    case("a user describes another", enabled("x"), user("y"), by(USER, FIRST, modify("CN=y", put("telephoneNumber", "1")))),
    case("a user adds a user", enabled("x"), by(USER, FIRST, user("y"))),
    case("a user adds a unit", enabled("x"), by(USER, FIRST, add("OU=y", "organizationalUnit"))),
    case("a user deletes itself", enabled("x"), by(USER, FIRST, delete("CN=x"))),
    case("a user renames itself", enabled("x"), by(USER, FIRST, rename("CN=x", "CN=y"))),
    case("a user joins a group", enabled("x"), group("g"), by(USER, FIRST, modify("CN=g", plus("member", USER)))),
    case("a user enables itself", enabled("x"), by(USER, FIRST, modify("CN=x", put("userAccountControl", "66048")))),
    case("a user reads passwords", enabled("x"), by(USER, FIRST, search("(unicodePwd=*)", "unicodePwd"))),
    case("a user reads the configuration", enabled("x"), by(USER, FIRST, show("CN=Partitions,CN=Configuration,{base}", "cn"))),
    case("a user reads tombstones", enabled("x"), by(USER, FIRST, search("(isDeleted=TRUE)", dn="CN=Deleted Objects,{base}", controls=(("show deleted", True),)))),
    case("a user reads the descriptor of another", enabled("x"), user("y"), by(USER, FIRST, show("CN=y", "nTSecurityDescriptor"))),
    case("a user changes its service names", enabled("x"), by(USER, FIRST, modify("CN=x", put("servicePrincipalName", "http/{id}")))),
    case(
        "a computer changes its service names",
        computer("x", unicodePwd=quoted(FIRST), userAccountControl="4096", dNSHostName="{id}x.example.com"),
        by("EXAMPLE\\{id}x$", FIRST, modify("CN=x", put("servicePrincipalName", "HOST/{id}x.example.com"))),
        by("EXAMPLE\\{id}x$", FIRST, modify("CN=x", put("servicePrincipalName", "HOST/another.example.com"))),
        by("EXAMPLE\\{id}x$", FIRST, modify("CN=x", put("dNSHostName", "{id}x.example.com"))),
        by("EXAMPLE\\{id}x$", FIRST, modify("CN=x", put("dNSHostName", "another.example.com"))),
    ),
    case("a user adds a computer in Computers", enabled("x"), by(USER, FIRST, add("CN={id}pc,CN=Computers,{base}", "computer", sAMAccountName="{id}pc$", userAccountControl="4096", dNSHostName="{id}pc.example.com", servicePrincipalName="HOST/{id}pc.example.com", unicodePwd=quoted(SECOND))), show("CN={id}pc,CN=Computers,{base}", "userAccountControl", "mS-DS-CreatorSID")),
    case("a user adds a computer in Computers and says little", enabled("x"), by(USER, FIRST, add("CN={id}pc,CN=Computers,{base}", "computer", sAMAccountName="{id}pc$"))),
    case("a user adds a computer in a unit", enabled("x"), by(USER, FIRST, computer("y"))),

]

TABLE = {"Names of sign-ins": NAMES, "Refused sign-ins": REFUSED, "Lockout": LOCKOUT, "Rights": RIGHTS}
