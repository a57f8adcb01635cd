"""What folding makes of any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.text import fold, joined, truth


@pytest.mark.parametrize(
    ("received", "folded"),
    [
        ("O'Brien", "OBRIEN"),
        ("O’Brien", "OBRIEN"),
        ("O´Brien", "OBRIEN"),
        ("Smith-Jones", "SMITH JONES"),
        ("  Anne \t Marie ", "ANNE MARIE"),
        ("Łukasz Żółć", "LUKASZ ZOLC"),
        ("Søren Ærø", "SOREN AERO"),
        ("Strauß", "STRAUSS"),
        ("Đặng", "DANG"),
        ("Þóra Œuvre", "THORA OEUVRE"),
        ("Işık", "ISIK"),
        ("Zoë", "ZOE"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "FULL WIDTH"),
        ("Иван", None),
        ("محمد", None),
        (" .- ", None),
        ("", None),
        (None, None),
    ],
)
def test_text_is_folded_to_upper_case_ascii_words(received: str | None, folded: str | None) -> None:
    assert fold(received) == folded


@given(st.text())
def test_folding_twice_is_folding_once_and_leaves_only_ascii_words(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once is None or all(
        word.isascii() and word.isalnum() and word.isupper() | word.isdigit() for word in once.split(" ")
    )


def test_truth_is_none_for_what_says_neither() -> None:
    assert [truth(text) for text in ("Y", "yes", "1", "N", "false", "maybe", "", None)] == [
        True, True, True, False, False, None, None, None,
    ]  # fmt: skip


def test_what_was_received_is_joined_by_a_space() -> None:
    assert joined("Ann", None, "Mary") == "Ann Mary"
    assert joined(None, "") is None
