"""ldap3 reads a group of more members than one answer gives, range by range."""

import check
import ldap3

MEMBERS = 3201
UNIT = "OU=Crowd," + check.BASE
GROUP = "CN=crowd," + UNIT

server = ldap3.Server(check.LDAP_URL, get_info=ldap3.NONE)
# Changes are sent without waiting for the answer to the one before.
busy = ldap3.Connection(server, check.ADMINISTRATOR, check.PASSWORD, auto_bind=True, client_strategy=ldap3.ASYNC)
connection = ldap3.Connection(server, check.ADMINISTRATOR, check.PASSWORD, auto_bind=True, auto_range=False, return_empty_attributes=False)
check.true("a unit", connection.add(UNIT, "organizationalUnit"), connection.result)
names = [f"CN=m{number:04},{UNIT}" for number in range(MEMBERS)]
answers = [busy.add(name, "contact") for name in names]
check.equal("many members to be", {busy.get_response(answer)[1]["result"] for answer in answers}, {0})
check.true("a group of them all", connection.add(GROUP, "group", {"sAMAccountName": "crowd", "member": names}), connection.result)

connection.search(GROUP, "(objectClass=*)", ldap3.BASE, attributes=["member"])
attributes = connection.response[0]["raw_attributes"]
check.equal("the first answer is a range", [name for name in attributes if attributes[name]], ["member;range=0-1499"])

found = []
while True:
    connection.search(GROUP, "(objectClass=*)", ldap3.BASE, attributes=[f"member;range={len(found)}-*"])
    attributes = connection.response[0]["attributes"]
    (name,) = [name for name in attributes if name.lower().startswith("member;range=")]
    found += attributes[name]
    if name.endswith("-*"):
        break
check.equal("ranges give every member once", sorted(found), sorted(names))

automatic = ldap3.Connection(server, check.ADMINISTRATOR, check.PASSWORD, auto_bind=True, auto_range=True)
automatic.search(GROUP, "(objectClass=*)", ldap3.BASE, attributes=["member"])
check.equal("ldap3 does the same by itself", len(automatic.response[0]["attributes"]["member"]), MEMBERS)
connection.search(GROUP, "(objectClass=*)", ldap3.BASE, attributes=["member;range=10-12"])
check.equal("a range in the middle", len(connection.response[0]["attributes"]["member;range=10-12"]), 3)
connection.search(check.BASE, f"(memberOf={GROUP})", attributes=["1.1"], paged_size=1000)
check.equal("members are found by the group", len(connection.entries), 1000)
