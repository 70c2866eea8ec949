"""A Samba domain controller of its own: provisioned into a temporary folder, on a loopback address, and gone afterwards.

Samba's LDAP port cannot be chosen, so the controller gets an address that nothing else has. Root is needed.
"""

import contextlib
import pathlib
import socket
import subprocess
import tempfile
import time

ADDRESS = "127.0.0.79"
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30
# It ends by itself when whoever started it was killed.
LIFE_SECONDS_MAX = 1800


@contextlib.contextmanager
def running(password):
    """The URL of a controller of example.com."""
    with tempfile.TemporaryDirectory(prefix="samba-") as name:
        folder = pathlib.Path(name)
        _provision(folder, password)
        configuration = folder / "dc/etc/smb.conf"
        command = ["timeout", "-k", "5", str(LIFE_SECONDS_MAX), "samba", f"--configfile={configuration}", "-i", "-M", "single", "--debug-stdout"]
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            _wait(process, folder / "log")
            yield f"ldap://{ADDRESS}"
        finally:
            process.terminate()
            process.wait(STOP_SECONDS_MAX)


def version():
    return subprocess.run(["samba", "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]


def _provision(folder, password):
    for name in ("pid", "ncalrpc", "winbindd"):
        (folder / name).mkdir(mode=0o750)
    arguments = [
        "samba-tool", "domain", "provision", "--configfile=/dev/null", f"--targetdir={folder}/dc",
        "--realm=EXAMPLE.COM", "--domain=EXAMPLE", "--host-name=dc1", f"--host-ip={ADDRESS}", f"--adminpass={password}",
        "--dns-backend=NONE", "--server-role=dc", f"--option=interfaces={ADDRESS}/8",
        "--option=bind interfaces only=yes", "--option=server services=ldap",
    ]  # fmt: skip
    done = subprocess.run(arguments, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"samba-tool cannot provision:\n{done.stdout}{done.stderr}")
    path = folder / "dc/etc/smb.conf"
    settings = [
        "[global]",
        f"pid directory = {folder}/pid",
        f"ncalrpc dir = {folder}/ncalrpc",
        f"winbindd socket directory = {folder}/winbindd",
        f"ntp signd socket directory = {folder}/dc/ntp_signd",
        "ldap server require strong auth = no",
        "tls enabled = no",
        "log level = 0",
    ]
    path.write_text(path.read_text().replace("[global]", "\n\t".join(settings), 1))


def _wait(process, log):
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection((ADDRESS, 389), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"samba does not come up:\n{log.read_text()}")
