"""What an answer means: a short list, folded, and nothing guessed."""

import pytest

from dispatch.visits.replying import meaning_of

CONFIRM = ["1", "１", " 1 ", "“1”", "1。", "回复1", "回1", "y", "Ｙ", "YES", "Yes!", "ok", "是", "是的", "好", "好的。"]
CONFIRM += ["好的，谢谢", "确认", "「确认」", "没问题", "Yes, thanks"]
CALL = ["2", "２", "N", "no", "改期", "换时间", "不方便", "没空", "请来电", "回复 2", "改", "No, thank you"]
STOP = ["TD", "ｔｄ", "T", "退订", "回T退订", "stop"]
UNKNOWN = [
    "",
    " ",
    "3",
    "12",
    "11",
    "不好",
    "不是",
    "好不好",
    "1还是2",
    "几点来",
    "明天可以吗",
    "谢谢",
    "收到",
    "yes or no",
]
UNKNOWN += ["😀", "回复", "1" * 600, "\x00"]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        *((text, "confirm") for text in CONFIRM),
        *((text, "call_me") for text in CALL),
        *((text, "stop") for text in STOP),
        *((text, "unknown") for text in UNKNOWN),
    ],
)
def test_what_an_answer_means(text: str, meaning: str) -> None:
    assert meaning_of(text) == meaning
