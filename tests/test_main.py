"""The command line, as a person uses it."""

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def command(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_what_there_is() -> None:
    done = command("--help")
    assert done.returncode == 0
    for name in ("run", "sandbox", "read", "doctor", "manifest"):
        assert f"\n    {name} " in done.stdout


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, runpy\n"
        "sys.argv = ['bot', '--help']\n"
        "try:\n    runpy.run_module('bot', run_name='__main__')\n"
        "except SystemExit:\n    pass\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'sqlalchemy', 'slack_bolt', "
        "'slack_sdk', 'aiohttp', 'pydantic', 'dateparser', 'structlog', 'asyncio'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_read_prints_how_words_are_understood() -> None:
    done = command(
        *("read", "commit @bo invite 12 mentees by friday for mentoring"),
        *("--now", "2026-11-25T10:00", "--zone", "America/New_York"),
    )
    assert json.loads(done.stdout) == {
        "verb": "commit",
        "owner": "@bo",
        "what": "invite 12 mentees",
        "due": "2026-11-27",
        "for": "mentoring",
    }


def test_read_prints_the_question_that_would_be_asked() -> None:
    done = command("read", "commit invite mentees by 31 Nov", "--now", "2026-11-25T10:00")
    assert done.returncode == 0
    assert list(json.loads(done.stdout)) == ["question"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--zone", "Mars/Base"), "Mars/Base is not a time zone."),
        (("--now", "soon"), "soon is not a date and time."),
        (
            ("--now", "9999-12-31T23:00", "--zone", "America/New_York"),
            "9999-12-31T23:00 is too close to the end",
        ),
    ],
)
def test_read_says_what_is_wrong_with_zone_and_time(words: tuple[str, ...], sentence: str) -> None:
    done = command("read", "help", *words)
    assert done.returncode == 2
    assert sentence in done.stderr


def test_a_half_set_configuration_stops_at_start() -> None:
    done = command("run", SLACK_APP_TOKEN="xapp-1", DATABASE_URL="mysql://x")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2
    assert done.stdout == ""


def test_a_setting_of_the_wrong_kind_stops_at_start_too() -> None:
    done = command("run", PORT="eighty", SLACK_APP_TOKEN="xapp-1")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2


def test_where_no_port_is_free_it_says_so() -> None:
    with socket.socket() as taken:
        with suppress(OSError):  # then somebody else has it
            taken.bind(("127.0.0.1", 65535))
            taken.listen()
        done = command("run", PORT="65535")
    assert done.returncode == 1
    assert done.stderr == "None of the ports 65535 to 65535 is free. Set PORT to one that is.\n"


def test_run_is_the_default() -> None:
    assert (
        command(SLACK_APP_TOKEN="xapp-1").stderr == command("run", SLACK_APP_TOKEN="xapp-1").stderr
    )


def test_doctor_says_what_is_missing_without_making_anything(tmp_path: Path) -> None:
    database = tmp_path / "none.db"
    done = command("doctor", "--json", DATABASE_URL=f"sqlite:///{database}")
    findings = json.loads(done.stdout)
    assert done.returncode == 1
    assert {finding["about"]: finding["well"] for finding in findings} == {
        "settings": True,
        "zones": True,
        "database": False,
    }
    assert list(tmp_path.iterdir()) == []


def test_doctor_says_faults_of_the_settings_as_json_too() -> None:
    done = command("doctor", "--json", SLACK_APP_TOKEN="xapp-1")
    (finding,) = json.loads(done.stdout)
    assert done.returncode == 2
    assert finding["well"] is False
