"""ldap3 reads root DSE and schema on connecting, and checks what it sends against them."""

import ssl

import check
import ldap3

tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=check.CA_FILE)
server = ldap3.Server(check.LDAPS_URL, get_info=ldap3.ALL, tls=tls)
connection = ldap3.Connection(server, check.ADMINISTRATOR, check.PASSWORD, auto_bind=True)

info = server.info
check.equal("naming context", info.other["defaultNamingContext"], [check.BASE])
check.true("paged results are offered", "1.2.840.113556.1.4.319" in [control[0] for control in info.supported_controls])
check.true("StartTLS is offered", "1.3.6.1.4.1.1466.20037" in [extension[0] for extension in info.supported_extensions])

schema = server.schema
check.true("all attributes are there", len(schema.attribute_types) > 1500, len(schema.attribute_types))
check.true("all classes are there", len(schema.object_classes) > 250, len(schema.object_classes))
account = schema.attribute_types["sAMAccountName"]
check.true("sAMAccountName takes one value", account.single_value)
check.true("member takes many", not schema.attribute_types["member"].single_value)
user = schema.object_classes["user"]
check.true("user is below organizationalPerson", "organizationalPerson" in user.superior, user.superior)
check.true("user may have a UPN", "userPrincipalName" in user.may_contain)
check.true("inetOrgPerson is a class", "inetOrgPerson" in schema.object_classes)

# With the schema known, ldap3 makes dates, numbers and names of the values.
connection.search(check.USERS, "(sAMAccountName=Administrator)", attributes=ldap3.ALL_ATTRIBUTES)
entry = connection.entries[0]
check.equal("a number is a number", entry.userAccountControl.value, 512)
check.true("a time is a time", entry.whenCreated.value.year >= 2024, entry.whenCreated.value)
check.true("a SID is text", entry.objectSid.value.endswith("-500"), entry.objectSid.value)
check.true("a GUID is text", entry.objectGUID.value.startswith("{"), entry.objectGUID.value)

everything = ldap3.Connection(server, check.ADMINISTRATOR, check.PASSWORD, auto_bind=True, check_names=True)
check.raises(
    "an attribute that the schema lacks is refused by the client",
    ldap3.core.exceptions.LDAPAttributeError,
    lambda: everything.search(check.BASE, "(noSuchAttribute=1)", attributes=["cn"]),
)

definition = ldap3.ObjectDef("user", connection, auxiliary_class="securityPrincipal")
reader = ldap3.Reader(connection, definition, check.USERS, "sAMAccountName: Guest")
check.equal("the abstraction layer finds a user", len(reader.search()), 1)
