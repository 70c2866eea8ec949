"""ldap3's generators and controls: paging, extended names, descriptors, deleted objects, sorting."""

import check
import ldap3
from ldap3.protocol.microsoft import extended_dn_control, security_descriptor_control, show_deleted_control

server = ldap3.Server(check.LDAP_URL, get_info=ldap3.ALL)
connection = ldap3.Connection(server, check.ADMINISTRATOR, check.PASSWORD, auto_bind=True)
GROUPS = "(objectClass=group)"

connection.search(check.BASE, GROUPS, attributes=["cn"])
whole = sorted(entry.entry_dn for entry in connection.entries)
paged = connection.extend.standard.paged_search(check.BASE, GROUPS, attributes=["cn"], paged_size=7, generator=True)
check.equal("pages give everything once", sorted(e["dn"] for e in paged if e["type"] == "searchResEntry"), whole)

connection.search(check.BASE, GROUPS, attributes=["cn"], paged_size=1000)
cookie = connection.result["controls"]["1.2.840.113556.1.4.319"]["value"]["cookie"]
check.equal("a single page is answered", cookie, b"")

connection.search(check.BASE, GROUPS, attributes=["cn"], paged_size=5)
cookie = connection.result["controls"]["1.2.840.113556.1.4.319"]["value"]["cookie"]
connection.search(check.BASE, "(objectClass=user)", attributes=["cn"], paged_size=5, paged_cookie=cookie)
check.true("a cookie is of use to its own search only", connection.result["result"] != 0, connection.result)

connection.search(check.USERS, "(cn=Guest)", controls=[extended_dn_control(False, False)])
name = connection.entries[0].entry_dn
check.true("an extended name", name.startswith("<GUID=") and ";<SID=S-1-5-21-" in name, name)

connection.search(check.USERS, "(cn=Guest)", attributes=["nTSecurityDescriptor"], controls=security_descriptor_control(True, 0x05))
descriptor = connection.entries[0].nTSecurityDescriptor.raw_values[0]
check.true("a descriptor is self-relative", descriptor[0] == 1 and descriptor[3] & 0x80, descriptor[:20])
check.true("owner and DACL are there, the group is not", descriptor[4:8] != bytes(4) and descriptor[16:20] != bytes(4) and descriptor[8:12] == bytes(4), descriptor[:20])

UNIT = "OU=Short," + check.BASE
connection.add(UNIT, "organizationalUnit")
connection.delete(UNIT)
connection.search(check.BASE, "(&(isDeleted=TRUE)(ou=Short*))", attributes=["isDeleted", "lastKnownParent"], controls=[show_deleted_control(True)])
entry = connection.entries[0]
check.equal("a tombstone is shown", (entry.isDeleted.value, entry.lastKnownParent.value), (True, check.BASE))
connection.search(check.BASE, "(&(isDeleted=TRUE)(ou=Short*))")
check.equal("and hidden without the control", len(connection.entries), 0)
