"""python-ldap runs the tables of the rules of accounts."""

import sys

import check
import ldap
import ldap.modlist
import rules
from rules import accounts, passwords

OPERATIONS = {"add": ldap.MOD_ADD, "delete": ldap.MOD_DELETE, "replace": ldap.MOD_REPLACE}
ldap.set_option(ldap.OPT_X_TLS_CACERTFILE, check.CA_FILE)


def code(act):
    """The result code of what is done."""
    try:
        act()
    except ldap.LDAPError as error:
        return error.args[0]["result"]
    return 0


class Client:
    """One connection for each who acts, and one for each bind."""

    def __init__(self):
        self.connections = {}

    def acting(self, by):
        if by not in self.connections:
            connection = ldap.initialize(check.LDAPS_URL)
            connection.simple_bind_s(*by)
            self.connections[by] = connection
        return self.connections[by]

    def add(self, name, attributes, by):
        return code(lambda: self.acting(by).add_s(name, ldap.modlist.addModlist(attributes)))

    def modify(self, name, changes, by):
        changes = [(OPERATIONS[operation], attribute, values or None) for operation, attribute, values in changes]
        return code(lambda: self.acting(by).modify_s(name, changes))

    def remove(self, name):
        return code(lambda: self.acting(rules.ADMINISTRATOR).delete_s(name))

    def read(self, name, attributes):
        return self.acting(rules.ADMINISTRATOR).read_s(name, attrlist=attributes)

    def bind(self, name, password):
        connection = ldap.initialize(check.LDAPS_URL)
        try:
            connection.simple_bind_s(name, password)
        except ldap.LDAPError as error:
            return error.args[0]["result"], error.args[0].get("info", "")
        finally:
            connection.unbind_s()
        return 0, ""


rules.run(Client(), {"accounts": accounts, "passwords": passwords}[sys.argv[1]].TABLES)
