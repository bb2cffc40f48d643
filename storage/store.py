"""The store: everything that one transaction can ask and change, a noun at a time."""

from functools import cached_property

from sqlalchemy import Connection

from storage.away import Aways
from storage.checkins import Checkins
from storage.closed_days import ClosedDays
from storage.commitments import Commitments
from storage.deliveries import Deliveries
from storage.digest import Digests
from storage.doubles import Doubles
from storage.health import Health
from storage.held import HeldBack
from storage.history import History
from storage.installations import Installations
from storage.keeping import Keeping
from storage.messages import Messages
from storage.nudges import Nudges
from storage.partnerships import Partnerships
from storage.people import People
from storage.preferences import PreferencesKept
from storage.reminders import Reminders
from storage.schedules import Schedules
from storage.settings import Settings
from storage.shares import Shares
from storage.sources import Sources
from storage.sweeps import Sweeps
from storage.trouble import Trouble
from storage.undo import Undo


class Store:
    """What a service gets: one transaction's view of what is remembered.

    It lives as long as its transaction; only frozen values leave it.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def installations(self) -> Installations:
        return Installations(self.connection)

    @cached_property
    def people(self) -> People:
        return People(self.connection)

    @cached_property
    def partnerships(self) -> Partnerships:
        return Partnerships(self.connection)

    @cached_property
    def closed_days(self) -> ClosedDays:
        return ClosedDays(self.connection)

    @cached_property
    def keeping(self) -> Keeping:
        return Keeping(self.connection)

    @cached_property
    def aways(self) -> Aways:
        return Aways(self.connection)

    @cached_property
    def settings(self) -> Settings:
        return Settings(self.connection)

    @cached_property
    def commitments(self) -> Commitments:
        return Commitments(self.connection)

    @cached_property
    def checkins(self) -> Checkins:
        return Checkins(self.connection)

    @cached_property
    def shares(self) -> Shares:
        return Shares(self.connection)

    @cached_property
    def history(self) -> History:
        return History(self.connection)

    @cached_property
    def schedules(self) -> Schedules:
        return Schedules(self.connection)

    @cached_property
    def digests(self) -> Digests:
        return Digests(self.connection)

    @cached_property
    def nudges(self) -> Nudges:
        return Nudges(self.connection)

    @cached_property
    def held(self) -> HeldBack:
        return HeldBack(self.connection)

    @cached_property
    def messages(self) -> Messages:
        return Messages(self.connection)

    @cached_property
    def preferences(self) -> PreferencesKept:
        return PreferencesKept(self.connection)

    @cached_property
    def reminders(self) -> Reminders:
        return Reminders(self.connection)

    @cached_property
    def doubles(self) -> Doubles:
        return Doubles(self.connection)

    @cached_property
    def sweeps(self) -> Sweeps:
        return Sweeps(self.connection)

    @cached_property
    def trouble(self) -> Trouble:
        return Trouble(self.connection)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.connection)

    @cached_property
    def health(self) -> Health:
        return Health(self.connection)

    @cached_property
    def undo(self) -> Undo:
        return Undo(self.connection)

    @cached_property
    def sources(self) -> Sources:
        return Sources(self.connection)
