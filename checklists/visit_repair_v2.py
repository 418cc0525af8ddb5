"""Repair, version 2: the round trip is asked for beside the rates, as the line test in the page measures it."""

from checklists.latency import LATENCY
from checklists.visit_repair_v1 import VISIT_REPAIR_V1

VISIT_REPAIR_V2 = VISIT_REPAIR_V1.with_field("file", "upload", LATENCY, version=2)
