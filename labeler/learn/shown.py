"""What a classifier shows of itself in notebooks."""

from __future__ import annotations

from inspect import signature
from reprlib import Repr
from typing import TYPE_CHECKING, Any, cast

from labeler.notebook import block, table
from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.learn.classifier import TopicClassifier

_REPR = Repr()
_REPR.maxdict, _REPR.maxstring, _REPR.maxother = 2, 40, 80
_NAMES = {"macro_f1": "macro-F1", "micro_f1": "micro-F1"}


class ShownInNotebooks:
    """A classifier as text, and in HTML: before it is fitted as scikit-learn shows any, then what it has learned."""

    def __repr__(self, N_CHAR_MAX: int = 700) -> str:
        """One line, with the parameters that are not the default; long ones are shortened."""
        usual = {name: _REPR.repr(known.default) for name, known in signature(type(self)).parameters.items()}
        given = {name: _REPR.repr(value) for name, value in cast("Any", self).get_params(deep=False).items()}
        told = ", ".join(f"{name}={value}" for name, value in given.items() if value != usual[name])
        return f"{type(self).__name__}({told})"[:N_CHAR_MAX]

    def _repr_html_(self) -> str:
        from sklearn.utils import estimator_html_repr

        clf = cast("TopicClassifier", self)
        return fitted_html(clf) if hasattr(self, "model_") else str(estimator_html_repr(clf))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        from sklearn import get_config

        shown = {"text/html": self._repr_html_()} if get_config()["display"] == "diagram" else {}
        return {"text/plain": repr(self), **shown}


def fitted_html(clf: TopicClassifier) -> str:
    """The topics of a fitted classifier with their numbers of papers, its held-out figures, and its recipe."""
    model, recipe = clf.model_, clf.training_record().parameters.recipe
    numbers = dict(zip(clf.classes_.tolist(), map(int, model.examples), strict=False))
    notes = {**dict.fromkeys(clf.weak_, "few papers are known not to be of it"), **clf.unlearned_}
    topics = [(topic, numbers.get(topic, 0), notes.get(topic, "")) for topic in clf.classes_.tolist()]
    figures = [
        (_NAMES.get(name, name), f"{found.value:.2f}", f"{found.low:.2f} to {found.high:.2f}")
        for name, found in clf.measured_.items()
    ]
    mode = "several topics a paper" if clf.mode == "multi" else "one topic a paper"
    learned = f"Learned from {counted(model.judged_papers, 'judged paper')}; {mode}."
    return block(
        repr(clf),
        [learned, f"Recipe chosen by cross-validation: {recipe}." if recipe else ""],
        [
            table(("on held-out papers", "estimate", "95 % interval"), figures),
            table(("topic", "papers", "note"), topics, [number for _, number, _ in topics]),
        ],
    )
