"""Every row runs, and a verdict that should be bad is bad."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.bench.children import ROOT
from tests.faults import __main__ as command
from tests.faults.lab import House, Lab, Nursery
from tests.faults.rows import ROWS, Result, Size, load


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.faults", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


SOME = ("kills", "controls", "daylight", "inbound")
"""With a hostile Slack on both databases, without safeguards, alone, and with deliveries: they
need every part of the harness. ``make faults`` runs all rows."""


def test_the_smallest_run_of_some_rows_holds(tmp_path: Path) -> None:
    out = tmp_path / "faults.json"
    done = run("--smallest", "--only", *SOME, "--json", str(out), "--table")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("| held |") == len(SOME)
    rows = json.loads(out.read_text("utf-8"))["rows"]
    assert {row["row"] for row in rows} == set(SOME)
    for row in rows:
        assert row["held"]
        assert row["trials"] > 0
        assert f"seed {row['seed']}" in done.stdout
    assert sum(sum(row["hit"].values()) for row in rows) > len(rows)


def test_a_row_that_is_not_there_is_told() -> None:
    done = run("--only", "nonsense")
    assert done.returncode == 2
    assert "kills" in done.stdout


@pytest.mark.parametrize("name", ROWS)
def test_a_row_says_what_it_is_about(name: str) -> None:
    about, _ = load(name)
    assert about
    assert "\n" not in about


def test_a_row_that_did_not_hit_what_it_injects_does_not_count() -> None:
    result = Result(hit=Counter(kill=3), needs={"kill": 4, "retried": 1})
    assert len(result.missed()) == 2
    result.hit += Counter(kill=1, retried=1)
    assert result.missed() == []


def test_parts_of_a_row_add_up() -> None:
    result = Result(trials=1, hit=Counter(kill=1), figures={"posts": 2, "word": "a"})
    result.add(Result(2, Counter(kill=1), Counter(kill=2), {}, ["bad"], {"posts": 3, "word": "b"}))
    assert (result.trials, result.hit["kill"], result.broken) == (3, 3, ["bad"])
    assert result.figures == {"posts": 5, "word": "b"}


UNHAPPY = {
    "a promise was broken": Result(broken=["doubles: one"]),
    "a fault was not hit": Result(needs={"kill": 1}),
    "the row failed": RuntimeError("nothing works"),
}


@pytest.mark.parametrize("came", UNHAPPY.values(), ids=UNHAPPY)
async def test_a_run_does_not_hold_if(
    came: Result | Exception, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def row(lab: Lab) -> Result:
        if isinstance(came, Exception):
            raise came
        return came

    lab = Lab("kills", 1, Size.SHORT, tmp_path / "row", Nursery(), House(tmp_path))
    out = tmp_path / "out.json"
    assert not await command._run(lab, "what goes wrong", row, out)
    assert "NOT HELD" in capsys.readouterr().out
    assert not json.loads(out.read_text("utf-8"))["rows"][0]["held"]


async def test_results_are_added_to_the_file_and_shown_as_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def row(lab: Lab) -> Result:
        return Result(1200, hit=Counter(kill=3), figures={"doubles": 0})

    out = tmp_path / "out.json"
    for name in ("kills", "storm"):
        lab = Lab(name, 5, Size.FULL, tmp_path / name, Nursery(), House(tmp_path))
        assert await command._run(lab, "what goes wrong", row, out)
    capsys.readouterr()
    assert command.main(["--table", str(out)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert "| 1,200 | kill 3 | doubles 0 | held | 5 |" in lines[2]
