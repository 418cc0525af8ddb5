"""“What if” at the desk: a day with other people, hours or windows, its figures side by side, and as a file."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.clock import local_day
from dispatch.errors import Refusal
from dispatch.planning.actions import ask_for_plans
from dispatch.planning.asked import Asked, Otherwise
from dispatch.planning.comparing import Compared, as_csv, as_xlsx, label_of, table_of
from dispatch.planning.proposal import Proposal
from dispatch.planning.queries import plans_of_batch
from dispatch.planning.tables import PlanRun
from dispatch.technicians.queries import areas
from dispatch.technicians.tables import Area
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, day_from, read_form
from mobile_api.desk.plan_view import STATE_WORDS
from mobile_api.errors import status_of
from mobile_api.pages import language_of, page

router = APIRouter()
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES: dict[str, tuple[Words, Otherwise]] = {
    "more": (Words("增加一人", "One technician more"), Otherwise(technicians=1)),
    "fewer": (Words("减少一人", "One technician fewer"), Otherwise(technicians=-1)),
    "earlier": (Words("班次提前一小时", "Shifts an hour earlier"), Otherwise(shift_minutes=-60)),
    "later": (Words("班次推迟一小时", "Shifts an hour later"), Otherwise(shift_minutes=60)),
    "wider": (Words("时段两端各放宽半小时", "Windows half an hour wider at both ends"), Otherwise(widen_minutes=30)),
    "narrower": (Words("时段两端各收窄半小时", "Windows half an hour narrower"), Otherwise(widen_minutes=-30)),
}


class WhatIfShape(FormShape):
    """Which day of which area, and what is to be different in each line; the own line beside the usual ones."""

    day: Day
    area: UUID
    lines: list[Literal["more", "fewer", "earlier", "later", "wider", "narrower"]] = []
    technicians: Annotated[int, Field(ge=-20, le=20)] = 0
    shift: Annotated[int, Field(ge=-240, le=240)] = 0
    widen: Annotated[int, Field(ge=-120, le=240)] = 0

    def asked(self) -> list[Asked]:
        """The day as it is first, then each line."""
        own = Otherwise(technicians=self.technicians, shift_minutes=self.shift, widen_minutes=self.widen)
        wanted = [LINES[one][1] for one in dict.fromkeys(self.lines)] + ([own] if own != Otherwise() else [])
        return [Asked(), *(Asked(otherwise=one) for one in wanted)]


@router.get("/desk/what-if")
def ask_what_if(request: Request, turn: DeskReading, day: str = "", area: str = "") -> Response:
    """The form."""
    turn.viewer.must_be(PLANNERS)
    chosen = day_from(day, local_day(turn.now, turn.settings.zone))
    return _draw_form(request, turn, chosen, Form({"day": chosen, "area": area, "lines": ["more", "fewer"]}))


@router.post("/desk/what-if")
def what_if(request: Request, turn: DeskWriting, sent: Sent) -> Response:
    """A run for each line; they never change anything."""
    turn.viewer.must_be(PLANNERS)
    read = read_form(WhatIfShape, sent)
    day = day_from(str(sent.get("day")), local_day(turn.now, turn.settings.zone))
    if read.shape is None:
        return _draw_form(request, turn, day, read.again())
    shape = read.shape

    def do() -> str:
        return f"/desk/what-if/{ask_for_plans(turn, [shape.area], shape.day, 'what_if', shape.asked())[0].batch}"

    answer = attempt(turn, shape, "what if", do)
    return answer if isinstance(answer, Response) else _draw_form(request, turn, day, read.again(), answer)


@router.get("/desk/what-if/{batch}")
def show_what_if(request: Request, turn: DeskReading, batch: UUID) -> Response:
    """The lines side by side."""
    return page(request, "desk/what_if.html", **_facts(request, turn, batch), flashes=[])


@router.get("/desk/what-if/{batch}/live")
def refresh_what_if(request: Request, turn: DeskReading, batch: UUID) -> Response:
    """The same part of the page anew."""
    return page(request, "desk/what_if_live.html", **_facts(request, turn, batch))


@router.get("/desk/what-if/{batch}/export.{form}")
def export_what_if(request: Request, turn: DeskReading, batch: UUID, form: Literal["csv", "xlsx"]) -> Response:
    """The table as a file."""
    runs = plans_of_batch(turn.session, turn.viewer, batch)
    rows = table_of(_compared(runs), language_of(request))
    name = f"what-if-{runs[0].day}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if form == "csv":
        return Response(as_csv(rows), media_type="text/csv; charset=utf-8", headers=headers)
    return Response(as_xlsx(rows), media_type=XLSX, headers=headers)


def _compared(runs: list[PlanRun]) -> list[Compared]:
    return [
        Compared(
            label_of(run.wanted.otherwise),
            Proposal.kept(run.proposal).after if run.proposal else None,
            run.state,
        )
        for run in runs
    ]


def _facts(request: Request, turn: Turn, batch: UUID) -> dict[str, Any]:
    runs = plans_of_batch(turn.session, turn.viewer, batch)
    lines = _compared(runs)
    return {
        "batch": batch,
        "run": runs[0],
        "area": turn.session.get_one(Area, runs[0].area_id),
        "lines": list(zip(lines, table_of(lines, language_of(request))[1:], runs, strict=True)),
        "heads": table_of([], language_of(request))[0],
        "busy": any(run.state in ("waiting", "running") for run in runs),
        "state_words": STATE_WORDS,
        "may": may(turn.viewer),
    }


def _draw_form(request: Request, turn: Turn, day: date, form: Form, refusal: Refusal | None = None) -> Response:
    return page(
        request,
        "desk/what_if_ask.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        day=day,
        areas=areas(turn.session),
        usual={key: words for key, (words, _) in LINES.items()},
        form=form,
        refusal=refusal,
        may=may(turn.viewer),
    )
