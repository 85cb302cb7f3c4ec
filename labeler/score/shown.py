"""What decisions and models show of themselves in notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.score.decision import Decision
    from labeler.score.model import TopicModel

_SHOWN = 8  # topics of a decision
_WORDS = {
    "auto": "The model is sure.",
    "none": "Surely no topic applies.",
    "review": "A person should look.",
    "judged": "People have judged this paper.",
}


class ShownInNotebooks:
    """A trained model in HTML: its topics, and of how many judged papers it learned each."""

    def _repr_html_(self) -> str:
        from labeler.notebook import block, table  # no command needs it

        model = cast("TopicModel", self)
        examples = dict(zip(model.topics, map(int, model.examples), strict=True))
        notes = [model.unlearned.get(topic, "") for topic in model.topics]
        rows = [(topic, number, note) for (topic, number), note in zip(examples.items(), notes, strict=True)]
        mode = "several topics a paper" if model.mode == "multi" else "one topic a paper"
        learned = f"Learned from {counted(model.judged_papers, 'judged paper')}; {mode}."
        return block(repr(model), [learned], [table(("topic", "papers", "note"), rows, list(examples.values()))])


def decision_html(decision: Decision) -> str:
    """The topics of a decision, what it means, and the largest of its probabilities, with a bar for each."""
    from labeler.notebook import block, table

    best = sorted(decision.scores.items(), key=lambda item: -item[1])[:_SHOWN]
    rows = [(topic, f"{score:.2f}", "given" if topic in decision.topics else "") for topic, score in best]
    reason = f" ({decision.reason.replace('_', ' ')})" if decision.reason else ""
    torn = [topic or "none of these" for topic in decision.torn]
    also = [topic for topic, _ in decision.also or ()]
    return block(
        ", ".join(decision.topics) or "no topic",
        [
            f"{decision.decision}{reason}: {_WORDS[decision.decision]}",
            f"Between: {', '.join(torn)}." if torn else "",
            f"Likely listed under {', '.join(also)}, too." if also else "",
        ],
        [table(("topic", "probability", ""), rows, [round(1000 * score) for _, score in best])],
    )
