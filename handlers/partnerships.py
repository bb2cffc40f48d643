"""Ways in to the partnerships: which function answers what."""

from collections.abc import Mapping
from typing import Any

VERBS: Mapping[str, Any] = {}
