"""Headings find their inputs, every row that was received is read or rejected, and nothing shows a cell."""

import hashlib
import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_xlsx import Cell, make_xlsx

from linkage.config import Dataset
from linkage.database import columns_of, count, open_database
from linkage.errors import InputError, LinkageError, MappingError, OutputError
from linkage.ingest import ingest
from linkage.objection_list import ingest_objections
from linkage.reading.profile import inputs, parse_profile, shipped_profiles
from linkage.reading.recognise import Received, Recognised, recognise, save_profile

CANARY = "Zanzibarella"
LAS = [
    "Person ID", "Title", "Forename", "Middle Names", "Surname", "Preferred Name", "Previous Surname",
    "Date of Birth", "DOB Estimated", "Date of Death", "Gender", "Ethnicity", "NHS Number", "Is Client",
    "Merged Into", "Confidential", "Flat No", "House No", "Building", "Street", "Town", "County", "Postcode",
    "UPRN", "Previous Address", "Previous Postcode", "Telephone", "Mobile", "Email", "Service Start Date",
]  # fmt: skip
DIM_PERSON = [
    "DIM_PERSON_ID", "FORENAME", "SURNAME", "GENDER_MAIN_CODE", "ETHNICITY_MAIN_CODE", "BIRTH_DTTM",
    "DOB_ESTIMATED", "DEATH_DTTM", "IS_CLIENT", "DUPLICATED_DTTM", "FLAT_NO", "BUILDING", "HOUSE_NO",
    "STREET", "TOWN", "POSTCODE", "UPRN",
]  # fmt: skip
PDS = [
    "NHS_NUMBER", "FAMILY_NAME", "GIVEN_NAME", "OTHER_GIVEN_NAME", "PREVIOUS_FAMILY_NAME", "GENDER",
    "DATE_OF_BIRTH", "DATE_OF_DEATH", "ADDRESS_LINE_1", "ADDRESS_LINE_2", "ADDRESS_LINE_3", "ADDRESS_LINE_4",
    "ADDRESS_LINE_5", "POST_CODE", "PREVIOUS_ADDRESS", "PREVIOUS_POST_CODE", "TELEPHONE_NUMBER",
    "MOBILE_NUMBER", "EMAIL_ADDRESS", "SENSITIVE_FLAG", "SUPERSEDED_NHS_NUMBERS",
]  # fmt: skip
MESH = ["NHS_NO", "FAMILY_NAME", "GIVEN_NAME", "GENDER (FHIR)", "DATE_OF_BIRTH", "ADDRESS_LINE1", "POSTCODE"]
CLD = [
    "LA Code", "NHS Number", "LA Person Unique Identifier", "First Name", "Last Name", "Gender", "Ethnicity",
    "Date of Birth", "Date of Death", "Postcode", "Event Type", "Event Start Date",
]  # fmt: skip
SUI = ["SourceID", "DOB", "Surname", "Forename", "Gender", "PostCode", "Column1", "Ethnicity", "NHSNumber"]
GP = ["NHS Number", "Surname", "Forename", "DOB", "Sex", "Address 1", "Address 2", "Postcode", "Mobile"]
MINIMUM = "Person ID,Surname,Date of Birth\n"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(tmp_path_factory.mktemp("database"), threads=2) as opened:
        yield opened


