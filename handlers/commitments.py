"""Ways in to the commitments: which function answers what."""

from collections.abc import Mapping
from typing import Any

VERBS: Mapping[str, Any] = {}
