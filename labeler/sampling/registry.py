"""The strategies. A strategy is one module of the folder ``strategies``: see :class:`Strategy` for what it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from labeler.registry import Member, Registry

if TYPE_CHECKING:
    from labeler.sampling.candidates import Candidates
    from labeler.sampling.medoids import Chance


class Strategy(Member, Protocol):
    """What a strategy's module offers.

    ``NEEDS`` says what it needs: ``model``, candidates with probabilities and margins (until there is a model,
    ``diverse`` takes its place), or ``none``.
    """

    NEEDS: Literal["model", "none"]

    def select(self, candidates: Candidates, count: int, rng: Chance) -> list[int]:
        """The positions of ``count`` candidates (all if there are fewer), the most useful first, each once.

        ``rng`` is the only source of chance.
        """


DEFAULT = "mix"
STRATEGIES: Registry[Strategy] = Registry("strategy", "labeler.sampling.strategies", "labeler.strategies", Strategy)


def strategy_named(name: str) -> str:
    """``name``, if a strategy has it.

    Raises:
        UsageError: none has, or the package that adds it is broken.
    """
    return STRATEGIES.named(name).NAME


def strategy_for(name: str, candidates: Candidates) -> Strategy:
    """The strategy of a name, or ``diverse`` in place of one that needs a model where there is none.

    Raises:
        UsageError: no strategy has that name, or the package that adds it is broken.
    """
    strategy = STRATEGIES.named(name)
    if strategy.NEEDS == "model" and candidates.margins is None:
        return STRATEGIES.named("diverse")
    return strategy
