"""The programs of ldap-utils run the tables of the rules of accounts; they exit with the result code."""

import base64
import subprocess
import sys

import check
import rules
from rules import accounts, passwords


def run(program, by, arguments, text=""):
    """Runs a program as somebody; gives its result code and all that it says."""
    command = [program, "-x", "-H", check.LDAPS_URL, "-D", by[0], "-w", by[1], *arguments]
    done = subprocess.run(command, input=text, capture_output=True, text=True, env={"LDAPTLS_CACERT": check.CA_FILE, "LDAPCONF": "/dev/null", "PATH": "/usr/bin:/bin"})
    return done.returncode, done.stdout + done.stderr


def line(name, value):
    """A line of LDIF, whatever is in it."""
    return f"{name}:: {base64.b64encode(value).decode()}\n"


class Client:
    """A process for each step."""

    def add(self, name, attributes, by):
        text = line("dn", name.encode()) + "".join(line(key, value) for key, values in attributes.items() for value in values)
        return run("ldapadd", by, [], text)[0]

    def modify(self, name, changes, by):
        text = line("dn", name.encode()) + "changetype: modify\n"
        for operation, attribute, values in changes:
            text += f"{operation}: {attribute}\n" + "".join(line(attribute, value) for value in values) + "-\n"
        return run("ldapmodify", by, [], text)[0]

    def remove(self, name):
        return run("ldapdelete", rules.ADMINISTRATOR, [name])[0]

    def read(self, name, attributes):
        # -t would write files; with -LLL each value is text, or in base64 behind two colons.
        code, text = run("ldapsearch", rules.ADMINISTRATOR, ["-LLL", "-o", "ldif-wrap=no", "-b", name, "-s", "base", "(objectClass=*)", *attributes])
        if code:
            check.fail("search " + name, text, 0)
        found = {}
        for read in text.splitlines()[1:]:
            attribute, _, value = read.partition(":")
            if attribute:
                found.setdefault(attribute, []).append(base64.b64decode(value[1:]) if value.startswith(":") else value.strip().encode())
        return found

    def bind(self, name, password):
        return run("ldapwhoami", (name, password), [])


rules.run(Client(), {"accounts": accounts, "passwords": passwords}[sys.argv[1]].TABLES)
