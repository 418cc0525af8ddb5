"""Refusals: a rule says no, and says what to do instead.

Three families, each with one HTTP status in `mobile_api.errors`. Anything else that is raised is a bug and stays loud.
A refusal's `name` is its stable public type (`too-late-to-move`), for programs; its words are for people.
"""

from typing import Any

from checklists.words import Words


class Refusal(Exception):
    """A rule says no. `words` says why and what to do instead; `facts` are safe to show to whoever asked."""

    name = "refused"
    title = Words("无法办理", "Refused")

    def __init__(self, words: Words, *, name: str | None = None, facts: dict[str, Any] | None = None) -> None:
        super().__init__(words.en)
        self.words = words
        self.name = name or type(self).name
        self.facts = facts or {}


class NotFound(Refusal):
    """There is no such thing, or it is not yours: the two look alike on purpose."""

    name = "not-found"
    title = Words("未找到", "Not found")

    def __init__(self, words: Words | None = None) -> None:
        super().__init__(words or Words("没有找到，请检查链接或编号。", "Not found. Check the link or the number."))


class NotAllowed(Refusal):
    """The present state, or another booking, forbids it."""

    name = "not-allowed"
    title = Words("当前状态不允许", "Not allowed now")


class Stale(NotAllowed):
    """Somebody changed it since the asker looked."""

    name = "stale-version"
    title = Words("已被他人修改", "Changed by someone else")

    def __init__(self, current: int) -> None:
        super().__init__(
            Words(
                "这条记录已被他人修改，请查看最新内容后重试。",
                "Someone changed this since you looked. Look again, then retry.",
            ),
            facts={"current_version": current},
        )


class Invalid(Refusal):
    """It cannot be, whatever the state: a window that ends before it starts."""

    name = "invalid"
    title = Words("内容有误", "Invalid")


class Forbidden(Refusal):
    """The role does not do this kind of thing at all (never used to tell whether something exists)."""

    name = "forbidden"
    title = Words("没有权限", "Not your role")

    def __init__(self, words: Words | None = None) -> None:
        super().__init__(
            words or Words("您的角色不能进行此操作，请联系主管。", "Your role cannot do this. Ask a supervisor.")
        )
