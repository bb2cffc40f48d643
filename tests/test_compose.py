"""The two bots of ``compose.yml`` and their image, as far as that can be checked without Docker."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from bot import app, settings
from bot.settings import Mode
from storage.urls import read_url

ROOT = Path(__file__).parent.parent
BOTS = ("bot-1", "bot-2")
PASSWORD = "0123456789abcdef"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load((ROOT / "compose.yml").read_text("utf-8"))
    return loaded


def environment(compose: dict[str, Any], service: str) -> dict[str, str]:
    """As Docker would fill it in."""
    given = compose["services"][service]["environment"]
    return {
        name: re.sub(r"\$\{POSTGRES_PASSWORD:\?[^}]*\}", PASSWORD, str(value))
        for name, value in given.items()
    }


@pytest.mark.parametrize("tokens", ["SLACK_APP_TOKEN=xapp-1", "SLACK_SIGNING_SECRET=abc"])
@pytest.mark.parametrize("service", BOTS)
def test_the_settings_of_each_bot_fit_together(
    compose: dict[str, Any], service: str, tokens: str
) -> None:
    name, value = tokens.split("=")
    given = {**environment(compose, service), "SLACK_BOT_TOKEN": "xoxb-1", name: value}
    known = {settings.name_of(field) for field in settings.Settings.model_fields}
    assert set(given) <= known
    read = settings.read(given, None)
    assert read.mode is (Mode.SOCKET if name == "SLACK_APP_TOKEN" else Mode.HTTP)
    assert read.host != "127.0.0.1"  # the other containers are to reach it
    assert read_url(read.database_url).get_backend_name() == "postgresql"


def test_both_bots_share_one_database_with_its_own_password(compose: dict[str, Any]) -> None:
    urls = {environment(compose, service)["DATABASE_URL"] for service in BOTS}
    (url,) = urls
    found = urlsplit(url)
    database = environment(compose, "database")
    assert found.hostname == "database"
    assert (found.username, found.password) == (database["POSTGRES_USER"], PASSWORD)
    assert found.path.strip("/") == database["POSTGRES_DB"]
    assert database["POSTGRES_PASSWORD"] == PASSWORD


def test_the_bots_are_alike_but_for_the_address_where_they_are_asked(
    compose: dict[str, Any],
) -> None:
    one, other = (dict(compose["services"][service]) for service in BOTS)
    ports = [one.pop("ports"), other.pop("ports")]
    assert one == other
    assert ports[0] != ports[1]
    for (port,) in ports:
        host, _, inside = port.rsplit(":", 2)
        assert host == "127.0.0.1"  # what Slack sends comes through somebody's own https
        assert inside == environment(compose, BOTS[0])["PORT"]


def test_a_bot_has_the_time_that_a_clean_stop_takes(compose: dict[str, Any]) -> None:
    for service in BOTS:
        grace = compose["services"][service]["stop_grace_period"]
        assert int(grace.removesuffix("s")) > app.STOP_SECONDS


def test_a_bot_waits_for_its_database_and_is_asked_whether_it_is_ready(
    compose: dict[str, Any],
) -> None:
    for service in BOTS:
        bot = compose["services"][service]
        assert bot["depends_on"]["database"]["condition"] == "service_healthy"
        assert "/readyz" in bot["healthcheck"]["test"][-1]
        port = environment(compose, service)["CG_HEALTH_PORT"]
        assert f"127.0.0.1:{port}/" in bot["healthcheck"]["test"][-1]
    assert "pg_isready" in compose["services"]["database"]["healthcheck"]["test"][-1]


def test_what_is_kept_outlives_the_containers(compose: dict[str, Any]) -> None:
    (volume,) = compose["services"]["database"]["volumes"]
    assert volume.split(":")[0] in compose["volumes"]


def test_the_image_holds_all_that_the_bot_imports_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    copied = {line.split()[1].strip("./") for line in lines if line.startswith("COPY")}
    assert {"bot", "handlers", "storage", "manifest.yml", "requirements.lock"} <= copied
    assert all((ROOT / name).exists() for name in copied)
    assert "USER bot" in lines
    assert 'CMD ["python", "-m", "bot", "run"]' in lines
    assert any("--require-hashes" in line for line in lines)


def test_no_secret_gets_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {".env", "*.db*", ".git"} <= set(ignored)
