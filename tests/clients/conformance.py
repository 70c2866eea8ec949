"""Sends a table of operations to Bailiwick and to a Samba domain controller and compares the answers.

Usage: conformance.py BAILIWICK-PROGRAM [--write PAGE | --check PAGE] [--only TEXT] [--show]

Both servers are started on domains of their own and stopped afterwards. Compared are result codes, the Win32 codes
that diagnostic texts begin with, matched names and what entries hold. The run fails when the servers differ where
`conformance_differences.py` knows no reason, when a reason has no difference any more, and with `--check` when the page
is not what the run would write. With another version of Samba than the page's, only differences without a reason fail.
"""

import argparse
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass

import samba_controller
from conformance_cases import every
from conformance_outcome import Server, ServerError
from conformance_report import Report

BASE = "DC=example,DC=com"
ROOT = "OU=conformance," + BASE
ADMINISTRATOR = "CN=Administrator,CN=Users," + BASE
PASSWORD = "Swordfish-Tango-77"
STOP_SECONDS_MAX = 30
LOG_LINES_MAX = 40
# The schemes that the start screen names, longest first, since one begins the other.
SCHEMES = ("ldaps", "ldap")


@dataclass(frozen=True)
class Bailiwick:
    """Where it is."""

    url: str
    protected_url: str
    log: pathlib.Path


@contextlib.contextmanager
def bailiwick(program):
    """A server of a new domain."""
    with tempfile.TemporaryDirectory(prefix="bailiwick-") as folder:
        flags = ["--data", folder + "/data", "--domain", "example.com", "--hostname", "dc1"]
        flags += ["--ldap", "127.0.0.1:0", "--ldaps", "127.0.0.1:0", "--http", "off", "--https", "off"]
        flags += ["--argon2-memory-kib", "8", "--argon2-passes", "1"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BAILIWICK_")}
        environment["BAILIWICK_ADMIN_PASSWORD"] = PASSWORD
        log = pathlib.Path(folder, "log")
        with open(log, "wb") as file:
            process = subprocess.Popen(
                [*samba_controller.BOUND_TO_US, program, "serve", *flags], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=file, text=True
            )
        try:
            urls = {}
            for line in process.stdout:
                for scheme in SCHEMES:
                    if scheme + "://" in line:
                        urls.setdefault(scheme, scheme + "://" + line.split(scheme + "://")[1].split()[0].strip(",/"))
                if line.startswith("Ready"):
                    break
            if urls.keys() != set(SCHEMES):
                raise ServerError(f"Bailiwick does not come up:\n{log.read_text()}")
            yield Bailiwick(urls["ldap"], urls["ldaps"], log)
        finally:
            process.terminate()
            process.wait(STOP_SECONDS_MAX)


def compared(one, number, servers):
    """The outcomes of a case's steps, side by side."""
    word = f"k{number:04}"
    unit = f"OU={word},{ROOT}"
    if "{ou}" in repr(one.steps):
        for server in servers:
            server.prepare(unit)
    words = {"{ou}": unit, "{id}": word}
    return [tuple(server.run(step, words) for server in servers) for step in one.steps]


def run(program, only):
    """Every case whose name contains the text, with its outcomes."""
    with contextlib.ExitStack() as stack:
        places = [stack.enter_context(bailiwick(program)), stack.enter_context(samba_controller.running(PASSWORD))]
        try:
            names = ["Bailiwick", "Samba"]
            servers = [Server(name, place, BASE, ADMINISTRATOR, PASSWORD) for name, place in zip(names, places)]
            for server in servers:
                server.prepare(ROOT)
            return [
                (one, compared(one, number, servers))
                for number, one in enumerate(every())
                if only in one.name or one.name.startswith("the tree")
            ]
        except Exception:
            for place in places:
                lines = place.log.read_text(errors="replace").splitlines()[-LOG_LINES_MAX:]
                print(f"the last lines of the log of {place.url}:", *lines, sep="\n    ", file=sys.stderr)
            raise


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--check", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    # Whoever ends the run ends both servers and takes their folders away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    try:
        report = Report(run(arguments.program, arguments.only), samba_controller.version())
    except (ServerError, samba_controller.SambaError) as error:
        raise SystemExit(str(error)) from error
    if arguments.show:
        report.show_all()
    if arguments.write:
        arguments.write.write_text(report.markdown())
    faults = [] if arguments.only else report.faults(arguments.check)
    print(report.summary())
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(int(bool(faults)))


if __name__ == "__main__":
    main()
