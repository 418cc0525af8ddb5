"""The figures once more, in plain SQL over the product's own rows: nothing of the product's code decides anything here.

`TRUTH` makes one temporary row a visit, order and complaint; a figure is then a sum over a count of it.
"""

from typing import Any

from sqlalchemy import Connection, text

NOW = "{now}"
SAID = """(SELECT points FROM (
    SELECT {name} AS points, at AS said, 1 AS weight FROM ratings WHERE visit_id = v.id AND {name} IS NOT NULL
    UNION ALL SELECT {name}, done_at, 2 FROM return_calls
        WHERE visit_id = v.id AND {name} IS NOT NULL AND done_at IS NOT NULL
    {on_site}) AS x ORDER BY said DESC, weight DESC LIMIT 1)"""
ON_SITE = """UNION ALL SELECT {points}, r.sealed_at, 0 FROM records r
        WHERE r.visit_id = v.id AND r.revision = 1 AND {points} IS NOT NULL"""
VISITS = """
CREATE TEMPORARY TABLE truth_visits AS
WITH base AS (
    SELECT v.id, v.work_order_id, v.technician_id, o.line_id, o.kind, v.status, v.checklist,
        s.area_id, {day_of_window} AS day,
        {w0} AS w0, {w1} AS w1, CASE WHEN {w1} - {w0} <= 1800 THEN {w0} ELSE {w1} END AS latest,
        {w1} - {w0} <= 1800 AS exact, {arrived} AS arrived, {ended} AS ended, {planned} AS planned,
        {reported} AS reported, v.confirmed_at IS NOT NULL AS has_confirmed,
        v.status = 'sealed' AND v.ended_at IS NOT NULL AS completed
    FROM visits v JOIN work_orders o ON o.id = v.work_order_id JOIN sites s ON s.id = o.site_id),
arrivals AS (
    SELECT base.*, CASE
        WHEN status = 'cancelled' THEN NULL
        WHEN arrived IS NULL THEN CASE
            WHEN status IN ('booked', 'en_route', 'on_site') AND {now} > latest THEN 'missed' END
        WHEN arrived > latest THEN 'late'
        WHEN exact AND arrived < w0 - 600 OR NOT exact AND arrived < w0 THEN 'too_early'
        WHEN exact AND arrived <= w0 - 300 THEN 'five_to_ten' ELSE 'in_window' END AS arrival FROM base),
lasting AS (
    SELECT a.*, CASE WHEN completed AND {now} > ended + 604800 THEN CASE WHEN EXISTS (
            SELECT 1 FROM work_orders f WHERE f.line_id = a.line_id AND f.kind = 'repair' AND f.state <> 'cancelled'
            AND {f_reported} > a.ended AND {f_reported} <= a.ended + 604800) THEN 1 ELSE 0 END END AS repeat_7,
        CASE WHEN completed AND {now} > ended + 2592000 THEN CASE WHEN EXISTS (
            SELECT 1 FROM work_orders f WHERE f.line_id = a.line_id AND f.kind = 'repair' AND f.state <> 'cancelled'
            AND {f_reported} > a.ended AND {f_reported} <= a.ended + 2592000) THEN 1 ELSE 0 END END AS repeat_30,
        EXISTS (SELECT 1 FROM visits e WHERE e.work_order_id = a.work_order_id AND e.status = 'sealed'
            AND e.ended_at IS NOT NULL AND {e_ended} < a.ended) AS has_earlier,
        EXISTS (SELECT 1 FROM visits e WHERE e.work_order_id = a.work_order_id AND e.status = 'sealed'
            AND e.ended_at IS NOT NULL AND {e_ended} > a.ended) AS has_later FROM arrivals a)
SELECT v.id, v.day, v.technician_id, v.area_id, v.kind, v.arrival,
    CASE WHEN arrival IS NULL THEN NULL WHEN arrival IN ('five_to_ten', 'in_window') THEN 1 ELSE 0 END AS on_time,
    CASE WHEN arrival IN ('late', 'missed') THEN CASE WHEN EXISTS (SELECT 1 FROM notices n WHERE n.visit_id = v.id
        AND n.kind = 'running_late' AND n.resend_of IS NULL AND ({accepted} <= latest OR {phoned} <= latest))
        THEN 1 ELSE 0 END END AS late_told,
    CASE WHEN planned IS NULL OR arrival IS NULL THEN NULL
        WHEN arrived <= planned + 900 THEN 1 ELSE 0 END AS plan_kept,
    (SELECT count(*) FROM visit_changes c LEFT JOIN notices n ON n.visit_id = c.visit_id
        AND n.visit_version = c.version AND n.resend_of IS NULL AND n.kind IN ('moved', 'cancelled')
        WHERE c.visit_id = v.id AND c.what IN ('moved', 'cancelled') AND (c.breach OR c.tell_until IS NOT NULL AND
            (n.accepted_at IS NOT NULL OR n.phoned_at IS NOT NULL
             OR COALESCE(n.state, '') <> 'superseded' AND {now} > {until}))) AS notices_owed,
    (SELECT count(*) FROM visit_changes c JOIN notices n ON n.visit_id = c.visit_id
        AND n.visit_version = c.version AND n.resend_of IS NULL AND n.kind IN ('moved', 'cancelled')
        WHERE c.visit_id = v.id AND c.what IN ('moved', 'cancelled') AND NOT c.breach
            AND ({accepted} <= {until} OR {phoned} <= {until})) AS notices_kept,
    CASE WHEN status = 'cancelled' THEN NULL WHEN EXISTS (SELECT 1 FROM notices n WHERE n.visit_id = v.id
        AND n.kind IN ('booked', 'moved') AND n.resend_of IS NULL AND ({accepted} <= w0 OR {phoned} <= w0)) THEN 1
        WHEN {now} > w0 THEN 0 END AS booking_told,
    CASE WHEN status = 'cancelled' OR {now} < w0 THEN NULL WHEN has_confirmed THEN 1 ELSE 0 END AS confirmed,
    CASE WHEN kind = 'repair' AND completed AND NOT has_earlier AND repeat_7 IS NOT NULL THEN CASE
        WHEN NOT has_later AND repeat_7 = 0 AND NOT EXISTS (SELECT 1 FROM return_calls c WHERE c.visit_id = v.id
            AND c.fixed IN ('partly', 'no') AND c.done_at IS NOT NULL) THEN 1 ELSE 0 END END AS first_fix,
    repeat_7, repeat_30,
    CASE WHEN completed AND NOT has_later AND ended >= reported
        THEN CAST(floor((ended - reported) / 60.0) AS INTEGER) END AS handling_minutes,
    CASE WHEN completed AND ended >= arrived THEN CAST(floor((ended - arrived) / 60.0) AS INTEGER) END AS site_minutes,
    {overall} AS overall, {conduct} AS conduct, {recommend} AS recommend,
    CASE WHEN arrival IS NOT NULL OR status IN ('sealed', 'no_access') THEN CASE WHEN EXISTS (
        SELECT 1 FROM complaints c WHERE c.visit_id = v.id AND c.state <> 'withdrawn') THEN 1 ELSE 0 END END
        AS complained,
    {checklist} AS checklist, {kit} AS kit, {record} AS record
FROM lasting v
"""
ORDERS = """
CREATE TEMPORARY TABLE truth_orders AS
WITH base AS (
    SELECT o.id, s.area_id, o.kind, o.state, {day_of_report} AS day,
        CASE WHEN o.kind = 'repair' THEN {reported} + 48 * 3600 ELSE {deadline} END AS until,
        (SELECT max({e_ended}) FROM visits e WHERE e.work_order_id = o.id AND e.status = 'sealed') AS done
    FROM work_orders o JOIN sites s ON s.id = o.site_id)
SELECT id, day, area_id, kind, CASE WHEN state = 'cancelled' OR until IS NULL OR {now} <= until THEN NULL
    WHEN state = 'done' AND done <= until THEN 1 ELSE 0 END AS in_limit FROM base
"""
COMPLAINTS = """
CREATE TEMPORARY TABLE truth_complaints AS
SELECT c.id, {day_of_complaint} AS day, c.technician_id, c.area_id, o.kind,
    CASE WHEN c.appeals > 0 OR c.state = 'regulator' THEN 1 ELSE 0 END AS escalated,
    CASE WHEN c.state = 'withdrawn' OR {now} <= {final} OR EXISTS (SELECT 1 FROM complaint_rounds r
            WHERE r.complaint_id = c.id AND ({now} <= {r_answer} OR {now} <= {r_investigate} OR {now} <= {r_solve}))
        THEN NULL
    WHEN COALESCE(c.told_at, c.ended_at) IS NULL OR COALESCE(c.told_at, c.ended_at) > c.final_by THEN 0
    WHEN EXISTS (SELECT 1 FROM complaint_rounds r WHERE r.complaint_id = c.id AND (
        COALESCE(r.answered_at, c.ended_at) IS NULL OR COALESCE(r.answered_at, c.ended_at) > r.answer_by
        OR COALESCE(r.found_at, c.ended_at) IS NULL OR COALESCE(r.found_at, c.ended_at) > r.investigate_by
        OR COALESCE(r.offered_at, c.ended_at) IS NULL OR COALESCE(r.offered_at, c.ended_at) > r.solve_by)) THEN 0
    ELSE 1 END AS in_time
FROM complaints c LEFT JOIN visits v ON v.id = c.visit_id LEFT JOIN work_orders o ON o.id = v.work_order_id
"""
REQUIRED = "SELECT count(*) FROM truth_required q WHERE q.checklist = v.checklist"


