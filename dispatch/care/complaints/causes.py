"""Why customers complain: a tree of two levels, as data in causes.json. Pure."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from checklists.words import Words
from dispatch.errors import Invalid

FILE = Path(__file__).with_name("causes.json")


@dataclass(frozen=True)
class Cause:
    """A cause, or a group of causes (`under`). Keys are stable: figures and cases keep them."""

    key: str
    words: Words
    under: tuple["Cause", ...] = ()


def _read(one: dict[str, Any]) -> Cause:
    return Cause(one["key"], Words(one["zh"], one["en"]), tuple(_read(child) for child in one.get("under", ())))


@lru_cache(maxsize=1)
def tree() -> tuple[Cause, ...]:
    """The groups with their causes."""
    return tuple(_read(one) for one in json.loads(FILE.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def causes() -> dict[str, Cause]:
    """Every cause that may be chosen (a leaf of the tree), by key."""
    return {cause.key: cause for group in tree() for cause in group.under}


@lru_cache(maxsize=1)
def groups() -> dict[str, Cause]:
    """The groups by key: what a complaint is about when it comes in."""
    return {group.key: group for group in tree()}


def cause_words(key: str | None) -> Words:
    """A cause or group in words, with its group before it; as it is for a key of an older tree."""
    if not key:
        return Words("未定", "not known yet")
    group = groups().get(key.partition(".")[0])
    leaf = causes().get(key)
    if group is None:
        return Words(key, key)
    if leaf is None:
        return group.words
    return Words(f"{group.words.zh}：{leaf.words.zh}", f"{group.words.en}: {leaf.words.en.lower()}")


def must_be_a_cause(key: str) -> str:
    """`key`, if it is a leaf of the tree."""
    if key not in causes():
        raise Invalid(Words("请从原因树中选择具体原因。", "Choose a cause of the tree."), name="cause-unknown")
    return key


def must_be_a_group(key: str) -> str:
    """`key`, if it is a group of the tree."""
    if key not in groups():
        raise Invalid(Words("请选择投诉的类别。", "Choose what the complaint is about."), name="subject-unknown")
    return key