@pytest.fixture
def database(shared: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    shared.execute("DROP TABLE IF EXISTS reject")
    return shared


def council(folder: Path, text: str, name: str = "council.csv", **mappings: str) -> Dataset:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return Dataset("council", path, mappings=mappings)


def known(headings: list[str], dataset: str = "council", **mappings: str) -> Recognised:
    return recognise(Received(f"{dataset}.csv", dataset, headings), mappings=mappings)


# Recognising


@pytest.mark.parametrize(
    ("headings", "dataset", "profile", "unused"),
    [
        (LAS, "council", "liquidlogic_adults", []),
        (DIM_PERSON, "council", "liquidlogic_adults", []),
        (SUI, "council", "liquidlogic_children", ["Column1"]),
        (CLD, "council", "client_level_data", ["LA Code", "Event Type"]),
        (PDS, "nhs", "pds", []),
        (MESH, "nhs", "pds", []),
        (GP, "nhs", "patient_list", []),
    ],
    ids=["adults", "adults database", "children", "client level data", "register", "trace", "patients"],
)
def test_known_exports_are_recognised_and_wholly_used(
    headings: list[str], dataset: str, profile: str, unused: list[str]
) -> None:
    found = known(headings, dataset)
    assert (found.profile, found.unused) == (profile, unused)


def test_the_case_spaces_and_signs_of_headings_do_not_matter() -> None:
    found = known([heading.lower().replace(" ", "__") + "." for heading in LAS])
    assert found.profile == "liquidlogic_adults"
    assert found.columns["date_of_birth"] == ["date__of__birth."]


def test_unknown_exports_are_recognised_by_the_names_of_their_columns() -> None:
    found = known(["id", "last name", "dob", "colour"])
    assert found.profile == ""
    assert found.columns == {"record_id": ["id"], "date_of_birth": ["dob"], "surname": ["last name"]}
    assert found.unused == ["colour"]


def test_what_the_user_says_wins_over_the_profile_and_leaves_the_heading_to_nobody_else() -> None:
    found = known([*LAS, "Legal Name"], surname="Legal Name", previous_surname="Surname")
    assert found.columns["surname"] == ["Legal Name"]
    assert found.columns["previous_surname"] == ["Surname"]


def test_the_nhs_number_stands_in_for_a_record_id_in_the_register() -> None:
    assert known(PDS, "nhs").columns["record_id"] == ["NHS_NUMBER"]
    assert known(["Patient ID", *GP], "nhs").columns["record_id"] == ["Patient ID"]


@pytest.mark.parametrize(
    ("headings", "message"),
    [
        (
            ["Person ID", "Forename", "Surname"],
            "council.csv has no column for date_of_birth. It has: Person ID, Forename, Surname. "
            'Say which with --map date_of_birth="…".',
        ),
        (
            ["Surname", "Date of Birth"],
            "council.csv has no column for record_id. It has: Surname, Date of Birth. "
            'Say which with --map record_id="…".',
        ),
        (
            ["Person ID", "Date of Birth"],
            "council.csv has no column for surname. It has: Person ID, Date of Birth. "
            'Say which with --map surname="…".',
        ),
    ],
)
def test_what_is_missing_is_said_with_what_there_is(headings: list[str], message: str) -> None:
    with pytest.raises(MappingError) as caught:
        known(headings)
    assert str(caught.value) == message


def test_a_postcode_or_an_address_will_do_instead_of_a_date_of_birth() -> None:
    assert known(["Person ID", "Full Name", "Postcode"]).columns["full_name"] == ["Full Name"]


def test_a_register_without_nhs_numbers_is_refused() -> None:
    with pytest.raises(MappingError, match=r"nhs\.csv has no column for nhs_number"):
        known(["Patient ID", "Surname", "DOB"], "nhs")


def test_a_long_list_of_columns_is_cut_short() -> None:
    with pytest.raises(MappingError, match="h59 and 240 more"):
        known(["Surname", "Forename", *(f"h{place}" for place in range(2, 300))])


@pytest.mark.parametrize("mappings", [{}, {"record_id": "Person ID"}])
def test_what_may_be_the_values_of_a_person_in_a_file_without_headings_is_not_told(
    mappings: dict[str, str],
) -> None:
    with pytest.raises(MappingError, match="if it has none, put them above the first person") as caught:
        known(["C001", "Street", "Quillfeather", "around 1948"], **mappings)
    for value in ("C001", "Street", "Quillfeather", "1948"):
        assert value not in str(caught.value)


@pytest.mark.parametrize(
    ("mappings", "wanted"),
    [
        ({"shoe_size": "Surname"}, "names the field shoe_size, which does not exist. There are: record_id, "),
        ({"surname": "Last"}, 'has no column "Last" for surname. It has: Person ID, '),
        ({"surname": "Surname", "forename": "Surname"}, 'the column "Surname" to both surname and forename'),
        ({"surname": "Surname + Forename"}, 'has no column "Surname + Forename" for surname'),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(mappings: dict[str, str], wanted: str) -> None:
    with pytest.raises(MappingError) as caught:
        known(LAS, **mappings)
    assert wanted in str(caught.value)


def test_a_start_date_is_when_care_began_only_in_a_councils_known_report() -> None:
    only = [*LAS[:-1], "Start Date"]
    assert known(only).columns["service_start"] == ["Start Date"]
    assert known([*LAS, "Start Date"]).unused == ["Start Date"]
    assert "service_start" not in known([*PDS, "Start Date"], "nhs").columns


@pytest.mark.parametrize("heading", ["Case Ref", "Case Reference", "CASE_NO"])
def test_the_reference_of_a_case_is_a_record_id_where_no_person_has_one(heading: str) -> None:
    assert known([heading, "Surname", "DOB"]).columns["record_id"] == [heading]
    both = [heading, "Mosaic ID", "Surname", "DOB"]
    assert known(both).columns["record_id"] == ["Mosaic ID"]


def test_two_columns_of_one_name_are_refused_only_where_they_are_needed() -> None:
    headings = ["Person ID", "Surname", "Surname (2)", "DOB", "Notes", "Notes (2)"]
    received = Received("council.csv", "council", headings, ["Surname", "Notes"])
    with pytest.raises(MappingError, match='more than one column called "Surname"'):
        recognise(received)
    assert recognise(received, mappings={"surname": "Surname (2)"}).columns["surname"] == ["Surname (2)"]


@given(
    st.lists(st.sampled_from([*LAS, *PDS, *CLD, "x", "Name", "ID", "é"]), unique=True, max_size=40),
    st.sampled_from(["council", "nhs"]),
)
def test_a_heading_fills_one_input_only_and_every_heading_is_used_or_named_as_unused(
    headings: list[str], dataset: str
) -> None:
    try:
        found = known(headings, dataset)
    except MappingError:
        return
    columns = {
        name: used for name, used in found.columns.items() if name != "record_id" or dataset == "council"
    }
    used = [heading for each in columns.values() for heading in each]
    assert len(used) == len(set(used))
    assert set(used) | set(found.unused) | set(found.columns.get("record_id", [])) == set(headings)


# Profiles


def test_shipped_profiles_say_what_they_are_and_name_inputs_that_exist() -> None:
    profiles = shipped_profiles()
    assert list(profiles) == sorted(profiles)
    for name, profile in profiles.items():
        assert profile.dataset in ("council", "nhs", "either")
        assert profile.rows in ("one row a person", "several rows a record")
        assert set(profile.columns) <= set(inputs()), name


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("name = ", "is not TOML"),
        ('title = "x"', "needs a name and [columns]"),
        ('name = "x"\n[columns]\nsurname = 3', "needs a name and [columns]"),
        ('name = "x"\n[columns]\nshoe = ["Shoe"]', "names the field shoe"),
    ],
)
def test_a_profile_that_cannot_be_used_says_why(text: str, wanted: str) -> None:
    with pytest.raises(MappingError) as caught:
        parse_profile(text, "mine.toml")
    assert wanted in str(caught.value)
    assert "mine.toml" in str(caught.value)


def test_a_profile_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(MappingError, match=r"there is no profile mosaic: .*liquidlogic_adults"):
        recognise(Received("council.csv", "council", LAS), "mosaic")


@pytest.mark.parametrize("dataset", ["council", "nhs"])
def test_a_saved_profile_gives_the_same_answer_again(tmp_path: Path, dataset: str) -> None:
    odd = 'He said "é\\ #\u007f'
    headings = [odd, "House", "Road", *(LAS if dataset == "council" else PDS)]
    first = known(headings, dataset, email=odd, address="House + Road")
    path = tmp_path / "mine.toml"
    save_profile(first, path)
    again = recognise(Received(first.file, dataset, headings), str(path))
    assert again.columns == first.columns
    assert again.columns["address"] == ["House", "Road"]
    assert (again.profile, again.rows, again.unknown_ids) == ("mine", first.rows, first.unknown_ids)


def test_a_profile_that_cannot_be_written_is_an_error_of_output(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        save_profile(known(LAS), tmp_path / "missing" / "mine.toml")


# Ingesting


def test_every_input_has_a_column_and_cells_are_trimmed_but_not_changed(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    text = f"{MINIMUM}1,  O'Brien\u00a0,1/2/31\n2,\tLee ,19310201\n3,' ,01-Feb-1931\n"
    found = ingest(database, council(tmp_path, text))
    assert columns_of(database, "raw_council") == {
        "row_number": "BIGINT",
        **dict.fromkeys(inputs(), "VARCHAR"),
    }
    rows = database.execute(
        "SELECT row_number, record_id, surname, date_of_birth, forename FROM raw_council ORDER BY row_number"
    ).fetchall()
    assert rows == [
        (2, "1", "O'Brien", "1/2/31", None),
        (3, "2", "Lee", "19310201", None),
        (4, "3", "'", "01-Feb-1931", None),
    ]
    assert (found.received, found.rejected, found.file) == (3, 0, "council.csv")
    assert found.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_what_a_database_writes_for_nothing_is_an_empty_cell(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    text = "Person ID,Surname,Date of Birth,Merged Into\n1,Null,1931,NULL\nNULL,Lee,1932, NULL \nNULL,NULL,NULL,NULL\n"
    found = ingest(database, council(tmp_path, text))
    assert (found.received, found.rejected) == (2, 1)
    rows = database.execute("SELECT surname, merged_into FROM raw_council").fetchall()
    assert rows == [("Null", None)]


def test_received_is_read_plus_rejected_and_empty_rows_are_only_counted(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    text = f"{MINIMUM}1,Lee,1931\n,Ley,1931\n  ,Lea,1931\n, ,\n2,Ash\n3,Oak,1931\n\n"
    found = ingest(database, council(tmp_path, text))
    assert (found.received, found.rejected) == (5, 3)
    assert count(database, "raw_council") + found.rejected == found.received
    assert found.notes == ["Blank lines passed over: 1.", "Wholly empty rows passed over: 1."]
    rows = database.execute("SELECT * FROM reject ORDER BY row_number").fetchall()
    assert rows == [
        ("council.csv", 3, "Person ID", "no record id"),
        ("council.csv", 4, "Person ID", "no record id"),
        ("council.csv", 6, None, "the row has 2 cells where the heading row has 3"),
    ]


def test_the_unknown_person_of_the_reporting_database_is_rejected(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    text = "DIM_PERSON_ID,FORENAME,SURNAME,BIRTH_DTTM\n-1,Unknown,Unknown,1900-01-01\n7,Ann,Lee,1931-01-01\n"
    assert ingest(database, council(tmp_path, text)).rejected == 1
    assert database.execute("SELECT problem FROM reject").fetchall() == [
        ("the record id of an unknown person",)
    ]


def test_several_columns_of_an_address_are_joined(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    text = "Person ID,Surname,Where,Whereabouts\n1,Lee,2 Low St, Ely \n2,Lea,,Ely\n3,Ley,,\n"
    ingest(database, council(tmp_path, text, address="Where + Whereabouts"))
    rows = database.execute("SELECT address FROM raw_council ORDER BY row_number").fetchall()
    assert rows == [("2 Low St, Ely",), ("Ely",), (None,)]


def test_nhs_numbers_that_a_workbook_keeps_as_numbers_are_ten_digits(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = make_xlsx(
        tmp_path / "nhs.xlsx", {"List": [["NHS Number", "Surname", "DOB"], [9000000009.0, "Lee", "1/2/31"]]}
    )
    ingest(database, Dataset("nhs", path))
    rows = database.execute("SELECT record_id, nhs_number, date_of_birth FROM raw_nhs").fetchall()
    assert rows == [("9000000009", "9000000009", "1/2/31")]


def test_a_workbook_with_a_cover_is_read_from_the_sheet_of_people(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    people: list[list[Cell]] = [["Person ID", "Surname", "Born on"], ["1", "Lee", "1/2/31"]]
    cover: list[list[Cell]] = [["Team", "Person ID"], ["A", 3], ["B", 4]]
    path = make_xlsx(tmp_path / "people.xlsx", {"Teams": cover, "People": people})
    found = ingest(database, Dataset("council", path, mappings={"date_of_birth": "Born on"}))
    assert (found.received, found.notes) == (1, ["Read from the sheet People; not read: Teams."])
    with pytest.raises(
        InputError, match=r"several sheets, and none with the headings needed: Teams, People\."
    ):
        ingest(database, Dataset("council", path))


def test_a_row_of_the_register_needs_no_id_beside_its_nhs_number(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "nhs.csv"
    rows = ",9000000009,Lee,1931\n7,9000000017,Lea,1932\n8,,Ley,1933\n,,Loy,1934\n"
    path.write_text(f"Patient ID,NHS Number,Surname,DOB\n{rows}", encoding="utf-8")
    assert ingest(database, Dataset("nhs", path)).rejected == 1
    kept = database.execute("SELECT record_id, nhs_number FROM raw_nhs ORDER BY row_number").fetchall()
    assert kept == [("9000000009", "9000000009"), ("7", "9000000017"), ("8", None)]


def test_one_record_is_enough(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert ingest(database, council(tmp_path, f"{MINIMUM}1,Lee,1931")).received == 1


def test_ids_and_names_that_are_statements_are_only_text(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    attack = "'; DROP TABLE reject; --"
    text = f'Person ID,{attack},Date of Birth\n{attack},"{attack}",{attack}\n'
    ingest(database, council(tmp_path, text, surname=attack))
    rows = database.execute("SELECT record_id, surname, date_of_birth FROM raw_council").fetchall()
    assert rows == [(attack, attack, attack)]
    assert count(database, "reject") == 0


def test_what_is_not_a_readable_file_is_refused(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "people.docx").write_text("x", encoding="utf-8")
    for name, wanted in (
        ("missing.csv", f"there is no file {tmp_path / 'missing.csv'}"),
        (".", "is a folder"),
        ("people.docx", "of a kind that is not read. These are: .csv, "),
    ):
        with pytest.raises(InputError) as caught:
            ingest(database, Dataset("council", tmp_path / name))
        assert wanted in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f"Person ID,Surname,Notes\n1,{CANARY},{CANARY}\n",
        f"{MINIMUM},{CANARY},1931\n",
        f"{MINIMUM}1,{CANARY}\n2,{CANARY},x,{CANARY}\n",
        f'{MINIMUM}1,"{CANARY}"{CANARY},1931\n',
        f'{MINIMUM}1,"{CANARY},1931\n',
        f"{CANARY},{CANARY},01/02/1931\n{CANARY},{CANARY},03/04/1931\n",
    ],
)
def test_no_error_and_no_reject_shows_a_cell(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, text: str
) -> None:
    with pytest.raises(LinkageError) as caught:
        ingest(database, council(tmp_path, text))
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert CANARY not in str(database.execute("SELECT * FROM reject").fetchall())


# Objections


def test_objections_may_be_ids_or_numbers_or_both(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "objections.csv"
    path.write_text("Person ID,NHS Number,Why\nA1,,asked\n,,\n,9000000009,asked\n", encoding="utf-8")
    found = ingest_objections(database, path)
    assert (found.received, found.rejected, found.unused) == (2, 0, ["Why"])
    rows = database.execute("SELECT record_id, nhs_number FROM objection").fetchall()
    assert rows == [("A1", None), (None, "9000000009")]


@pytest.mark.parametrize(
    "text",
    [f"Person ID,LAS ID\nA1,\n,{CANARY}\n", f"Person ID,NHS Number,Name\nA1,,\n,,{CANARY}\n"],
)
def test_an_objection_that_names_nobody_under_the_headings_that_are_read_stops_the_run(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "objections.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="row 3") as refused:
        ingest_objections(database, path)
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize("text", ["9000000009\n9000000017\n", "A1\nA2\n", "Surname\nLee\n"])
def test_a_list_of_objections_without_a_heading_is_refused_lest_it_lose_its_first_person(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "objections.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LinkageError):
        ingest_objections(database, path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Person ID,NHS Number,Note\nA1,,asked\nA2,,asked, by telephone\n", "row 3"),
        ("Person ID,NHS Number,Note\nA1,,asked\nA2\n", "row 3"),
        ("NHS Number,NHS Number\n9000000009,9000000017\n", "more than one column"),
    ],
)
def test_a_list_of_objections_of_which_a_row_or_column_would_be_lost_is_refused(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "objections.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LinkageError, match=told):
        ingest_objections(database, path)


@pytest.mark.skipif(os.name == "nt", reason="a file that is open is not removed there")
@pytest.mark.parametrize(
    "change", [lambda path: os.truncate(path, 30), lambda path: path.write_text(MINIMUM), Path.unlink]
)
@pytest.mark.parametrize("step", ["load_file", "make_raw", "sha256_of"])
@pytest.mark.parametrize("what", ["council", "objection"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    step: str,
    change: Callable[[Path], object],
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"{MINIMUM}A1,Lee,1940-05-01\nA2,Kay,1950-06-02\n", encoding="utf-8")
    module = "linkage.ingest" if what == "council" else "linkage.objection_list"
    whole = getattr(importlib.import_module(module), step)
    monkeypatch.setattr(f"{module}.{step}", lambda *words: (change(path), whole(*words))[1])
    with open_database(tmp_path) as database, pytest.raises(InputError, match="changed while it was read"):
        _ = ingest(database, Dataset(what, path)) if what == "council" else ingest_objections(database, path)
