"""The metrics. A metric is one module of the folder ``metrics``: see :class:`Metric` for what it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

from labeler.registry import Member, Registry

if TYPE_CHECKING:
    from labeler.measure.counts import Truth


class Metric(Member, Protocol):
    """What a metric's module offers.

    ``NEEDS`` says what it compares with the truth: ``labels`` or ``probabilities``.
    """

    NEEDS: Literal["labels", "probabilities"]

    def score(self, truth: Truth, guess: Any, /) -> float:
        """The figure; the higher, the better.

        ``truth`` (n_papers, n_topics) is 1 yes, 0 no, NaN unknown. ``guess``, of the same shape, has labels (boolean)
        or probabilities, as the metric needs.
        """


METRICS: Registry[Metric] = Registry("metric", "labeler.measure.metrics", "labeler.metrics", Metric)
