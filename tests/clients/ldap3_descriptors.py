"""ldap3 writes the parts of a security descriptor that the SD flags control names."""

import struct

import check
import ldap3
from ldap3.protocol.microsoft import security_descriptor_control

OWNER, GROUP, DACL, SACL = 1, 2, 4, 8
server = ldap3.Server(check.LDAPS_URL, get_info=ldap3.NONE)
connection = ldap3.Connection(server, check.ADMINISTRATOR, check.PASSWORD, auto_bind=True)
USER = "CN=Dora Descriptor," + check.USERS


def sid(text):
    """The octets of a SID."""
    authority, *parts = (int(part) for part in text.split("-")[2:])
    return struct.pack(">BBHI", 1, len(parts), authority >> 32, authority & 0xFFFFFFFF) + struct.pack(f"<{len(parts)}I", *parts)


def descriptor(owner=None, group=None, dacl=None, sacl=None):
    """A self-relative descriptor; a list has pairs of a mask and a SID, all granted or, in a SACL, audited. [MS-DTYP] 2.4.6."""
    control, body, offsets = 0x8000, b"", []
    parts = [owner and sid(owner), group and sid(group), *(lists and acl(*lists) for lists in [sacl and (2, sacl), dacl and (0, dacl)])]
    for part in parts:
        offsets.append(20 + len(body) if part else 0)
        body += part or b""
    control |= (0x10 if sacl else 0) | (0x4 if dacl else 0)
    return struct.pack("<BBH4I", 1, 0, control, *offsets) + body


def acl(kind, entries):
    """An access control list."""
    aces = b""
    for mask, trustee in entries:
        octets = sid(trustee)
        aces += struct.pack("<BBHI", kind, 0x40 if kind == 2 else 0, 8 + len(octets), mask) + octets
    return struct.pack("<BBHHH", 2, 0, 8 + len(aces), len(entries), 0) + aces


def read(flags):
    """The parts of the user's descriptor."""
    connection.search(USER, "(objectClass=*)", ldap3.BASE, attributes=["nTSecurityDescriptor"], controls=security_descriptor_control(sdflags=flags))
    return connection.response[0]["raw_attributes"]["nTSecurityDescriptor"][0]


def write(octets, flags):
    """Replaces the parts of it; gives the result code."""
    change = {"nTSecurityDescriptor": [(ldap3.MODIFY_REPLACE, [octets])]}
    connection.modify(USER, change, controls=security_descriptor_control(sdflags=flags))
    return connection.result["result"]


AUTHENTICATED, ADMINISTRATORS, SYSTEM, EVERYONE = "S-1-5-11", "S-1-5-32-544", "S-1-5-18", "S-1-1-0"
FULL, READ = 0xF01FF, 0x20014
check.true("add a user", connection.add(USER, "user", {"sAMAccountName": "dora"}), connection.result)
owner, group, sacl = read(OWNER), read(GROUP), read(SACL)
whole = descriptor(SYSTEM, SYSTEM, [(READ, AUTHENTICATED), (FULL, ADMINISTRATORS)], [(0x20, EVERYONE)])
check.equal("write the DACL only", write(whole, DACL), 0)
check.true("it is written", sid(ADMINISTRATORS) in read(DACL) and struct.pack("<I", READ) + sid(AUTHENTICATED) in read(DACL))
check.equal("the other parts stay", (read(OWNER), read(GROUP), read(SACL)), (owner, group, sacl))
dacl = read(DACL)
check.equal("write the owner only", write(descriptor(ADMINISTRATORS), OWNER), 0)
check.true("it is written", read(OWNER).endswith(sid(ADMINISTRATORS)))
check.equal("the DACL stays", read(DACL), dacl)
check.equal("write the SACL only", write(whole, SACL), 0)
check.true("it is written", sid(EVERYONE) in read(SACL))
check.equal("the DACL stays", read(DACL), dacl)
check.equal("the null DACL is refused", write(descriptor(ADMINISTRATORS), DACL), 53)
check.equal("what is no descriptor is refused", write(b"x", DACL), 21)

SECOND = "CN=Delia Descriptor," + check.USERS
attributes = {"sAMAccountName": "delia", "nTSecurityDescriptor": whole}
check.true("add with a DACL only", connection.add(SECOND, "user", attributes, controls=security_descriptor_control(sdflags=DACL)), connection.result)
USER = SECOND
check.true("the owner is not the given one", not read(OWNER).endswith(sid(SYSTEM)))
check.true("the DACL is", sid(AUTHENTICATED) in read(DACL))
