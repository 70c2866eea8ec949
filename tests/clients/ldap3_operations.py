"""ldap3 adds, changes, renames, moves, compares and deletes."""

import check
import ldap3
from ldap3.utils.conv import escape_filter_chars

server = ldap3.Server(check.LDAP_URL, get_info=ldap3.ALL)
connection = ldap3.Connection(server, check.ADMINISTRATOR, check.PASSWORD, auto_bind=True)
UNIT = "OU=Ldap3," + check.BASE
USER = "CN=Ivy Ives," + UNIT


def code(result):
    """The result code of what was done last."""
    return connection.result["result"]


def read(name, *attributes):
    """The only entry at a name, or None."""
    connection.search(name, "(objectClass=*)", ldap3.BASE, attributes=list(attributes))
    return connection.entries[0] if connection.entries else None


check.true("add a unit", connection.add(UNIT, "organizationalUnit"), connection.result)
attributes = {"sAMAccountName": "ivy", "givenName": "Ivy", "sn": "Ives", "otherTelephone": ["1", "2"]}
check.true("add a user", connection.add(USER, ["top", "person", "organizationalPerson", "user"], attributes), connection.result)
check.equal("add it again", (connection.add(USER, "user", attributes), code(connection)), (False, 68))
check.true("the text of a refusal starts with a code", connection.result["message"].startswith("00002071: "), connection.result)
check.equal("read it", sorted(read(USER, "otherTelephone").otherTelephone.values), ["1", "2"])

change = {"title": [(ldap3.MODIFY_REPLACE, ["Engineer"])], "otherTelephone": [(ldap3.MODIFY_DELETE, ["1"]), (ldap3.MODIFY_ADD, ["3"])]}
check.true("modify", connection.modify(USER, change), connection.result)
entry = read(USER, "title", "otherTelephone")
check.equal("the new values", (entry.title.value, sorted(entry.otherTelephone.values)), ("Engineer", ["2", "3"]))
check.equal("delete what is not there", (connection.modify(USER, {"manager": [(ldap3.MODIFY_DELETE, [])]}), code(connection)), (False, 16))

check.true("compare", connection.compare(USER, "title", "ENGINEER"))
check.true("compare something else", not connection.compare(USER, "title", "Cook"))

check.true("rename", connection.modify_dn(USER, "CN=Ivy Ivory"), connection.result)
USER = "CN=Ivy Ivory," + UNIT
check.equal("the name follows", read(USER, "name").name.value, "Ivy Ivory")
check.true("move", connection.modify_dn(USER, "CN=Ivy Ivory", new_superior=check.USERS), connection.result)
USER = "CN=Ivy Ivory," + check.USERS
check.equal("it is found where it went", read(USER, "sAMAccountName").sAMAccountName.value, "ivy")

identifier = read(USER, "objectGUID").objectGUID.raw_values[0]
connection.search(check.BASE, "(objectGUID=" + escape_filter_chars(identifier) + ")")
check.equal("found by GUID", [entry.entry_dn for entry in connection.entries], [USER])

odd = "CN=" + ldap3.utils.dn.escape_rdn("Smith, John #1 <x> é") + "," + UNIT
check.true("add an odd name", connection.add(odd, "contact"), connection.result)
check.equal("read an odd name", read(odd, "cn").cn.value, "Smith, John #1 <x> é")

check.equal("a unit with children stays", (connection.delete(UNIT), code(connection)), (False, 66))
tree = [("1.2.840.113556.1.4.805", True, None)]
check.true("delete a tree", connection.delete(UNIT, controls=tree), connection.result)
check.true("delete", connection.delete(USER), connection.result)
check.equal("delete again", (connection.delete(USER), code(connection)), (False, 32))
check.equal("who am I", connection.extend.standard.who_am_i(), "u:EXAMPLE\\Administrator")
check.true("rebind with a UPN", connection.rebind("Administrator@example.com", check.PASSWORD), connection.result)
