"""Passwords, the policy that they follow, and who signs in. [MS-SAMR] 3.1.1.7 and 3.1.1.8, [MS-ADTS] 5.1.1."""

from . import add, bind, change, modify, person, policy, put, quoted, read, reset, user

FIRST, SECOND, THIRD = "Sommer-2026", "Winter-2026", "Herbst-2026"


def own(name, password=FIRST):
    """Somebody who acts on their own account."""
    return ("CN=" + name, password)


PASSWORDS = [
    ("a password is set by unicodePwd", user("p1"), reset("CN=p1", FIRST), modify("CN=p1", put("userAccountControl", 512)), bind("CN=p1", FIRST), bind("CN=p1", SECOND, "52e"),
     read("CN=p1", unicodePwd=None, userPassword=None, supplementalCredentials=None)),
    ("a password is set by userPassword, which is not stored", person("p2"), modify("CN=p2", put("userPassword", SECOND)), bind("CN=p2", SECOND), bind("CN=p2", FIRST, "52e"), read("CN=p2", userPassword=None)),
    ("a password comes with the account", person("p3"), bind("CN=p3", FIRST)),
    ("a value that is not quoted is no password", person("p4"), modify("CN=p4", put("unicodePwd", "Winter-2026"), expected=53), user("p4b", 53, unicodePwd="x")),
    ("a password is not deleted, nor read", person("p5"), modify("CN=p5", ("delete", "unicodePwd", []), expected=53), modify("CN=p5", ("replace", "unicodePwd", []), expected=53)),
    ("who knows the old password changes it", person("p6"), change("CN=p6", FIRST, SECOND, by=own("p6")), bind("CN=p6", SECOND),
     change("CN=p6", FIRST, THIRD, 19, own("p6", SECOND)), change("CN=p6", SECOND, THIRD), bind("CN=p6", THIRD)),
    ("nobody else's is set without the right", person("p7"), person("p7b"), reset("CN=p7", SECOND, 50, own("p7b")), reset("CN=p7", SECOND, 50, own("p7"))),
]

QUALITY = [
    *((f"{word} is refused", person("q1"), reset("CN=q1", password, 19), change("CN=q1", FIRST, password, 19, own("q1")), user("q2", 19, unicodePwd=quoted(password)))
      for word, password in [("a short password", "Ab-345"), ("a plain password", "abcdefgh")]),
    ("a password has no name in it", person("quinn", displayName="Quentin Quartz"), reset("CN=quinn", "Quinn-2026", 19), reset("CN=quinn", "my-QUARTZ-26", 19), reset("CN=quinn", "my-QUARK-26")),
    ("the policy may ask for less", policy(minPwdLength=0, pwdProperties=0), person("q3", "x"), bind("CN=q3", "x"), reset("CN=q3", "y")),
    ("the policy may ask for more", policy(minPwdLength=14), person("q4", "Long-Enough-2026"), reset("CN=q4", FIRST, 19)),
    ("a former password does not come again by a change", person("q5"), change("CN=q5", FIRST, SECOND, by=own("q5")), change("CN=q5", SECOND, FIRST, 19, own("q5", SECOND)),
     change("CN=q5", SECOND, SECOND, 19, own("q5", SECOND)), change("CN=q5", SECOND, THIRD, by=own("q5", SECOND)), reset("CN=q5", FIRST), bind("CN=q5", FIRST)),
    ("without a history it does", policy(pwdHistoryLength=0), person("q6"), change("CN=q6", FIRST, SECOND, by=own("q6")), change("CN=q6", SECOND, FIRST, by=own("q6", SECOND))),
    ("a young password is not changed but set", policy(minPwdAge=-864000000000), person("q7"), change("CN=q7", FIRST, SECOND, 19, own("q7")), reset("CN=q7", SECOND), bind("CN=q7", SECOND)),
    ("an account may need no password", user("q8", userAccountControl=544), read("CN=q8", userAccountControl=544), modify("CN=q8", put("userAccountControl", 512), expected=53)),
]

