"""How forenames, middle names and surnames are read."""

from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.fields import forename, middle_names, surname
from linkage.values.names import read_family
from linkage.values.whole_names import split_full_name, split_lone_name


def forenames(*values: str | None) -> dict[str, Any]:
    return dict(zip(forename.COLUMNS, forename.clean(*(*values, *[None] * (5 - len(values)))), strict=True))


def surnames(*values: str | None) -> dict[str, Any]:
    return dict(zip(surname.COLUMNS, surname.clean(*(*values, *[None] * (4 - len(values)))), strict=True))


@pytest.mark.parametrize(
    ("received", "first", "whole", "others"),
    [
        ("William", "WILLIAM", "WILLIAM", []),
        ("XIAO MING", "XIAO", "XIAOMING", ["MING"]),
        ("Anne-Marie", "ANNE", "ANNEMARIE", ["MARIE"]),
        ("D'Angelo", "DANGELO", "DANGELO", []),
        ("Mr William", "WILLIAM", "WILLIAM", []),
        ("Mrs. Dr. Jane", "JANE", "JANE", []),
        ("William MBE", "WILLIAM", "WILLIAM", []),
        ("William (known as Bill)", "WILLIAM", "WILLIAM", ["BILL"]),
        ("William 'Bill'", "WILLIAM", "WILLIAM", ["BILL"]),
        ('William "Bill" John', "WILLIAM", "WILLIAMJOHN", ["JOHN", "BILL"]),
        ("William aka Bill", "WILLIAM", "WILLIAM", ["BILL"]),
        ("William k/a Bill", "WILLIAM", "WILLIAM", ["BILL"]),
        ("William (Twin One)", "WILLIAM", "WILLIAM", []),
        ("J", "J", "J", []),
        ("J Robert", "J", "JROBERT", ["ROBERT"]),
        ("Zoë", "ZOE", "ZOE", []),
        ("Smith2", "SMITH", "SMITH", []),
        ("known as Bill", "BILL", "BILL", []),
        ("Tom (mum Sarah)", "TOM", "TOM", []),
        ("Tom c/o Sarah", "TOM", "TOM", []),
        ("Mst Rahela", "RAHELA", "RAHELA", []),
        ("Mosammat", "MOSAMMAT", "MOSAMMAT", []),
        ("Md. Rahim Ali", "RAHIM", "RAHIMALI", ["ALI"]),
        ("Md", "MD", "MD", []),
        ("Mohammed Rahim", "MOHAMMED", "MOHAMMEDRAHIM", ["RAHIM"]),
        ("R. Subramaniam", "R", "RSUBRAMANIAM", ["SUBRAMANIAM"]),
        ("JosÃ© (ZoÃ«)", "JOSE", "JOSE", ["ZOE"]),
        ("Fran?oise", "FRANOISE", "FRANOISE", []),
        ("BjÃ¸rn", "BJORN", "BJORN", []),
    ],
)
def test_a_forename_is_its_first_word_and_keeps_the_others(
    received: str, first: str, whole: str, others: list[str]
) -> None:
    read = forenames(received)
    assert (read["forename"], read["forename_joined"], read["forename_others"]) == (first, whole, others)
    assert read["forename_flags"] == []


@pytest.mark.parametrize(
    "received",
    ["baby", "Baby of Sarah", "BABY BOY", "Infant", "unknown", "Not known", "no name", "Twin One",
     "twin 2", "test",
     "Test Patient", "do not use", "DUPLICATE", "n/a", "N.A.", "unborn", "xx", "XXXX", "X", ".", "-",
     "tbc", "Mrs",
     "UNKNOWN MALE", "zz do not use", "Newborn", "Newborn 2", "B/O Sarah", "c/o Sarah", "Son of Sarah", "Alan & Joan", "Alan and Joan", "Sarah - Baby", "Sarah (baby of)", "b/o", "Neonate", "Unnamed", "Not Named", "Boy One",
     "Girl A", "T1", "U/K", "Refused", "Unidentified", "Deceased", "Husband"],
)  # fmt: skip
def test_a_placeholder_is_no_forename(received: str) -> None:
    read = forenames(received)
    assert read["forename"] is None
    assert "forename_placeholder" in read["forename_flags"]
    assert read["forename_received"] == received


