"""Every row runs, and a verdict that should be bad is bad."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.bench.children import ROOT
from tests.faults.rows import ROWS, Result, load


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.faults", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_smallest_run_of_every_row_holds(tmp_path: Path) -> None:
    out = tmp_path / "faults.json"
    done = run("--smallest", "--json", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(out.read_text("utf-8"))["rows"]
    assert {row["row"] for row in rows} == set(ROWS)
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
