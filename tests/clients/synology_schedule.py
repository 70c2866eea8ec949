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


def known():
    """How many users of the domain the host knows."""
    return ask("SYNO.Core.User", "list", type="domain", offset=0, limit=1)["total"]


SCHEDULE = "SYNO.Core.Directory.Domain.Schedule"

check.equal("no schedule", ask(SCHEDULE, "get"), {"date_type": 0, "enable": False, "repeat_hour": 0})
before = known()
with contextlib.redirect_stdout(io.StringIO()):
    client.create_new_user("scheduled", "", "Password123", check.USERS, "")
check.equal("a new user is not known", known(), before)
ask(SCHEDULE, "set", enable="true", repeat_hour=1)
until = time.monotonic() + 30
while known() == before:
    check.true("the schedule is followed", time.monotonic() < until)
check.equal("then he is", known(), before + 1)
check.equal("the schedule", ask(SCHEDULE, "get"), {"date_type": 0, "enable": True, "repeat_hour": 1})
