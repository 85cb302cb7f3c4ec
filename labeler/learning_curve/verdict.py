"""What a learning curve says, in words."""

from __future__ import annotations

from labeler.learning_curve.projection import Gain, Needed
from labeler.wording import counted


def gain_sentence(gain: Gain) -> str:
    """Whether to go on judging, in a sentence."""
    low, high = max(gain.figure.low, 0), gain.figure.high
    added = f"{counted(gain.more, 'more label')} would add {gain.figure.value:.3f} (90 %: {low:.3f} to {high:.3f})"
    if gain.is_small:
        return (
            f"You may stop, as far as this figure goes: with 90 % confidence, {counted(gain.more, 'more label')} would "
            f"add less than {gain.least:g}. ({added}.)"
        )
    if gain.below >= 0.5:
        return f"It is not sure yet that you may stop: {added}; less than {gain.least:g} is likely ({gain.below:.0%})."
    return f"Going on may be worth it: {added}; {gain.least:g} or more is likely ({1 - gain.below:.0%})."


def enough_sentence(enough: int, papers: int, within: float) -> str:
    """How many of the judged papers would have done, in a sentence."""
    return f"About {enough:,} of the {papers:,} judged papers would do as well, to within {within:g}."


def target_sentence(target: float, needed: Needed, papers: int) -> str:
    """How many judged papers a target needs, where there are so many ``papers``, in a sentence."""
    return f"For a macro-F1 of {target:g}: {needed_words(needed, papers)}."


def needed_words(needed: Needed, papers: int) -> str:
    """How many judged papers are needed, in words."""
    if needed.high is not None and needed.high <= papers:
        return "reached with the judged papers there are"
    if needed.low is None:
        return "not within reach of twenty times the labels there are (90 % sure)"
    likely = "more than can be told" if needed.papers is None else f"about {needed.papers:,} judged papers"
    low = "those there are" if needed.low <= papers else f"{needed.low:,}"
    high = "more than can be told" if needed.high is None else f"{needed.high:,}"
    return f"{likely} (90 %: {low} to {high})"
