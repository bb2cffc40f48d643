"""Ways in to the home: which function answers what."""

from collections.abc import Mapping
from typing import Any

VERBS: Mapping[str, Any] = {}
