"""Plots as SVG for the inside of a page: reliability, risk and coverage, and the learning curve.

They need the extra ``report``. Lines and letters take the colour of the page, so that they can be read on dark and
light. A plot names no address.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labeler.measure.estimates import Estimate
    from labeler.measure.reliability import Bin
    from labeler.measure.risk_coverage import Coverage

_INK, _LINE = "#010203", "#040506"  # stand for colours of the page
_SIZE = (4.6, 3.4)  # inches


def has_plots() -> bool:
    """Whether what draws plots is installed."""
    from importlib.util import find_spec

    return find_spec("matplotlib") is not None


def reliability_plot(bins: Sequence[Bin]) -> str:
    """How often what was claimed with a probability was right, with intervals; on the diagonal they agree."""
    figure, axes = _axes("probability that was given", "share that is right")
    means, shares = [one.mean for one in bins], [one.share for one in bins]
    below = [one.value - one.low for one in shares]
    above = [one.high - one.value for one in shares]
    axes.plot([0, 1], [0, 1], color=_INK, linewidth=0.8, linestyle=(0, (4, 4)), gid="as-said")
    values = [one.value for one in shares]
    axes.errorbar(means, values, yerr=[below, above], color=_LINE, marker="o", markersize=4, linewidth=1.4, capsize=2)
    return _svg(figure, "reliability")


def coverage_plot(rows: Sequence[Coverage], precision: float) -> str:
    """How precise decisions are, by the share of papers that is decided; the dashed line is what was promised."""
    figure, axes = _axes("share of papers decided, the surest first", "precision")
    known = [(row.share, found) for row in rows if (found := row.precision) is not None]
    shares = [share for share, _ in known]
    axes.axhline(precision, color=_INK, linewidth=0.8, linestyle=(0, (4, 4)), gid="promised")
    axes.fill_between(
        shares, [one.low for _, one in known], [one.high for _, one in known], color=_LINE, alpha=0.18, linewidth=0
    )
    axes.plot(shares, [one.value for _, one in known], color=_LINE, marker="o", markersize=4, linewidth=1.4)
    lowest = min((one.low for _, one in known), default=0.0)
    axes.set_ylim(max(0.0, min(lowest, precision) - 0.05), 1.02)
    return _svg(figure, "coverage")


def curve_plot(measured: Sequence[tuple[int, float]], projected: Sequence[tuple[int, Estimate]]) -> str:
    """A learning curve: figures by number of judged papers, measured, and carried on (dashed) with their intervals."""
    figure, axes = _axes("judged papers", "macro-F1")
    papers, values = [size for size, _ in projected], [one.value for _, one in projected]
    lows, highs = [one.low for _, one in projected], [one.high for _, one in projected]
    axes.set_xscale("log")
    axes.fill_between(papers, lows, highs, color=_LINE, alpha=0.18, linewidth=0)
    axes.plot(papers, values, color=_LINE, linestyle=(0, (4, 3)), linewidth=1.4, gid="carried-on")
    axes.plot(*zip(*measured, strict=True), color=_LINE, marker="o", markersize=4, linewidth=1.4, gid="measured")
    ticks = [measured[0][0], projected[0][0], projected[-1][0]]
    axes.set_xlim(ticks[0] * 0.9, ticks[-1] * 1.1)
    axes.set_xticks(ticks, labels=[f"{size:,}" for size in ticks])
    axes.set_xticks([], minor=True)
    known = [*lows, *(value for _, value in measured)]
    axes.set_ylim(max(0.0, min(known) - 0.05), min(1.02, max(*highs, *known) + 0.05))
    return _svg(figure, "curve")


def _axes(across: str, up: str) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.add_subplot()
    axes.set(xlabel=across, ylabel=up, xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.patch.set_alpha(0)
    for spine in axes.spines.values():
        spine.set_color(_INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=_INK, labelsize=9)
    axes.xaxis.label.set_color(_INK)
    axes.yaxis.label.set_color(_INK)
    axes.grid(color=_INK, alpha=0.12, linewidth=0.6)
    return figure, axes


def _svg(figure: Any, name: str) -> str:
    """The figure as one ``svg`` element; ``name`` keeps its ids apart from those of other plots."""
    import matplotlib as mpl

    out = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "font.family": "sans-serif", "font.size": 10}):
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\s+xmlns(?::\w+)?="[^"]*"', "", text).replace("xlink:href", "href")
    text = re.sub(r'\b(id="|href="#|url\(#)', rf"\g<1>{name}-", text)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1; font-family: inherit", text)
    text = text.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1)
    return text.replace(_INK, "currentColor").replace(_LINE, "var(--accent)").strip()