def test_a_name_in_another_script_is_kept_as_received_and_flagged() -> None:
    read = forenames("محمد")
    assert (read["forename"], read["forename_received"]) == (None, "محمد")
    assert read["forename_flags"] == ["forename_not_latin"]


def test_a_note_beside_a_name_is_dropped_and_flagged() -> None:
    read = forenames("John DO NOT USE")
    assert (read["forename"], read["forename_flags"]) == ("JOHN", ["forename_note"])


def test_middle_and_preferred_names_are_other_names_but_initials_are_not() -> None:
    assert forenames("Mary", "Ann B", "Molly")["forename_others"] == ["ANN", "MOLLY"]


def test_the_preferred_name_stands_in_for_a_missing_forename() -> None:
    assert forenames(None, None, "Molly")["forename"] == "MOLLY"
    assert forenames("unknown", None, "Molly")["forename"] == "MOLLY"


def test_an_empty_forename_is_missing_without_a_flag() -> None:
    assert forenames("  ")["forename_flags"] == []
    assert forenames()["forename"] is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("John", "Paul George", None), ("PAUL GEORGE", "P")),
        (("John Paul", None, None), ("PAUL", "P")),
        (("John Paul", "George", None), ("GEORGE", "G")),
        (("John", "P.", None), ("P", "P")),
        (("John", None, None), (None, None)),
        ((None, None, "Smith, John Paul"), ("PAUL", "P")),
        ((None, None, "John Paul Smith"), ("PAUL", "P")),
        (("John", "n/a", None), (None, None)),
    ],
)
def test_middle_names_come_from_their_column_else_from_behind_the_forename(
    values: tuple[str | None, str | None, str | None], expected: tuple[str | None, str | None]
) -> None:
    assert middle_names.clean(*values, None) == expected


@pytest.mark.parametrize(
    ("received", "joined", "parts"),
    [
        ("Smith", "SMITH", ["SMITH"]),
        ("SMITH-JONES", "SMITHJONES", ["SMITH", "JONES"]),
        ("Smith Jones", "SMITHJONES", ["SMITH", "JONES"]),
        ("O'Brien", "OBRIEN", ["OBRIEN"]),
        ("O Brien", "OBRIEN", ["OBRIEN"]),
        ("Mac Donald", "MACDONALD", ["MACDONALD"]),
        ("Mc Donald", "MCDONALD", ["MCDONALD"]),
        ("ap Rhys", "APRHYS", ["APRHYS"]),
        ("van der Berg", "VANDERBERG", ["BERG"]),
        ("de Souza", "DESOUZA", ["SOUZA"]),
        ("Al-Hassan", "ALHASSAN", ["HASSAN"]),
        ("Ng", "NG", []),
        ("Smith Jr", "SMITH", ["SMITH"]),
        ("Müller", "MULLER", ["MULLER"]),
        ("Ibáñez", "IBANEZ", ["IBANEZ"]),
        ("Oâ€™Brien", "OBRIEN", ["OBRIEN"]),
        ("O?Brien", "OBRIEN", ["OBRIEN"]),
    ],
)
def test_a_surname_is_one_word_and_its_parts_leave_particles_out(
    received: str, joined: str, parts: list[str]
) -> None:
    read = surnames(received)
    assert (read["surname"], read["surname_parts"]) == (joined, parts)


@pytest.mark.parametrize(
    "received",
    ["Smith (nee Jones)", "Smith née Jones", "SMITH NEE JONES", "Smith formerly Jones",
     "Smith (formerly Jones)",
     "Smith (Jones)", "Smith (née: Jones)"],
)  # fmt: skip
def test_a_former_name_inside_the_surname_is_a_name_of_the_person(received: str) -> None:
    read = surnames(received)
    assert (read["surname"], read["surname_names"]) == ("SMITH", ["SMITH", "JONES"])


@pytest.mark.parametrize(
    ("received", "said"),
    [
        ("Smith Jnr", ["junior"]),
        ("Smith (Jnr.)", ["junior"]),
        ("SMITH II", ["junior"]),
        ("Smith, Snr", ["senior"]),
        ("Smith Senior OBE", ["senior"]),
        ("Smith Senior (nee Jones)", ["senior"]),
        ("Smith OBE", []),
        ("Senior", []),
        ("Junior Smith", []),
    ],
)
def test_junior_and_senior_are_no_name_and_are_told(received: str, said: list[str]) -> None:
    assert forenames(received)["forename_flags"] == [f"forename_{word}" for word in said]
    assert surnames(received)["surname_flags"] == [f"surname_{word}" for word in said]
    assert not {"JNR", "SNR"} & set(surnames(received)["surname_names"])


