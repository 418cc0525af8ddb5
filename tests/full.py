"""Whether tests and proofs run at their full sizes: DOORSTEP_HEAVY=1. Else at those that suit every commit."""

import os

FULL = bool(os.environ.get("DOORSTEP_HEAVY"))
