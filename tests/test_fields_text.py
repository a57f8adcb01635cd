"""What folding makes of any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.values.text import fold, fold_lines, joined, repaired, truth


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
        ("Fran?oise", "FRANOISE"),
        ("Fran\ufffd\ufffdoise ?", "FRANOISE"),
        ("?ukasz ? Jos?", "UKASZ JOS"),
        ("JosÃ©", "JOSE"),
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


@pytest.mark.parametrize(
    "written",
    [
        "José",
        "Zoë",
        "MÜLLER",
        "O’Brien",
        "Łukasz Żółć",
        "Ștefan",
        "Nguyễn",
        "Şahin",
        "Ánh Đặng",
        "Иван",
        "Jose\u0301",
    ],
)
@pytest.mark.parametrize("wrongly_as", ["latin-1", "cp1252"])
def test_utf_8_that_was_read_byte_by_byte_is_repaired_even_twice(written: str, wrongly_as: str) -> None:
    def misread(text: str) -> str:
        characters = (bytes([byte]) for byte in text.encode("utf-8"))
        return "".join(one.decode(wrongly_as, "ignore") or one.decode("latin-1") for one in characters)

    assert misread(written) != written
    assert repaired(misread(written)) == written
    assert repaired(misread(misread(written))) == written


@pytest.mark.parametrize(
    "written",
    [
        "José",
        "JOÃO",
        "JOSÉ–LUIS",
        "JOSÉ’S",
        "ÂNGELO",
        "André’s",
        "STRAUß’",
        "Å",
        "JosÃ© Łoś",
        "Ã",
        "Anne",
        "محمد",
    ],
)
def test_text_that_was_read_rightly_is_not_repaired(written: str) -> None:
    assert repaired(written) == written


@given(st.text(st.characters(max_codepoint=0x17F, exclude_categories=["Cc"])))
def test_repairing_twice_is_repairing_once(text: str) -> None:
    assert repaired(repaired(text)) == repaired(text)


def test_a_question_mark_between_numbers_of_an_address_still_parts_them() -> None:
    assert fold_lines("12?14 King?s Road") == ["12", "14", "KINGS", "ROAD"]
