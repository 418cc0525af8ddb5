"""Decisions about signing in: pure, values and `now` in, decision out."""

from datetime import datetime, timedelta

from checklists.words import Words
from dispatch.errors import Invalid, NotAllowed

TRIES = 10
TRIES_WITHIN = timedelta(minutes=15)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200  # argon2 would take more; a limit keeps one request from costing much


class TooManyTries(NotAllowed):
    """Too many failed tries for this account or from this address."""

    name = "too-many-tries"
    title = Words("尝试次数过多", "Too many tries")

    def __init__(self, retry_after: timedelta) -> None:
        seconds = max(1, int(retry_after.total_seconds()))
        minutes = -(-seconds // 60)
        super().__init__(
            Words(
                f"登录尝试次数过多，请 {minutes} 分钟后再试。",
                f"Too many tries. Wait {minutes} minutes, then try again.",
            ),
            facts={"retry_after": seconds},
        )


def may_try(failures: list[datetime], *, now: datetime) -> None:
    """Refuse a try when `failures` (of one account, or of one address) fill the limit within the last 15 minutes."""
    recent = sorted(at for at in failures if at > now - TRIES_WITHIN)
    if len(recent) >= TRIES:
        raise TooManyTries(recent[-TRIES] + TRIES_WITHIN - now)


def good_password(password: str) -> str:
    """`password`, if it is long enough to be kept; refuses with `Invalid`."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(
            Words(
                f"密码长度应为 {SHORTEST_PASSWORD} 到 {LONGEST_PASSWORD} 个字符。",
                f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.",
            ),
            name="password-length",
        )
    return password
