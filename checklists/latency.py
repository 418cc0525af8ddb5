"""The round trip to a server, as both kinds of visit ask for it."""

from checklists.visit_working_v1 import ONLINE, measured
from checklists.words import Words

LATENCY = measured("latency", Words("平均时延", "Average round trip"), "ping_avg", ONLINE, blocks=False)
