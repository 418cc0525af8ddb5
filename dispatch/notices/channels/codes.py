"""A provider's error codes, by what they mean for a message; the tables are in the provider's own file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from dispatch.notices.channels.calls import Reply
from dispatch.notices.channels.protocol import Outcome

UNLIKE = Outcome("unknown", "not what the provider promises to answer")


@dataclass(frozen=True)
class Codes:
    """What a code means.

    `refused`: this message is never taken, and why. `numbers`: too many to one number, and how long to wait.
    `all_of_us` (beginnings of codes): the provider wants all of us to wait. `open` (beginnings): it may have it.
    `ours`: our own fault, and what to do; so are codes that stand nowhere, unless the provider itself is in trouble.
    """

    refused: Mapping[str, str]
    all_of_us: Mapping[str, timedelta]
    open: tuple[str, ...]
    ours: Mapping[str, str]
    numbers: Mapping[str, timedelta] = field(default_factory=dict)

    def outcome(self, code: str, reply: Reply) -> Outcome:
        """What a code in an answer to sending means; `code` is empty for an answer without one."""
        if not code:
            return _without_a_code(reply)
        if code in self.refused:
            return Outcome("refused", f"{code}: {self.refused[code]}")
        if code in self.numbers:
            return Outcome("busy", f"{code}: too many to this number", self.numbers[code])
        all_of_us = next((wait for begin, wait in self.all_of_us.items() if code.startswith(begin)), None)
        if all_of_us is not None:
            return Outcome("busy", code, reply.retry_after() or all_of_us, whole_channel=True)
        if code not in self.ours and (code.startswith(self.open) or reply.status >= 500):
            return Outcome("unknown", code)
        return Outcome("busy", f"{code}: {self.ours.get(code, 'see the error codes of the provider')}")


def _without_a_code(reply: Reply) -> Outcome:
    if reply.status in (429, 503):
        return Outcome("busy", f"HTTP {reply.status}", reply.retry_after(), whole_channel=reply.status == 429)
    return Outcome("unknown", f"HTTP {reply.status}, {UNLIKE.problem}")
