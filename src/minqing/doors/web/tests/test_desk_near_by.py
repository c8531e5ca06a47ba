"""What stands near a concern that a clerk is just typing."""

from __future__ import annotations

from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_desk import TOWN, VILLAGE, come_in
from minqing.registers.regions.queries import units_by_slug

LAMPS = "村口三盏路灯都不亮，晚上看不见路"


def near(pages: Pages, who: str, text: str = LAMPS, place: int = 0) -> str:
    answer = pages.as_(who).post("/new/near", {"text": text, "place": pages.grids[place]})
    assert answer.status_code == 200
    return answer.content.decode().strip()


def test_a_matter_of_the_same_village_in_near_words_is_shown_as_a_link(pages: Pages) -> None:
    (lamps,) = come_in(pages, LAMPS)
    (drain,) = come_in(pages, "饭店油烟太大，熏得睡不着")
    said = near(pages, VILLAGE)
    assert f'href="/matters/{lamps}" target="_blank"' in said and drain not in said and "<html" not in said
    assert lamps in near(pages, TOWN)


def test_nothing_is_said_of_too_few_words_of_no_place_and_of_what_nobody_told(pages: Pages) -> None:
    come_in(pages, LAMPS)
    assert near(pages, VILLAGE, "路灯") == "" and near(pages, VILLAGE, "井盖被偷了，快来人") == ""
    assert pages.as_(VILLAGE).post("/new/near", {"text": LAMPS}).content.decode().strip() == ""
    assert pages.as_(VILLAGE).get("/new/near").status_code == 405


def test_what_the_viewer_does_not_see_and_what_is_against_somebody_is_not_shown(pages: Pages) -> None:
    (against,) = come_in(pages, LAMPS, against=(units_by_slug(["trial-water"])["trial-water"],))
    assert against in pages.as_(VILLAGE).get(f"/matters/{against}").content.decode(), "the village may see it"
    come_in(pages, LAMPS, against_people=(pages.people[-1].person,))
    come_in(pages, LAMPS, against_unknown=1)
    assert near(pages, VILLAGE) == ""
    (seen,) = come_in(pages, LAMPS)
    assert seen in near(pages, VILLAGE)
    water = pages.as_("trial-water").post("/new/near", {"text": LAMPS, "place": pages.grids[0]}).content.decode()
    assert seen not in water, "a department sees what it has a part in"