def test_junior_and_senior_of_a_whole_name_are_told() -> None:
    for received in ("John Smith Jnr", "Smith Jnr, John", "Mr John Smith, Jr."):
        read = surnames(None, None, received)
        assert (read["surname"], read["surname_flags"]) == ("SMITH", ["surname_junior"])


def test_several_former_surnames_are_all_names_of_the_person() -> None:
    read = surnames("Smith", "O'Brien; Taylor-Wood;Smith")
    assert read["surname_names"] == ["SMITH", "OBRIEN", "TAYLORWOOD"]
    assert read["surname_parts"] == ["SMITH", "OBRIEN", "TAYLOR", "WOOD"]


def test_a_surname_that_only_looks_like_a_word_for_former_is_kept() -> None:
    assert read_family("Nee").words == ("NEE",)


def test_a_placeholder_is_no_surname() -> None:
    assert surnames("Unknown")["surname"] is None
    assert surnames("Unknown")["surname_flags"] == ["surname_placeholder"]
    assert surnames("Child")["surname"] == "CHILD"
    assert surnames("Newborn")["surname"] == "NEWBORN"


@pytest.mark.parametrize("received", ["Boya", "U Thant", "Bo", "B O", "Girlie", "Tia"])
def test_what_only_looks_like_a_placeholder_is_a_forename(received: str) -> None:
    assert forenames(received)["forename"] is not None


@pytest.mark.parametrize(
    ("received", "given_names", "family_name"),
    [
        ("SMITH, John Paul", "John Paul", "SMITH"),
        ("SMITH, Mr John", "Mr John", "SMITH"),
        ("John Paul Smith", "John Paul", "Smith"),
        ("Mr John Smith", "John", "Smith"),
        ("Ana de Souza", "Ana", "de Souza"),
        ("Jan van der Berg", "Jan", "van der Berg"),
        ("William (Bill) Smith", "William (Bill)", "Smith"),
        ("Mary Smith (nee Jones)", "Mary", "Smith (nee Jones)"),
        ("John Smith, Jr", "John", "Smith Jr"),
        ("John Smith OBE", "John", "Smith OBE"),
        ("Mr Smith", None, "Smith"),
        ("Cher", "Cher", None),
        (" ", None, None),
        (None, None, None),
    ],
)
def test_a_whole_name_is_split_by_its_comma_or_before_its_last_word(
    received: str | None, given_names: str | None, family_name: str | None
) -> None:
    assert split_full_name(received) == (given_names, family_name)


def test_a_whole_name_fills_forename_and_surname_only_where_they_are_missing() -> None:
    assert forenames(None, None, None, "SMITH, John Paul")["forename"] == "JOHN"
    assert surnames(None, None, "SMITH, John Paul")["surname"] == "SMITH"
    assert forenames("Jack", None, None, "SMITH, John Paul")["forename"] == "JACK"
    assert surnames("Brown", None, "SMITH, John Paul")["surname"] == "BROWN"


@pytest.mark.parametrize(
    ("received", "given_names", "family_name"),
    [
        ("Leopold Everingham", "Leopold", "Everingham"),
        ("EVERINGHAM, Leopold James", "Leopold James", "EVERINGHAM"),
        ("Mr Leopold Everingham", "Leopold", "Everingham"),
        ("Ana Maria de Souza", "Ana Maria", "de Souza"),
        ("de Souza", None, None),
        ("van der Berg", None, None),
        ("O Brien", None, None),
        ("Smith (nee Jones)", None, None),
        ("Mr Everingham", None, None),
        ("Mary Ann", None, None),
        ("Everingham", None, None),
        ("not known", None, None),
        (None, None, None),
    ],
)
def test_a_lone_name_is_split_only_where_it_seems_to_be_a_whole_one(
    received: str | None, given_names: str | None, family_name: str | None
) -> None:
    assert split_lone_name(received) == (given_names, family_name)


