"""The rules of accounts as tables that every client runs: what is done, and how it ends.

A case is a claim and its steps. A step names what it does, what to, and what it must come to: a result code, or for a
bind that fails the `data` of its text. Names stand below a unit of the case's own, `{ou}`, unless they name a base.
"""

import check

ADMINISTRATOR = (check.ADMINISTRATOR, check.PASSWORD)


def quoted(password):
    """unicodePwd as clients write it."""
    return f'"{password}"'.encode("utf-16-le")


def octets(value):
    """A value as octets."""
    return value if isinstance(value, bytes) else str(value).encode()


def values(given):
    """One value or several, as a list of octets."""
    return [octets(value) for value in (given if isinstance(given, (list, tuple)) else [given])]


def add(name, classes, expected=0, by=None, **attributes):
    return ("add", name, {"objectClass": values(classes), **{key.replace("__", "-"): values(value) for key, value in attributes.items()}}, expected, by)


def modify(name, *changes, expected=0, by=None):
    return ("modify", name, changes, expected, by)


def put(attribute, *given):
    return ("replace", attribute, values(given))


def plus(attribute, *given):
    return ("add", attribute, values(given))


def minus(attribute, *given):
    return ("delete", attribute, values(given))


def delete(name, expected=0):
    return ("remove", name, expected)


def read(name, **attributes):
    """What the administrator reads; None stands for no value."""
    return ("read", name, {key.replace("__", "-"): [] if value is None else sorted(values(value)) for key, value in attributes.items()})


def bind(name, password, expected=0):
    return ("bind", name, password, expected)


def user(name, expected=0, by=None, **attributes):
    return add("CN=" + name, "user", expected, by, **{"sAMAccountName": name, **attributes})


def person(name, password="Sommer-2026", **attributes):
    """An enabled user with a password."""
    return user(name, unicodePwd=quoted(password), userAccountControl=512, **attributes)


def group(name, group_type=None, expected=0, **attributes):
    typed = {} if group_type is None else {"groupType": group_type}
    return add("CN=" + name, "group", expected, None, **{"sAMAccountName": name, **typed, **attributes})


def computer(name, expected=0, by=None, **attributes):
    return add("CN=" + name, "computer", expected, by, **{"sAMAccountName": name + "$", **attributes})


def change(name, old, new, expected=0, by=None):
    """A password is changed by somebody who knows the old one."""
    return modify(name, minus("unicodePwd", quoted(old)), plus("unicodePwd", quoted(new)), expected=expected, by=by)


def reset(name, new, expected=0, by=None):
    """A password is set by somebody who may."""
    return modify(name, put("unicodePwd", quoted(new)), expected=expected, by=by)


def policy(**attributes):
    """The domain's policy, until the end of the case."""
    return modify("{base}", *(put(name, value) for name, value in attributes.items()))


def place(text, number):
    """The whole of a name that a case shortens."""
    unit = f"OU=case{number},{check.BASE}"
    text = text.replace("{ou}", unit).replace("{base}", check.BASE)
    return text if text.endswith(check.BASE) else f"{text},{unit}"


def placed(value, number):
    """A value in which a case may name its own objects."""
    unit = f"OU=case{number},{check.BASE}".encode()
    return value.replace(b"{ou}", unit).replace(b"{base}", check.BASE.encode())


def run(client, tables):
    """Runs the cases one after the other, each in a unit of its own, on a policy that does not stand in their way.

    A client has `add(name, attributes, by)`, `modify(name, changes, by)`, `remove(name)`, which give a result code,
    `read(name, attributes)`, which gives values, and `bind(name, password)`, which gives a code and a text.
    """
    plain = {"minPwdAge": "0", "maxPwdAge": str(-(2**63)), "minPwdLength": "7", "pwdHistoryLength": "24", "pwdProperties": "1", "lockoutThreshold": "0"}
    # Whoever looks after the tables is not bound by the policies that they try.
    assert client.modify(check.ADMINISTRATOR, [("replace", "userAccountControl", values(0x200 + 0x10000))], ADMINISTRATOR) == 0
    number = 0
    for table in tables:
        for claim, *steps in table:
            number += 1
            changes = [("replace", name, values(value)) for name, value in plain.items()]
            assert client.modify(check.BASE, changes, ADMINISTRATOR) == 0
            unit = f"OU=case{number},{check.BASE}"
            assert client.add(unit, {"objectClass": [b"organizationalUnit"]}, ADMINISTRATOR) == 0
            for place_in_case, step in enumerate(steps, 1):
                take(client, f"{claim}, step {place_in_case}: {step[:2]}", step, number)
            print("ok", claim, flush=True)
            tidy(client, steps, number)


def tidy(client, steps, number):
    """Deletes what a case has left, so that its names are free for the next."""
    left = [place(step[1], number) for step in steps if step[0] == "add"]
    for name in reversed(left):
        client.remove(name)


def take(client, claim, step, number):
    """Takes one step and compares."""
    kind, name, *rest = step
    if kind == "bind":
        password, expected = rest
        # A name with an equals sign is one of an object of the case; any other is meant as it is.
        name = place(name, number) if "=" in name and not name.startswith("<") else name
        code, text = client.bind(name, password)
        wanted = expected if isinstance(expected, int) else 49
        if code != wanted or (isinstance(expected, str) and f"AcceptSecurityContext error, data {expected}," not in text):
            check.fail(claim, (code, text), expected)
        return
    name = place(name, number)
    if kind == "read":
        (attributes,) = rest
        found = client.read(name, list(attributes))
        expected = {key: sorted(placed(value, number) for value in wanted) for key, wanted in attributes.items()}
        found = {key: sorted(found.get(key, [])) for key in attributes}
        if found != expected:
            check.fail(claim, found, expected)
        return
    if kind == "remove":
        (expected,) = rest
        code = client.remove(name)
    else:
        what, expected, by = rest
        by = (place(by[0], number), by[1]) if by else ADMINISTRATOR
        if kind == "add":
            code = client.add(name, {key: [placed(value, number) for value in given] for key, given in what.items()}, by)
        else:
            code = client.modify(name, [(operation, attribute, [placed(value, number) for value in given]) for operation, attribute, given in what], by)
    if code != expected:
        check.fail(claim, code, expected)
