from __future__ import annotations

import random

import pytest

from minqing.base.errors import BadInput
from minqing.kernel.matters.codes import ALPHABET, clean_code, new_code

MANY = 300


def test_a_code_is_two_groups_of_four_without_characters_that_sound_or_look_alike():
    for code in (new_code() for _ in range(MANY)):
        assert len(code) == 9 and code[4] == "-"
        assert not set(code) & set("0O1ILUV")
        assert clean_code(code) == code


def test_any_single_wrong_character_is_noticed():
    for code in (new_code() for _ in range(40)):
        for place in (0, 1, 2, 3, 5, 6, 7, 8):
            for other in set(ALPHABET) - {code[place]}:
                with pytest.raises(BadInput, match="不对"):
                    clean_code(code[:place] + other + code[place + 1 :])


def test_any_two_characters_exchanged_are_noticed():
    for code in (new_code() for _ in range(MANY)):
        plain = code.replace("-", "")
        for left in range(7):
            for right in range(left + 1, 8):
                if plain[left] == plain[right]:
                    continue
                swapped = list(plain)
                swapped[left], swapped[right] = swapped[right], swapped[left]
                with pytest.raises(BadInput, match="不对"):
                    clean_code("".join(swapped))


def test_a_code_is_understood_as_it_is_spoken_or_typed():
    for spoken in ("k7m2 9qx7", "K7M2—9QX7", "Ｋ７Ｍ２－９ＱＸ７", " k7 m2 9q x7 ", "K7M29QX7"):
        assert clean_code(spoken) == "K7M2-9QX7"


@pytest.mark.parametrize(
    "spoken, words",
    [("K7M2-9QXO", "没有“O”"), ("", "8 个"), ("K7M2", "8 个"), ("K7M2-9QX77", "8 个"), ("民情", "8 个"),
     ("\0" * 900, "8 个")],
)  # fmt: skip
def test_what_is_no_code_gets_a_sentence(spoken, words):
    with pytest.raises(BadInput, match=words):
        clean_code(spoken)


def test_codes_do_not_follow_one_another():
    codes = {new_code() for _ in range(MANY)}
    assert len(codes) == MANY
    firsts = {code[0] for code in codes}
    assert len(firsts) > 20, random.sample(sorted(codes), 5)
