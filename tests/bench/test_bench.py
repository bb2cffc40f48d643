"""The bench runs and says what it should. No time is asserted here or anywhere."""

import json
import subprocess
import sys
from pathlib import Path

from tests.bench.children import ROOT, environment
from tests.bench.figures import Goal

TOLD = {
    "commit_ratio",
    "reply_ratio",
    "p99_ratio",
    "tick_ratio",
    "digest_queries_ratio",
    "help_ratio",
    "empty_rate",
    "commit_rate",
    "start_new",
    "story",
    "memory",
}


def test_a_quick_run_measures_everything_and_writes_it_down(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", "--out", str(out)],
        cwd=ROOT,
        env=environment({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(out.read_text("utf-8"))["figures"]
    names = [figure["name"] for figure in figures]
    assert set(names) >= TOLD
    assert len(set(names)) == len(names)
    for figure in figures:
        assert figure["value"] >= 0
        assert (figure["unit"] == "ratio") == figure["name"].endswith("_ratio")
        assert figure["name"] in done.stdout
    queries = next(f for f in figures if f["name"] == "digest_queries_ratio")
    assert queries["value"] == 1, "a digest's queries grow with its commitments"


def test_a_goal_knows_which_way_is_better() -> None:
    rate, growth = Goal(0.30, 0.50), Goal(3.6, 1.3)
    assert [rate.met(each) for each in (0.6, 0.4, 0.2)] == ["ambitious", "met", "MISSED"]
    assert [growth.met(each) for each in (1.2, 3.0, 4.0)] == ["ambitious", "met", "MISSED"]
