"""The settings: each variable with its meaning and default. Read at start, then passed in.

A name that Slack or databases made standard keeps it; every other begins with ``CG_``.
"""

import difflib
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

SLACK = "https://slack.com/api/"


class Mode(StrEnum):
    """How the bot meets Slack; it follows from which tokens are set."""

    SANDBOX = "sandbox"  # no token: a Slack of its own, on this machine
    SOCKET = "socket"  # bot and app token: Socket Mode, no public address needed
    HTTP = "http"  # bot token and signing secret: signed deliveries


class Misconfigured(Exception):
    """The settings do not fit together; ``faults`` holds one sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Settings(BaseSettings):
    """What can be set, from the environment or a file ``.env``."""

    model_config = SettingsConfigDict(extra="ignore", env_file_encoding="utf-8", frozen=True)

    slack_bot_token: SecretStr | None = Field(
        None, description="The bot's token (xoxb-…). Without it the sandbox runs."
    )
    slack_app_token: SecretStr | None = Field(
        None, description="The app-level token (xapp-…) with connections:write, for Socket Mode."
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="The signing secret, for deliveries by HTTP instead of Socket Mode."
    )
    slack_api_url: str = Field(SLACK, description="Where Slack's Web API is.")
    database_url: str = Field(
        "sqlite:///common-ground.db",
        description="Where everything is kept: a SQLite file (one process) or PostgreSQL.",
    )
    port: int = Field(
        8080, ge=0, le=65535, description="The port for deliveries by HTTP and for the sandbox."
    )
    host: str = Field(
        "127.0.0.1",
        validation_alias="CG_HOST",
        description="The address to listen on for deliveries by HTTP.",
    )
    health_port: int | None = Field(
        None,
        validation_alias="CG_HEALTH_PORT",
        ge=0,
        le=65535,
        description="In Socket Mode: a port on CG_HOST for /healthz, /readyz and /metrics. By "
        "HTTP they are on PORT.",
    )
    command: str = Field(
        "/partner",
        validation_alias="CG_COMMAND",
        description="The slash command's name, as in the app's manifest.",
    )
    tick_seconds: float = Field(
        20.0,
        validation_alias="CG_TICK_SECONDS",
        ge=1,
        le=300,
        description="How often it looks for what is due, in seconds.",
    )
    summary_after_hours: int = Field(
        48,
        validation_alias="CG_SUMMARY_AFTER_HOURS",
        ge=1,
        le=240,
        description="How long a check-in is open before it is summed up, in hours of open days.",
    )
    lease_seconds: float = Field(
        120.0,
        validation_alias="CG_LEASE_SECONDS",
        ge=15,
        le=3600,
        description="How long a message whose fate is unknown rests before it is looked up, "
        "in seconds; longer than Slack needs to show a post in a channel's history.",
    )
    log_level: str = Field(
        "INFO",
        validation_alias="CG_LOG_LEVEL",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="DEBUG, INFO, WARNING or ERROR. No level writes tokens or people's words.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What ``read`` found and nothing else: the environment is not looked at a second time."""
        return (init_settings,)

    @field_validator("slack_bot_token", "slack_app_token", "slack_signing_secret", mode="before")
    @classmethod
    def _empty_is_unset(cls, given: Any) -> Any:
        return (given.strip() or None) if isinstance(given, str) else given

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_a_slash(cls, given: str) -> str:
        return given if given.endswith("/") else given + "/"

    @property
    def mode(self) -> Mode:
        """How the bot meets Slack."""
        if self.slack_bot_token is None:
            return Mode.SANDBOX
        return Mode.SOCKET if self.slack_app_token is not None else Mode.HTTP


def name_of(field: str) -> str:
    """The variable that sets a field."""
    alias = Settings.model_fields[field].validation_alias
    return str(alias) if alias else field.upper()