def test_a_whole_name_in_the_surname_column_is_split_and_flagged() -> None:
    whole = "Leopold James Everingham"
    read = forenames(None, None, None, None, whole)
    assert (read["forename"], read["forename_others"], read["forename_flags"]) == ("LEOPOLD", ["JAMES"], [])
    assert read["forename_received"] == whole
    family = surnames(whole, None, None, whole)
    assert (family["surname"], family["surname_flags"]) == ("EVERINGHAM", ["surname_held_forename"])
    assert family["surname_names"] == ["EVERINGHAM", "LEOPOLDJAMESEVERINGHAM"]
    assert middle_names.clean(None, None, None, whole) == ("JAMES", "J")


def test_a_whole_name_in_the_forename_column_is_split_and_flagged() -> None:
    whole = "Leopold James Everingham"
    read = forenames(whole, None, None, None, whole)
    assert (read["forename"], read["forename_flags"]) == ("LEOPOLD", ["forename_held_surname"])
    assert (
        surnames(None, None, None, whole)["surname"],
        surnames(None, None, None, whole)["surname_flags"],
    ) == (
        "EVERINGHAM",
        [],
    )
    assert middle_names.clean(whole, None, None, whole) == ("JAMES", "J")


def test_two_names_in_one_column_that_may_be_one_name_are_left_there() -> None:
    assert forenames("Mary Ann", None, None, None, "Mary Ann")["forename"] == "MARY"
    assert surnames(None, None, None, "Mary Ann")["surname"] is None
    assert surnames("de Souza", None, None, "de Souza")["surname"] == "DESOUZA"
    assert middle_names.clean("Mary Ann", None, None, "Mary Ann") == ("ANN", "A")


@pytest.mark.parametrize(
    ("values", "lone"),
    [
        ((None, "Leopold Everingham", None, None), "Leopold Everingham"),
        ((" ", "Leopold Everingham", None, " "), "Leopold Everingham"),
        (("Leopold Everingham", None, None, None), "Leopold Everingham"),
        (("Leopold", "Everingham", None, None), None),
        ((None, "Everingham ", None, None), None),
        ((None, "Smith Jones", "Ann Smith Jones", None), None),
        ((None, "Smith Jones", None, "Ann"), None),
        ((None, None, None, None), None),
    ],
)
def test_a_lone_name_is_several_words_while_every_other_name_is_empty(
    values: tuple[str | None, ...], lone: str | None
) -> None:
    row = "SELECT ?::VARCHAR AS forename, ?::VARCHAR AS surname, ?::VARCHAR AS full_name, ?::VARCHAR AS preferred_name"
    with duckdb.connect() as database:
        found = database.execute(f"SELECT {forename.WORKED_OUT['lone_name']} FROM ({row})", values).fetchall()
    assert found == [(lone,)]


names = st.one_of(
    st.text(max_size=20),
    st.lists(
        st.sampled_from(
            ["Mr", "Ann", "(", ")", "Bill", "nee", "known as", "Jr", "test", "N", "A", "na", "X", "-", "'",
             '"', "/",
             "O'", "Mc", "de", "é", "Ж", "1", "TWIN", "male", "Dr", ",", "do not use"]
        ),
        max_size=6,
    ).map(" ".join),
)  # fmt: skip


@given(names)
def test_cleaning_a_forename_twice_is_cleaning_it_once(text: str) -> None:
    once = forenames(text)["forename"]
    assert once is None or (forenames(once)["forename"] == once and once.isascii() and once.isupper())


@given(names)
def test_cleaning_a_surname_twice_is_cleaning_it_once(text: str) -> None:
    once = surnames(text)["surname"]
    assert once is None or (surnames(once)["surname"] == once and once.isascii() and once.isupper())


@given(names, names, names, names)
def test_any_text_can_be_a_name(first: str, second: str, third: str, whole: str) -> None:
    read = forenames(first, second, third, whole, whole)
    assert len(surnames(first, second, None, whole)) == len(surname.COLUMNS)
    assert all(len(word) > 1 for word in read["forename_others"])
    assert len(middle_names.clean(first, second, whole, None)) == len(middle_names.COLUMNS)
    assert surnames(first, second, whole)["surname_names"] == list(
        dict.fromkeys(surnames(first, second, whole)["surname_names"])
    )
