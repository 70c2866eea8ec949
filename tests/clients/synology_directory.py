"""synology-api manages the directory: every method of its directory page, good calls and bad ones, at every version of
DSM it knows, over HTTP and HTTPS, and what it did is looked at over LDAP. A method that is neither called here nor named
in NOT_CALLED fails the run."""

import concurrent.futures
import contextlib
import functools
import importlib.metadata
import inspect
import io
import os
import random
import time

import check
import ldap3
import requests
import urllib3
from synology_api import directory_server
from synology_api.base_api import BaseApi

urllib3.disable_warnings()

HTTP = os.environ["HTTP_ADDRESS"].rsplit(":", 1)
HTTPS = os.environ["HTTPS_ADDRESS"].rsplit(":", 1)
USERS = "CN=Users," + check.BASE
RELEASE = tuple(int(number) for number in importlib.metadata.version("synology-api").split("."))

# What each method was seen to do: "good" and "bad" of those whose answers were looked at.
seen = {}
# Public functions of the class that are no calls of the page.
NOT_CALLED = {"logout"}


def witness(kind):
    """Has a class tell which of its methods were called, and whether with success."""
    def told(name, function):
        @functools.wraps(function)
        def call(*arguments, **named):
            try:
                answer = function(*arguments, **named)
            except Exception:
                seen.setdefault(name, set()).add("bad")
                raise
            data = answer.get("data") if isinstance(answer, dict) else None
            has_failed = isinstance(data, dict) and data.get("has_fail")
            seen.setdefault(name, set()).add("bad" if has_failed else "good")
            return answer
        return call
    for name, function in inspect.getmembers(kind, inspect.isfunction):
        if not name.startswith("_") and name not in NOT_CALLED:
            setattr(kind, name, told(name, function))


witness(directory_server.DirectoryServer)

ldap = ldap3.Connection(
    ldap3.Server(check.LDAP_URL, get_info=ldap3.NONE), check.ADMINISTRATOR, check.PASSWORD, auto_bind=True)


def sign_in(version, secure=False, user="Administrator", password=check.PASSWORD, **more):
    """A client with a session of its own; it writes to the screen whatever it does."""
    # The same in every release but the first, which has a session for each client anyway.
    BaseApi.shared_session = None
    host, port = HTTPS if secure else HTTP
    with contextlib.redirect_stdout(io.StringIO()):
        return directory_server.DirectoryServer(
            host, port, user, password, secure=secure, cert_verify=False, dsm_version=version, debug=False, **more)


def call(function, *arguments, **named):
    """What a method returns, without what it writes to the screen."""
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*arguments, **named)


def refused(function, *arguments, **named):
    """The code of the error that a method raises."""
    try:
        answer = call(function, *arguments, **named)
    except Exception as error:
        return getattr(error, "error_code", repr(error))
    return answer


def read(name, *attributes):
    """The only entry at a name, or None."""
    ldap.search(name, "(objectClass=*)", ldap3.BASE, attributes=list(attributes))
    return ldap.entries[0] if ldap.entries else None


def may_sign_in(name, password):
    """Whether LDAP takes the password."""
    connection = ldap3.Connection(ldap3.Server(check.LDAP_URL, get_info=ldap3.NONE), name, password)
    return connection.bind()


# Every version, over both.
for version in range(2, 8):
    for secure in (False, True):
        client = sign_in(version, secure)
        info = call(client.get_directory_info)
        check.equal(f"DSM {version}, {'HTTPS' if secure else 'HTTP'}", (info["success"], info["data"]["status"]), (True, "running"))
        call(client.logout)

check.equal("a wrong password", refused(sign_in, 7, password="wrong"), 400)
check.equal("nobody's name", refused(sign_in, 6, user="nobody"), 400)

