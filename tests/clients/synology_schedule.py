"""A server that follows the domain only when it is asked: a schedule that is set over the API is followed at once."""

import contextlib
import io
import os
import time

import check
from synology_api.directory_server import DirectoryServer

with contextlib.redirect_stdout(io.StringIO()):
    client = DirectoryServer(*os.environ["HTTP_ADDRESS"].rsplit(":", 1), "Administrator", check.PASSWORD, dsm_version=7, debug=False)


def ask(api, method, **parameters):
    """The data of a call."""
    with contextlib.redirect_stdout(io.StringIO()):
        return client.request_data(api, "entry.cgi", {"method": method, "version": 1, **parameters}).get("data")


SCHEDULE = "SYNO.Core.Directory.Domain.Schedule"
USERS = {"type": "domain", "offset": 0, "limit": 1}

check.equal("no schedule", ask(SCHEDULE, "get"), {"date_type": 0, "enable": False, "repeat_hour": 0})
check.equal("nobody is known", ask("SYNO.Core.User", "list", **USERS)["total"], 0)
ask(SCHEDULE, "set", enable="true", repeat_hour=1)
until = time.monotonic() + 30
while ask("SYNO.Core.Directory.Domain", "get_db_status")["status"] == "updating" or not ask("SYNO.Core.User", "list", **USERS)["total"]:
    check.true("the schedule is followed", time.monotonic() < until)
check.true("the host knows the domain's users", ask("SYNO.Core.User", "list", **USERS)["total"] >= 4)
