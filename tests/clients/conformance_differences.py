"""The differences that are known, each with its reason. One that is not here fails the run, and so does a reason
whose difference has gone."""

# Case name -> reason.
KNOWN = {}
