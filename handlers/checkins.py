"""Ways in to the checkins: which function answers what."""

from collections.abc import Mapping
from typing import Any

VERBS: Mapping[str, Any] = {}