for version in (6, 7):
    client = sign_in(version)
    unit = f"OU=Synology {version}," + check.BASE
    ldap.add(unit, "organizationalUnit")
    name = f"jdoe{version}"
    dn = f"CN={name},{unit}"

    basic = call(client.get_directory_info)["data"]["data"]
    check.equal("the realm", basic["domainBasicInfo"]["realm"], "EXAMPLE.COM")
    check.equal("the roles", basic["domainControllers"][0]["roles"], ["pdc", "rid", "schema", "naming", "infrastructure"])

    # Users.
    made = call(client.create_new_user, name, "jdoe@example.com", "Password123", unit, "A person")
    check.equal("a user", made, {"data": {"dn": dn, "name": f"EXAMPLE\\{name}"}, "success": True})
    entry = read(dn, "sAMAccountName", "userPrincipalName", "mail", "description", "userAccountControl")
    check.equal("is there", (entry.sAMAccountName.value, entry.userPrincipalName.value), (name, name + "@example.com"))
    check.equal("with its mail", (entry.mail.value, entry.description.value), ("jdoe@example.com", "A person"))
    check.equal("and its flags", int(entry.userAccountControl.value), 66048)
    check.true("and can sign in", may_sign_in(dn, "Password123"))
    check.equal("the same once more", refused(client.create_new_user, name, "", "Password123", unit, ""), 10104)
    check.equal("a password that is too simple", refused(client.create_new_user, "simple", "", "a", unit, ""), 10104)
    check.equal("a place that is not there", refused(client.create_new_user, "lost", "", "Password123", "OU=None," + check.BASE, ""), 10104)

    changed = call(client.change_user_password, dn, "Password456")
    check.equal("a new password", changed["data"], {"has_fail": False, "result": [{
        "api": "SYNO.ActiveDirectory.User", "data": [{"code": 0, "msg": "update record successfully"}],
        "method": "set", "success": True, "version": 2}]})
    check.true("is the one that counts", may_sign_in(dn, "Password456"))
    check.true("the old one does not", not may_sign_in(dn, "Password123"))
    failed = call(client.change_user_password, "CN=Nobody," + unit, "Password456")
    check.equal("of nobody", failed["data"], {"has_fail": True, "result": [{
        "api": "SYNO.ActiveDirectory.User",
        "error": {"code": 10104, "errors": [{"code": 10237, "msg": "ldb updaterecords: modify"}]},
        "method": "set", "success": False, "version": 2}]})

    call(client.modify_user_info, dn, "John", "Doe", "John Doe", "ignored", "JD", "Office", "123-444-5677", "https://example.com")
    entry = read(dn, "givenName", "sn", "displayName", "initials", "physicalDeliveryOfficeName", "telephoneNumber", "wWWHomePage")
    check.equal("what is known of the user", entry.entry_attributes_as_dict, {
        "givenName": ["John"], "sn": ["Doe"], "displayName": ["John Doe"], "initials": ["JD"],
        "physicalDeliveryOfficeName": ["Office"], "telephoneNumber": ["123-444-5677"], "wWWHomePage": ["https://example.com"]})
    failed = call(client.modify_user_info, "CN=Nobody," + unit, "John", "Doe", "", "", "", "", "", "")
    check.equal("of nobody", (failed["success"], failed["data"]["has_fail"]), (True, True))
    call(client.setEntryRequest, "SYNO.ActiveDirectory.User", "set", "userList", {"dn": dn, "telephoneNumber": ""})
    check.true("a number taken away", not read(dn, "telephoneNumber").telephoneNumber.values)

    # Groups.
    group = f"CN=My Group {version},{unit}"
    made = call(client.create_new_group, f"My Group {version}", unit, "group@example.com", "A group", "security", "universal")
    check.equal("a group", made["data"], {"dn": group, "name": f"EXAMPLE\\My Group {version}"})
    check.equal("of its type", int(read(group, "groupType").groupType.value), -2147483640)
    check.equal("a type that there is not", refused(client.create_new_group, "odd", unit, "", "", "odd"), 120)
    check.equal("a name that is taken", call(client.does_dn_exist, name.upper()), True)
    check.equal("a name that is not", call(client.does_dn_exist, "nobody-at-all"), False)
    check.equal("a DN is no name", call(client.does_dn_exist, dn), False)
    for _ in range(2):
        added = call(client.add_user_to_group, dn, group)
        check.equal("a member", added["data"], {"has_fail": False, "result": [{
            "api": "SYNO.ActiveDirectory.Group.Member", "data": {"members": [dn]},
            "method": "add", "success": True, "version": 1}]})
    check.equal("is one", read(group, "member").member.values, [dn])
    failed = call(client.add_user_to_group, "CN=Nobody," + unit, group)
    check.equal("nobody is none", failed["data"]["result"][0]["error"]["code"], 10104)

    # Listing.
    listed = call(client.list_directory_objects, unit)
    check.equal("the objects of a unit", ([row["name"] for row in listed["data"]["data"]], listed["data"]["total"]), ([name, f"My Group {version}"], 2))
    row = listed["data"]["data"][0]
    check.equal("a row", row, {
        "accountExpiryTime": 910692730085, "deletable": True, "description": "A person", "disabled": False,
        "displayName": "John Doe", "dn": dn, "locked": False, "mail": "jdoe@example.com", "movable": True,
        "name": name, "objectCategory": "person", "passwordExpired": False,
        "physicalDeliveryOfficeName": "Office", "primaryGroupToken": 0, "renamable": True, "sAMAccountName": name,
        "showInAdvancedViewOnly": False, "telephoneNumber": ""})
    page = call(client.list_directory_objects, unit, 1, 1)["data"]
    check.equal("a page", ([row["name"] for row in page["data"]], page["total"]), ([f"My Group {version}"], 2))
    containers = call(client.list_directory_objects, check.BASE, objectCategory=["organizationalUnit", "builtinDomain"])["data"]
    check.true("some categories", {row["objectCategory"] for row in containers["data"]} == {"organizationalUnit", "builtinDomain"}, containers)
    check.equal("a place that is not there", refused(client.list_directory_objects, "OU=None," + check.BASE), 10104)

    # Deleting.
    gone = call(client.delete_item, group)
    check.equal("a group goes", gone["data"]["result"][0]["data"], {"data": [{"dn": group, "status": {}}], "finished": True, "total": 1})
    check.equal("and is not there", read(group, "cn"), None)
    gone = call(client.deleteItems, [dn, "CN=Nobody," + unit, unit])["data"]["result"][0]["data"]
    check.equal("several go", ([one["status"].get("code", 0) for one in gone["data"]], gone["total"]), ([0, 10237, 0], 3))
    check.equal("and are not there", (read(dn, "cn"), read(unit, "ou")), (None, None))
    check.equal("a task that there is not", call(client.entryRequest, "@administrators/None")["data"]["result"][0]["error"]["code"], 117)
    call(client.logout)

