"""Sends a table of operations to Bailiwick and to a Samba domain controller and compares the answers.

Usage: conformance.py BAILIWICK-PROGRAM [--write docs/conformance.md] [--only TEXT] [--show]

Both servers are started on domains of their own and stopped afterwards. Compared are result codes, the Win32 codes
that diagnostic texts begin with, matched names and what entries hold. The run fails when the servers differ where
`conformance_differences.py` knows no reason.
"""

import argparse
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

import conformance_report
import samba_controller
from conformance_cases import every
from conformance_outcome import Server

BASE = "DC=example,DC=com"
ROOT = "OU=conformance," + BASE
ADMINISTRATOR = "CN=Administrator,CN=Users," + BASE
PASSWORD = "Swordfish-Tango-77"
STOP_SECONDS_MAX = 30


@contextlib.contextmanager
def bailiwick(program):
    """The URL of a new domain."""
    with tempfile.TemporaryDirectory(prefix="bailiwick-") as folder:
        flags = ["--data", folder + "/data", "--domain", "example.com", "--hostname", "dc1"]
        flags += ["--ldap", "127.0.0.1:0", "--ldaps", "off", "--http", "off", "--https", "off"]
        flags += ["--argon2-memory-kib", "8", "--argon2-passes", "1"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BAILIWICK_")}
        environment["BAILIWICK_ADMIN_PASSWORD"] = PASSWORD
        with open(folder + "/log", "wb") as log:
            process = subprocess.Popen(
                [program, "serve", *flags], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True
            )
        try:
            url = None
            for line in process.stdout:
                if "ldap://" in line and url is None:
                    url = "ldap://" + line.split("ldap://")[1].split()[0].strip(",/")
                if line.startswith("Ready"):
                    break
            if url is None:
                raise SystemExit(f"bailiwick does not come up:\n{pathlib.Path(folder, 'log').read_text()}")
            yield url
        finally:
            process.terminate()
            process.wait(STOP_SECONDS_MAX)


def compared(one, number, servers):
    """The outcomes of a case's steps, side by side."""
    word = f"k{number:03}"
    unit = f"OU={word},{ROOT}"
    if "{ou}" in repr(one.steps):
        for server in servers:
            server.prepare(unit)
    words = {"{ou}": unit, "{id}": word}
    return [tuple(server.run(step, words) for server in servers) for step in one.steps]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        urls = [stack.enter_context(bailiwick(arguments.program)), stack.enter_context(samba_controller.running(PASSWORD))]
        names = ["Bailiwick", "Samba"]
        servers = [Server(name, url, BASE, ADMINISTRATOR, PASSWORD) for name, url in zip(names, urls)]
        for server in servers:
            server.prepare(ROOT)
        results = [
            (one, compared(one, number, servers))
            for number, one in enumerate(every())
            if arguments.only in one.name or one.name.startswith("the tree")
        ]
    report = conformance_report.Report(results, samba_controller.version())
    if arguments.show:
        report.show_all()
    if arguments.write:
        arguments.write.parent.mkdir(exist_ok=True)
        arguments.write.write_text(report.markdown())
    sys.exit(report.conclude(whole=not arguments.only))


if __name__ == "__main__":
    main()
