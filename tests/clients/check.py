"""What the scripts share: where the server is, and checks that print a line each and fail loudly."""

import os
import sys

LDAP_URL = os.environ["LDAP_URL"]
LDAPS_URL = os.environ["LDAPS_URL"]
CA_FILE = os.environ["CA_FILE"]
BASE = os.environ["BASE"]
USERS = "CN=Users," + BASE
ADMINISTRATOR = os.environ["ADMINISTRATOR"]
PASSWORD = os.environ["PASSWORD"]


def equal(claim, actual, expected):
    """The two are the same."""
    if actual != expected:
        sys.exit(f"FAILED {claim}: {actual!r} instead of {expected!r}")
    print("ok", claim)


def true(claim, fact, seen=None):
    """The fact holds; what was seen is shown when it does not."""
    if not fact:
        sys.exit(f"FAILED {claim}: {seen!r}")
    print("ok", claim)


def raises(claim, error, act):
    """The act ends with the error."""
    try:
        result = act()
    except error:
        print("ok", claim)
        return
    sys.exit(f"FAILED {claim}: no {error.__name__} but {result!r}")


def fail(claim, actual, expected):
    """The claim does not hold."""
    sys.exit(f"FAILED {claim}: {actual!r} instead of {expected!r}")
