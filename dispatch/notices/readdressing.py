"""When a customer's number or mail address is corrected: what has not left yet goes where they can be reached now."""

from sqlalchemy import or_, select

from dispatch.accounts.turn import Turn
from dispatch.notices.actions import Reader
from dispatch.notices.tables import CallTask, Notice


def readdress(turn: Turn, reader: Reader) -> int:
    """Send what is still owed to `reader` to their present number and address; open calls dial it too.

    What may have left already stays as it is: it would be told twice. Returns how many notices changed.
    """
    waiting = turn.session.scalars(
        select(Notice)
        .where(
            Notice.customer_id == reader.customer_id,
            Notice.state == "owed",
            or_(Notice.last_problem.is_(None), Notice.last_problem != "unknown"),
            or_(Notice.to != reader.phone, Notice.mail.is_distinct_from(reader.mail)),
        )
        .with_for_update()
    ).all()
    for notice in waiting:
        notice.to, notice.mail = reader.phone, reader.mail
        if reader.mail is None and "mail" in notice.routes:
            notice.routes = [way for way in notice.routes if way != "mail"]
    calls = turn.session.scalars(
        select(CallTask).where(CallTask.customer_id == reader.customer_id, CallTask.state == "open").with_for_update()
    ).all()
    for task in calls:
        task.phone, task.language = reader.phone, reader.language
    return len(waiting)
