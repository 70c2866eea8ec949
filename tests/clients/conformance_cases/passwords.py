"""Passwords: set and changed by unicodePwd and userPassword, and the policy of the domain."""

from . import add, bind, by, case, computer, delete, group, minus, modify, plus, put, quoted, show, unprotected, user

FIRST, SECOND, THIRD = "First-Pass-11", "Second-Pass-22", "Third-Pass-33"
USER = "CN=x,{ou}"
DOMAIN = "{base}"


def reset(cn, password):
    return modify("CN=" + cn, put("unicodePwd", quoted(password)))


def change(old, new, attribute="unicodePwd"):
    """What somebody who knows the old password may do."""
    form = quoted if attribute == "unicodePwd" else str
    return modify(USER, minus(attribute, form(old)), plus(attribute, form(new)))


def enabled(cn, **more):
    """A user who can sign in with the first password."""
    return user(cn, unicodePwd=quoted(FIRST), userAccountControl="512", **more)


SETTING = [
    case("a password at birth", enabled("x"), bind(USER, FIRST), show("CN=x", "userAccountControl", "pwdLastSet")),
    case("a password at birth, disabled", user("x", unicodePwd=quoted(FIRST)), show("CN=x", "userAccountControl", "pwdLastSet")),
    case("a password later", user("x"), reset("x", FIRST), show("CN=x", "userAccountControl", "pwdLastSet")),
    case("a password and the flags in one change", user("x"), modify("CN=x", put("unicodePwd", quoted(FIRST)), put("userAccountControl", "512")), bind(USER, FIRST)),
    case("the flags and a password in one change", user("x"), modify("CN=x", put("userAccountControl", "512"), put("unicodePwd", quoted(FIRST))), bind(USER, FIRST)),
    case("a password before the account is enabled", user("x"), reset("x", FIRST), modify("CN=x", put("userAccountControl", "512")), bind(USER, FIRST)),
    case("the account is enabled before it has a password", user("x"), modify("CN=x", put("userAccountControl", "512")), reset("x", FIRST)),
    case("a reset ends the password before", enabled("x"), reset("x", SECOND), bind(USER, FIRST), bind(USER, SECOND)),
    case("a reset to the same password", enabled("x"), reset("x", FIRST), bind(USER, FIRST)),
    case("a password without quotes", user("x"), modify("CN=x", put("unicodePwd", FIRST.encode("utf-16-le")))),
    case("a password in UTF-8", user("x"), modify("CN=x", put("unicodePwd", f'"{FIRST}"'))),
    case("a password of an odd number of octets", user("x"), modify("CN=x", put("unicodePwd", quoted(FIRST) + b"\x00"))),
    case("a password of no octets", user("x"), modify("CN=x", put("unicodePwd", b""))),
    case("an empty password in quotes", user("x"), modify("CN=x", put("unicodePwd", quoted("")))),
    case("two passwords", user("x"), modify("CN=x", put("unicodePwd", quoted(FIRST), quoted(SECOND)))),
    case("two passwords at birth", user("x", unicodePwd=[quoted(FIRST), quoted(SECOND)])),
    case("a password is added without the old one", enabled("x"), modify("CN=x", plus("unicodePwd", quoted(SECOND)))),
    case("a password is deleted", enabled("x"), modify("CN=x", minus("unicodePwd"))),
    case("a password is deleted by its value", enabled("x"), modify("CN=x", minus("unicodePwd", quoted(FIRST)))),
    case("a password is replaced by nothing", enabled("x"), modify("CN=x", put("unicodePwd"))),
    case("a password is replaced twice", enabled("x"), modify("CN=x", put("unicodePwd", quoted(SECOND)), put("unicodePwd", quoted(THIRD)))),
    case("a password and another attribute", enabled("x"), modify("CN=x", put("unicodePwd", quoted(SECOND)), put("description", "d")), bind(USER, SECOND), show("CN=x", "description")),
    case("a password of a group", group("x"), modify("CN=x", put("unicodePwd", quoted(FIRST)))),
    case("a password of a contact", add("CN=x", "contact"), modify("CN=x", put("unicodePwd", quoted(FIRST)))),
    case("a password of a unit at birth", add("OU=x", "organizationalUnit", unicodePwd=quoted(FIRST))),
    case("a password of a computer", computer("x", unicodePwd=quoted(FIRST), userAccountControl="4096"), bind("EXAMPLE\\{id}x$", FIRST)),
    case("a password of what is missing", modify("CN=x", put("unicodePwd", quoted(FIRST)))),
    case("a password on an unprotected connection", user("x"), unprotected(modify("CN=x", put("unicodePwd", quoted(FIRST))))),
    case("a password at birth on an unprotected connection", unprotected(user("x", unicodePwd=quoted(FIRST)))),
    case("a password is asked for by its name", enabled("x"), show("CN=x", "unicodePwd", "userPassword", "supplementalCredentials", "ntPwdHistory", "dBCSPwd")),
    case("a password is compared in a filter", enabled("x"), show("CN=x", "cn")),
    case("a hash is written", user("x"), modify("CN=x", put("dBCSPwd", b"0123456789abcdef"))),
    case("supplementalCredentials are written", user("x"), modify("CN=x", put("supplementalCredentials", b"x"))),
    case("userPassword at birth", user("x", userPassword=FIRST), show("CN=x", "userPassword")),
    case("userPassword later", user("x"), modify("CN=x", put("userPassword", FIRST)), show("CN=x", "userPassword")),
]

