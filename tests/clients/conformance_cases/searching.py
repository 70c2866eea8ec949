"""Searches: filters, scopes, bases, attributes and controls. All run on one tree that the first case makes."""

from . import BASE, ONE, SUB, add, case, pages, search, show

TREE = "OU=tree,OU=conformance,{base}"


def below(rdn):
    return f"{rdn},{TREE}"


TREE_CASE = case(
    "the tree that is searched",
    add(TREE, "organizationalUnit"),
    add(below("OU=deep"), "organizationalUnit"),
    add(below("CN=ada"), "user", sAMAccountName="tree-ada", givenName="Ada", sn="Lovelace", description="First programmer", countryCode="44", mail="ada@example.com", telephoneNumber="+44 20 555-0100", userAccountControl="514", displayName="Ada Lovelace"),
    add(below("CN=bob"), "user", sAMAccountName="tree-bob", givenName="Bob", sn="Ünal", description="Second", countryCode="90", userAccountControl="66050", msTSExpireDate="20300102030405.0Z"),
    add(below("CN=carol,OU=deep"), "contact", givenName="Carol", description=["First", "Last"], thumbnailPhoto=b"\x00\x01\x2a"),
    add(below("CN=dan (x)*,OU=deep"), "contact", sn="O'Neil\\"),
    add(below("CN=group"), "group", sAMAccountName="tree-group", member=[below("CN=ada"), below("CN=bob")]),
)


def found(filter_text, *attributes, **more):
    return case(filter_text, search(filter_text, *attributes, dn=TREE, **more))


FILTERS = [TREE_CASE] + [
    found(text)
    for text in [
        "(objectClass=*)", "(objectClass=person)", "(objectClass=user)", "(OBJECTCLASS=USER)", "(objectClass=nothingOfTheKind)",
        "(objectCategory=person)", "(objectCategory=contact)", "(objectCategory=CN=Person,CN=Schema,CN=Configuration,DC=example,DC=com)",
        "(objectCategory=user)", "(objectCategory=organizationalUnit)", "(objectCategory=nothingOfTheKind)", "(2.5.4.0=contact)",
        "(objectClass=2.5.6.6)", "(objectClass=pers*)", "(objectCategory=per*)",
        "(cn=ada)", "(cn=ADA)", "(cn= ada )", "(cn=ad*)", "(cn=*da)", "(cn=*d*)", "(cn=a*d*a)", "(cn=a*x*a)", "(cn=ada*ada)", "(cn=*)",
        "(cn=dan \\28x\\29\\2a)", "(sn=O'Neil\\5c)", "(sn=ünal)", "(sn=Unal)", "(sn=ÜNAL)", "(description=first)", "(description=First*)", "(description=l*)",
        "(description=First programmer)", "(description=First  programmer)",
        "(countryCode=44)", "(countryCode=044)", "(countryCode>=44)", "(countryCode>=45)", "(countryCode<=44)", "(countryCode=many)", "(countryCode=4*)",
        "(!(countryCode=44))", "(!(countryCode=many))", "(!(nothingOfTheKind=1))", "(nothingOfTheKind=1)", "(nothingOfTheKind=*)", "(!(nothingOfTheKind=*))",
        "(|(nothingOfTheKind=1)(cn=ada))", "(&(nothingOfTheKind=1)(cn=ada))", "(&(!(nothingOfTheKind=1))(cn=ada))", "(|(!(nothingOfTheKind=1))(cn=ada))",
        "(!(|(nothingOfTheKind=1)(cn=ada)))", "(!(&(nothingOfTheKind=1)(cn=ada)))",
        "(&)", "(|)", "(!(&))", "(!(|))", "(&(objectClass=user))", "(|(cn=ada)(cn=bob))", "(&(cn=ada)(sn=Lovelace))", "(!(cn=ada))", "(!(!(cn=ada)))",
        "(!(givenName=Ada))", "(givenName>=B)", "(givenName<=B)", "(givenName>=b)", "(givenName~=ada)", "(givenName~=adda)", "(mail=*@example.com)",
        "(userAccountControl:1.2.840.113556.1.4.803:=2)", "(userAccountControl:1.2.840.113556.1.4.803:=65538)", "(userAccountControl:1.2.840.113556.1.4.804:=65538)",
        "(userAccountControl:1.2.840.113556.1.4.803:=0)", "(userAccountControl:1.2.840.113556.1.4.804:=0)", "(!(userAccountControl:1.2.840.113556.1.4.803:=65536))",
        "(userAccountControl:1.2.840.113556.1.4.803:=x)", "(cn:1.2.840.113556.1.4.803:=2)", "(cn:caseExactMatch:=ada)", "(cn:=ada)", "(cn:1.2.3.4:=ada)",
        "(:2.5.13.2:=ada)", "(groupType:1.2.840.113556.1.4.803:=2147483648)", "(groupType=-2147483646)", "(groupType=2147483650)",
        "(ou:dn:=tree)", "(cn:dn:=ada)",
        "(thumbnailPhoto=\\00\\01\\2a)", "(thumbnailPhoto=*)", "(thumbnailPhoto=\\00*)",
        "(msTSExpireDate=20300102030405.0Z)", "(msTSExpireDate=20300102030405Z)", "(msTSExpireDate>=20300101000000.0Z)", "(msTSExpireDate>=yesterday)", "(whenCreated>=20200101000000.0Z)", "(whenCreated<=20200101000000.0Z)",
        "(name=ada)", "(distinguishedName=CN=ada,OU=tree,OU=conformance,DC=example,DC=com)", "(distinguishedName=cn=ADA, ou=tree,OU=conformance,DC=example,DC=com)", "(distinguishedName=*)", "(distinguishedName=CN=ada*)", "(entryDN=*)",
        "(anr=ada)", "(anr=Ada Love)", "(anr=lovelace)", "(anr=tree-b)", "(anr==ada)", "(anr=nobody)",
        "(telephoneNumber=+44 20 555-0100)", "(telephoneNumber=+44205550100)", "(telephoneNumber=+44*)",
        "(showInAdvancedViewOnly=TRUE)", "(!(showInAdvancedViewOnly=TRUE))", "(isDeleted=TRUE)", "(!(isDeleted=TRUE))",
        "(sAMAccountName=TREE-ADA)", "(sAMAccountType=805306368)", "(instanceType=4)", "(instanceType:1.2.840.113556.1.4.804:=5)",
        "(member=CN=ada,OU=tree,OU=conformance,DC=example,DC=com)", "(memberOf=cn=GROUP,OU=tree,OU=conformance,DC=example,DC=com)",
        "(objectSid=*)", "(objectGUID=*)", "(objectSid=S-1-5-21-1-2-3-4)", "(uSNChanged>=1)", "(uSNChanged<=0)", "(primaryGroupID=513)", "(accountExpires=9223372036854775807)", "(pwdLastSet=0)", "(lastLogon<=0)",
        "(unicodePwd=*)", "(userPassword=*)", "(nTSecurityDescriptor=*)", "(tokenGroups=*)", "(cn;lang-de=ada)", "(1.2.3.4.5=x)",
    ]
]

