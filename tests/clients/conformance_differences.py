"""The differences that are known, each with its reason. One that is not here fails the run, and so does a reason whose
difference has gone. A name may end in `…` for all that begin so."""

SAMBA = {
    "The most specific class and the chain of an object stay ([MS-ADTS] 3.1.1.5.3.5): taking all classes away is an "
    "objectClassViolation.": ["all classes are taken away"],
    "A user and an inetOrgPerson can become one another ([MS-ADTS] 3.1.1.5.3.5).": ["a user becomes an inetOrgPerson"],
    "Classes of the security authority are refused before their place is looked at ([MS-ADTS] 3.1.1.5.2.2).": [
        "a class of the security authority",
        "a trusted domain",
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
    "Values that are equal by their syntax are one value (RFC 4511, 4.6 and 4.7); Samba compares octets here.": [
        "the same value in other case, at birth",
        "the same value twice, later",
        "a value that is there in other case",
    ],
    "A value outside its range is a constraintViolation, of every syntax and size ([MS-ADTS] 3.1.1.5.1.1).": [
        "a number above 32 bits",
        "a number beyond its range",
        "text that is longer than its range, later",
        "a large number that is too large",
        "an account name of 257 characters",
        "a name of 65 characters",
        "a unit of 65 characters",
        "a rename to 65 characters",
        "a group of type 4294967298",
        "pwdHistoryLength of -1",
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
    "What the account database keeps is no client's ([MS-ADTS] 3.1.1.5.2.2 and 3.1.1.5.3.2 have the list); Samba takes it.": [
        "lastLogon of a user at birth",
        "badPwdCount of a user at birth",
        "logonCount of a user at birth",
        "rid of a user at birth",
        "badPwdCount later",
        "lastLogonTimestamp later",
    ],
    "An instanceType is 0 or 4 unless a naming context is made ([MS-ADTS] 3.1.1.5.2.2).": ["instanceType of two bits at birth"],
    "A value of the RDN's attribute repeats the RDN ([MS-ADTS] 3.1.1.5.2.2): another one is a namingViolation.": [
        "the name repeated, otherwise"
    ],
    "Comparing an attribute that is not there is noSuchAttribute (RFC 4511, A.2).": [
        "an attribute that is not there is compared",
        "an unknown attribute is compared",
    ],
    "An RDN by another attribute than the class's is a namingViolation ([MS-ADTS] 3.1.1.5.1.1).": ["a unit named by CN"],
    "No RDN has a line feed (namingViolation) or a null (invalidDNSyntax): [MS-ADTS] 3.1.1.5.1.2.": [
        "a name with a line feed",
        "a name with a null",
    ],
    "An equals sign in a value needs no escape (RFC 4514, 2.4).": ["a name with escapes"],
    "Siblings differ in the values of their RDNs, whatever their attributes ([MS-ADTS] 3.1.1.3.1.2.1).": [
        "a sibling of the same value by another attribute"
    ],
    "The head of a naming context keeps its name and place: unwillingToPerform ([MS-ADTS] 3.1.1.5.4.1).": [
        "a rename of the domain",
        "a move of the domain",
    ],
    "Nothing moves into the system container or out of it ([MS-ADTS] 3.1.1.5.4.1); Samba looks at one direction only.": [
        "a move into the system container"
    ],
    "What the account database refuses about a name ends in other with 00000523, as seen on Active Directory; Samba says "
    "constraintViolation.": [
        "an account name with a…",
        "an account name that ends with a dot",
        "an account name of dots",
        "an account name changes badly",
    ],
    "The account name of a user has at most 20 characters ([MS-SAMR] 3.1.1.6); Samba takes more.": [
        "an account name of 21 characters"
    ],
    "A person's account is enabled once it has a password ([MS-SAMR] 3.1.1.8.10): until then Active Directory answers "
    "unwillingToPerform with 0000052D. Samba enables it without one.": [
        "a user with flags 0x0",
        "a user with flags 0x200",
        "a computer with flags 0x200",
        "a computer gets flags 0x0",
        "a user gets flags 0x0",
        "a user gets flags 0x200",
        "the account is enabled before it has a password",
    ],
    "Trusts between domains are not made by flags of an account ([MS-SAMR] 3.1.1.8.10); the account database refuses a "
    "value by other with 00000057.": [
        "a user with flags 0x802",
        "a user gets flags 0x802",
        "a computer with flags 0x800",
    ],
    "UF_PASSWD_CANT_CHANGE follows from the security descriptor and is ignored in this attribute ([MS-SAMR] 2.2.1.13).": [
        "a user with flags 0x42",
        "a user with flags 0x242",
    ],
    "A built-in group keeps its type, whose bit is the system's ([MS-ADTS] 2.2.12).": ["the type of a built-in group changes"],
    "The account database says 00000561 when somebody is no member; Samba has no code of its own for it.": [
        "a member that is no member is deleted",
        "a missing object is no member either",
        "all members of none are deleted",
    ],
    "A password is one value ([MS-ADTS] 3.1.1.3.1.5.1), written once in a change; Samba takes the last of several.": [
        "two passwords",
        "two passwords at birth",
        "a password is replaced twice",
        "a change with two new passwords",
    ],
    "A change of the password is the old value deleted and then the new one added ([MS-ADTS] 3.1.1.3.1.5.1).": [
        "a change in the other order",
        "only the add of a change",
    ],
    "Passwords are written over encrypted connections only ([MS-ADTS] 3.1.1.3.1.5.1); Samba takes them on any.": [
        "a password on an unprotected connection",
        "a password at birth on an unprotected connection",
        "a change on an unprotected connection",
    ],
    "A password of no octets is not in quotes; Samba stops at the empty value.": ["a password of no octets"],
    "Only accounts have passwords: unwillingToPerform ([MS-ADTS] 3.1.1.5.2.2 and 3.1.1.5.3.2).": [
        "a password of a group",
        "a password of a contact",
        "a password of a unit at birth",
    ],
    "Where no password is required, an empty one is no exception to a rule ([MS-SAMR] 3.1.1.7.2).": [
        "an empty password in quotes",
        "an empty password for a password not required",
        "an empty password that is none",
    ],
    "A password holds neither the account name nor a part of the display name ([MS-SAMR] 3.1.1.7.2).": [
        "a reset to a password with the whole account name",
        "a reset to a password with a part of the display name",
    ],
    "Samba lets the password before the last sign in for an hour.": [
        "a reset ends the password before",
        "a change by its owner",
        "the password before the last",
    ],
    "Names of sign-ins are also display names and service names ([MS-ADTS] 5.1.1.1.1).": [
        "a sign-in by its display name",
        "a sign-in by a service name",
    ],
    "What is no account is an unknown name; Samba shows an error of its own.": [
        "a sign-in of a unit",
        "a sign-in of a contact",
    ],
    "Simple binds are logons and are counted; Samba counts other kinds only.": [
        "the right password counts a logon"
    ],
    "Who may write the service names of both accounts may give one to the other ([MS-ADTS] 3.1.1.5.1.3); Samba refuses "
    "that when HOST comes last.": ["a host whose services another has"],
    "The scopes of groups say who may be in them, on every way in ([MS-SAMR] 3.1.1.8.9); Samba looks at none of them over "
    "LDAP, nor at a group in itself.": [
        "universal to global with a universal member",
        "local to universal with a local member",
        "universal to local inside a universal one",
        "global to universal inside a global one",
        "a local security group in a global security one",
        "a universal security group in a global security one",
        "a local distribution group in a global security one",
        "a universal distribution group in a global security one",
        "a local security group in a universal security one",
        "a local distribution group in a universal security one",
        "a local security group in a global distribution one",
        "a universal security group in a global distribution one",
        "a local distribution group in a global distribution one",
        "a universal distribution group in a global distribution one",
        "a local security group in a universal distribution one",
        "a local distribution group in a universal distribution one",
        "a group in itself",
        "a built-in group in a group",
        "a member by a foreign SID, of a global group",
        "a member by a foreign SID, of a universal group",
    ],
    "The domain knows all SIDs of its own: another one is nobody, and a member who is nobody is noSuchObject with 00000525.": [
        "a member by an unknown SID of the domain"
    ],
    "An unknown name has a number of its own, data 525, as seen on Active Directory; Samba does not tell it from a wrong "
    "password.": [
        "a sign-in by its account name and another domain",
        "a sign-in by another domain and its account name",
        "a sign-in by no domain and its account name",
        "a sign-in by its common name",
        "a sign-in by a name of nobody",
        "a sign-in by an account name of nobody",
        "a sign-in by a principal name of nobody",
        "a sign-in by a name that is none",
        "a sign-in by an aliased service name",
        "a sign-in by a display name of two",
        "a sign-in of a group",
        "a sign-in after a rename",
        "a sign-in of a deleted user",
        "a password without a name",
    ],
    "Everybody creates computers up to ms-DS-MachineAccountQuota ([MS-ADTS] 3.1.1.5.2.1); Samba heeds it over SAMR only.": [
        "a user adds a computer in Computers",
        "a user adds a computer in Computers and says little",
    ],
    "Only administrators see the container of deleted objects.": ["a user reads tombstones"],
    "Names are matched whole ([MS-ADTS] 3.1.1.2.2.4): substrings of names, numbers and OIDs are Undefined.": [
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
    "Octet strings have substrings ([MS-ADTS] 3.1.1.2.2.4).": ["(thumbnailPhoto=\\00*)"],
    "Only the base scope computes tokenGroups; other scopes leave it out.": ["tokenGroups only for one object"],
    "Attributes that Active Directory computes and Samba 4.17 does not.": [
        "msds-memberOfTransitive",
        "msds-memberTransitive",
        "msDS-PrincipalName",
    ],
    "A range that is none is an option that the attribute does not have.": [
        "the range member;range=x",
        "the range member;range=0",
    ],
    "Results are sorted backwards where that is asked for (RFC 2891, 1.1).": ["sorted backwards"],
    "A sort that is critical and cannot be done is unavailableCriticalExtension (RFC 2891, 2).": ["sorted by an unknown attribute"],
    "A control that cannot be read is a protocolError.": ["descriptors with a bad control"],
    "The domain is one of Windows Server 2016; Samba 4.17 provisions that of 2008 R2, with its own account for DNS.": [
        "the head of the domain",
        "the default users",
        "the built-in groups",
        "the domain's groups",
        "the default containers",
        "allowedAttributes of a container",
    ],
}

OPEN = {
    "A lockout time of zero unlocks ([MS-SAMR] 3.1.1.8.3), and no client locks by another one; Samba takes any.": [
        "a lockout time of now"
    ],
    "What only the system writes is refused at birth as it is later; the specification says so of changes.": [
        "uSNChanged at birth",
        "whenChanged at birth",
        "lastKnownParent at birth",
    ],
    "Names that are made differ in length.": [
        "a user without an account name",
        "a group without an account name",
        "a computer without an account name",
    ],
    "An empty RDN in a rename is already no name; Samba says namingViolation.": ["a rename to nothing"],
    "The root DSE cannot be deleted.": ["a delete of the root DSE"],
    "The primary group that an account gets anyway may be named; Samba takes none at birth.": [
        "a primary group at birth, the usual one"
    ],
    "[MS-SAMR] 3.1.1.8.10 unlocks when UF_LOCKOUT is written; Samba unlocks when it is left out, which every change of the "
    "flags does.": ["the flag of lockout is taken away"],
    "Samba derives principal names from account names and keeps them apart too; [MS-ADTS] 3.1.1.5.1.3 compares the "
    "attribute alone.": [
        "a principal name that another's account name implies",
        "an account name that another's principal name implies",
    ],
    "Ranges beyond the members are shown empty.": [
        "the range member;range=2-*",
        "the range member;range=1-0",
    ],
    "The last page says that it is the last; Samba sends an empty one after it.": ["pages of one"],
    "ManageDsaIT is answered: there are no referral objects, so it changes nothing.": ["manage DSA IT"],
}

BAILIWICK = {
    "The category of an object is its class or one above; [MS-ADTS] 3.1.1.5.2.2 is content with any class.": ["objectCategory later"],
    "The flags of a user do not make it a workstation. [MS-SAMR] 3.1.1.6 lets domain administrators do that; here class "
    "and kind of account never disagree.": ["a user gets flags 0x1002"],
    "userPassword sets the password and is not shown. In Active Directory it is text that everybody may read, unless "
    "dSHeuristics says otherwise.": ["userPassword at birth", "userPassword later"],
    "Account names are taken bare, and behind the domain's DNS name, since applications send them so.": [
        "a sign-in by the domain and its account name",
        "a sign-in by its account name alone",
    ],
    "A name without a password is no sign-in but unwillingToPerform (RFC 4513, 5.1.2). Active Directory makes it an "
    "anonymous one.": [
        "a name without a password",
        "a name of nobody without a password",
        "an account without a password",
    ],
    "Wrong passwords are counted also while lockout is off, so that guessing is seen; [MS-SAMR] 3.1.5.14.6 begins with "
    "lockout.": ["a wrong password", "a wrong password twice", "two wrong passwords"],
    "All operational attributes are asked for by + (RFC 3673).": ["operational attributes by +"],
    "The hours of a logon are those of a week, and others are refused; otherwise they would restrict nobody.": [
        "logon hours of another length",
        "logon hours that are too short",
    ],
    "LDAP version 2 is not spoken.": ["the anonymous part of the root DSE"],
    "The schema is not changed, by any client.": ["a schema object is changed badly"],
}

MISSING = {
    "Effective rights are not listed.": ["allowedChildClassesEffective of a user"],
    "Options other than ranges are passed over in filters.": ["(cn;lang-de=ada)"],
}

# Under the headings of the page.
SECTIONS = {
    "Samba differs from Active Directory": SAMBA,
    "Either is right": OPEN,
    "Bailiwick differs on purpose": BAILIWICK,
    "Not done yet": MISSING,
}


def reason(name):
    """Why the servers differ in the case with this name; none when that is not known."""
    for reasons in SECTIONS.values():
        for text, names in reasons.items():
            if any(matches(known, name) for known in names):
                return text
    return None


def names_without(differing):
    """The names of reasons that stand for no case that differs."""
    every = (name for reasons in SECTIONS.values() for names in reasons.values() for name in names)
    return [known for known in every if not any(matches(known, name) for name in differing)]


def matches(known, name):
    return name.startswith(known[:-1]) if known.endswith("…") else name == known
