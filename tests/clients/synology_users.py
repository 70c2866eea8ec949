"""synology-api manages the host's own accounts: every method of its user page and those of its group class, good calls and
bad ones, at DSM 6 and 7 over HTTP and HTTPS. What it did is tried out by signing in afterwards."""

import contextlib
import datetime
import io
import os
import time

import check
import urllib3
from synology_api import core_group, core_user
from synology_api.base_api import BaseApi

urllib3.disable_warnings()

HTTP = os.environ["HTTP_ADDRESS"].rsplit(":", 1)
HTTPS = os.environ["HTTPS_ADDRESS"].rsplit(":", 1)
TODAY = (datetime.datetime.now(datetime.timezone.utc).date() - datetime.date(1970, 1, 1)).days

# Releases have other names for the same calls.
NAMES = {
    "list": ("get_users", "user_list"),
    "get": ("get_user", "user_get"),
    "create": ("create_user", "user_create"),
    "modify": ("modify_user", "user_set"),
    "delete": ("delete_user", "user_delete"),
    "join": ("affect_groups", "user_group_join"),
    "join_status": ("affect_groups_status", "user_group_join_status"),
    "policy": ("get_password_policy", "user_password_policy_get"),
    "set_policy": ("set_password_policy", "user_password_policy_set"),
    "expiry": ("get_password_expiry", "user_password_expiry_get"),
    "set_expiry": ("set_password_expiry", "user_password_expiry_set"),
    "confirm": ("password_confirm", "password_confirm"),
    "names": ("get_username_policy", "user_username_policy_get"),
}


def quietly(function, *arguments, **named):
    """What a function returns, without what it writes to the screen."""
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*arguments, **named)


def sign_in(version, secure=False, user="admin", password=check.PASSWORD, kind=core_user.User):
    """A client with a session of its own."""
    BaseApi.shared_session = None
    host, port = HTTPS if secure else HTTP
    return quietly(kind, host, port, user, password, secure=secure, cert_verify=False, dsm_version=version, debug=False)


def may_sign_in(user, password):
    """0, or the code of the refusal."""
    try:
        sign_in(6, user=user, password=password)
    except Exception as error:
        return getattr(error, "error_code", repr(error))
    return 0


def call(client, what, *arguments, **named):
    """Calls a method by whichever of its names there is."""
    name = next(name for name in NAMES[what] if hasattr(client, name))
    return quietly(getattr(client, name), *arguments, **named)


def refused(client, what, *arguments, **named):
    """The code of the error that a method raises."""
    try:
        return call(client, what, *arguments, **named)
    except Exception as error:
        return getattr(error, "error_code", repr(error))


def wait_for(client, task):
    """The status of a task that has finished."""
    until = time.monotonic() + 30
    while True:
        status = call(client, "join_status", task)
        if status["data"]["finish"] or time.monotonic() > until:
            return status


first = sign_in(7)
check.equal("the users of a new host", call(first, "list", additional=["description", "email", "expired", "passwd_never_expire"]), {
    "data": {"offset": 0, "total": 2, "users": [
        {"description": "System default user", "email": "", "expired": "normal", "name": "admin", "passwd_never_expire": True},
        {"description": "Guest", "email": "", "expired": "now", "name": "guest", "passwd_never_expire": True}]},
    "success": True})
check.equal("names that users are not given", call(first, "names")["data"][:9], [
    "root", "rootuser", "rootusr", "admin", "administrator", "adm", "adminuser", "adminusr", "user"])
rules = {
    "exclude_username": True, "history_num": 0, "included_numeric_char": True, "included_special_char": False,
    "min_length": 8, "min_length_enable": True, "mixed_case": True}
policy = {"data": {"enable_reset_passwd_by_email": False, "password_must_change": False, "strong_password": rules}, "success": True}
check.equal("the policy", call(first, "policy"), policy)
expiry = {"data": {
    "allow_reset_after_expired": True, "enable_login_prompt": False, "enable_mail_notification": False,
    "mail_notification_days": "", "min_age_enable": False, "password_expire_enable": False}, "success": True}
check.equal("the expiry", call(first, "expiry"), expiry)

