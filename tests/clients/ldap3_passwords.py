"""ldap3 sets, changes and makes passwords, in Active Directory's way and by RFC 3062, and unlocks an account."""

import ssl

import check
import ldap3

tls = ldap3.Tls(ca_certs_file=check.CA_FILE, validate=ssl.CERT_REQUIRED)
server = ldap3.Server(check.LDAPS_URL, tls=tls, get_info=ldap3.DSA)
administrator = ldap3.Connection(server, check.ADMINISTRATOR, check.PASSWORD, auto_bind=True)
USER = "CN=Paul Pass," + check.USERS
POLICY = {"minPwdAge": [(ldap3.MODIFY_REPLACE, ["0"])], "lockoutThreshold": [(ldap3.MODIFY_REPLACE, ["3"])]}


def signs_in(password):
    """Whether the user signs in, and the text of the refusal."""
    connection = ldap3.Connection(server, USER, password)
    return connection.bind(), connection.result["message"]


def code(connection):
    """The result code of what was done last."""
    return connection.result["result"]


check.true("the operation is announced", "1.3.6.1.4.1.4203.1.11.1" in str(server.info.supported_extensions))
check.true("set the policy", administrator.modify(check.BASE, POLICY), administrator.result)
check.true("add a user", administrator.add(USER, "user", {"sAMAccountName": "paul"}), administrator.result)
microsoft = administrator.extend.microsoft
enable = {"userAccountControl": [(ldap3.MODIFY_REPLACE, ["512"])]}
check.equal("no password, no account", (administrator.modify(USER, enable), code(administrator)), (False, 53))
check.true("reset", microsoft.modify_password(USER, "Sommer-2026"), administrator.result)
check.true("enable", administrator.modify(USER, enable), administrator.result)
check.equal("the user signs in", signs_in("Sommer-2026")[0], True)
check.equal("too short", (microsoft.modify_password(USER, "a"), code(administrator)), (False, 19))
check.true("the text names the policy", administrator.result["message"].startswith("0000052D: "), administrator.result)

user = ldap3.Connection(server, USER, "Sommer-2026", auto_bind=True)
wrong = user.extend.microsoft.modify_password(USER, "Winter-2026", "Wrong-123")
check.equal("change with a wrong old one", (wrong, code(user)), (False, 19))
check.true("the text says so", user.result["message"].startswith("00000056: "), user.result)
check.true("change", user.extend.microsoft.modify_password(USER, "Winter-2026", "Sommer-2026"), user.result)
check.equal("the new one signs in", signs_in("Winter-2026")[0], True)
check.equal("the old one does not", signs_in("Sommer-2026")[0], False)

own = ldap3.Connection(server, USER, "Winter-2026", auto_bind=True)
standard = own.extend.standard
wrong = standard.modify_password(USER, "Wrong-456", "Herbst-2026")
check.equal("change by RFC 3062 with a wrong old one", (wrong, code(own)), (False, 19))
check.true("the text says so", own.result["message"].startswith("00000056: "), own.result)
check.equal("to one that is too short", (standard.modify_password(USER, "Winter-2026", "a"), code(own)), (False, 19))
check.true("the text names the policy", own.result["message"].startswith("0000052D: "), own.result)
check.equal("somebody else's", (standard.modify_password(check.ADMINISTRATOR, None, "Herbst-2026"), code(own)), (False, 50))
missing = (administrator.extend.standard.modify_password("CN=Nobody," + check.USERS, None, "Herbst-2026"), code(administrator))
check.equal("nobody's", missing, (False, 32))
check.true("change by RFC 3062", standard.modify_password(USER, "Winter-2026", "Herbst-2026"))
check.equal("it signs in", signs_in("Herbst-2026")[0], True)
check.equal("reset by its owner", (own.extend.microsoft.modify_password(USER, "Frost-2026"), code(own)), (False, 50))
missing = (microsoft.modify_password("CN=Nobody," + check.USERS, "Frost-2026"), code(administrator))
check.equal("reset of nobody", missing, (False, 32))
plain = ldap3.Connection(ldap3.Server(check.LDAP_URL, get_info=ldap3.NONE), check.ADMINISTRATOR, check.PASSWORD, auto_bind=True)
unprotected = (plain.extend.microsoft.modify_password(USER, "Frost-2026"), code(plain))
check.equal("reset without encryption", unprotected, (False, 53))
check.equal("none of that has done anything", signs_in("Herbst-2026")[0], True)
made = administrator.extend.standard.modify_password(USER)
check.true("the server makes one", isinstance(made, str) and len(made) > 15)
check.equal("and it signs in", signs_in(made)[0], True)

for guess in ("Guess-1", "Guess-2", "Guess-3"):
    signs_in(guess)
bound, text = signs_in(made)
check.true("three guesses lock", not bound and "data 775" in text, text)
check.true("unlock", microsoft.unlock_account(USER), administrator.result)
check.equal("it signs in again", signs_in(made)[0], True)
