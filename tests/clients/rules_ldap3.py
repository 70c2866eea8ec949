"""ldap3 runs the tables of the rules of accounts."""

import ssl
import sys

import check
import ldap3
import rules
from ldap3.protocol.rfc4511 import LDAPDN, AuthenticationChoice, BindRequest, Simple, Version
from rules import accounts, passwords

OPERATIONS = {"add": ldap3.MODIFY_ADD, "delete": ldap3.MODIFY_DELETE, "replace": ldap3.MODIFY_REPLACE}


class Client:
    """One connection for each who acts, and one for each bind."""

    def __init__(self):
        tls = ldap3.Tls(ca_certs_file=check.CA_FILE, validate=ssl.CERT_REQUIRED)
        self.server = ldap3.Server(check.LDAPS_URL, tls=tls, get_info=ldap3.NONE)
        self.connections = {}

    def acting(self, by):
        if by not in self.connections:
            self.connections[by] = ldap3.Connection(self.server, *by, auto_bind=True)
        return self.connections[by]

    def add(self, name, attributes, by):
        connection = self.acting(by)
        rest = {key: value for key, value in attributes.items() if key != "objectClass"}
        connection.add(name, [value.decode() for value in attributes["objectClass"]], rest)
        return connection.result["result"]

    def modify(self, name, changes, by):
        connection = self.acting(by)
        gathered = {}
        for operation, attribute, values in changes:
            gathered.setdefault(attribute, []).append((OPERATIONS[operation], values))
        connection.modify(name, gathered)
        return connection.result["result"]

    def remove(self, name):
        connection = self.acting(rules.ADMINISTRATOR)
        connection.delete(name)
        return connection.result["result"]

    def read(self, name, attributes):
        connection = self.acting(rules.ADMINISTRATOR)
        connection.search(name, "(objectClass=*)", ldap3.BASE, attributes=attributes)
        return dict(connection.response[0]["raw_attributes"])

    def bind(self, name, password):
        if not password:
            return self.bind_without_password(name)
        connection = ldap3.Connection(self.server, name, password)
        connection.bind()
        result = connection.result
        connection.unbind()
        return result["result"], result["message"]

    def bind_without_password(self, name):
        """ldap3 refuses that by itself, so the request is put together by hand."""
        connection = ldap3.Connection(self.server)
        connection.open()
        request = BindRequest()
        request["version"], request["name"] = Version(3), LDAPDN(name)
        request["authentication"] = AuthenticationChoice().setComponentByName("simple", Simple(""))
        (response,) = connection.post_send_single_response(connection.send("bindRequest", request))
        connection.unbind()
        return response["result"], response["message"]


rules.run(Client(), {"accounts": accounts, "passwords": passwords}[sys.argv[1]].TABLES)
