"""synology-api has the host take over the domain's accounts and asks how far it is; and what else it knows of the host as
a member of a domain: the calls of an LDAP client, health checks, one-time codes. Classes that a release lacks are passed
over; the calls themselves are made in every release."""

import contextlib
import importlib
import io
import os

import check
from synology_api import directory_server
from synology_api.base_api import BaseApi

HTTP = os.environ["HTTP_ADDRESS"].rsplit(":", 1)
USERS = "CN=Users," + check.BASE


def sign_in(version, of=directory_server.DirectoryServer, user="Administrator", password=check.PASSWORD):
    """A client with a session of its own; it writes to the screen whatever it does."""
    BaseApi.shared_session = None
    with contextlib.redirect_stdout(io.StringIO()):
        return of(*HTTP, user, password, dsm_version=version, debug=False)


def quietly(function, *arguments, **named):
    """What a method returns, without what it writes to the screen."""
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*arguments, **named)


def refused(function, *arguments, **named):
    """The code of the error that a method raises."""
    try:
        answer = quietly(function, *arguments, **named)
    except Exception as error:
        return getattr(error, "error_code", repr(error))
    return answer


def ask(client, api, method, version=1, **parameters):
    """A call that the library has no method for."""
    return quietly(client.request_data, api, "entry.cgi", {"method": method, "version": version, **parameters})


def domain_users(client):
    """The names of the domain's users as the host knows them."""
    listed = ask(client, "SYNO.Core.User", "list", type="domain", offset=0, limit=-1)["data"]
    return [user["name"] for user in listed["users"]]


def finished(client, task):
    """The end of a sync, which the library asks for again and again."""
    while True:
        status = quietly(client.get_task_status, task)
        if status["data"]["status"] != "updating":
            return status


for version in (6, 7):
    client = sign_in(version)
    name = f"synced{version}"
    quietly(client.create_new_user, name, f"{name}@example.com", "Password123", USERS, "A person")
    check.true("the host does not know a user yet", f"EXAMPLE\\{name}" not in domain_users(client))
    started = quietly(client.update_domain_records)
    check.true("the update has begun", started["data"]["task_id"].startswith("@administrators/DomainUpdate"), started)
    check.equal("and ends", finished(client, started["data"]["task_id"]), {"data": {"status": "finish"}, "success": True})
    check.true("the host knows the user", f"EXAMPLE\\{name}" in domain_users(client))
    check.equal("a task that there is not", refused(client.get_task_status, "@administrators/DomainUpdate0"), 117)
    check.equal("a domain that there is not", refused(ask, client, "SYNO.Core.Directory.Domain", "update_start", domain_name="OTHER"), 2601)

    # The other dialect.
    quietly(client.delete_item, f"CN={name},{USERS}")
    task = ask(client, "SYNO.DirectoryServer.Sync", "UpdateDomain")["data"]["task_id"]
    status = {"status": "running"}
    while status["status"] == "running":
        status = ask(client, "SYNO.DirectoryServer.Sync", "GetTaskStatus", task_id=task)["data"]
    users = domain_users(client)
    check.true("a deleted user is gone there too", f"EXAMPLE\\{name}" not in users)
    check.equal("how it ended", (status["status"], status["progress"], status["users_synced"]), ("completed", 100, len(users)))
    check.equal("a task that there is not", refused(ask, client, "SYNO.DirectoryServer.Sync", "GetTaskStatus", task_id="sync_12345"), 404)

    # The schedule.
    schedule = ask(client, "SYNO.Core.Directory.Domain.Schedule", "get")["data"]
    ask(client, "SYNO.Core.Directory.Domain.Schedule", "set", repeat_hour=6)
    check.equal("another schedule", ask(client, "SYNO.Core.Directory.Domain.Schedule", "get")["data"], {"date_type": 0, "enable": True, "repeat_hour": 6})
    check.equal("too many hours", refused(ask, client, "SYNO.Core.Directory.Domain.Schedule", "set", repeat_hour=9000), 120)
    ask(client, "SYNO.Core.Directory.Domain.Schedule", "set", repeat_hour=schedule["repeat_hour"])
    quietly(client.logout)


