"""`doorstep plan`: a day's problem as JSON in, a plan as JSON out; or judge a plan that was made elsewhere."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklists.words import Words
from mobile_api.commands.speaking import REFUSED, WRONG_USAGE, LanguageName, complain, plainly, refuse

if TYPE_CHECKING:
    from dispatch.planning.optimiser.plan import Plan
    from dispatch.planning.optimiser.problem import Problem

LONGEST = 3_600.0  # seconds: whoever wants more gives iterations


def plan(
    problem_file: Annotated[
        Path | None,
        typer.Argument(metavar="PROBLEM.json", help="排程问题 the day to plan", exists=True, dir_okay=False),
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
    schema: Annotated[bool, typer.Option("--schema", help="输出 JSON Schema print the JSON Schemas")] = False,
    language: Annotated[LanguageName, typer.Option(help="检查结果的语言 language of the judge")] = LanguageName.zh,
) -> None:
    """排程：谁、何时、去哪里；或检查已有方案。 Plan a day, or judge a plan (exit code 1 if it breaks a rule)."""
    from dispatch.planning.optimiser.reading import plan_schema, problem_schema, read_plan, read_problem

    if schema:
        shapes = {"problem": problem_schema(), "plan": plan_schema()}
        typer.echo(json.dumps(shapes, ensure_ascii=False, indent=2))
        return
    if problem_file is None:
        refuse(Words("请给出排程问题文件。", "Name the file with the day to plan."), WRONG_USAGE)
    if seconds is not None and iterations is not None:
        refuse(Words("--seconds 与 --iterations 只能选一个。", "Give either --seconds or --iterations."), WRONG_USAGE)
    with plainly():
        problem = read_problem(problem_file.read_bytes())
        if judge is not None:
            _judge(problem, read_plan(judge.read_bytes()), language)
            return
        started_from = read_plan(previous.read_bytes()) if previous is not None else None
        from dispatch.planning.optimiser.searching import search  # machine code: slow to load

        found = search(
            problem,
            seconds=None if iterations is not None else seconds or 10.0,
            iterations=iterations,
            seed=seed,
            previous=started_from,
            cores=cores,
        )
        text = found.model_dump_json(indent=2) + "\n"
        if out is None:
            typer.echo(text, nl=False)
        else:
            out.write_text(text, encoding="utf-8")
        planned = sum(len(route.stops) for route in found.routes)
        complain(
            Words(
                f"已排 {planned} 个上门，未排 {len(found.left_out)} 个，代价 {found.cost}（{found.iterations} 轮）。",
                f"Planned: {planned}. Left out: {len(found.left_out)}. Cost: {found.cost} ({found.iterations} rounds).",
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