def make_truth(connection: Connection, now: int, required: list[tuple[str, str, str]]) -> None:
    """The temporary tables. `now` in seconds since 1970; `required`: (checklist, step, key) always asked."""
    sqlite = connection.dialect.name == "sqlite"
    connection.execute(text("CREATE TEMPORARY TABLE truth_required (checklist text, step text, key text)"))
    connection.execute(
        text("INSERT INTO truth_required VALUES (:c, :s, :k)"), [{"c": c, "s": s, "k": k} for c, s, k in required]
    )
    words = _sqlite() if sqlite else _postgresql()
    json = _sqlite_json() if sqlite else _postgresql_json()
    at, day = words["at"], words["day"]
    places: dict[str, Any] = {
        "now": now, "day_of_window": day("v.window_start"), "day_of_report": day("o.reported_at"),
        "day_of_complaint": day("c.registered_at"), "w0": at("v.window_start"), "w1": at("v.window_end"),
        "arrived": at("v.arrived_at"), "ended": at("v.ended_at"), "planned": at("v.planned_start"),
        "reported": at("o.reported_at"), "f_reported": at("f.reported_at"), "e_ended": at("e.ended_at"),
        "accepted": at("n.accepted_at"), "phoned": at("n.phoned_at"), "until": at("c.tell_until"),
        "deadline": at("o.deadline"), "final": at("c.final_by"), "r_answer": at("r.answer_by"),
        "r_investigate": at("r.investigate_by"), "r_solve": at("r.solve_by"),
    }  # fmt: skip
    for name in ("overall", "conduct"):
        places[name] = SAID.format(name=name, on_site=ON_SITE.format(points=json["points"].format(name=name)))
    places["recommend"] = SAID.format(name="recommend", on_site="")
    for name in ("checklist", "kit", "record"):
        places[name] = (
            f"CASE WHEN completed THEN (SELECT CASE WHEN {json[name]} THEN 1 ELSE 0 END FROM records r"
            " WHERE r.visit_id = v.id AND r.revision = 1) END"
        )
    for made in (VISITS, ORDERS, COMPLAINTS):
        connection.exec_driver_sql(made.format(**places))


