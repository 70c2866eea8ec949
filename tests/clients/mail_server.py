"""A mail server that says each letter it takes as a line of JSON on standard output.

Arguments: security (starttls, tls, none), certificate and key files, and optionally a user and a password to insist on.
The first line says the port. Letters to `refuse@…` are refused for good, letters to `later@…` for now.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse@"):
            return "550 5.1.1 nobody of this name"
        if address.startswith("later@"):
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        said = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "header_to": letter["To"],
            "subject": letter["Subject"],
            "text": letter.get_content(),
            "encrypted": session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None,
            "signed_in": session.authenticated,
        }
        print(json.dumps(said), flush=True)
        return "250 OK"


async def main(security, certificate, key, user=None, password=None):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    def authenticate(server, session, envelope, mechanism, data):
        is_right = data.login == (user or "").encode() and data.password == (password or "").encode()
        return AuthResult(success=is_right)

    def session():
        return SMTP(
            Handler(),
            hostname="localhost",
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=authenticate,
            auth_required=user is not None,
            auth_require_tls=security == "starttls",
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(session, "127.0.0.1", 0, ssl=context if security == "tls" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