uid = 1025
for version, secure in [(6, False), (6, True), (7, False), (7, True)]:
    client = sign_in(version, secure)
    name, renamed = f"toto{version}{secure}", f"test_user{version}{secure}"

    # Users.
    uid += 1
    made = call(client, "create", name, "Violet-Harbour+7", "test description", "testemail@test.com", notify_by_email=True, send_password=True)
    check.equal("a user", made, {"data": {"name": name, "uid": uid}, "success": True})
    check.equal("who signs in", may_sign_in(name, "Violet-Harbour+7"), 0)
    check.equal("with this password alone", may_sign_in(name, "violet-harbour+7"), 400)
    fields = ["description", "email", "expired", "cannot_chg_passwd", "passwd_never_expire", "password_last_change", "is_password_pending"]
    check.equal("what is known of him", call(client, "get", name, fields), {"data": {"users": [{
        "cannot_chg_passwd": False, "description": "test description", "email": "testemail@test.com", "expired": "normal",
        "is_password_pending": False, "name": name, "passwd_never_expire": True, "password_last_change": TODAY, "uid": uid}]},
        "success": True})
    check.equal("the same once more", refused(client, "create", name.upper(), "Violet-Harbour+7"), 3107)
    check.equal("a reserved name", refused(client, "create", "root", "Violet-Harbour+7"), 3114)
    check.equal("what is no name", refused(client, "create", "to\"to\n", "Violet-Harbour+7"), 3103)
    check.equal("a password that is too simple", refused(client, "create", "simple", "password"), 3121)
    check.equal("a password with the name in it", refused(client, "create", "simple", "Simple-Harbour-7"), 3121)
    check.equal("what is no date", refused(client, "create", "dated", "Violet-Harbour+7", expire="tomorrow"), 3103)
    check.equal("what is no address", refused(client, "create", "lost", "Violet-Harbour+7", email="nowhere"), 3103)
    check.equal("nobody", refused(client, "get", "nobody"), 3106)

    changed = call(client, "modify", name, renamed, password="Amber \"Castle\" 9&%", description="another", email="", cannot_chg_passwd=True)
    check.equal("a change", changed, {"data": {"name": renamed, "password_last_change": TODAY, "uid": uid}, "success": True})
    check.equal("the old name is nobody's", may_sign_in(name, "Amber \"Castle\" 9&%"), 400)
    check.equal("the old password no one's", may_sign_in(renamed, "Violet-Harbour+7"), 400)
    check.equal("the new ones count", may_sign_in(renamed, "Amber \"Castle\" 9&%"), 0)
    found = call(client, "get", renamed, ["description", "email", "cannot_chg_passwd"])["data"]["users"][0]
    check.equal("and the rest", found, {"cannot_chg_passwd": True, "description": "another", "email": "", "name": renamed, "uid": uid})
    call(client, "modify", renamed, renamed, expire="now")
    check.equal("a disabled user", may_sign_in(renamed, "Amber \"Castle\" 9&%"), 401)
    call(client, "modify", renamed, "", expire="2030/1/31")
    check.equal("a last day", call(client, "get", renamed, ["expired"])["data"]["users"][0]["expired"], "2030/1/31")
    check.equal("until which he signs in", may_sign_in(renamed, "Amber \"Castle\" 9&%"), 0)
    check.equal("a change of nobody", refused(client, "modify", "nobody", "nobody2"), 3106)
    check.equal("a name that is taken", refused(client, "modify", renamed, "guest"), 3107)
    check.equal("another name for admin", refused(client, "modify", "admin", "boss"), 3115)
    check.equal("the last administrator", refused(client, "modify", "admin", "admin", expire="now"), 3109)

    # A session ends with its password.
    other = sign_in(version, secure, renamed, "Amber \"Castle\" 9&%")
    check.equal("a user may not", refused(other, "list"), 105)
    check.true("but shows his password", "SynoConfirmPWToken" in call(other, "confirm", "Amber \"Castle\" 9&%")["data"])
    check.equal("and not another's", refused(other, "confirm", check.PASSWORD), 3121)
    call(client, "modify", renamed, renamed, password="Copper-Valley-3")
    check.equal("his session is over", refused(other, "policy"), 119)

    # Lists.
    listed = call(client, "list", offset=1, limit=1, sort_by="uid", sort_direction="DESC", additional=["groups", "2fa_status", "unknown"])["data"]
    check.equal("a page of users", (listed["offset"], listed["total"], listed["users"]), (
        1, 3, [{"2fa_status": False, "groups": ["users"], "name": "guest"}]))

    # Groups.
    groups = sign_in(version, secure, kind=core_group.Group)
    group = f"staff{version}{secure}"
    check.equal("a group", quietly(groups.create, group, "Staff")["data"]["name"], group)
    joined = call(client, "join", renamed, ["administrators", group, "misspelt"], [])
    check.true("a task", joined["data"]["task_id"].startswith("@administrators/groupbatch"), joined)
    status = wait_for(client, joined["data"]["task_id"])
    check.true("has a process", status["data"]["data"].pop("pid") > 0)
    check.equal("and an end", status, {"data": {
        "auto_remove": False, "data": {"name": renamed, "progress": 1, "total": 1, "uid": uid}, "finish": True,
        "info": {"api": "SYNO.Core.User.Group", "group": "admin", "method": "join", "prefix": "groupbatch", "version": 1},
        "success": True}, "success": True})
    check.equal("another sees it", wait_for(first, joined["data"]["task_id"])["data"]["finish"], True)
    check.equal("the groups", call(client, "list", additional=["groups"])["data"]["users"][-1]["groups"], sorted(["administrators", group, "users"]))
    other = sign_in(version, secure, renamed, "Copper-Valley-3")
    check.equal("an administrator may", call(other, "list")["data"]["total"], 3)
    check.equal("but not delete himself", refused(other, "delete", renamed), 105)
    check.equal("the members", [user["name"] for user in quietly(groups.get_users, group)["data"]["users"]], [renamed])
    quietly(groups.add_users, group, ["admin", "nobody"])
    quietly(groups.remove_users, group, [renamed])
    check.equal("other members", [user["name"] for user in quietly(groups.get_users, group)["data"]["users"]], ["admin"])
    check.equal("and the others", [user["name"] for user in quietly(groups.get_users, group, False)["data"]["users"]], ["guest", renamed])
    listed = quietly(groups.get_groups)["data"]
    check.equal("the list of groups", sorted(row["name"] for row in listed["groups"]), sorted(["administrators", "http", group, "users"]))
    wait_for(client, call(client, "join", renamed, [], ["administrators", group])["data"]["task_id"])
    check.equal("who has left may not", refused(other, "list"), 105)
    check.equal("the last administrator stays", refused(client, "join", "admin", [], ["administrators"]), 3210)
    check.equal("nobody joins", refused(client, "join", "nobody", ["users"], []), 3106)
    check.equal("a task that there is not", refused(client, "join_status", "@administrators/groupbatch0"), 117)
    check.equal("a group goes", quietly(groups.delete, [group])["data"], {})

    # Policies. The client loses the rules on its way, and the host keeps them as they are.
    check.equal("a policy", call(client, "set_policy", min_length=12, mixed_case=False), {"data": {}, "success": True})
    check.equal("is what it was", call(client, "policy"), policy)
    call(client, "set_policy", password_must_change=True)
    call(client, "modify", renamed, renamed, password="Silver-Meadow-5")
    check.equal("a password to be changed", may_sign_in(renamed, "Silver-Meadow-5"), 410)
    call(client, "set_policy", password_must_change=False)
    call(client, "modify", renamed, renamed, password="Golden-Island-8", passwd_never_expire=False)
    check.equal("one that stays", may_sign_in(renamed, "Golden-Island-8"), 0)
    done = call(client, "set_expiry", True, 60, True, 2, True, 7, False, True, [renamed, "nobody"])
    check.equal("an expiry", done, {"success": True})
    check.equal("is in force", call(client, "expiry")["data"], {
        "allow_reset_after_expired": False, "enable_login_prompt": True, "enable_mail_notification": True, "login_prompt_days": 7,
        "mail_notification_days": "", "max_age": 60, "min_age": 2, "min_age_enable": True, "never_expired_list": [renamed],
        "password_expire_enable": True})
    check.equal("an age that there is not", refused(client, "set_expiry", True, 1000), 3103)
    check.equal("a least age above the greatest", refused(client, "set_expiry", True, 5, True, 5), 3103)
    call(client, "set_expiry", never_expired_list=[])
    check.equal("the expiry is off", call(client, "expiry"), expiry)

    # The password of the session.
    check.true("a proof", len(call(client, "confirm", check.PASSWORD)["data"]["SynoConfirmPWToken"]) > 20)
    check.equal("a wrong password", refused(client, "confirm", "wrong"), 3121)

    # Deleting.
    check.equal("a user goes", call(client, "delete", renamed), {"data": {"name": renamed, "uid": uid}, "success": True})
    check.equal("and signs in no more", may_sign_in(renamed, "Golden-Island-8"), 400)
    check.equal("the same once more", refused(client, "delete", renamed), 3106)
    check.equal("guest stays", refused(client, "delete", "guest"), 3115)
    check.equal("admin stays", refused(client, "delete", "admin"), 3115)
    quietly(client.logout)

# An administrator of the domain administers the host too.
domain = sign_in(7, user="EXAMPLE\\Administrator")
check.equal("the domain's Administrator", call(domain, "list")["data"]["total"], 2)
check.true("shows his own password", "SynoConfirmPWToken" in call(domain, "confirm", check.PASSWORD)["data"])
