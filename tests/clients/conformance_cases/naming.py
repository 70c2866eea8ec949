"""Names and places: RDNs, siblings, renames, moves, deletes and what they leave."""

from . import add, case, delete, group, modify, plus, rename, search, show, user

SHOW_DELETED = (("show deleted", True),)
TREE_DELETE = (("tree delete", True),)
DELETED = "CN=Deleted Objects,{base}"

NAMES = [
    case("a unit named by CN", add("CN=x", "organizationalUnit")),
    case("a user named by OU", add("OU=x", "user")),
    case("a user named by an unknown attribute", add("NOTHING=x", "user")),
    case("a user named by a description", add("description=x", "user")),
    case("a name that is none", add("x", "user")),
    case("an empty name", add("CN=,{ou}", "user")),
    case("a name of two parts", add("CN=x+SN=y", "user")),
    case("a name of 64 characters", add("CN=" + "x" * 64, "contact")),
    case("a name of 65 characters", add("CN=" + "x" * 65, "contact")),
    case("a unit of 65 characters", add("OU=" + "x" * 65, "organizationalUnit")),
    case("a name with escapes", add("CN=a\\, b \\+ c\\3D\\22", "contact"), search("(objectClass=contact)", "cn")),
    case("a name with spaces around", add("CN=\\ x\\ ", "contact"), search("(objectClass=contact)", "cn")),
    case("a name with a line feed", add("CN=x\\0Ay", "contact")),
    case("a name with a null", add("CN=x\\00y", "contact")),
    case("a name in other letters", add("CN=Zoë Ørsted", "contact"), show("CN=zoë ørsted", "cn")),
    case("a sibling of the same name", add("CN=x", "contact"), add("CN=x", "contact")),
    case("a sibling of the same name in other case", add("CN=x", "contact"), add("CN=X", "user")),
    case("a sibling of the same value by another attribute", add("CN=x", "contact"), add("OU=x", "organizationalUnit")),
    case("a sibling whose accents differ", add("CN=Zoe", "contact"), add("CN=Zoë", "contact")),
    case("the same name elsewhere", add("CN=x", "contact"), add("OU=y", "organizationalUnit"), add("CN=x,OU=y,{ou}", "contact")),
    case("the name of the domain itself", add("{base}", "domainDNS")),
    case("a name of a known container", add("CN=Users,{base}", "container")),
]

RENAMES = [
    case("a rename", add("CN=x", "contact"), rename("CN=x", "CN=y"), show("CN=y", "cn", "name", "distinguishedName")),
    case("a rename in case alone", add("CN=x", "contact"), rename("CN=x", "CN=X"), show("CN=x", "cn", "name")),
    case("a rename to the same", add("CN=x", "contact"), rename("CN=x", "CN=x"), show("CN=x", "cn")),
    case("a rename that keeps the old name", add("CN=x", "contact"), rename("CN=x", "CN=y", keep=True)),
    case("a rename to a sibling's name", add("CN=x", "contact"), add("CN=y", "contact"), rename("CN=x", "CN=y")),
    case("a rename to another attribute", add("CN=x", "contact"), rename("CN=x", "OU=y")),
    case("a rename to an unknown attribute", add("CN=x", "contact"), rename("CN=x", "NOTHING=y")),
    case("a rename to nothing", add("CN=x", "contact"), rename("CN=x", "CN=")),
    case("a rename to 65 characters", add("CN=x", "contact"), rename("CN=x", "CN=" + "y" * 65)),
    case("a rename of what is missing", rename("CN=x", "CN=y")),
    case("a rename of the domain", rename("{base}", "DC=other")),
    case("a rename of a protected container", rename("CN=Users,{base}", "CN=People")),
    case("a rename of a built-in group", rename("CN=Administrators,CN=Builtin,{base}", "CN=Bosses")),
    case("a rename of a schema object", rename("CN=User,CN=Schema,CN=Configuration,{base}", "CN=Person2")),
    case("a rename of a configuration object", rename("CN=Services,CN=Configuration,{base}", "CN=Services2")),
    case("a rename shows in links", user("x"), group("g", member="CN=x,{ou}"), rename("CN=x", "CN=y"), show("CN=g", "member")),
]