READING = [
    case("scope base", search("(objectClass=*)", dn=TREE, scope=BASE)),
    case("scope one", search("(objectClass=*)", dn=TREE, scope=ONE)),
    case("scope subtree", search("(objectClass=*)", dn=TREE, scope=SUB)),
    case("a base that does not match", search("(cn=nobody)", dn=TREE, scope=BASE)),
    case("a base that is missing", search("(cn=*)", dn=below("OU=missing"))),
    case("a base below what is missing", search("(cn=*)", dn=below("CN=x,OU=missing"))),
    case("a base that is no name", search("(cn=*)", dn="nonsense,{base}")),
    case("a base outside of all contexts", search("(cn=*)", dn="/DC=elsewhere,DC=net")),
    case("a base above the domain", search("(cn=*)", dn="/DC=com")),
    case("a base by a SID", show("<SID={sid}-500>", "cn", "sAMAccountName")),
    case("a base by a SID that is missing", show("<SID=S-1-5-21-1-2-3-4>", "cn")),
    case("a base by a GUID that is missing", show("<GUID=01234567-89ab-cdef-0123-456789abcdef>", "cn")),
    case("a base by a GUID that is none", show("<GUID=nonsense>", "cn")),
    case("a base by a well-known GUID", show("<WKGUID=a9d1ca15768811d1aded00c04fd8d5cd,{base}>", "cn")),
    case("a base by an unknown well-known GUID", show("<WKGUID=00000000768811d1aded00c04fd8d5cd,{base}>", "cn")),
    case("a name with spaces", show("cn=ada , ou=tree,OU=conformance,{base}", "cn")),
    case("a name by OIDs", show("2.5.4.3=ada," + TREE, "cn")),
    case("attributes named in other case", search("(cn=ada)", "GIVENNAME", "Sn", dn=TREE)),
    case("an attribute by OID", search("(cn=ada)", "2.5.4.42", dn=TREE)),
    case("an unknown attribute", search("(cn=ada)", "nothingOfTheKind", "cn", dn=TREE)),
    case("no attributes", search("(cn=ada)", "1.1", dn=TREE)),
    case("no attributes and one", search("(cn=ada)", "1.1", "cn", dn=TREE)),
    case("all attributes and one", search("(cn=carol)", "*", "canonicalName", dn=TREE)),
    case("an attribute twice", search("(cn=ada)", "cn", "CN", dn=TREE)),
    case("a password is asked for", search("(cn=ada)", "unicodePwd", "cn", dn=TREE)),
    *(
        case(f"the range member;{option}", search("(cn=group)", "member;" + option, dn=TREE))
        for option in ["range=0-0", "range=0-*", "range=1-*", "range=0-1", "range=0-10", "range=2-*", "range=1-0", "range=x", "range=0"]
    ),
    case("a range of a single value", search("(cn=ada)", "givenName;range=0-*", dn=TREE)),
    case("a range of several values", search("(cn=carol)", "description;range=0-0", dn=TREE)),
    case("the anonymous part of the root DSE", show("", "defaultNamingContext", "schemaNamingContext", "configurationNamingContext", "rootDomainNamingContext", "supportedLDAPVersion", "subschemaSubentry", "isSynchronized")),
    case("the head of the domain", show("{base}", "objectClass", "dc", "name", "instanceType", "systemFlags", "msDS-Behavior-Version", "wellKnownObjects", "isCriticalSystemObject", "nTMixedDomain", "uASCompat", "maxPwdAge", "minPwdAge", "lockoutDuration", "lockOutObservationWindow", "lockoutThreshold", "forceLogoff", "objectSid", "objectCategory", "creationTime", "auditingPolicy", "modifiedCount", "serverState")),
    case("the default users", search("(objectClass=user)", "userAccountControl", "sAMAccountName", "primaryGroupID", "objectSid", "description", "memberOf", "adminCount", "isCriticalSystemObject", dn="CN=Users,{base}")),
    case("the built-in groups", search("(objectClass=group)", "groupType", "sAMAccountType", "systemFlags", "objectSid", "member", "isCriticalSystemObject", dn="CN=Builtin,{base}")),
    case("the domain's groups", search("(objectClass=group)", "groupType", "sAMAccountType", "systemFlags", "objectSid", "member", "isCriticalSystemObject", "adminCount", dn="CN=Users,{base}")),
    case("the default containers", search("(objectClass=*)", "objectClass", "systemFlags", "showInAdvancedViewOnly", "isCriticalSystemObject", "description", dn="{base}", scope=ONE)),
]

