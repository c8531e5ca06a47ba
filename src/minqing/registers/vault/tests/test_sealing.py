"""What is sealed opens with its own key, in its own place, unaltered, and in no other way."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minqing.base.errors import NotReady
from minqing.registers.vault.masters import add_master
from minqing.registers.vault.sealing import blind, new_key, rewrap, seal, unseal, unwrap, word_mark

WORDS = "楼道里的水管又漏了".encode()


@pytest.mark.usefixtures("home")
class TestSealing:
    def test_what_was_sealed_opens_and_does_not_show(self) -> None:
        key = new_key("MQ1")
        sealed = seal(key, "text", WORDS)
        assert WORDS not in sealed and unseal(key, "text", sealed) == WORDS
        assert seal(key, "text", WORDS) != sealed, "a nonce is used twice"

    def test_a_value_moved_to_another_name_or_subject_does_not_open(self) -> None:
        key = new_key("MQ1")
        sealed = seal(key, "text", WORDS)
        with pytest.raises(NotReady):
            unseal(key, "title", sealed)
        stolen = type(key)("MQ2", key.master, key.wrapped, key.plain)
        with pytest.raises(NotReady):
            unseal(stolen, "text", sealed)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
    @given(st.data())
    def test_an_altered_value_does_not_open(self, data: st.DataObject) -> None:
        key = new_key("MQ1")
        sealed = bytearray(seal(key, "text", WORDS))
        place = data.draw(st.integers(0, len(sealed) - 1))
        sealed[place] ^= data.draw(st.integers(1, 255))
        with pytest.raises(NotReady):
            unseal(key, "text", bytes(sealed))

    @pytest.mark.parametrize("length", [0, 3, 11, 12, 20])
    def test_what_is_too_short_to_be_sealed_is_told_in_a_sentence(self, length: int) -> None:
        with pytest.raises(NotReady):
            unseal(new_key("MQ1"), "text", bytes(length))

    def test_a_key_wrapped_for_one_subject_is_none_for_another(self) -> None:
        key = new_key("MQ1")
        assert unwrap("MQ1", key.master, key.wrapped) == key
        with pytest.raises(NotReady):
            unwrap("MQ2", key.master, key.wrapped)

    def test_a_key_wrapped_anew_opens_what_it_sealed_before(self, home: Path) -> None:
        key = new_key("MQ1")
        sealed = seal(key, "text", WORDS)
        add_master(home)
        again = rewrap(key)
        assert again.master == 2 and again.wrapped != key.wrapped
        assert unseal(unwrap("MQ1", 2, again.wrapped), "text", sealed) == WORDS

    def test_spellings_of_one_phone_have_one_mark(self) -> None:
        spellings = [
            "13800000001",
            "+86 138-0000-0001",
            "１３８００００００ ０１",
            "0086 138 0000 0001",
            "8613800000001",
        ]
        assert len({blind("phone", spelling) for spelling in spellings}) == 1
        assert blind("phone", "13800000002") != blind("phone", "13800000001")
        assert blind("name", "13800000001") != blind("phone", "13800000001")

    def test_marks_of_another_instance_are_others(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = (blind("phone", "13800000001"), word_mark("水管"))
        monkeypatch.setenv("MINQING_HOME", str(home.with_name("other")))
        assert before[0] != blind("phone", "13800000001") and before[1] != word_mark("水管")