def _sqlite() -> dict[str, Any]:
    return {
        "at": lambda column: f"CAST(strftime('%s', {column}) AS INTEGER)",
        "day": lambda column: f"date({column}, '+8 hours')",
    }


def _postgresql() -> dict[str, Any]:
    return {
        "at": lambda column: f"CAST(EXTRACT(EPOCH FROM {column}) AS bigint)",
        "day": lambda column: f"to_char({column} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')",
    }


def _sqlite_json() -> dict[str, str]:
    return {
        "points": "json_extract(r.body, '$.rating.{name}')",
        "kit": "(SELECT count(*) FROM json_each(r.body, '$.kit') k WHERE json_extract(k.value, '$.carried') = 1) = 8",
        "checklist": f"""({REQUIRED}) = (SELECT count(*) FROM json_each(r.body, '$.steps') s,
            json_each(s.value, '$.entries') e JOIN truth_required q ON q.checklist = v.checklist
            AND q.step = json_extract(s.value, '$.key') AND q.key = json_extract(e.value, '$.key'))
            AND NOT EXISTS (SELECT 1 FROM json_each(r.body, '$.steps') s, json_each(s.value, '$.entries') e
                WHERE json_array_length(e.value, '$.flags') > 0)""",
        "record": """(SELECT count(*) FROM json_each(r.body, '$.signatures') g
            WHERE json_extract(g.value, '$.strokes_sha256') IS NOT NULL) = 2
            AND json_array_length(r.body, '$.measurements') > 0
            AND (v.kind = 'install' OR json_extract(r.body, '$.repair.fault_cause') IS NOT NULL)""",
    }


def _postgresql_json() -> dict[str, str]:
    return {
        "points": "CAST(CAST(r.body AS jsonb) -> 'rating' ->> '{name}' AS integer)",
        "kit": """(SELECT count(*) FROM jsonb_array_elements(CAST(r.body AS jsonb) -> 'kit') k
            WHERE CAST(k ->> 'carried' AS boolean)) = 8""",
        "checklist": f"""({REQUIRED}) = (SELECT count(*) FROM jsonb_array_elements(CAST(r.body AS jsonb) -> 'steps') s,
            jsonb_array_elements(s -> 'entries') e, truth_required q
            WHERE q.checklist = v.checklist AND q.step = s ->> 'key' AND q.key = e ->> 'key')
            AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(CAST(r.body AS jsonb) -> 'steps') s,
                jsonb_array_elements(s -> 'entries') e WHERE jsonb_array_length(e -> 'flags') > 0)""",
        "record": """(SELECT count(*) FROM jsonb_array_elements(CAST(r.body AS jsonb) -> 'signatures') g
            WHERE g ->> 'strokes_sha256' IS NOT NULL) = 2
            AND jsonb_array_length(CAST(r.body AS jsonb) -> 'measurements') > 0
            AND (v.kind = 'install' OR CAST(r.body AS jsonb) -> 'repair' ->> 'fault_cause' IS NOT NULL)""",
    }
