"""Installation, version 2: the round trip is asked for beside the rates, as the line test in the page measures it."""

from checklists.latency import LATENCY
from checklists.visit_install_v1 import VISIT_INSTALL_V1

VISIT_INSTALL_V2 = VISIT_INSTALL_V1.with_field("proof", "upload", LATENCY, version=2)