CHANGING = [
    case("minPwdAge of zero for these cases", modify(DOMAIN, put("minPwdAge", "0")), show(DOMAIN, "minPwdAge")),
    case("a change by its owner", enabled("x"), by(USER, FIRST, change(FIRST, SECOND)), bind(USER, FIRST), bind(USER, SECOND)),
    case("a change with a wrong old password", enabled("x"), by(USER, FIRST, change(SECOND, THIRD)), bind(USER, FIRST)),
    case("a change by an administrator", enabled("x"), change(FIRST, SECOND), bind(USER, SECOND)),
    case("a change by an administrator with a wrong old password", enabled("x"), change(SECOND, THIRD)),
    case("a change by somebody else who knows the password", enabled("x"), enabled("y"), by("CN=y,{ou}", FIRST, change(FIRST, SECOND)), bind(USER, SECOND)),
    case("a reset by its owner", enabled("x"), by(USER, FIRST, reset("x", SECOND))),
    case("a reset by somebody else", enabled("x"), enabled("y"), by("CN=y,{ou}", FIRST, reset("x", SECOND))),
    case("a change to the same password", enabled("x"), by(USER, FIRST, change(FIRST, FIRST))),
    case("a change back to the password before", enabled("x"), by(USER, FIRST, change(FIRST, SECOND)), by(USER, SECOND, change(SECOND, FIRST))),
    case("a reset back to the password before", enabled("x"), reset("x", SECOND), reset("x", FIRST)),
    case("a change to a short password", enabled("x"), by(USER, FIRST, change(FIRST, "Ab-1"))),
    case("a change to a simple password", enabled("x"), by(USER, FIRST, change(FIRST, "alllowercase"))),
    case("a reset to a short password", enabled("x"), reset("x", "Ab-1")),
    case("a reset to a simple password", enabled("x"), reset("x", "alllowercase")),
    case("a reset to a password of two kinds of signs", enabled("x"), reset("x", "lowercase-and-more")),
    case("a reset to a password of three kinds of signs", enabled("x"), reset("x", "Lowercase-and-more")),
    case("a reset to a password with the account name", user("x", sAMAccountName="{id}secretive"), modify("CN=x", put("unicodePwd", quoted("Secretive-Pass-1")))),
    case("a reset to a password with the whole account name", add("CN=x", "user", sAMAccountName="zanzibar"), modify("CN=x", put("unicodePwd", quoted("Zanzibar-Pass-1")))),
    case("a reset to a password with a part of the display name", user("x", displayName="Ada Lovelace"), modify("CN=x", put("unicodePwd", quoted("Lovelace-Pass-1")))),
    case("a short password at birth", user("x", unicodePwd=quoted("Ab-1"), userAccountControl="512")),
    case("a simple password for a password not required", user("x", userAccountControl="544"), reset("x", "simple")),
    case("an empty password for a password not required", user("x", userAccountControl="544"), reset("x", "")),
    case("only the delete of a change", enabled("x"), by(USER, FIRST, modify(USER, minus("unicodePwd", quoted(FIRST))))),
    case("only the add of a change", enabled("x"), by(USER, FIRST, modify(USER, plus("unicodePwd", quoted(SECOND))))),
    case("a change in the other order", enabled("x"), by(USER, FIRST, modify(USER, plus("unicodePwd", quoted(SECOND)), minus("unicodePwd", quoted(FIRST))))),
    case("a change with two new passwords", enabled("x"), by(USER, FIRST, modify(USER, minus("unicodePwd", quoted(FIRST)), plus("unicodePwd", quoted(SECOND), quoted(THIRD))))),
    case("a change on an unprotected connection", enabled("x"), unprotected(by(USER, FIRST, change(FIRST, SECOND)))),
    case("a change that must be made", enabled("x"), modify("CN=x", put("pwdLastSet", "0")), bind(USER, FIRST), reset("x", SECOND), bind(USER, SECOND)),
    case("minPwdAge of a day again", modify(DOMAIN, put("minPwdAge", "-864000000000")), enabled("x"), by(USER, FIRST, change(FIRST, SECOND)), reset("x", SECOND)),
]