def class_of(module, name):
    """A class of the library, if the release has it."""
    try:
        return getattr(importlib.import_module("synology_api." + module), name)
    except ModuleNotFoundError:
        return None


ldap = class_of("ldap_server", "LdapServer")
if ldap:
    client = sign_in(7, ldap)
    config = quietly(client.ldap_config)["data"]
    check.equal("the server", (config["base_dn"], config["error"], config["update_min"]), (check.BASE, 2702, 1440))
    check.equal("the base", quietly(client.ldap_basedn_list)["data"], {"base_dn": [check.BASE], "total": 1})
    check.equal("the profiles", quietly(client.ldap_profile_list)["data"], {"profiles": ["standard"]})
    check.true("a refresh", quietly(client.ldap_refresh)["data"]["task_id"].startswith("@administrators/"))
    users = quietly(client.ldap_user_list, 0, 1)["data"]
    check.equal("the users", (users["items"][0]["dn"], len(users["items"])), ("CN=Administrator," + USERS, 1))
    check.equal("whether users are told", quietly(client.ldap_login_notify_get)["data"], {"enable": False})
    quietly(client.logout)

directory = class_of("core_directory", "CoreDirectory")
if directory:
    client = sign_in(7, directory)
    check.equal("the base", quietly(client.directory_ldap_base_dn_get)["data"], {"base_dn": check.BASE})
    check.equal("the base is set", quietly(client.directory_ldap_base_dn_set, check.BASE), {"success": True})
    check.equal("another is not", refused(client.directory_ldap_base_dn_set, "DC=other"), 2712)
    check.equal("the profile", quietly(client.directory_ldap_profile_get)["data"], {"profile": "standard"})
    check.equal("the profile is set", quietly(client.directory_ldap_profile_set, "standard"), {"success": True})
    check.equal("users are told", quietly(client.directory_ldap_login_notify_set, True), {"success": True})
    check.equal("as it was set", quietly(client.directory_ldap_login_notify_get)["data"], {"enable": True})
    quietly(client.directory_ldap_login_notify_set, False)
    quietly(client.directory_ldap_refresh_set)
    check.true("a refresh", quietly(client.directory_ldap_refresh_get)["data"]["status"] in ("updating", "finish"))
    check.equal("the caller", quietly(client.directory_ldap_user_get)["data"]["name"], "Administrator")
    check.equal("a user", quietly(client.directory_ldap_user_set, '{"name":"Administrator","email":"root@example.com"}'), {"success": True})
    quietly(client.logout)

checks = class_of("core_directory_service_check", "CoreDirectoryServiceCheck")
if checks:
    client = sign_in(7, checks)
    for what in ("common", "domain", "domain_service", "ldap"):
        found = quietly(getattr(client, f"directory_service_check_{what}_get"))["data"]
        check.equal(f"the checks of {what}", found["result"], "pass")
    quietly(client.logout)

# The policy of one-time codes: whoever has none is kept out, and cannot set it.
client = sign_in(7)
policy = "SYNO.Core.OTP.EnforcePolicy"
check.equal("no policy", ask(client, policy, "get")["data"], {"otp_enforce_option": "none"})
check.equal("who has no codes sets none", refused(ask, client, policy, "set", otp_enforce_option="user"), 4203)
shown = ask(client, "SYNO.Core.OTP", "get_qrcode", version=2)["data"]
check.equal("a seed and recovery codes", (len(shown["secret"]) > 16, len(shown["recovery_codes"])), (True, 8))
check.equal("a wrong code", refused(ask, client, "SYNO.Core.OTP", "auth_tmp_code", version=2, code="none"), 404)
check.equal("counts for nothing", ask(client, "SYNO.Core.OTP", "get", version=2)["data"]["OTP_enable"], False)
quietly(client.logout)
