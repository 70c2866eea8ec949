"""python-ldap does every operation, and its reconnecting object survives."""

import check
import ldap
import ldap.dn
import ldap.filter
import ldap.modlist
from ldap.controls import SimplePagedResultsControl
from ldap.ldapobject import ReconnectLDAPObject

ldap.set_option(ldap.OPT_X_TLS_CACERTFILE, check.CA_FILE)
connection = ReconnectLDAPObject(check.LDAPS_URL, retry_max=2)
connection.simple_bind_s(check.ADMINISTRATOR, check.PASSWORD)
check.equal("who am I", connection.whoami_s(), "u:EXAMPLE\\Administrator")

UNIT = "OU=Python," + check.BASE
USER = "CN=Otto Orr," + UNIT
connection.add_s(UNIT, ldap.modlist.addModlist({"objectClass": [b"organizationalUnit"]}))
entry = {"objectClass": [b"user"], "sAMAccountName": [b"otto"], "sn": [b"Orr"], "description": ["Grüße".encode()]}
connection.add_s(USER, ldap.modlist.addModlist(entry))
check.raises("add it again", ldap.ALREADY_EXISTS, lambda: connection.add_s(USER, ldap.modlist.addModlist(entry)))
((name, found),) = connection.search_s(UNIT, ldap.SCOPE_SUBTREE, ldap.filter.filter_format("(sAMAccountName=%s)", ["otto"]))
check.equal("found", (name, found["description"]), (USER, ["Grüße".encode()]))

changes = ldap.modlist.modifyModlist({"sn": [b"Orr"], "description": found["description"]}, {"sn": [b"Orr"], "title": [b"Cook"]})
connection.modify_s(USER, changes)
found = connection.read_s(USER, attrlist=["title", "description"])
check.equal("modified", found, {"title": [b"Cook"]})
check.raises("an undefined attribute", ldap.NO_SUCH_ATTRIBUTE, lambda: connection.modify_s(USER, [(ldap.MOD_ADD, "noSuchAttribute", b"1")]))
check.raises("a missing object", ldap.NO_SUCH_OBJECT, lambda: connection.modify_s("CN=nobody," + UNIT, [(ldap.MOD_ADD, "sn", b"1")]))

check.true("compare", connection.compare_s(USER, "title", b"cook"))
check.true("compare something else", not connection.compare_s(USER, "title", b"Mason"))
connection.rename_s(USER, "CN=Otto Oak", check.USERS, delold=1)
USER = "CN=Otto Oak," + check.USERS
check.equal("renamed and moved", connection.read_s(USER, attrlist=["cn"]), {"cn": [b"Otto Oak"]})

control = SimplePagedResultsControl(True, size=10, cookie="")
names = []
while True:
    message = connection.search_ext(check.BASE, ldap.SCOPE_SUBTREE, "(objectClass=group)", ["1.1"], serverctrls=[control])
    _, page, _, controls = connection.result3(message)
    names += [name for name, _ in page if name]
    (answer,) = [control for control in controls if control.controlType == SimplePagedResultsControl.controlType]
    if not answer.cookie:
        break
    control.cookie = answer.cookie
whole = [name for name, _ in connection.search_s(check.BASE, ldap.SCOPE_SUBTREE, "(objectClass=group)", ["1.1"]) if name]
check.equal("pages give everything once", sorted(names), sorted(whole))

message = connection.search(check.BASE, ldap.SCOPE_SUBTREE, "(objectClass=*)")
connection.abandon(message)
check.equal("the connection is of use after an abandon", connection.whoami_s(), "u:EXAMPLE\\Administrator")

connection.reconnect(check.LDAPS_URL)
check.equal("reconnected and signed in again", connection.whoami_s(), "u:EXAMPLE\\Administrator")
connection.delete_s(USER)
check.raises("delete again", ldap.NO_SUCH_OBJECT, lambda: connection.delete_s(USER))
connection.delete_s(UNIT)

plain = ldap.initialize(check.LDAP_URL)
plain.start_tls_s()
plain.simple_bind_s("EXAMPLE\\Administrator", check.PASSWORD)
check.equal("StartTLS", plain.whoami_s(), "u:EXAMPLE\\Administrator")
check.raises("a wrong password", ldap.INVALID_CREDENTIALS, lambda: ldap.initialize(check.LDAP_URL).simple_bind_s(check.ADMINISTRATOR, "wrong"))
plain.unbind_s()
connection.unbind_s()