def read(env: Mapping[str, str] | None = None, file: Path | None = Path(".env")) -> Settings:
    """The settings from a file and the environment, the latter going first.

    Raises Misconfigured with one sentence for each fault. No sentence holds a secret.
    """
    given = {**_from_file(file), **(os.environ if env is None else env)}
    names = {name_of(field): field for field in Settings.model_fields}
    known = {name: given[name] for name in names if given.get(name)}
    faults = list(_unknown(given, names))
    try:
        settings = _valid(names, known)
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            place = str(fault["loc"][0])
            name = place if place in names else place.upper()
            faults.append(f"{name} is not usable: {_said(fault)}.")
            known.pop(name, None)
        settings = _valid(names, known)
    faults.extend(_apart(settings, known))
    if faults:
        raise Misconfigured(tuple(faults))
    return settings


def _valid(names: Mapping[str, str], known: Mapping[str, str]) -> Settings:
    return Settings.model_validate(
        {
            (str(Settings.model_fields[field].validation_alias or field)): known[name]
            for name, field in names.items()
            if name in known
        }
    )


def _from_file(file: Path | None) -> dict[str, str]:
    if file is None or not file.is_file():
        return {}
    from dotenv import dotenv_values

    return {name: value for name, value in dotenv_values(file).items() if value is not None}


_KINDS = {"int_parsing": "it must be a whole number", "float_parsing": "it must be a number"}


def _said(fault: "ErrorDetails") -> str:
    message = fault["msg"]
    return _KINDS.get(fault["type"]) or message[:1].lower() + message[1:]


def _unknown(given: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    faults = []
    for name in sorted(given):
        if name.startswith("CG_") and name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            faults.append(f"{name} is not a setting.{hint}")
    return faults


def _apart(settings: Settings, known: Mapping[str, str]) -> list[str]:
    """What is wrong with the settings as a whole."""
    faults = []
    bot, app, signing = (
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
    )
    if bot is None and (app or signing or "SLACK_API_URL" in known):
        faults.append(
            "SLACK_BOT_TOKEN is missing: set it to the token that begins with xoxb-, "
            "or leave every SLACK_ variable out to run the sandbox."
        )
    if bot is not None:
        if not bot.get_secret_value().startswith("xoxb-"):
            faults.append("SLACK_BOT_TOKEN must be a bot token, which begins with xoxb-.")
        if app is None and signing is None:
            faults.append(
                "SLACK_BOT_TOKEN needs a companion: set SLACK_APP_TOKEN for Socket Mode, "
                "or SLACK_SIGNING_SECRET for deliveries by HTTP."
            )
    if app is not None and signing is not None:
        faults.append(
            "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set: keep the first for "
            "Socket Mode or the second for deliveries by HTTP."
        )
    if app is not None and not app.get_secret_value().startswith("xapp-"):
        faults.append("SLACK_APP_TOKEN must be an app-level token, which begins with xapp-.")
    faults.extend(_places(settings))
    return faults


def _places(settings: Settings) -> list[str]:
    faults = []
    url = urlsplit(settings.slack_api_url)
    local = url.hostname in {"127.0.0.1", "localhost", "::1"}
    if not (url.hostname and (url.scheme == "https" or (url.scheme == "http" and local))):
        faults.append(
            "SLACK_API_URL must begin with https://, or with http:// and name this machine."
        )
    database = settings.database_url
    if not database.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        faults.append("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    elif database.startswith("sqlite:///") and database in {"sqlite:///", "sqlite:///:memory:"}:
        faults.append("DATABASE_URL must name a file: what is only in memory is lost at the end.")
    name = settings.command
    if not (
        name.startswith("/")
        and 1 < len(name) <= 32  # a limit of Slack's manifest
        and name == name.lower()
        and not any(letter.isspace() for letter in name)
    ):
        faults.append(
            "CG_COMMAND must be one word in small letters that begins with a slash, "
            "32 characters at most."
        )
    return faults