AGES = [
    ("pwdLastSet says now or never", person("a1"), modify("CN=a1", put("pwdLastSet", 1), expected=80), modify("CN=a1", put("pwdLastSet", 0)), read("CN=a1", pwdLastSet=0),
     bind("CN=a1", FIRST, "773"), bind("CN=a1", SECOND, "52e"), modify("CN=a1", put("pwdLastSet", -1)), bind("CN=a1", FIRST)),
    ("a password ends with its age", person("a2"), policy(maxPwdAge=-1), bind("CN=a2", FIRST, "532"), bind("CN=a2", SECOND, "52e"),
     read("CN=a2", **{"msDS__User__Account__Control__Computed": 0x800000}), modify("CN=a2", put("userAccountControl", 512 + 0x10000)), bind("CN=a2", FIRST),
     read("CN=a2", **{"msDS__UserPasswordExpiryTimeComputed": 2**63 - 1, "msDS__User__Account__Control__Computed": 0})),
    ("an account that ends is told", person("a3"), modify("CN=a3", put("accountExpires", 1)), bind("CN=a3", FIRST, "701"), bind("CN=a3", SECOND, "52e"), modify("CN=a3", put("accountExpires", 0)), bind("CN=a3", FIRST)),
    ("a disabled account is told to who knows the password", person("a4"), modify("CN=a4", put("userAccountControl", 514)), bind("CN=a4", FIRST, "533"), bind("CN=a4", SECOND, "52e")),
    ("logon hours", person("a5"), modify("CN=a5", put("logonHours", bytes(21))), bind("CN=a5", FIRST, "530"), modify("CN=a5", put("logonHours", bytes(20)), expected=80), modify("CN=a5", put("logonHours", b"\xff" * 21)), bind("CN=a5", FIRST)),
    ("workstations", person("a6"), modify("CN=a6", put("userWorkstations", "PC1,PC2")), bind("CN=a6", FIRST, "531"), modify("CN=a6", put("userWorkstations", "PC1,DC1")), bind("CN=a6", FIRST)),
]

LOCKOUT = [
    ("three guesses lock, and an administrator unlocks", person("l1"), policy(lockoutThreshold=3), *(bind("CN=l1", f"Guess-{number}", "52e") for number in range(3)),
     bind("CN=l1", FIRST, "775"), read("CN=l1", badPwdCount=3, **{"msDS__User__Account__Control__Computed": 16}), modify("CN=l1", put("lockoutTime", 1), expected=80),
     modify("CN=l1", put("lockoutTime", 0)), read("CN=l1", badPwdCount=0, lockoutTime=0), bind("CN=l1", FIRST)),
    ("the same wrong password is one guess", person("l2"), policy(lockoutThreshold=3), *(bind("CN=l2", "Guess-1", "52e") for _ in range(6)), read("CN=l2", badPwdCount=1), bind("CN=l2", FIRST), read("CN=l2", badPwdCount=0)),
    ("a recent password is no guess", person("l3"), policy(lockoutThreshold=2), change("CN=l3", FIRST, SECOND, by=own("l3")), *(bind("CN=l3", FIRST, "52e") for _ in range(3)), read("CN=l3", badPwdCount=0), bind("CN=l3", SECOND)),
    ("a sign-in ends the count", person("l4"), policy(lockoutThreshold=3), bind("CN=l4", "Guess-1", "52e"), bind("CN=l4", "Guess-2", "52e"), bind("CN=l4", FIRST), read("CN=l4", badPwdCount=0),
     bind("CN=l4", "Guess-3", "52e"), bind("CN=l4", "Guess-4", "52e"), bind("CN=l4", FIRST)),
    ("without a threshold nobody is locked", person("l5"), *(bind("CN=l5", f"Guess-{number}", "52e") for number in range(8)), bind("CN=l5", FIRST)),
    ("what sign-ins count is nobody's to write", person("l6"), *(modify("CN=l6", put(name, 1), expected=53) for name in ["badPwdCount", "badPasswordTime", "lastLogon", "lastLogonTimestamp", "logonCount"]),
     bind("CN=l6", FIRST), read("CN=l6", logonCount=1)),
]

SIGN_IN = [
    ("an account signs in by each of its names", person("n1", userPrincipalName="first.name@corp.example", displayName="Nadja Name", servicePrincipalName="http/names"),
     *(bind(name, FIRST) for name in ["CN=n1", "first.name@corp.example", "n1@example.com", "N1@EXAMPLE", "EXAMPLE\\n1", "example.com\\n1", "n1", "Nadja Name", "http/names"])),
    ("an unknown name is told", *(bind(name, FIRST, "525") for name in ["CN=nobody", "nobody@example.com", "EXAMPLE\\nobody", "OTHER\\n1", "nobody", "{01234567-89ab-cdef-0123-456789abcdef}"])),
    ("what is there and does not sign in is not", add("CN=contact", "contact"), bind("CN=contact", FIRST, "525")),
    ("an account without a password is known", user("n2"), bind("CN=n2", FIRST, "52e")),
    ("a name without a password is no sign-in", person("n3"), bind("CN=n3", "", 53), bind("CN=nobody", "", 53)),
]

TABLES = [PASSWORDS, QUALITY, AGES, LOCKOUT, SIGN_IN]