UNKNOWN = "1.2.3.4.5.6.7"

CONTROLS = [
    case("pages of one", pages("(objectClass=*)", 1, dn=TREE)),
    case("pages of three", pages("(objectClass=*)", 3, dn=TREE)),
    case("a page that holds everything", pages("(objectClass=*)", 100, dn=TREE)),
    case("a page of zero", pages("(objectClass=*)", 0, dn=TREE)),
    case("an unknown control that is critical", search("(cn=ada)", dn=TREE, controls=((UNKNOWN, True),))),
    case("an unknown control that is not", search("(cn=ada)", dn=TREE, controls=((UNKNOWN, False),))),
    case("domain scope", search("(cn=ada)", dn=TREE, controls=(("domain scope", True),))),
    case("manage DSA IT", search("(cn=ada)", dn=TREE, controls=(("manage DSA IT", True),))),
    case("tree delete on a search", search("(cn=ada)", dn=TREE, controls=(("tree delete", True),))),
    case("show deleted", search("(cn=ada)", dn=TREE, controls=(("show deleted", True),))),
    case("sorted by a name", search("(objectClass=*)", "name", dn=TREE, controls=(("sort name", True),), ordered=True)),
    case("sorted backwards", search("(objectClass=*)", "name", dn=TREE, controls=(("sort backwards name", True),), ordered=True)),
    case("sorted by what one lacks", search("(|(givenName=*)(cn=group))", "givenName", dn=TREE, controls=(("sort givenName", True),), ordered=True)),
    case("sorted by an unknown attribute", search("(objectClass=*)", dn=TREE, controls=(("sort nothingOfTheKind", True),))),
    case("sorted by an unknown attribute, if possible", search("(objectClass=*)", dn=TREE, controls=(("sort nothingOfTheKind", False),))),
    case("extended names of members", search("(cn=group)", "member", dn=TREE, controls=(("extended DN", True),))),
    case("descriptors without flags", show(TREE, "cn", controls=(("SD flags 0", True),))),
    case("descriptors with a bad control", show(TREE, "cn", controls=(("SD flags bad", True),))),
]

TABLE = {"Filters": FILTERS, "Reading": READING, "Controls": CONTROLS}
