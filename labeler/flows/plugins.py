"""What other packages add to labeler: formats of digests, outputs, strategies, metrics and sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labeler.digests.registry import FORMATS
from labeler.measure.registry import METRICS
from labeler.publish.registry import OUTPUTS
from labeler.registry import Addition, Registry
from labeler.sampling.registry import STRATEGIES
from labeler.sources.registry import SOURCES

REGISTRIES: tuple[Registry[Any], ...] = (FORMATS, OUTPUTS, STRATEGIES, METRICS, SOURCES)


def additions() -> Sequence[Addition]:
    """All members that other packages add, whole or not, by kind and name; each module is imported to see."""
    return [addition for registry in REGISTRIES for addition in registry.additions]


def groups() -> Sequence[str]:
    """The entry-point groups in which packages name their members."""
    return [registry.group for registry in REGISTRIES]
