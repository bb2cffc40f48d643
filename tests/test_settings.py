"""What can be set, and the sentence for what is set wrongly."""

from pathlib import Path

import pytest

from bot import settings
from bot.settings import Misconfigured, Mode

BOT = {"SLACK_BOT_TOKEN": "xoxb-1"}
APP = {"SLACK_APP_TOKEN": "xapp-1"}
SIGNING = {"SLACK_SIGNING_SECRET": "s3cret"}


def read(**env: str) -> settings.Settings:
    return settings.read(env, file=None)


def test_without_tokens_the_sandbox_runs() -> None:
    assert read().mode is Mode.SANDBOX


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert read(SLACK_BOT_TOKEN="", DATABASE_URL="").mode is Mode.SANDBOX


def test_a_bot_and_an_app_token_mean_socket_mode() -> None:
    assert read(**BOT, **APP).mode is Mode.SOCKET


def test_a_bot_token_and_a_signing_secret_mean_http() -> None:
    assert read(**BOT, **SIGNING).mode is Mode.HTTP


def test_the_address_of_the_api_ends_with_a_slash() -> None:
    assert read(SLACK_API_URL="http://127.0.0.1:1/api", **BOT, **APP).slack_api_url.endswith("/")


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=9001\nCG_COMMAND=/together\n")
    found = settings.read({"PORT": "9002"}, file)
    assert (found.port, found.command) == (9002, "/together")


def test_the_environment_of_the_process_is_looked_at_once_and_only_if_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "eighty")
    assert read().port == 8080
    with pytest.raises(Misconfigured, match="PORT is not usable"):
        settings.read(file=None)


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        (APP, "SLACK_BOT_TOKEN is missing"),
        (SIGNING, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_API_URL": "https://slack.com/api/"}, "SLACK_BOT_TOKEN is missing"),
        (BOT, "SLACK_BOT_TOKEN needs a companion"),
        ({**BOT, **APP, **SIGNING}, "are both set"),
        ({"SLACK_BOT_TOKEN": "xoxp-1", **APP}, "begins with xoxb-"),
        ({**BOT, "SLACK_APP_TOKEN": "xoxb-1"}, "begins with xapp-"),
        ({**BOT, **APP, "SLACK_API_URL": "http://example.org/api/"}, "SLACK_API_URL must begin"),
        ({**BOT, **APP, "SLACK_API_URL": "nonsense"}, "SLACK_API_URL must begin"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL must name a file"),
        ({"PORT": "eighty"}, "PORT is not usable"),
        ({"PORT": "70000"}, "PORT is not usable"),
        ({"CG_COMMAND": "partner"}, "CG_COMMAND must be one word"),
        ({"CG_COMMAND": "/Two words"}, "CG_COMMAND must be one word"),
        ({"CG_TICK_SECONDS": "0"}, "CG_TICK_SECONDS is not usable"),
        ({"CG_LOG_LEVEL": "LOUD"}, "CG_LOG_LEVEL is not usable"),
        ({"CG_COMAND": "/x"}, "CG_COMAND is not a setting. Did you mean CG_COMMAND?"),
    ],
)
def test_a_wrong_setting_is_said_in_one_sentence(env: dict[str, str], sentence: str) -> None:
    with pytest.raises(Misconfigured) as error:
        read(**env)
    (fault,) = error.value.faults
    assert sentence in fault
    assert fault.endswith((".", "?"))


def test_each_fault_has_its_own_sentence() -> None:
    with pytest.raises(Misconfigured) as error:
        read(**APP, DATABASE_URL="mysql://x", CG_COMMAND="x")
    assert len(error.value.faults) == 3


def test_a_value_of_the_wrong_kind_hides_no_other_fault() -> None:
    with pytest.raises(Misconfigured) as error:
        read(**APP, PORT="eighty", CG_TICK_SECONDS="often", DATABASE_URL="mysql://x")
    assert "PORT is not usable: it must be a whole number." in error.value.faults
    assert "CG_TICK_SECONDS is not usable: it must be a number." in error.value.faults
    assert len(error.value.faults) == 4


def test_no_fault_and_no_display_holds_a_secret() -> None:
    with pytest.raises(Misconfigured) as error:
        read(SLACK_BOT_TOKEN="a-secret-one", SLACK_APP_TOKEN="another-secret")
    assert "secret" not in str(error.value)
    assert "xoxb-1" not in repr(read(**BOT, **APP))
