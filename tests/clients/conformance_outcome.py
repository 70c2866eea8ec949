"""What a server answers to a step, in a form in which the answers of two servers can be compared."""

import contextlib
import re
from dataclasses import dataclass, field

import ldap
import ldap.controls
from ldap.controls import LDAPControl, SimplePagedResultsControl
from ldap.controls.sss import SSSRequestControl

CONTROLS = {
    "show deleted": ("1.2.840.113556.1.4.417", None),
    "tree delete": ("1.2.840.113556.1.4.805", None),
    "permissive": ("1.2.840.113556.1.4.1413", None),
    "domain scope": ("1.2.840.113556.1.4.1339", None),
    "manage DSA IT": ("2.16.840.1.113730.3.4.2", None),
    "extended DN": ("1.2.840.113556.1.4.529", b"\x30\x03\x02\x01\x01"),
    "SD flags 0": ("1.2.840.113556.1.4.801", b"\x30\x03\x02\x01\x00"),
    "SD flags bad": ("1.2.840.113556.1.4.801", b"\x30\x03\x02"),
}
# Values that differ from run to run; that they are there is compared.
VOLATILE = {
    "objectguid", "whencreated", "whenchanged", "usncreated", "usnchanged", "ntsecuritydescriptor", "creationtime",
    "createtimestamp", "modifytimestamp", "parentguid", "pwdlastset", "lastlogontimestamp", "replpropertymetadata",
    "badpasswordtime", "lastlogon", "lockouttime", "msds-userpasswordexpirytimecomputed",
}  # fmt: skip
# Octets that are a SID.
SIDS = {"objectsid", "tokengroups", "sidhistory"}
RID_OF_CLIENTS_MIN = 1000
PAGES_MAX = 100
ANSWER_SECONDS_MAX = 120
# Stands for a name where the sizes of pages are shown among entries.
PAGES = "sizes of pages"
# Never: what attributes that hold a time say.
NEVER = b"9223372036854775807"


@dataclass(frozen=True)
class Outcome:
    """The end of one operation."""

    code: int
    win32: str = ""
    matched: str = ""
    entries: tuple = ()
    text: str = field(default="", compare=False)


class ServerError(Exception):
    """A server does not answer, or not in LDAP."""


