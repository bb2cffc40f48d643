"""When and where the tests of the language speak, unless they say otherwise."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
"""A Wednesday, 10 in the morning in New York."""
ZONE = "America/New_York"
