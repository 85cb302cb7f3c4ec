from __future__ import annotations

import pytest

from labeler.papers.gist import Gist, differ

OWLS = "Owls hunt small rodents above frozen meadows during winter nights while snow muffles every sound they follow."
RAILS = "Trains along coastal lines slow whenever autumn storms push waves across tracks built before harbours existed."
DOI = "doi:10.1000/book"


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (Gist("Night hunting of owls", OWLS), Gist("Coastal trains in storms", RAILS), True),
        (Gist("Night hunting of owls", OWLS), Gist("Night hunting of owls", RAILS), False),
        (Gist("Night hunting of owls", OWLS), Gist("Winter predators", OWLS), False),
        (Gist("Night hunting of owls", OWLS), Gist("Coastal trains in storms", ""), None),
        (Gist("", OWLS), Gist("Coastal trains in storms", RAILS), None),
        (
            Gist("Night hunting of owls", OWLS),
            Gist("猫头鹰夜间捕猎", "冬季夜晚，猫头鹰在冰冻的草地上捕食小型啮齿动物。"),
            None,
        ),
    ],
)
def test_papers_differ_where_both_their_titles_and_their_abstracts_do(
    one: Gist, other: Gist, verdict: bool | None
) -> None:
    assert differ(one, other, DOI) is verdict
    assert differ(other, one, DOI) is verdict


def test_chinese_papers_of_one_identifier_are_told_apart() -> None:
    one = Gist("猫头鹰夜间捕猎", "冬季夜晚，猫头鹰在冰冻的草地上捕食小型啮齿动物，雪使声音变得微弱。")
    other = Gist("沿海铁路与风暴", "秋天的风暴把海浪推上轨道，列车因此减速，港口建成之前线路已经存在。")
    assert differ(one, other, DOI) is True
    assert differ(one, one, DOI) is False
