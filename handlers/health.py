"""What a load balancer and a monitor ask: does it live, can it do its work, and the numbers.

``/metrics`` speaks the text format of Prometheus
(https://prometheus.io/docs/instrumenting/exposition_formats/). It holds numbers and the names of
kinds, states and reasons that stand in this program; no token, no id, nobody's name or words.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.courier import Health
from storage.health import Figures

Ready = Callable[[], Awaitable[str | None]]
"""Why the bot is not ready, as a short sentence; None where it is."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PREFIX = "common_ground"


@dataclass(frozen=True, slots=True)
class Numbers:
    """All that is counted."""

    stored: Figures
    courier: Health
    counted: Mapping[str, int]
    """By the handlers: what went wrong, since the start."""
    noted: Mapping[str, int]
    """By the handlers: what is worth a number, since the start."""
    door: Mapping[str, float]
    """By the way in: ``deliveries``, in Socket Mode ``silence_seconds``, …"""


Measure = Callable[[], Awaitable[Numbers]]


class HealthPages:
    """The three addresses, for a server of their own or beside others."""

    def __init__(self, ready: Ready, measure: Measure) -> None:
        self._ready = ready
        self._measure = measure

    def add_to(self, routes: web.Application) -> None:
        """Serve ``/healthz``, ``/readyz`` and ``/metrics`` there."""
        routes.router.add_get("/healthz", self._alive)
        routes.router.add_get("/readyz", self._is_ready)
        routes.router.add_get("/metrics", self._metrics)

    async def _alive(self, _request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _is_ready(self, _request: web.Request) -> web.Response:
        problem = await self._ready()
        body = {"ready": problem is None, "problem": problem}
        return web.json_response(body, status=200 if problem is None else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        text = as_text(await self._measure())
        return web.Response(body=text.encode(), headers={"Content-Type": CONTENT_TYPE})


class HealthServer:
    """The same on a port of its own, where deliveries come by Socket Mode."""

    def __init__(self, health: HealthPages, *, host: str, port: int) -> None:
        self._health = health
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None
        self.address: str | None = None

    async def open(self) -> None:
        """Listen; raises OSError if the port is taken."""
        routes = web.Application()
        self._health.add_to(routes)
        self._runner = web.AppRunner(routes, access_log=None, handle_signals=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.address = f"http://{host}:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        """Listen no more. Harmless if repeated."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None


def as_text(numbers: Numbers) -> str:
    """The numbers as Prometheus reads them."""
    stored, courier = numbers.stored, numbers.courier
    lines: list[str] = []

    def tell(
        name: str, kind: str, means: str, values: Iterable[tuple[Mapping[str, str], float]]
    ) -> None:
        found = list(values)
        if found:
            lines.extend([f"# HELP {_PREFIX}_{name} {means}", f"# TYPE {_PREFIX}_{name} {kind}"])
            lines.extend(f"{_PREFIX}_{name}{_labels(labels)} {value:g}" for labels, value in found)

    def one(name: str, means: str, value: float | None) -> None:
        tell(name, "gauge", means, [] if value is None else [({}, value)])

    tell(
        "messages",
        "gauge",
        "Outgoing messages that are stored, by kind and state.",
        (
            ({"kind": kind, "state": state}, count)
            for (kind, state), count in sorted(stored.messages.items())
        ),
    )
    one("doubles", "Messages that stand in Slack a second time.", stored.doubles)
    one("repeated", "Messages posted again and still to be looked for.", stored.repeated)
    one("missed", "Messages that came too late or were given up.", _in(stored, "missed"))
    one("refused", "Messages that Slack refused for certain.", _in(stored, "refused"))
    one("unswept", "Check-ins summed up without a last look at their thread.", stored.unswept)
    one("lanes_waiting", "Channels and members with something to do.", stored.lanes_waiting)
    one("lanes_resting", "Channels that rest until somebody mends them.", stored.lanes_resting)
    one("workspaces_resting", "Workspaces that rest.", stored.workspaces_resting)
    one("oldest_due_seconds", "How long the longest waiting is due.", stored.oldest_due)
    one("tick_age_seconds", "Since anybody looked for what is due.", stored.ticked)
    one("courier_running", "Whether the courier of this process runs.", int(courier.running))
    one("socket_silence_seconds", "Since Slack was heard.", numbers.door.get("silence_seconds"))
    tell(
        "courier_total",
        "counter",
        "What the courier of this process did, since its start.",
        _counted(courier.counted),
    )
    tell(
        "errors_total",
        "counter",
        "What went wrong in the handlers of this process, since its start.",
        _counted(numbers.counted),
    )
    tell(
        "handled_total",
        "counter",
        "What the handlers of this process did, since its start.",
        _counted(numbers.noted),
    )
    tell(
        "door_total",
        "counter",
        "What came in at the door of this process, since its start.",
        _counted({what: n for what, n in numbers.door.items() if what != "silence_seconds"}),
    )
    return "\n".join(lines) + "\n"


def _in(stored: Figures, state: str) -> int:
    return sum(count for (_, at), count in stored.messages.items() if at == state)


def _counted(counted: Mapping[str, float]) -> list[tuple[Mapping[str, str], float]]:
    return [({"what": what}, count) for what, count in sorted(counted.items())]


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    inner = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return "{" + inner + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
