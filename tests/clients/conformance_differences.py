"""The differences that are known, each with its reason. One that is not here fails the run; a reason whose
difference has gone is named. A name may end in `…` for all that begin so."""

REASONS = {
    # Where Samba is not Active Directory.
    "An object must have a structural class: [MS-ADTS] 3.1.1.5.2.2 calls its lack an objectClassViolation.": [
        "an abstract class",
        "a class that is abstract below top",
        "an auxiliary class alone",
        "all classes are taken away",
    ],
    "Classes that clients cannot make are refused before their place is looked at ([MS-ADTS] 3.1.1.5.2.3).": [
        "a class of the security authority",
        "a trusted domain",
        "a domain below a unit",
    ],
    "A user and an inetOrgPerson can become one another; every other change of the structural class is "
    "objectClassModsProhibited ([MS-ADTS] 3.1.1.5.3.5).": [
        "the structural class is taken away",
        "a user becomes an inetOrgPerson",
    ],
    "Names outside of all naming contexts get a referral ([MS-ADTS] 3.1.1.4.6), and the head of one is there already.": [
        "a parent outside of all contexts",
        "a base outside of all contexts",
        "a base above the domain",
        "the name of the domain itself",
    ],
    "What cannot be read is a fault of the client, with the code for it, and no operationsError.": [
        "an object named by a GUID",
        "a descriptor that is none",
        "a page of zero",
    ],
    "Attributes, also in names, may be given by their OIDs (RFC 4512, 2.5).": [
        "an attribute by its OID",
        "a name by OIDs",
        "(2.5.4.0=contact)",
    ],
    "A second value of a single-valued attribute is a constraintViolation with 00002081 in every operation; Samba says so "
    "at birth only.": [
        "two values of a single-valued attribute, later",
        "a second value of a single-valued attribute",
        "several changes, the last one bad",
        "a second manager is added",
    ],
    "Values that are equal by their syntax are one value (RFC 4511, 4.6 and 4.7); Samba compares octets here.": [
        "the same value in other case, at birth",
        "the same value twice, later",
        "a value that is there in other case",
    ],
    "A value outside its range is a constraintViolation with 00002082, of every syntax and size ([MS-ADTS] 3.1.1.5.1.1).": [
        "a number above 32 bits",
        "a number beyond its range",
        "text that is longer than its range, later",
        "a large number that is too large",
        "an account name of 257 characters",
        "a name of 65 characters",
        "a unit of 65 characters",
        "a rename to 65 characters",
        "a group of type 4294967298",
    ],
    "A value that its syntax does not have is invalidAttributeSyntax; Samba takes some, or names another fault.": [
        "a name for a link",
        "a name with bad octets",
        "a numeric string with letters",
        "flags that are no number",
        "a group type that is no number",
    ],
    "A generalized time may be without a fraction (RFC 4517, 3.3.13).": [
        "a time without a fraction",
        "(msTSExpireDate=20300102030405Z)",
    ],
    "Attributes that the directory keeps are no client's ([MS-ADTS] 3.1.1.5.2.2 and 3.1.1.5.3.2, attributes owned by "
    "SAM among them); Samba takes them.": [
        "uSNChanged at birth",
        "whenChanged at birth",
        "instanceType of two bits at birth",
        "lastKnownParent at birth",
        "lastLogon of a user at birth",
        "badPwdCount of a user at birth",
        "logonCount of a user at birth",
        "rid of a user at birth",
        "badPwdCount later",
        "lastLogonTimestamp later",
        "a lockout time of now",
    ],
    "The category of an object is its class or one above ([MS-ADTS] 3.1.1.5.3.2).": ["objectCategory later"],
    "A name that contradicts the object's own is refused ([MS-ADTS] 3.1.1.5.2.2).": [
        "the name repeated, otherwise",
        "name given otherwise",
    ],
    "The schema is not changed here, by any client.": [
        "a schema object is changed badly",
        "a delete of a schema object",
    ],
    "Comparing an attribute that is not there is noSuchAttribute (RFC 4511, 4.10).": [
        "an attribute that is not there is compared",
        "an unknown attribute is compared",
    ],
    "An RDN by another attribute than the class's is a namingViolation ([MS-ADTS] 3.1.1.5.1.2).": [
        "a unit named by CN",
        "a rename to another attribute",
        "a rename to an unknown attribute",
    ],
    "No name has a line feed, a null or an empty value ([MS-ADTS] 3.1.1.5.1.2).": [
        "a name with a line feed",
        "a name with a null",
        "a rename to nothing",
    ],
    "An equals sign in a value needs no escape (RFC 4514, 2.4).": ["a name with escapes"],
    "Siblings differ in the values of their RDNs, whatever their attributes ([MS-ADTS] 3.1.1.5.1.2).": [
        "a sibling of the same value by another attribute"
    ],
    "The head of a naming context and the system container are left and entered by no rename: unwillingToPerform "
    "([MS-ADTS] 3.1.1.5.4.1).": [
        "a rename of the domain",
        "a move of the domain",
        "a move into the system container",
        "a move out of the system container",
    ],
    "A new superior that is not there is noSuchObject (RFC 4511, 4.9); Samba says other.": [
        "a move to what is missing",
        "a move outside of all contexts",
    ],
    "What the system needs is not deleted: unwillingToPerform ([MS-ADTS] 3.1.1.5.5.3), said before its children are "
    "counted.": [
        "a delete of the administrator",
        "a delete of a well-known group",
        "a delete of the guest",
        "a delete of this server's account",
        "a delete of the domain's cross-reference",
        "a delete of the root DSE",
    ],
    "A bad account name ends an operation in Active Directory with 00000523 from below LDAP, whose code is other; Samba "
    "says constraintViolation.": [
        "an account name with …",
        "an account name that ends with a dot",
        "an account name of dots",
        "an account name changes badly",
    ],
    "Names that are made have the form $XXXXXX-XXXXXXXXXXXX of Active Directory; Samba makes longer ones.": [
        "a user without an account name",
        "a group without an account name",
        "a computer without an account name",
    ],
    "Account flags that contradict each other or that nobody may set are unwillingToPerform; Samba says other or "
    "insufficientAccessRights.": [
        "a user with flags 0x300",
        "a user with flags 0x800",
        "a user with flags 0x1200",
        "a user with flags 0x4000200",
        "a computer with flags 0x800",
        "a computer with flags 0x3000",
        "a user gets flags 0x302",
        "a user gets flags 0x802",
        "a user gets flags 0x4000202",
        "pwdLastSet of …",
    ],
    "UF_PASSWD_CANT_CHANGE follows from the security descriptor and is not set by this attribute ([MS-SAMR] 2.2.1.13).": [
        "a user with flags 0x40",
        "a user with flags 0x240",
    ],
    "A user is no workstation, at birth and later; Samba lets it become one.": ["a user gets flags 0x1002"],
    "A computer stays one when its flags say no kind, as it is born.": ["a computer gets flags 0x0"],
    "The primary group that an account gets anyway may be named.": ["a primary group at birth, the usual one"],
    "The type of a built-in group does not change ([MS-SAMR] 3.1.1.6).": ["the type of a built-in group changes"],
    "Members are the account database's: it says 00000561 when somebody is no member. Samba has no code of its own.": [
        "a member that is no member is deleted",
        "a missing object is no member either",
        "all members of none are deleted",
    ],
    "Names are matched whole ([MS-ADTS] 3.1.1.3.1.3): substrings of names, numbers and OIDs are Undefined.": [
        "a member by a part of the name",
        "(objectClass=pers*)",
        "(countryCode=4*)",
    ],
    "Unknown attributes and values that their syntax does not have are Undefined, and so is their negation ([MS-ADTS] "
    "3.1.1.3.1.3, RFC 4511, 4.5.1.7).": [
        "(!(countryCode=many))",
        "(!(nothingOfTheKind=1))",
        "(!(nothingOfTheKind=*))",
        "(&(!(nothingOfTheKind=1))(cn=ada))",
        "(|(!(nothingOfTheKind=1))(cn=ada))",
        "(!(|(nothingOfTheKind=1)(cn=ada)))",
        "(!(&(nothingOfTheKind=1)(cn=ada)))",
        "(msTSExpireDate>=yesterday)",
        "(userAccountControl:1.2.840.113556.1.4.803:=x)",
        "(cn:1.2.840.113556.1.4.803:=2)",
    ],
    "Approximate matching is equality ([MS-ADTS] 3.1.1.3.1.3); Samba has none.": ["(givenName~=ada)", "(givenName~=adda)"],
    "Spaces in values count in Active Directory's comparison of text; Samba folds them.": [
        "(cn= ada )",
        "(description=First  programmer)",
    ],
    "Numbers are compared by value.": ["(countryCode=044)"],
    "Octet strings have substrings.": ["(thumbnailPhoto=\\00*)"],
    "Only the base scope computes tokenGroups; other scopes leave it out.": ["tokenGroups only for one object"],
    "Attributes that later versions of Active Directory compute; Samba 4.17 does not.": [
        "msds-memberOfTransitive",
        "msds-memberTransitive",
        "msDS-PrincipalName",
    ],
    "All operational attributes are asked for by + (RFC 3673).": ["operational attributes by +"],
    "Members have an order of their own in each server; ranges beyond them are left out.": [
        "the range member;range=2-*",
        "the range member;range=1-0",
    ],
    "A range that is none is an option that the attribute does not have.": [
        "the range member;range=x",
        "the range member;range=0",
    ],
    "Bailiwick serves LDAP version 3 only.": ["the anonymous part of the root DSE"],
    "The domain is one of Windows Server 2016; Samba 4.17 provisions that of 2008 R2, with its own account for DNS.": [
        "the head of the domain",
        "the default users",
        "the built-in groups",
        "the domain's groups",
        "the default containers",
        "allowedAttributes of a container",
    ],
    "The last page says that it is the last; Samba sends an empty one after it.": ["pages of one"],
    "ManageDsaIT is answered: there are no referral objects, so it changes nothing.": ["manage DSA IT"],
    "Results are sorted backwards, with entries that lack the attribute last in their natural order (RFC 2891, 2.2).": [
        "sorted backwards",
        "sorted by what some lack",
    ],
    "A sort that is critical and cannot be done is unavailableCriticalExtension (RFC 2891, 2).": ["sorted by an unknown attribute"],
    "A control that cannot be read is a protocolError.": ["descriptors with a bad control"],
    # Where Samba does something that a controller of Active Directory need not.
    "Samba derives principal names from account names and keeps them apart too; [MS-ADTS] 3.1.1.5.1.3 compares the "
    "attribute alone.": [
        "a principal name that another's account name implies",
        "an account name that another's principal name implies",
    ],
    "The form of a service name is checked for validated writes ([MS-ADTS] 3.1.1.5.3.1.1.4), not for administrators.": [
        "a service name without a slash"
    ],
    # What Bailiwick does not do yet.
    "Not done yet: the aliases of HOST are not compared.": ["a host whose services another has"],
    "Not done yet: service names do not follow the name of their computer.": [
        "a computer's DNS name changes",
        "a computer's account name changes",
    ],
    "Not done yet: objects for foreign SIDs are not made when one becomes a member.": ["a member by a foreign SID"],
    "Not done yet: flags that follow from the password policy are not computed.": ["msDS-User-Account-Control-Computed"],
    "Not done yet: effective rights are not listed.": ["allowedChildClassesEffective of a user"],
    "Not done yet: descriptors are kept apart from attributes and cannot be searched for.": ["(nTSecurityDescriptor=*)"],
    "Not done yet: options other than ranges are passed over in filters.": ["(cn;lang-de=ada)"],
}


def reason(name):
    """Why the servers differ in the case with this name; none when that is not known."""
    for text, names in REASONS.items():
        if any(name == known or known.endswith("…") and name.startswith(known[:-1]) for known in names):
            return text
    return None


def exact_names():
    """Every name that stands for one case."""
    return [name for names in REASONS.values() for name in names if not name.endswith("…")]
