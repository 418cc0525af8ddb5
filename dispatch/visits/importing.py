"""Taking in a whole file of work orders: nothing or all, and the same file again changes nothing.

Says the same as `take_in_order` row by row, but asks the database once for some hundred rows: ten thousand rows are a
matter of seconds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import DESK
from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.database import one_at_a_time
from dispatch.errors import Invalid, NotAllowed
from dispatch.visits.known_rows import KnownRows
from dispatch.visits.left_out import note_left_out
from dispatch.visits.order_files.shapes import OrderFile, OrderRow
from dispatch.visits.orders import OrderFacts
from dispatch.visits.windows import Window

AT_ONCE = 300  # rows asked for together; SQLite binds a limited number of values
MOST_NAMED = 20  # line numbers that a refusal names


@dataclass(frozen=True)
class ImportOutcome:
    """What came of a file, by its line numbers. `changed` are known with other content and were left as they are."""

    new: int
    known: int
    changed: tuple[tuple[int, str], ...]
    bad: tuple[int, ...]

    @property
    def complete(self) -> bool:
        """Whether every row of the file is in the database now, as the file says it."""
        return not self.changed and not self.bad


class RowsRefused(Invalid):
    """Some rows cannot be taken, and the whole file was asked for: nothing is stored."""

    name = "import-rows-refused"
    title = Words("有不能导入的行", "Rows that cannot be imported")

    def __init__(self, bad: Sequence[int], changed: Sequence[tuple[int, str]]) -> None:
        told_zh, told_en = [], []
        if bad:
            told_zh.append(f"第 {_lines(bad, '、')} 行有误")
            told_en.append(f"lines {_lines(bad, ', ')} cannot be read")
        if changed:
            lines = [line for line, _ in changed]
            told_zh.append(f"第 {_lines(lines, '、')} 行的工单已存在但内容不同")
            told_en.append(f"lines {_lines(lines, ', ')} are known with other content")
        super().__init__(
            Words(
                f"未导入任何数据：{'；'.join(told_zh)}。请更正后重新导入，或选择跳过这些行。",
                f"Nothing was imported: {'; '.join(told_en)}. Correct them and import again, or skip these rows.",
            ),
            facts={"bad": list(bad), "changed": [{"line": line, "external_id": name} for line, name in changed]},
        )


class TakenMeanwhile(NotAllowed):
    """Somebody else took in one of these orders at the same moment."""

    name = "import-taken-meanwhile"

    def __init__(self) -> None:
        super().__init__(
            Words(
                "导入期间有相同的工单被其他人录入，本次未导入任何数据。请重新导入一次。",
                "Somebody took in one of these orders at the same moment, so nothing was imported. Import again.",
            )
        )


def import_orders(
    turn: Turn, order_file: OrderFile, *, skip_bad: bool = False, name: str = "", sha256: str | None = None
) -> ImportOutcome:
    """Take in every order of a file that was read by `read_orders`.

    Without `skip_bad` rows that cannot be taken refuse the whole file with RowsRefused (the edge rolls back); with it
    they are left out, named in the outcome, and wait for a person under the file's `name` (`sha256`: where it is kept).
    An order that is known with the same content changes nothing.
    """
    turn.viewer.must_be(DESK)
    bad = tuple(sorted({row.line for row in order_file.refused}))
    if bad and not skip_bad:
        raise RowsRefused(bad, ())
    one_at_a_time(turn.session, "import-orders")
    rows = KnownRows(turn)
    new = known = 0
    changed: list[tuple[int, str]] = []
    try:
        for some in _in_parts(order_file.rows):
            told = [facts_of(row) for row in some]
            rows.look_up(told)
            for row, facts in zip(some, told, strict=True):
                kept = rows.fingerprint_of(row.external_id)
                if kept is None:
                    rows.take_in(facts)
                    new += 1
                elif kept == facts.fingerprint:
                    known += 1
                else:
                    changed.append((row.line, row.external_id))
            turn.session.flush()
    except IntegrityError as error:
        raise TakenMeanwhile from error
    if changed and not skip_bad:
        raise RowsRefused((), changed)
    note_left_out(turn, [*bad, *(line for line, _ in changed)], name=name, sha256=sha256)
    turn.audit(
        "import_orders", "import", turn.now.isoformat(), new=new, known=known, changed=len(changed), bad=len(bad)
    )
    return ImportOutcome(new, known, tuple(changed), bad)


def facts_of(row: OrderRow) -> OrderFacts:
    """A row of a file as a work order told."""
    return OrderFacts(
        kind=row.kind,
        customer=CustomerFacts(
            row.customer_name, row.phone, row.customer_external_id, row.language or "zh", row.mail, row.channel
        ),
        site=SiteFacts(row.address, row.latitude, row.longitude, row.area),
        line=LineFacts(
            row.account, row.product, row.access or "gpon", row.subscribed_down_mbps, row.subscribed_up_mbps
        ),
        external_id=row.external_id,
        symptoms=row.symptoms,
        note=row.note,
        reported_at=row.reported_at,
        deadline=row.deadline,
        minutes=row.minutes,
        skills=row.skills,
        wanted=Window(*row.wanted_window) if row.wanted_window else None,
    )


def _in_parts(rows: Sequence[OrderRow]) -> Iterator[Sequence[OrderRow]]:
    for first in range(0, len(rows), AT_ONCE):
        yield rows[first : first + AT_ONCE]


def _lines(lines: Sequence[int], comma: str) -> str:
    named = comma.join(str(line) for line in lines[:MOST_NAMED])
    return named + (f" … ({len(lines)})" if len(lines) > MOST_NAMED else "")