MOVES = [
    case("a move", add("OU=a", "organizationalUnit"), add("CN=x", "contact"), rename("CN=x", "CN=x", "OU=a"), show("CN=x,OU=a,{ou}", "cn", "distinguishedName")),
    case("a move and rename", add("OU=a", "organizationalUnit"), add("CN=x", "contact"), rename("CN=x", "CN=y", "OU=a"), show("CN=y,OU=a,{ou}", "cn")),
    case("a move of a tree", add("OU=a", "organizationalUnit"), add("OU=b", "organizationalUnit"), add("CN=x,OU=b,{ou}", "contact"), rename("OU=b", "OU=b", "OU=a"), search("(objectClass=contact)", "distinguishedName")),
    case("a move into the own tree", add("OU=a", "organizationalUnit"), add("OU=b,OU=a,{ou}", "organizationalUnit"), rename("OU=a", "OU=a", "OU=b,OU=a,{ou}")),
    case("a move below itself", add("OU=a", "organizationalUnit"), rename("OU=a", "OU=a", "OU=a")),
    case("a move to what is missing", add("CN=x", "contact"), rename("CN=x", "CN=x", "OU=missing")),
    case("a move below a user", user("u"), add("CN=x", "contact"), rename("CN=x", "CN=x", "CN=u")),
    case("a move below a group", group("g"), add("OU=x", "organizationalUnit"), rename("OU=x", "OU=x", "CN=g")),
    case("a move to a taken name", add("OU=a", "organizationalUnit"), add("CN=x", "contact"), add("CN=x,OU=a,{ou}", "contact"), rename("CN=x", "CN=x", "OU=a")),
    case("a move to the configuration", add("CN=x", "container"), rename("CN=x", "CN=x", "CN=Services,CN=Configuration,{base}")),
    case("a move into the system container", add("CN=x", "container"), rename("CN=x", "CN=x", "CN=System,{base}")),
    case("a move out of the system container", rename("CN=Policies,CN=System,{base}", "CN=Policies", "{ou}")),
    case("a move of a protected container", rename("CN=Users,{base}", "CN=Users", "{ou}")),
    case("a move of a domain controller's unit", rename("OU=Domain Controllers,{base}", "OU=Domain Controllers", "{ou}")),
    case("a move of the domain", rename("{base}", "DC=example", "{ou}")),
    case("a move outside of all contexts", add("CN=x", "contact"), rename("CN=x", "CN=x", "<SID=S-1-5-21-1-2-3-4>")),
]

DELETES = [
    case("a delete", add("CN=x", "contact"), delete("CN=x"), show("CN=x")),
    case("a delete of what is missing", delete("CN=x")),
    case("a delete below what is missing", delete("CN=x,OU=missing,{ou}")),
    case("a delete of what has children", add("OU=a", "organizationalUnit"), add("CN=x,OU=a,{ou}", "contact"), delete("OU=a")),
    case("a delete of a tree", add("OU=a", "organizationalUnit"), add("CN=x,OU=a,{ou}", "contact"), delete("OU=a", TREE_DELETE), show("CN=x,OU=a,{ou}")),
    case("a delete of a tree without children", add("CN=x", "contact"), delete("CN=x", TREE_DELETE)),
    case("a delete of the domain", delete("{base}")),
    case("a delete of the domain's tree", delete("{base}", TREE_DELETE)),
    case("a delete of the users container", delete("CN=Users,{base}")),
    case("a delete of a built-in group", delete("CN=Users,CN=Builtin,{base}")),
    case("a delete of the administrator", delete("CN=Administrator,CN=Users,{base}")),
    case("a delete of a well-known group", delete("CN=Domain Guests,CN=Users,{base}")),
    case("a delete of the guest", delete("CN=Guest,CN=Users,{base}")),
    case("a delete of this server's account", delete("CN=DC1,OU=Domain Controllers,{base}")),
    case("a delete of this server's settings", delete("CN=NTDS Settings,CN=DC1,CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration,{base}")),
    case("a delete of the domain's cross-reference", delete("CN=EXAMPLE,CN=Partitions,CN=Configuration,{base}")),
    case("a delete of a schema object", delete("CN=User,CN=Schema,CN=Configuration,{base}")),
    case("a delete of a protected configuration container", delete("CN=Sites,CN=Configuration,{base}")),
    case("a delete of the root DSE", delete("")),
    case("a tombstone is in its container", add("CN={id}", "contact"), delete("CN={id}"), search("(&(isDeleted=TRUE)(name={id}*))", "isDeleted", "lastKnownParent", "cn", "name", dn=DELETED, controls=SHOW_DELETED)),
    case("a tombstone is hidden", add("CN={id}", "contact"), delete("CN={id}"), search("(name={id}*)", dn="{base}")),
    case("what a user's tombstone keeps", user("x", description="d", mail="x@example.com", telephoneNumber="1"), delete("CN=x"), search("(sAMAccountName={id}x)", dn=DELETED, controls=SHOW_DELETED)),
    case("what a user's tombstone keeps, in full", user("x", description="d", mail="x@example.com"), delete("CN=x"), search("(sAMAccountName={id}x)", "*", dn=DELETED, controls=SHOW_DELETED)),
    case("what a group's tombstone keeps, in full", user("u"), group("x", description="d", member="CN=u,{ou}"), delete("CN=x"), search("(sAMAccountName={id}x)", "*", dn=DELETED, controls=SHOW_DELETED)),
    case("what a unit's tombstone keeps, in full", add("OU={id}", "organizationalUnit", description="d"), delete("OU={id}"), search("(&(isDeleted=TRUE)(name={id}*))", "*", dn=DELETED, controls=SHOW_DELETED)),
    case("a tombstone's links are gone", user("x"), group("g", member="CN=x,{ou}"), delete("CN=x"), show("CN=g", "member")),
    case("the name of a tombstone is free", user("x"), delete("CN=x"), user("x"), show("CN=x", "sAMAccountName")),
    case("a group that has members is deleted", user("x"), group("g"), modify("CN=g", plus("member", "CN=x,{ou}")), delete("CN=g"), show("CN=x", "memberOf")),
    case("a unit with a tombstone below", add("OU=a", "organizationalUnit"), add("CN=x,OU=a,{ou}", "contact"), delete("CN=x,OU=a,{ou}"), delete("OU=a"), show("OU=a")),
]

TABLE = {"Names": NAMES, "Renames": RENAMES, "Moves": MOVES, "Deletes and tombstones": DELETES}
