"""Links, back links and what is computed from them."""

from . import add, case, delete, group, modify, plus, put, rename, search, show, user

SCENE = (
    user("a"),
    user("b", manager="CN=a,{ou}"),
    group("inner", member="CN=b,{ou}"),
    group("outer", 8 - (1 << 31), member="CN=inner,{ou}"),
)
IN_CHAIN = "1.2.840.113556.1.4.1941"

LINKS = [
    case("both ends of a manager", *SCENE, show("CN=a", "directReports"), show("CN=b", "manager")),
    case("both ends of a membership", *SCENE, show("CN=b", "memberOf"), show("CN=inner", "member", "memberOf")),
    case("a manager by GUID that is missing", user("x", manager="<GUID=01234567-89ab-cdef-0123-456789abcdef>")),
    case("two managers", *SCENE, modify("CN=a", put("manager", "CN=a,{ou}", "CN=b,{ou}"))),
    case("one's own manager", user("x"), modify("CN=x", put("manager", "CN=x,{ou}")), show("CN=x", "manager", "directReports")),
    case("a manager changes", *SCENE, modify("CN=b", put("manager", "CN=b,{ou}")), show("CN=a", "directReports")),
    case("a second manager is added", *SCENE, modify("CN=b", plus("manager", "CN=b,{ou}"))),
    case("a manager is deleted", *SCENE, delete("CN=a"), show("CN=b", "manager")),
    case("a manager moves", *SCENE, add("OU=m", "organizationalUnit"), rename("CN=a", "CN=z", "OU=m"), show("CN=b", "manager")),
    case("a back link is written", *SCENE, modify("CN=a", plus("directReports", "CN=b,{ou}"))),
    case("managedBy and managedObjects", *SCENE, modify("CN=inner", put("managedBy", "CN=a,{ou}")), show("CN=a", "managedObjects")),
    case("secretary, a link without a back link", *SCENE, modify("CN=a", put("secretary", "CN=b,{ou}")), show("CN=a", "secretary")),
    case("seeAlso of what is missing", *SCENE, modify("CN=a", put("seeAlso", "CN=nobody,{ou}"))),
    case("a name with octets", *SCENE, modify(".", plus("otherWellKnownObjects", "B:32:0123456789ABCDEF0123456789ABCDEF:CN=a,{ou}")), show(".", "otherWellKnownObjects")),
    case("a name with bad octets", *SCENE, modify(".", plus("otherWellKnownObjects", "B:32:0123:CN=a,{ou}"))),
]

SEARCHES = [
    case("members in chain", *SCENE, search(f"(memberOf:{IN_CHAIN}:=CN=outer,{{ou}})")),
    case("groups in chain", *SCENE, search(f"(member:{IN_CHAIN}:=CN=b,{{ou}})")),
    case("managers in chain", *SCENE, search(f"(manager:{IN_CHAIN}:=CN=a,{{ou}})")),
    case("in chain of what is missing", *SCENE, search(f"(memberOf:{IN_CHAIN}:=CN=nobody,{{ou}})")),
    case("in chain of what is no link", *SCENE, search(f"(description:{IN_CHAIN}:=x)")),
    case("members directly", *SCENE, search("(memberOf=CN=inner,{ou})")),
    case("who has members", *SCENE, search("(member=*)")),
    case("who has no members", *SCENE, search("(!(member=*))")),
    case("who is a member", *SCENE, search("(memberOf=*)")),
    case("a member that is no name", *SCENE, search("(member=b)")),
    case("a member by a part of the name", *SCENE, search("(member=CN=b*)")),
    case("not a member of", *SCENE, search("(&(objectClass=user)(!(memberOf=CN=inner,{ou})))")),
    case("a member by SID", *SCENE, search("(member=<SID={sid}-500>)", dn="CN=Users,{base}")),
]

COMPUTED = [
    case("the RID of a group", show("CN=Domain Users,CN=Users,{base}", "primaryGroupToken")),
    case("the RID of a user is none", *SCENE, show("CN=a", "primaryGroupToken")),
    case("tokenGroups of the administrator", show("CN=Guest,CN=Users,{base}", "tokenGroups")),
    case("tokenGroups only for one object", *SCENE, search("(cn=a)", "tokenGroups", scope=1)),
    case("canonicalName", *SCENE, show("CN=a", "canonicalName")),
    case("canonicalName of the domain", show("{base}", "canonicalName")),
    case("msds-memberOfTransitive", *SCENE, show("CN=b", "msds-memberOfTransitive")),
    case("msds-memberTransitive", *SCENE, show("CN=outer", "msds-memberTransitive")),
    case("structuralObjectClass", *SCENE, show("CN=a", "structuralObjectClass")),
    case("subSchemaSubEntry", *SCENE, show("CN=a", "subSchemaSubEntry")),
    case("msDS-User-Account-Control-Computed", *SCENE, show("CN=a", "msDS-User-Account-Control-Computed")),
    case("msDS-PrincipalName", *SCENE, show("CN=a", "msDS-PrincipalName")),
    case("allowedChildClasses of a user", *SCENE, show("CN=a", "allowedChildClasses")),
    case("allowedAttributes of a container", show("CN=Users,{base}", "allowedAttributes")),
    case("allowedChildClassesEffective of a user", *SCENE, show("CN=a", "allowedChildClassesEffective")),
    case("parentGUID is one of another's", *SCENE, search("(parentGUID=*)")),
    case("computed attributes are not in *", *SCENE, search("(cn=b)", "*")),
    case("operational attributes by +", add("OU=x", "organizationalUnit"), show("OU=x", "+")),
    case("a computed attribute in a filter", *SCENE, search("(canonicalName=*)")),
    case("possibleInferiors of a class", show("CN=Sites-Container,CN=Schema,CN=Configuration,{base}", "possibleInferiors")),
]

TABLE = {"Links": LINKS, "Searching links": SEARCHES, "Computed attributes": COMPUTED}
