"""The table of operations that are sent to Bailiwick and to a Samba domain controller.

A case is a name, a claim-free description of what is tried, and steps that run one after the other below an
organizational unit of the case's own. Texts may hold `{ou}` (that unit), `{base}` (the domain), `{id}` (a word that no
other case has) and `{sid}` (the domain's SID). Names without `{base}`, `{ou}` or `<` are below the unit,
except behind a slash.
"""

from dataclasses import dataclass, field, replace

import ldap

ALL = "*"
BASE, ONE, SUB = ldap.SCOPE_BASE, ldap.SCOPE_ONELEVEL, ldap.SCOPE_SUBTREE


@dataclass(frozen=True)
class Step:
    """One operation: what is done, to what, with what."""

    act: str
    dn: str
    detail: tuple = ()
    controls: tuple = ()
    by: tuple | None = None
    protected: bool = True


@dataclass(frozen=True)
class Case:
    """Steps whose outcomes are compared."""

    name: str
    steps: tuple
    section: str = field(default="", compare=False)


def case(name, *steps):
    return Case(name, tuple(steps))


def at(dn):
    """The whole name of something that is named from its case's unit."""
    if dn == ".":
        return "{ou}"
    if dn.startswith("/"):
        return dn[1:]
    if dn == "" or "{base}" in dn or "{ou}" in dn or dn.startswith("<"):
        return dn
    return dn + ",{ou}"


def values(given):
    return tuple(given) if isinstance(given, (list, tuple)) else (given,)


def add(dn, classes, attributes=None, **more):
    given = {"objectClass": classes} if classes else {}
    given.update(attributes or {})
    given.update(more)
    return Step("add", at(dn), tuple((name, values(value)) for name, value in given.items()))


def user(cn, attributes=None, **more):
    return add("CN=" + cn, "user", {"sAMAccountName": "{id}" + cn, **(attributes or {})}, **more)


def group(cn, group_type=None, **more):
    given = {} if group_type is None else {"groupType": str(group_type)}
    return add("CN=" + cn, "group", {"sAMAccountName": "{id}" + cn, **given}, **more)


def computer(cn, attributes=None, **more):
    return add("CN=" + cn, "computer", {"sAMAccountName": "{id}" + cn + "$", **(attributes or {})}, **more)


def plus(name, *given):
    return (ldap.MOD_ADD, name, given)


def minus(name, *given):
    return (ldap.MOD_DELETE, name, given or None)


def put(name, *given):
    return (ldap.MOD_REPLACE, name, given or None)


def modify(dn, *changes, controls=()):
    return Step("modify", at(dn), changes, tuple(controls))


def rename(dn, rdn, superior=None, keep=False):
    return Step("rename", at(dn), (rdn, at(superior) if superior is not None else None, not keep))


def delete(dn, controls=()):
    return Step("delete", at(dn), (), tuple(controls))


def compare(dn, attribute, value):
    return Step("compare", at(dn), (attribute, value))


def show(dn, *attributes, controls=()):
    """What an object holds."""
    return Step("search", at(dn), (BASE, "(objectClass=*)", attributes or (ALL,), False), tuple(controls))


def search(filter_text, *attributes, dn=".", scope=SUB, controls=(), ordered=False):
    return Step("search", at(dn), (scope, filter_text, attributes or ("1.1",), ordered), tuple(controls))


def bind(name, password, protected=True):
    """A sign-in; the name is one of all the kinds and stands as it is."""
    return Step("bind", "", (name, password), protected=protected)


def by(name, password, step):
    """The step, done by somebody else than the administrator."""
    return replace(step, by=(name, password))


def unprotected(step):
    """The step on a connection that anybody could read."""
    return replace(step, protected=False)


def quoted(password):
    """A password as unicodePwd wants it."""
    return f'"{password}"'.encode("utf-16-le")


def pages(filter_text, size, dn="."):
    """A search that is read page by page."""
    return Step("pages", at(dn), (SUB, filter_text, size))


def every():
    """Every case of the table, in the order in which they run."""
    from . import accounts, groups, links, naming, objects, passwords, searching, sign_ins

    for module in (objects, naming, accounts, groups, links, searching, passwords, sign_ins):
        for section, cases in module.TABLE.items():
            for one in cases:
                yield Case(one.name, one.steps, section)