# Each case puts the policy back.
POLICY = [
    *(
        case(f"{attribute} of {value}", modify(DOMAIN, put(attribute, value)), show(DOMAIN, attribute), modify(DOMAIN, put(attribute, usual)))
        for attribute, usual, given in [
            ("minPwdLength", "7", ["0", "8", "14", "15", "128", "255", "256", "257", "-1", "many"]),
            ("pwdHistoryLength", "24", ["0", "1024", "1025", "-1"]),
            ("minPwdAge", "-864000000000", ["0", "1"]),
            ("maxPwdAge", "-36288000000000", ["0", "-9223372036854775808", "1"]),
            ("lockoutThreshold", "0", ["1", "65535", "-1"]),
            ("lockoutDuration", "-18000000000", ["0", "1", "-9223372036854775808", "-17990000000"]),
            ("lockOutObservationWindow", "-18000000000", ["0", "1", "-18010000000"]),
            ("pwdProperties", "1", ["0", "17"]),
        ]
        for value in given
    ),
    case("a minimum age above the maximum", modify(DOMAIN, put("minPwdAge", "-864000000000000")), modify(DOMAIN, put("minPwdAge", "-864000000000"))),
    case("the policy is deleted", modify(DOMAIN, minus("minPwdLength")), show(DOMAIN, "minPwdLength"), modify(DOMAIN, put("minPwdLength", "7"))),
    case("a longer minimum", modify(DOMAIN, put("minPwdLength", "20")), user("x"), reset("x", FIRST), reset("x", FIRST + SECOND), modify(DOMAIN, put("minPwdLength", "7"))),
    case("no complexity", modify(DOMAIN, put("pwdProperties", "0")), user("x"), reset("x", "alllowercase"), modify(DOMAIN, put("pwdProperties", "1"))),
    case("no minimum", modify(DOMAIN, put("minPwdLength", "0")), modify(DOMAIN, put("pwdProperties", "0")), user("x"), reset("x", ""), modify("CN=x", put("userAccountControl", "512")), user("y"), modify("CN=y", put("userAccountControl", "512")), modify(DOMAIN, put("minPwdLength", "7")), modify(DOMAIN, put("pwdProperties", "1"))),
    case("a policy by a user", enabled("x"), by(USER, FIRST, modify(DOMAIN, put("minPwdLength", "0")))),
]

TABLE = {"Setting passwords": SETTING, "Changing passwords": CHANGING, "Password policy": POLICY}
