"""Plots as SVG inside a page."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from labeler.measure.estimates import Estimate
from labeler.measure.reliability import Bin
from labeler.measure.risk_coverage import Coverage
from labeler.pages.plots import coverage_plot, curve_plot, reliability_plot

pytest.importorskip("matplotlib")
BINS = [Bin(0.1, 0.2, 10, 0.15, 2), Bin(0.9, 1.0, 40, 0.95, 38)]
ROWS = [Coverage(0.5, 10, 12, 11, 0.9), Coverage(1.0, 20, 25, 18, 0.2)]
MEASURED = [(65, 0.45), (109, 0.57), (300, 0.71)]
PROJECTED = [(400, Estimate(0.75, 0.69, 0.81)), (1600, Estimate(0.9, 0.77, 1.0))]
PLOTS = [reliability_plot(BINS), coverage_plot(ROWS, 0.9), coverage_plot([], 0.9), curve_plot(MEASURED, PROJECTED)]


@pytest.mark.parametrize("svg", PLOTS)
def test_a_plot_names_no_address_and_takes_the_colours_of_the_page(svg: str) -> None:
    ET.fromstring(svg)
    assert svg.startswith("<svg")
    assert "http" not in svg
    assert "currentColor" in svg
    assert not re.search(r"#0[0-9]0", svg)
    assert "<script" not in svg
    ids = re.findall(r'\bid="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"(?:href=\"#|url\(#)([^\")]+)", svg)) <= set(ids)


def test_ids_of_two_plots_differ_and_a_plot_is_the_same_each_time() -> None:
    one, other = reliability_plot(BINS), coverage_plot(ROWS, 0.9)
    assert not set(re.findall(r'\bid="([^"]+)"', one)) & set(re.findall(r'\bid="([^"]+)"', other))
    assert one == reliability_plot(BINS)
