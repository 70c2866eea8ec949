"""python-ldap reads the aggregate schema and makes sense of all of it."""

import check
import ldap
import ldap.schema

connection = ldap.initialize(check.LDAP_URL)
connection.simple_bind_s(check.ADMINISTRATOR, check.PASSWORD)

name = connection.search_subschemasubentry_s()
check.equal("the subschema's name", name, "CN=Aggregate,CN=Schema,CN=Configuration," + check.BASE)
entry = connection.read_subschemasubentry_s(name)
schema = ldap.schema.SubSchema(entry, check_uniqueness=2)
check.equal("no OID is there twice", list(schema.non_unique_oids), [])
check.equal("no name is there twice", [name for names in schema.non_unique_names.values() for name in names], [])

classes = [schema.get_obj(ldap.schema.ObjectClass, oid) for oid in schema.listall(ldap.schema.ObjectClass)]
attributes = [schema.get_obj(ldap.schema.AttributeType, oid) for oid in schema.listall(ldap.schema.AttributeType)]
check.true("all classes are there", len(classes) > 250, len(classes))
check.true("all attributes are there", len(attributes) > 1500, len(attributes))
unknown = {name for kind in classes for name in kind.must + kind.may if schema.get_obj(ldap.schema.AttributeType, name) is None}
check.equal("classes name attributes that are there", unknown, set())
orphans = {kind.names for kind in classes for above in kind.sup if schema.get_obj(ldap.schema.ObjectClass, above) is None}
check.equal("superiors are there", orphans, set())
check.equal("every attribute has a syntax", [kind.names for kind in attributes if not kind.syntax], [])

must, may = schema.attribute_types(["user"])
names = {name for kind in list(must.values()) + list(may.values()) for name in kind.names}
check.true("a user may have what accounts have", {"sAMAccountName", "userPrincipalName", "mail", "memberOf"} <= names)
check.equal("the structural class of a user", schema.get_structural_oc(["top", "person", "user", "organizationalPerson"]), "1.2.840.113556.1.5.9")

found = connection.search_s(
    "CN=Schema,CN=Configuration," + check.BASE, ldap.SCOPE_ONELEVEL, "(lDAPDisplayName=sAMAccountName)", ["attributeID", "attributeSyntax", "isSingleValued"]
)
check.equal("the schema is there as objects too", found[0][1]["attributeID"], [b"1.2.840.113556.1.4.221"])