# Values that must not be read as anything but values.
client = sign_in(7)
unit = "OU=Odd names," + check.BASE
ldap.add(unit, "organizationalUnit")
for number, cn in enumerate(['a\\,b', 'a\\+b=c', 'x\\"y\\"', "back\\\\slash", "\\#hash", "semi\\;colon", "a\\<b\\>", "ümläut"]):
    dn = f"CN={cn},{unit}"
    ldap.add(dn, "user", {"sAMAccountName": f"odd{number}"})
    check.equal(f"LDAP takes {cn}", ldap.result["description"], "success")
    if '"' in cn or "\\\\" in cn:
        # The client pastes names between quotes as they are: these come to be no JSON, or that of another name.
        check.true(f"{cn} is refused", call(client.change_user_password, dn, "Password456")["data"]["has_fail"])
        continue
    check.equal(f"{cn} is found", call(client.change_user_password, dn, "Password456")["data"]["has_fail"], False)
    ldap.modify(dn, {"userAccountControl": [(ldap3.MODIFY_REPLACE, ["512"])]})
    check.true("and its password is set", may_sign_in(f"odd{number}@example.com", "Password456"))
check.equal("all of them are listed", call(client.list_directory_objects, unit)["data"]["total"], 8)
check.equal("in stretches", len(call(client.list_directory_objects, unit, 5, 40)["data"]["data"]), 3)

# Forgotten passwords, which are off until they are switched on. Whom it is asked for makes no difference.
def letters(allowed):
    call(client.request_data, "SYNO.Core.User.PasswordPolicy", "entry.cgi", {
        "version": 1, "method": "set", "enable_reset_passwd_by_email": "true" if allowed else "false"})


check.equal("nobody asks for a letter", refused(client.reset_password, "jdoe"), 105)
letters(True)
for name in ("Administrator", "admin", "nobody at all"):
    check.equal(f"a letter for {name}", call(client.reset_password, name)["data"], {"msg": 3})
letters(False)

# The host's view of the domain.
def domain_updates():
    check.equal("a task that there is not", refused(client.get_task_status, "@administrators/None"), 117)
    task = call(client.update_domain_records)["data"]["task_id"]
    check.true("an update has an id", task.startswith("@administrators/DomainUpdate"), task)
    deadline = time.monotonic() + 30
    while call(client.get_task_status, task)["data"]["status"] != "finish":
        if time.monotonic() > deadline:
            check.fail("an update ends", "updating", "finish")


# An API that is not listed is none that the client can call: its methods are let off by name, and no others.
if "SYNO.Core.Directory.Domain" in client.core_list:
    domain_updates()
else:
    print("not there: SYNO.Core.Directory.Domain")
    NOT_CALLED |= {"update_domain_records", "get_task_status"}

