"""Figures for a monitoring system, in the text format that Prometheus reads. Off until an operator sets its token."""

import hmac
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from dispatch.errors import NotFound
from dispatch.notices.figures import Figures, figures
from dispatch.notices.tables import STATES
from mobile_api.dependencies import house_of

router = APIRouter(include_in_schema=False)


class _Told:
    """The figures of notices, as one scrape's metrics."""

    def __init__(self, found: Figures) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        found = self._found
        states = GaugeMetricFamily("doorstep_notices", "Notices by state.", labels=["state"])
        for state in STATES:
            states.add_metric([state], found.by_state.get(state, 0))
        yield states
        sent = GaugeMetricFamily("doorstep_notices_sent", "Notices that a channel took.", labels=["channel"])
        for channel, count in sorted(found.sent_by_channel.items()):
            sent.add_metric([channel], count)
        yield sent
        paused = GaugeMetricFamily("doorstep_channel_paused", "Channels that a person paused.", labels=["channel"])
        for channel in sorted(found.paused):
            paused.add_metric([channel], 1)
        yield paused
        for name, about, value in (
            ("doorstep_notices_due", "Notices that are free to leave and have not.", found.due),
            (
                "doorstep_notices_oldest_due_seconds",
                "How long the oldest of them has waited.",
                found.oldest_due_seconds,
            ),
            ("doorstep_notices_at_risk", "Untold, and a person would have to call within 45 minutes.", found.at_risk),
            ("doorstep_notices_breaches", "Notices that missed the two-hour rule.", found.breaches),
            ("doorstep_calls_open", "Calls that a person has to make.", found.calls_open),
            ("doorstep_calls_overdue", "Of them, those that are overdue.", found.calls_overdue),
        ):
            yield GaugeMetricFamily(name, about, value=value)


@router.get("/metrics")
def metrics(request: Request, authorization: Annotated[str, Header(max_length=300)] = "") -> Response:
    """The figures, for who has the token; for everybody else there is nothing here."""
    house = house_of(request)
    wanted = f"Bearer {house.settings.metrics_token}"
    given = authorization.encode("utf-8", "replace")
    if not house.settings.metrics_token or not hmac.compare_digest(wanted.encode(), given):
        raise NotFound
    with house.database.reading() as session:
        found = figures(session, house.database.now())
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(found))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
