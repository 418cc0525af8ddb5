"""`doorstep plan`: a day's problem as JSON in, a plan as JSON out; or judge a plan that was made elsewhere.

Published instances of the literature are read too; what is told about their plans is in the units of their files.
"""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklists.words import Words
from mobile_api.commands.speaking import REFUSED, WRONG_USAGE, LanguageName, complain, plainly, refuse

if TYPE_CHECKING:
    from dispatch.planning.optimiser.plan import Plan
    from dispatch.planning.optimiser.problem import Problem
    from dispatch.planning.optimiser.published.measuring import Published

LONGEST = 3_600.0  # seconds: whoever wants more gives iterations


class FormatName(StrEnum):
    """What a file may be."""

    auto = "auto"
    json = "json"
    solomon = "solomon"
    pillac = "pillac"


class MeasureName(StrEnum):
    """How far two published points are from each other."""

    double = "double"
    tenths = "tenths"


def plan(
    problem_file: Annotated[
        Path | None,
        typer.Argument(metavar="PROBLEM", help="排程问题 the day to plan", exists=True, dir_okay=False),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(min=0.1, max=LONGEST, help="计算秒数（默认 10） how long to look (10 by default)")
    ] = None,
    iterations: Annotated[
        int | None,
        typer.Option(
            min=1, max=10**9, help="固定轮数，结果可重现 so many rounds instead: the same plan on any machine"
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31, help="随机种子 seed of chance")] = 1,
    cores: Annotated[int, typer.Option(min=1, max=64, help="使用几个处理器核 cores to use")] = 1,
    out: Annotated[Path | None, typer.Option("--output", "-o", help="方案写入此文件 write the plan here")] = None,
    previous: Annotated[
        Path | None, typer.Option(help="从此方案出发重排 start from this plan", exists=True, dir_okay=False)
    ] = None,
    judge: Annotated[
        Path | None, typer.Option(help="只检查此方案 only judge this plan", exists=True, dir_okay=False)
    ] = None,
    form: Annotated[
        FormatName, typer.Option("--format", help="文件格式（默认自动识别） format of the file (recognised by default)")
    ] = FormatName.auto,
    vehicles: Annotated[
        int | None, typer.Option(min=1, max=5_000, help="solomon：改用此车辆数 so many vehicles instead of the file's")
    ] = None,
    measure: Annotated[
        MeasureName,
        typer.Option(help="文献距离：双精度，或截到一位小数 published ways: double precision, or cut to tenths"),
    ] = MeasureName.double,
    schema: Annotated[bool, typer.Option("--schema", help="输出 JSON Schema print the JSON Schemas")] = False,
    language: Annotated[LanguageName, typer.Option(help="检查结果的语言 language of the judge")] = LanguageName.zh,
) -> None:
    """排程：谁、何时、去哪里；或检查已有方案。 Plan a day, or judge a plan (exit code 1 if it breaks a rule)."""
    from dispatch.planning.optimiser.reading import check_size, plan_schema, problem_schema, read_plan

    if schema:
        shapes = {"problem": problem_schema(), "plan": plan_schema()}
        typer.echo(json.dumps(shapes, ensure_ascii=False, indent=2))
        return
    if problem_file is None:
        refuse(Words("请给出排程问题文件。", "Name the file with the day to plan."), WRONG_USAGE)
    if seconds is not None and iterations is not None:
        refuse(Words("--seconds 与 --iterations 只能选一个。", "Give either --seconds or --iterations."), WRONG_USAGE)
    with plainly():
        for file in (problem_file, judge, previous):
            check_size(file.stat().st_size if file is not None else 0)
        problem, published = _read(problem_file.read_bytes(), form, vehicles, measure)
        if judge is not None:
            _judge(problem, read_plan(judge.read_bytes()), language)
            return
        started_from = read_plan(previous.read_bytes()) if previous is not None else None
        found = _found(
            problem, None if iterations is not None else seconds or 10.0, iterations, seed, started_from, cores
        )
        text = found.model_dump_json(indent=2) + "\n"
        if out is None:
            typer.echo(text, nl=False)
        else:
            out.write_text(text, encoding="utf-8")
        _tell(found, published)


def _read(
    raw: bytes, form: FormatName, vehicles: int | None, measure: MeasureName
) -> "tuple[Problem, Published | None]":
    from dispatch.planning.optimiser.published.measuring import Measure
    from dispatch.planning.optimiser.published.reading import Format, format_of, read_published
    from dispatch.planning.optimiser.reading import read_problem

    kind = format_of(raw) if form is FormatName.auto else Format(form.value)
    if kind is not Format.json:
        published = read_published(raw, kind, measure=Measure(measure.value), vehicles=vehicles)
        return published.problem, published
    if vehicles is not None:
        refuse(
            Words("--vehicles 只用于 solomon 格式的文件。", "--vehicles is for files in the format solomon."),
            WRONG_USAGE,
        )
    return read_problem(raw), None


def _found(
    problem: "Problem",
    seconds: float | None,
    iterations: int | None,
    seed: int,
    previous: "Plan | None",
    cores: int,
) -> "Plan":
    from dispatch.planning.optimiser.published.settling import is_settled, settled
    from dispatch.planning.optimiser.searching import search  # machine code: slow to load

    def look(problem: "Problem", started_from: "Plan | None", share: float) -> "Plan":
        return search(
            problem,
            seconds=None if seconds is None else seconds * share,
            iterations=None if iterations is None else max(1, round(iterations * share)),
            seed=seed,
            previous=started_from or previous,
            cores=cores,
        )

    return look(problem, None, 1.0) if is_settled(problem) else settled(problem, look)[1]


def _tell(found: "Plan", published: "Published | None") -> None:
    planned = sum(len(route.stops) for route in found.routes)
    complain(
        Words(
            f"已排 {planned} 个上门，未排 {len(found.left_out)} 个，代价 {found.cost}（{found.iterations} 轮）。",
            f"Planned: {planned}. Left out: {len(found.left_out)}. Cost: {found.cost} ({found.iterations} rounds).",
        )
    )
    if published is not None:
        length = published.measured(found)
        complain(
            Words(
                f"{published.name}：距离 {length.distance:.2f}，{length.routes} 条路线，工时 {length.working:.2f}。",
                f"{published.name}: distance {length.distance:.2f}, {length.routes} routes, "
                f"working time {length.working:.2f}.",
            )
        )


def _judge(problem: "Problem", made: "Plan", language: LanguageName) -> None:
    from dispatch.planning.optimiser.costs import price
    from dispatch.planning.optimiser.judging import broken_rules

    found = broken_rules(problem, made)
    for one in found:
        typer.echo(f"{one.rule}: {one.words.to(language.value)}")
    if found:
        raise typer.Exit(REFUSED)
    cost = price(problem, made).total
    typer.echo(f"没有违反任何规则，代价 {cost}。 Breaks no rule. Cost: {cost}.")