class Server:
    """One of the two, with a protected connection that is signed in as its administrator."""

    def __init__(self, name, place, base, administrator, password):
        self.name, self.place, self.base = name, place, base
        self.administrator, self.password = administrator, password
        self.words = {}
        self.own = self._connect(place.protected_url)
        self.own.simple_bind_s(administrator, password)
        self.connection = self.own
        head = self.connection.search_s(base, ldap.SCOPE_BASE, attrlist=["objectSid"])[0][1]
        self.sid = sid_text(head["objectSid"][0])

    def _connect(self, url):
        connection = ldap.initialize(url, bytes_mode=False)
        connection.set_option(ldap.OPT_REFERRALS, 0)
        connection.set_option(ldap.OPT_NETWORK_TIMEOUT, ANSWER_SECONDS_MAX)
        connection.set_option(ldap.OPT_TIMEOUT, ANSWER_SECONDS_MAX)
        # The certificates name hosts, and the servers are addresses of this machine.
        connection.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_NEVER)
        connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
        return connection

    @contextlib.contextmanager
    def _connection_of(self, step, words):
        """The connection that the step wants: protected or not, of the administrator or somebody else."""
        if step.protected and step.by is None:
            yield self.own
            return
        connection = self._connect(self.place.protected_url if step.protected else self.place.url)
        try:
            name, password = step.by or (self.administrator, self.password)
            connection.simple_bind_s(filled(name, words), password)
            yield connection
        finally:
            connection.unbind_s()

    def prepare(self, name):
        """Makes the unit that a case works in."""
        self.own.add_s(name, [("objectClass", [b"organizationalUnit"])])

    def run(self, step, words):
        """Does what the step says; `words` is what stands in its texts."""
        self.words = {name: filled(word, {"{base}": self.base}) for name, word in words.items()}
        words = {**words, "{base}": self.base, "{sid}": self.sid}
        try:
            with self._connection_of(step, words) as self.connection:
                return getattr(self, "_" + step.act)(filled(step.dn, words), step, words)
        except ldap.LDAPError as error:
            detail = error.args[0] if error.args else {}
            if not isinstance(detail, dict) or detail.get("result", -1) < 0:
                raise ServerError(f"{self.name} does not answer to {step}: {error!r}") from error
            text = detail.get("info", "")
            matched = self._shown_name(detail.get("matched", ""))
            return Outcome(detail["result"], reason_code(text), matched, (), text)

    def _bind(self, _dn, step, words):
        """A sign-in on a connection of its own."""
        name, password = step.detail
        connection = self._connect(self.place.protected_url if step.protected else self.place.url)
        try:
            connection.simple_bind_s(filled(name, words), password)
            return Outcome(0)
        finally:
            connection.unbind_s()

    def _add(self, dn, step, words):
        self.connection.add_ext_s(dn, [(name, octets(given, words)) for name, given in step.detail])
        return Outcome(0)

    def _modify(self, dn, step, words):
        changes = [(kind, name, given and octets(given, words)) for kind, name, given in step.detail]
        self.connection.modify_ext_s(dn, changes, serverctrls=controls(step))
        return Outcome(0)

    def _rename(self, dn, step, words):
        rdn, superior, delete_old = step.detail
        self.connection.rename_s(dn, filled(rdn, words), superior and filled(superior, words), int(delete_old))
        return Outcome(0)

    def _delete(self, dn, step, _words):
        self.connection.delete_ext_s(dn, serverctrls=controls(step))
        return Outcome(0)

    def _compare(self, dn, step, words):
        attribute, value = step.detail
        same = self.connection.compare_s(dn, attribute, octets((value,), words)[0])
        return Outcome(ldap.COMPARE_TRUE.errnum if same else ldap.COMPARE_FALSE.errnum)

    def _search(self, dn, step, words):
        scope, text, attributes, ordered = step.detail
        given = list(attributes)
        found = self.connection.search_ext_s(dn, scope, filled(text, words), given, serverctrls=controls(step))
        entries = [self._shown(*entry) for entry in found if entry[0] is not None]
        return Outcome(0, entries=tuple(entries if ordered else sorted(entries)))

    def _pages(self, dn, step, words):
        scope, text, size = step.detail
        control = SimplePagedResultsControl(True, size=size, cookie="")
        entries, sizes = [], []
        while len(sizes) < PAGES_MAX:
            number = self.connection.search_ext(dn, scope, filled(text, words), ["1.1"], serverctrls=[control])
            _, found, _, answered = self.connection.result3(number)
            found = [entry for entry in found if entry[0] is not None]
            entries += [self._shown(*entry) for entry in found]
            sizes.append(len(found))
            control.cookie = next(answer.cookie for answer in answered if answer.controlType == control.controlType)
            if not control.cookie:
                break
        return Outcome(0, entries=((PAGES, tuple(sizes)), *sorted(entries)))

    def _shown(self, dn, attributes):
        shown = ((name, tuple(sorted(self._value(name, value) for value in held))) for name, held in attributes.items())
        return (self._shown_name(dn), tuple(sorted(shown)))

    def _shown_name(self, name):
        name = re.sub(r"(\\0ADEL:|\nDEL:)[0-9a-f-]{36}", "␊DEL:…", name)
        name = re.sub(r"<(GUID|SID)=[^>]+>", r"<\1=…>", name)
        # Cases say the same wherever they stand in the table.
        for place, word in self.words.items():
            name = re.sub(rf"(?i)\b{re.escape(word)}", place, name)
        return self._without_sid(name)

    def _without_sid(self, text):
        def mask(match):
            return "{sid}-…" if int(match[1]) >= RID_OF_CLIENTS_MIN else match[0].replace(self.sid, "{sid}")

        return re.sub(re.escape(self.sid) + r"-(\d+)", mask, text).replace(self.sid, "{sid}")

    def _value(self, name, value):
        plain = name.lower().split(";")[0]
        if plain in SIDS:
            return self._without_sid(sid_text(value))
        # Which values a range holds is each server's own affair.
        if plain in VOLATILE and value not in (b"0", NEVER) or ";range=" in name:
            return "…"
        try:
            text = value.decode()
        except UnicodeDecodeError:
            return value.hex()
        text = re.sub(r"^\$[0-9A-F]{6}-[0-9A-F]{12}$", "$XXXXXX-XXXXXXXXXXXX", text)
        text = re.sub(r"^\$[0-9A-F]{6,8}-[0-9A-F]{10,16}(\$?)$", r"$XXXXXXXX-XXXXXXXXXXXXXXXX\1", text)
        return self._shown_name(text)


def reason_code(text):
    """What a diagnostic text begins with: the Win32 code, or of a failed sign-in the reason that clients look for."""
    if data := re.search(r"AcceptSecurityContext error, data ([0-9a-f]+)", text):
        return "data " + data[1]
    win32 = re.match(r"([0-9A-Fa-f]{8}):", text)
    return win32[1].upper() if win32 else ""


def controls(step):
    """The controls of a step, for python-ldap."""
    made = []
    for name, critical in step.controls:
        if name.startswith("sort "):
            made.append(sort_control(name.split()[1:], critical))
        else:
            oid, value = CONTROLS.get(name, (name, None))
            made.append(LDAPControl(oid, critical, encodedControlValue=value))
    return made


def sort_control(words, critical):
    return SSSRequestControl(critical, ["-" + words[1] if words[0] == "backwards" else words[0]])


def octets(given, words):
    return [value if isinstance(value, bytes) else filled(value, words).encode() for value in given]


def filled(text, words):
    """The text with what stands for its places; the unit's name holds places itself."""
    for _ in range(2):
        for place, word in words.items():
            text = text.replace(place, word)
    return text


def sid_text(value):
    numbers = [int.from_bytes(value[at : at + 4], "little") for at in range(8, len(value), 4)]
    return "-".join(["S", str(value[0]), str(int.from_bytes(value[2:8], "big")), *map(str, numbers)])
