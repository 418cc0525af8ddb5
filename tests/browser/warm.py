"""What servers of tests are forked from: everything imported, and the planner's machine code in memory."""

import tests.browser.serving
from dispatch.planning.optimiser.searching import warm_up

assert tests.browser.serving
warm_up()
