"""A Samba domain controller of its own: provisioned into a temporary folder, on a loopback address that nobody else
has, and gone afterwards.

Samba's LDAP ports cannot be chosen, so the controller gets an address instead. Root is needed.
"""

import contextlib
import itertools
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass

PORTS = (389, 636, 3268, 3269)
PROVISION_SECONDS_MAX = 180
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 10
# It ends by itself when whoever started it was killed.
LIFE_SECONDS_MAX = 900
ADDRESSES_MAX = 1000
# A program behind these words is ended with the one that started it, however that ends.
BOUND_TO_US = ("setpriv", "--pdeathsig", "TERM")


class SambaError(Exception):
    """The controller cannot be provisioned, or does not come up."""


@dataclass(frozen=True)
class Controller:
    """Where a controller is."""

    url: str
    protected_url: str
    log: pathlib.Path


@contextlib.contextmanager
def running(password):
    """A controller of example.com."""
    with tempfile.TemporaryDirectory(prefix="samba-") as name:
        folder = pathlib.Path(name)
        address = _free_address()
        _provision(folder, address, password)
        log = folder / "log"
        with open(log, "wb") as file:
            process = subprocess.Popen(
                [*BOUND_TO_US, "timeout", "-k", "5", str(LIFE_SECONDS_MAX), "samba", f"--configfile={folder}/dc/etc/smb.conf", "-i", "-M", "single", "--debug-stdout"],
                stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
            )  # fmt: skip
        try:
            _wait(process, address, log)
            yield Controller(f"ldap://{address}", f"ldaps://{address}", log)
        finally:
            _stop(process)


def version():
    """Major and minor number; what Debian adds to a version changes no answer."""
    said = subprocess.run(["samba", "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]
    return ".".join(said.split(".")[:2])


def _free_address():
    """Each process begins at another address, so that runs at the same time do not meet."""
    begin = os.getpid()
    for number in itertools.islice(itertools.count(begin), ADDRESSES_MAX):
        address = f"127.79.{number // 250 % 250}.{number % 250 + 1}"
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            for port in PORTS:
                stack.enter_context(socket.create_server((address, port)))
            return address
    raise SambaError("no loopback address has its LDAP ports free, or somebody else than root asks for them")


def _provision(folder, address, password):
    for name in ("pid", "ncalrpc", "winbindd"):
        (folder / name).mkdir(mode=0o750)
    arguments = [
        "samba-tool", "domain", "provision", "--configfile=/dev/null", f"--targetdir={folder}/dc",
        "--realm=EXAMPLE.COM", "--domain=EXAMPLE", "--host-name=dc1", f"--host-ip={address}", f"--adminpass={password}",
        "--dns-backend=NONE", "--server-role=dc", f"--option=interfaces={address}/8",
        "--option=bind interfaces only=yes", "--option=server services=ldap",
        # The domain is thrown away, so nothing of it has to reach the disk.
        "--option=ldb:nosync=yes",
        # Containers may not write the extended attributes that SYSVOL would have.
        "--option=vfs objects=dfs_samba4 acl_xattr xattr_tdb",
    ]  # fmt: skip
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=PROVISION_SECONDS_MAX, stdin=subprocess.DEVNULL)
    except FileNotFoundError as error:
        raise SambaError("samba-tool is missing; `cargo xtask test` installs it") from error
    except subprocess.TimeoutExpired as error:
        raise SambaError(f"samba-tool does not provision within {PROVISION_SECONDS_MAX} s") from error
    if done.returncode != 0:
        raise SambaError(f"samba-tool cannot provision:\n{done.stdout}{done.stderr}")
    path = folder / "dc/etc/smb.conf"
    settings = [
        "[global]",
        f"pid directory = {folder}/pid",
        f"ncalrpc dir = {folder}/ncalrpc",
        f"winbindd socket directory = {folder}/winbindd",
        f"ntp signd socket directory = {folder}/dc/ntp_signd",
        "ldap server require strong auth = no",
        "log level = 0",
    ]
    path.write_text(path.read_text().replace("[global]", "\n\t".join(settings), 1))


def _wait(process, address, log):
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            for port in PORTS[:2]:
                socket.create_connection((address, port), timeout=1).close()
            return
        time.sleep(0.1)
    raise SambaError(f"samba does not come up:\n{log.read_text(errors='replace')}")


def _stop(process):
    """Ends the controller and all that it started; they are a session of their own."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS_MAX)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
