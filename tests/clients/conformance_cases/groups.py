"""Groups: their types, how these change, and who may be a member of whom."""

from itertools import product

from . import add, case, computer, delete, group, minus, modify, plus, put, show, user

SECURITY = -(1 << 31)
TYPES = {
    "global security": 2 + SECURITY,
    "local security": 4 + SECURITY,
    "universal security": 8 + SECURITY,
    "global distribution": 2,
    "local distribution": 4,
    "universal distribution": 8,
}

KINDS = [
    *(case(f"a {name} group", group("g", number), show("CN=g", "groupType", "sAMAccountType")) for name, number in TYPES.items()),
    *(case(f"a group of type {number}", group("g", number)) for number in [0, 1, 5, 6, 10, 14, 16, 32, 64, SECURITY, 5 + SECURITY, 2147483648, 4294967298]),
    case("a group type that is no number", group("g", "global")),
    case("the type of a group is deleted", group("g"), modify("CN=g", minus("groupType"))),
    case("the type of a built-in group changes", modify("CN=Users,CN=Builtin,{base}", put("groupType", str(8 + SECURITY)))),
]

TRANSITIONS = [
    case(
        f"from {before} to {after}",
        group("g", TYPES[before]),
        modify("CN=g", put("groupType", str(TYPES[after]))),
        show("CN=g", "groupType", "sAMAccountType"),
    )
    for before, after in product(TYPES, TYPES)
    if before != after
] + [
    case("a built-in bit is added", group("g"), modify("CN=g", put("groupType", str(5 + SECURITY)))),
    case("universal to global with a universal member", group("g", 8 + SECURITY), group("m", 8 + SECURITY), modify("CN=g", plus("member", "CN=m,{ou}")), modify("CN=g", put("groupType", str(2 + SECURITY)))),
    case("universal to global with a global member", group("g", 8 + SECURITY), group("m", 2 + SECURITY), modify("CN=g", plus("member", "CN=m,{ou}")), modify("CN=g", put("groupType", str(2 + SECURITY)))),
    case("local to universal with a local member", group("g", 4 + SECURITY), group("m", 4 + SECURITY), modify("CN=g", plus("member", "CN=m,{ou}")), modify("CN=g", put("groupType", str(8 + SECURITY)))),
    case("universal to local inside a universal one", group("g", 8 + SECURITY), group("p", 8 + SECURITY), modify("CN=p", plus("member", "CN=g,{ou}")), modify("CN=g", put("groupType", str(4 + SECURITY)))),
    case("global to universal inside a global one", group("g", 2 + SECURITY), group("p", 2 + SECURITY), modify("CN=p", plus("member", "CN=g,{ou}")), modify("CN=g", put("groupType", str(8 + SECURITY)))),
]

MEMBERS = [
    case(
        f"a {inner} group in a {outer} one",
        group("p", TYPES[outer]),
        group("m", TYPES[inner]),
        modify("CN=p", plus("member", "CN=m,{ou}")),
    )
    for outer, inner in product(TYPES, TYPES)
] + [
    *(case(f"a {kind} in a {outer} group", group("p", TYPES[outer]), member, modify("CN=p", plus("member", "CN=m,{ou}")))
      for outer in ["global security", "local security", "universal distribution"]
      for kind, member in [("user", user("m")), ("computer", computer("m")), ("contact", add("CN=m", "contact"))]),
    case("a unit in a group", group("g"), add("OU=m", "organizationalUnit"), modify("CN=g", plus("member", "OU=m,{ou}"))),
    case("a group in itself", group("g"), modify("CN=g", plus("member", "CN=g,{ou}")), show("CN=g", "member")),
    case("two groups in each other", group("g"), group("h", member="CN=g,{ou}"), modify("CN=g", plus("member", "CN=h,{ou}")), show("CN=g", "member", "memberOf")),
    case("a built-in group in a group", group("g", 4 + SECURITY), modify("CN=g", plus("member", "CN=Users,CN=Builtin,{base}"))),
    case("a member twice", user("m"), group("g", member="CN=m,{ou}"), modify("CN=g", plus("member", "CN=m,{ou}"))),
    case("a member that is missing", group("g"), modify("CN=g", plus("member", "CN=nobody,{ou}"))),
    case("a member that is missing, at birth", group("g", member="CN=nobody,{ou}")),
    case("a member that is no member is deleted", user("m"), group("g"), modify("CN=g", minus("member", "CN=m,{ou}"))),
    case("a missing object is no member either", group("g"), modify("CN=g", minus("member", "CN=nobody,{ou}"))),
    case("all members are deleted", user("m"), group("g", member="CN=m,{ou}"), modify("CN=g", minus("member")), show("CN=g", "member")),
    case("all members of none are deleted", group("g"), modify("CN=g", minus("member"))),
    case("members are replaced", user("m"), user("n"), group("g", member="CN=m,{ou}"), modify("CN=g", put("member", "CN=n,{ou}")), show("CN=g", "member")),
    case("a member that is a tombstone", user("m"), group("g"), delete("CN=m"), modify("CN=g", plus("member", "CN=m,{ou}"))),
    case("a member by GUID that is missing", group("g"), modify("CN=g", plus("member", "<GUID=01234567-89ab-cdef-0123-456789abcdef>"))),
    case("a member by the SID of a well-known group", group("g", 4 + SECURITY), modify("CN=g", plus("member", "<SID={sid}-512>")), show("CN=g", "member")),
    case("a member by a foreign SID, at birth", group("g", 4 + SECURITY, member="<SID=S-1-5-21-1-2-3-1235>"), show("CN=g", "member")),
    case("a member by a foreign SID, of a global group", group("g"), modify("CN=g", plus("member", "<SID=S-1-5-21-1-2-3-1236>"))),
    case("a member by a foreign SID, of a universal group", group("g", 8 + SECURITY), modify("CN=g", plus("member", "<SID=S-1-5-21-1-2-3-1237>"))),
    case("a member by an unknown SID of the domain", group("g", 4 + SECURITY), modify("CN=g", plus("member", "<SID={sid}-999999>"))),
    case("a member by a well-known SID", group("g", 4 + SECURITY), modify("CN=g", plus("member", "<SID=S-1-5-6>")), show("CN=g", "member")),
    case("a foreign member leaves", group("g", 4 + SECURITY, member="<SID=S-1-5-21-1-2-3-1238>"), modify("CN=g", minus("member", "<SID=S-1-5-21-1-2-3-1238>")), show("CN=g", "member")),
    case("a member by a foreign SID", group("g", 4 + SECURITY), modify("CN=g", plus("member", "<SID=S-1-5-21-1-2-3-1234>")), show("CN=g", "member")),
]

TABLE = {"Group types": KINDS, "Changes of group types": TRANSITIONS, "Members": MEMBERS}