# The hash of the handshake, of releases that finish one: good in any order, and once.
def ask(client, proof=None, token=None, cookie=False):
    """The code of the answer to one request with exactly these proofs."""
    address = os.environ["HTTP_ADDRESS"]
    headers = {"X-SYNO-HASH": proof} if proof else {}
    headers |= {"X-SYNO-TOKEN": token} if token else {}
    headers |= {"Cookie": "id=" + client.session.sid} if cookie else {}
    fields = {"api": "SYNO.ActiveDirectory.Info", "version": 1, "method": "get"}
    fields |= {} if cookie else {"_sid": client.session.sid}
    answer = requests.post(f"http://{address}/webapi/entry.cgi", fields, headers=headers).json()
    return answer["error"]["code"] if not answer["success"] else 0


client = sign_in(7)
make_hash = getattr(client.session, "_get_request_hash", None)
hashes = [make_hash() for _ in range(40)] if make_hash else [None]
check.equal("a release with a handshake proves its key", make_hash is not None, RELEASE >= (0, 9, 1))
if all(hashes):
    random.Random(7).shuffle(hashes)
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        codes = list(threads.map(lambda proof: ask(client, proof), hashes))
    check.equal("forty hashes in any order", codes, [0] * 40)
    check.equal("each of them once", {ask(client, proof) for proof in hashes}, {119})
    fresh = make_hash()
    check.equal("one with another character", ask(client, fresh[:10] + ("A" if fresh[10] != "A" else "B") + fresh[11:]), 119)
    check.equal("and none is spent by that", ask(client, fresh), 0)

# Tokens: whatever a browser would send by itself is not enough.
check.equal("a cookie alone", ask(client, cookie=True), 119)
check.equal("a cookie and the token", ask(client, cookie=True, token=client.session._syno_token), 0)
check.equal("a wrong token", ask(client, token="wrong"), 119)
check.equal("an id alone", ask(client), 0)
# A sign-out that names nobody ends nobody's session.
check.equal("an empty sign-out", requests.get(
    f"http://{os.environ['HTTP_ADDRESS']}/webapi/auth.cgi?api=SYNO.API.Auth&version=7&method=logout&session=webui").json(), {"success": True})
check.equal("leaves sessions alone", ask(client), 0)

# A body that is too large, and paths that lead nowhere, are answered as clients expect.
endpoint = f"http://{os.environ['HTTP_ADDRESS']}/webapi/"
anybody = {"api": "SYNO.API.Auth.Type", "version": 1, "method": "get"}
for octets, code in ((1 << 21, 0), ((1 << 22) + 1, 101), (1 << 23, 101)):
    answer = requests.post(endpoint + "entry.cgi", anybody | {"x": "x" * octets})
    check.equal(f"a body of {octets} octets", (answer.status_code, answer.json().get("error", {}).get("code", 0)), (200, code))
for path in ("", "other.cgi"):
    answer = requests.get(endpoint + path)
    check.equal(f"/webapi/{path}", (answer.status_code, answer.headers["content-type"].split(";")[0]), (404, "text/plain"))
for method in ("HEAD", "OPTIONS", "PUT", "DELETE"):
    check.equal(method, requests.request(method, endpoint + "entry.cgi").status_code, 405)

# Who is no administrator.
client = sign_in(7)
call(client.create_new_user, "plain", "", "Password123", USERS, "")
plain = sign_in(7, user="EXAMPLE\\plain", password="Password123")
check.equal("a plain user may not", refused(plain.get_directory_info), 105)
call(client.change_user_password, "CN=plain," + USERS, "Password456")
check.equal("a session ends with its password", refused(plain.get_directory_info), 119)
call(client.delete_item, "CN=plain," + USERS)

# Nothing of the page was passed over, and each has been seen to succeed and to fail where it can.
page = {name for name, _ in inspect.getmembers(directory_server.DirectoryServer, inspect.isfunction) if not name.startswith("_")}
check.equal("every method was called", page - NOT_CALLED - seen.keys(), set())
# An update takes no argument, a delete says of each object what came of it, and a name is free or taken.
ONLY_GOOD = {"update_domain_records", "deleteItems", "delete_item", "does_dn_exist"}
for name in sorted(page - NOT_CALLED):
    expected = {"good"} if name in ONLY_GOOD else {"good", "bad"}
    check.true(f"{name} was seen {' and '.join(sorted(expected))}", expected <= seen[name], seen[name])
