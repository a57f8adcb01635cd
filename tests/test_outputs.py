"""What a run hands over, file by file."""

import csv
import os
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_xlsx import ERROR, Cell, make_xlsx
from small_run import ADA, BEN, CY, fill, level, small_model, small_run

from linkage import shelf
from linkage.commands import write_page
from linkage.errors import InputError
from linkage.evaluation.judged import Judged
from linkage.evaluation.links import judge_links
from linkage.manifest import adapted
from linkage.model import ModelComparison
from linkage.outputs import Run, duplicates, evidence, links, persons, rejects, report, review
from linkage.pages import data_quality, disclosure, figures, wording
from linkage.pages.page import table
from linkage.protect import protect
from linkage.reading.lists import read_list, read_rows
from linkage.runs.explain import explain, explain_text
from linkage.shown import WITHHELD, shown_columns
from linkage.tabular import neutralised, restored, whole_file, write_parquet, write_rows

LINK_COLUMNS = (
    "dataset,record_id,nhs_number,band,confidence,match_weight,margin,candidates,method,guards,reason,"
    "nhs_number_held,nhs_number_status,person_id,run_id,model"
)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(output: Callable[[Run, Path], None], folder: Path, name: str) -> list[dict[str, str]]:
    output(small_run(), folder)
    return rows_of(folder / name)


def test_links_have_the_promised_columns_and_a_row_for_every_council_record(tmp_path: Path) -> None:
    found = written(links.write, tmp_path, "links.csv")
    assert ",".join(found[0]) == LINK_COLUMNS
    assert [(row["record_id"], row["band"], row["nhs_number"]) for row in found] == [
        ("'=C3", "none", ""),
        ("C1", "accept", ADA),
        ("C2", "review", BEN),
        ("C4", "screened", ""),
    ]


def test_confidence_has_six_decimals_and_weights_have_three(tmp_path: Path) -> None:
    _, ada, ben, _ = written(links.write, tmp_path, "links.csv")
    assert (ada["confidence"], ada["match_weight"], ada["margin"]) == ("0.999910", "23.457", "")
    assert (ben["margin"], ben["guards"], ben["model"]) == ("0.250", "twins;same_home", "small abc")


def test_links_parquet_holds_the_same_rows_with_record_ids_as_they_are(tmp_path: Path) -> None:
    found = written(links.write, tmp_path, "links.csv")
    kept = pyarrow.parquet.read_table(tmp_path / "links.parquet").to_pylist()
    assert [row["record_id"] for row in kept] == [restored(row["record_id"]) for row in found]
    assert kept[1]["match_weight"] == 23.457


def test_persons_are_sorted_by_person_dataset_and_record(tmp_path: Path) -> None:
    found = written(persons.write, tmp_path, "persons.csv")
    assert [(row["person_id"], row["dataset"], row["record_id"]) for row in found] == [
        ("P-1", "council", "C1"),
        ("P-1", "nhs", ADA),
        ("P-2", "council", "C2"),
        ("P-3", "council", "'=C3"),
    ]


def test_review_shows_each_candidate_with_both_sides_as_received(tmp_path: Path) -> None:
    best, next_best = written(review.write, tmp_path, "review.csv")
    assert (best["nhs_number"], best["forename_council"], best["forename_nhs"]) == (BEN, "Ben", "'+Ben")
    assert (next_best["nhs_number"], next_best["forename_nhs"], next_best["rank"]) == (CY, "Cy", "2")
    assert best["confidence"] == "0.710000"
    assert (next_best["confidence"], next_best["match_weight"]) == ("", "4.250")


def test_review_begins_with_the_warning_and_room_for_a_verdict_and_ends_with_the_figures(
    tmp_path: Path,
) -> None:
    best, next_best = written(review.write, tmp_path, "review.csv")
    headings = list(best)
    assert headings[:6] == ["record_id", "nhs_number", "rank", "warning", "verdict", "why"]
    fields = ["forename", "surname", "date_of_birth", "gender", "address", "nhs_number"]
    assert headings[6:18] == [f"{field}_{side}" for field in fields for side in ("council", "nhs")]
    assert headings[18] == "confidence"
    assert best["warning"].startswith("the first names differ although all else agrees, as with twins; ")
    assert (next_best["warning"], best["verdict"], best["why"]) == ("", "", "")


def test_review_shows_middle_names_and_telephones_where_a_reader_looks_for_them() -> None:
    columns = [
        "contact_received",
        "surname_received",
        "x_received",
        "middle_names",
        "forename_received",
        "flags",
    ]
    assert shown_columns(columns) == {
        "forename": "forename_received",
        "middle_names": "middle_names",
        "surname": "surname_received",
        "contact": "contact_received",
        "x": "x_received",
    }


def test_review_leaves_out_candidates_that_are_far_behind(tmp_path: Path) -> None:
    run = small_run()
    run.database.execute("UPDATE candidate SET match_weight = -8 WHERE other_id = 12")
    review.write(run, tmp_path)
    assert [row["nhs_number"] for row in rows_of(tmp_path / "review.csv")] == [BEN]


def test_homes_of_sensitive_people_are_shown_nowhere_and_their_link_stays(tmp_path: Path) -> None:
    run = small_run()
    compared = ModelComparison("address", "address", (level("exact", "same home", 1, 0.9, 0.1),))
    run = replace(run, model=replace(run.model, comparisons=(*run.model.comparisons, compared)))
    run.database.execute("UPDATE record SET is_confidential = true WHERE row_id = 11")
    run.database.execute("DELETE FROM duplicate WHERE band = 'joined'")
    protect(run.database)
    for pair in ((0, 10), (1, 11), (1, 12)):
        fill(run.database, "evidence", [(*pair, "address", "exact", "same home", 3.0)])
    for output in shelf.load_all("outputs").values():
        output.write(run, tmp_path)
    best, next_best = rows_of(tmp_path / "review.csv")
    assert best["address_council"] == best["address_nhs"] == next_best["address_council"] == WITHHELD
    assert (best["nhs_number"], best["surname_nhs"]) == (BEN, "Vale")
    assert next_best["address_nhs"] == WITHHELD
    kept = pyarrow.parquet.read_table(tmp_path / "evidence.parquet").to_pylist()
    homes = {
        row["nhs_number"]: (row["value_council"], row["value_nhs"])
        for row in kept
        if row["comparison"] == "address"
    }
    assert homes == {
        ADA: ("0 Quay Street", "10 Quay Street"),
        BEN: (WITHHELD, WITHHELD),
        CY: (WITHHELD, WITHHELD),
    }
    assert all(
        home not in explain_text(explain(tmp_path, "C2")) for home in ("| 1 Quay", "11 Quay", " 1 Quay")
    )


def test_a_candidate_known_by_a_superseded_number_is_shown_under_its_current_one(tmp_path: Path) -> None:
    run = small_run()
    run.database.execute(
        """
        INSERT INTO record BY NAME
        SELECT * REPLACE (13 AS row_id, ? AS nhs_number, ? AS nhs_number_superseded_by)
        FROM record
        WHERE row_id = 11
        """,
        [CY, BEN],
    )
    run.database.execute("UPDATE candidate SET right_id = 13 WHERE right_id = 11")
    review.write(run, tmp_path)
    assert rows_of(tmp_path / "review.csv")[0]["nhs_number"] == BEN


def test_duplicates_show_both_sides_and_begin_with_what_waits_for_a_human(tmp_path: Path) -> None:
    duplicates.write(small_run(), tmp_path)
    waiting, joined = rows_of(tmp_path / "duplicates.csv")
    assert (waiting["left_record"], waiting["right_record"], waiting["band"]) == ("C2", "'=C3", "review")
    assert (waiting["forename_left"], waiting["forename_right"], waiting["verdict"]) == ("Ben", "Nell", "")
    assert (waiting["confidence"], waiting["person_id"]) == ("0.800000", "")
    assert (joined["band"], joined["person_id"], joined["reason"]) == (
        "joined", "P-1", "Same surname; forename differs.",
    )  # fmt: skip


def test_rejects_name_file_row_and_column(tmp_path: Path) -> None:
    assert written(rejects.write, tmp_path, "rejects.csv") == [
        {"file": "council.csv", "row": "7", "column": "date_of_birth", "problem": "is not a date"}
    ]


def test_evidence_starts_with_the_odds_and_follows_the_model(tmp_path: Path) -> None:
    evidence.write(small_run(), tmp_path)
    found = pyarrow.parquet.read_table(tmp_path / "evidence.parquet").to_pylist()
    ben = [
        (row["comparison"], row["value_council"], row["value_nhs"])
        for row in found
        if row["nhs_number"] == BEN
    ]
    assert ben == [
        ("prior", None, None),
        ("forename", "Ben", "+Ben"),
        ("surname", "Vale", "Vale"),
        ("date_of_birth", "1951-05-06", "1951-06-05"),
        ("household", None, None),
    ]


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        for output in shelf.load_all("outputs").values():
            output.write(small_run(), folder)
    one, two = ({file.name: file.read_bytes() for file in folder.iterdir()} for folder in folders)
    assert one == two
    assert all(b"\r" not in content for name, content in one.items() if name.endswith((".csv", ".html")))


def test_a_large_parquet_file_has_the_same_bytes_on_one_thread_and_on_several(tmp_path: Path) -> None:
    written = set()
    for threads in (1, 2, 4):
        with duckdb.connect(":memory:", config={"threads": threads}) as database:
            database.execute(
                "CREATE TABLE many AS SELECT range AS i, hash(range)::VARCHAR AS text FROM range(300_000)"
            )
            write_parquet(database, "FROM many ORDER BY text", tmp_path / "many.parquet")
        written.add((tmp_path / "many.parquet").read_bytes())
    assert len(written) == 1


@pytest.mark.parametrize("kind", ["link", "dedupe"])
def test_a_run_writes_no_file_that_the_shelf_does_not_name(tmp_path: Path, kind: str) -> None:
    for output in shelf.load_all("outputs").values():
        output.write(small_run(kind), tmp_path)
    names = {name for output in shelf.load_all("outputs").values() for name in output.FILES}
    found = {file.name for file in tmp_path.iterdir()}
    assert found == (names if kind == "link" else names - {*links.FILES, *review.FILES, *evidence.FILES})


@pytest.mark.parametrize("text", ["=1+1", "+44", "-x", "@SUM(A1)", "\tx", "\rx", "'=1", "''@", "＝1"])
def test_text_that_a_spreadsheet_would_run_is_neutralised(text: str) -> None:
    assert neutralised(text) == "'" + text


def test_numbers_are_not_neutralised(tmp_path: Path) -> None:
    write_rows(tmp_path / "a.csv", ["match_weight", "surname"], [(-1.5, "-1.5"), (-0.0001, "O'Hara")])
    assert (tmp_path / "a.csv").read_text(
        encoding="utf-8-sig"
    ) == "match_weight,surname\n-1.500,'-1.5\n0.000,O'Hara\n"


def test_csv_files_begin_with_the_mark_by_which_excel_knows_utf_8_and_are_read_back_without_it(
    tmp_path: Path,
) -> None:
    written(links.write, tmp_path, "links.csv")
    assert (tmp_path / "links.csv").read_bytes().startswith(b"\xef\xbb\xbfdataset,")
    write_rows(tmp_path / "a.csv", ["surname"], [("Siân",)])
    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbfsurname\nSi\xc3\xa2n\n"
    assert read_rows(tmp_path / "a.csv") == [{"surname": "Siân"}]


@pytest.mark.skipif(os.name != "posix", reason="files have no such modes here")
def test_a_list_or_page_in_the_place_of_one_that_others_may_read_is_its_owner_s_alone(tmp_path: Path) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    for path in (tmp_path / "list.csv", tmp_path / "page.html"):
        path.write_text("old", encoding="utf-8")
        path.chmod(0o666)
    write_rows(tmp_path / "list.csv", ["surname"], [("Siân",)])
    write_page(tmp_path / "page.html", "<p>Siân</p>")
    assert {mode(path) for path in tmp_path.iterdir()} == {0o600}
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == "<p>Siân</p>"


@pytest.mark.parametrize("inside", ["\n", "\r", "\r\n", '"', ","])
def test_a_cell_that_holds_a_line_break_or_a_sign_of_csv_is_read_back_as_one(
    tmp_path: Path, inside: str
) -> None:
    row = [f"1 Mill Lane{inside}Town", "same"]
    write_rows(tmp_path / "list.csv", ("address", "verdict"), [row])
    assert read_rows(tmp_path / "list.csv") == [dict(zip(("address", "verdict"), row, strict=True))]
    assert (tmp_path / "list.csv").read_bytes().endswith(b",same\n")


def test_a_very_long_cell_is_read_back(tmp_path: Path) -> None:
    write_rows(tmp_path / "list.csv", ["address"], [("x" * 200_000,)])
    assert read_rows(tmp_path / "list.csv") == [{"address": "x" * 200_000}]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_that_excel_saved_in_its_own_way_can_be_read(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    text = f"record_id{delimiter}surname\r\n1{delimiter}Siân\r\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert read_rows(tmp_path / "a.csv") == [{"record_id": "1", "surname": "Siân"}]


def test_a_list_can_be_saved_as_a_workbook(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["record_id", "verdict", "why"],
        ["00012", "same", "'=telephoned"],
        [13, None, "Siân"],
    ]
    assert read_rows(make_xlsx(tmp_path / "a.xlsx", {"review": rows})) == [
        {"record_id": "00012", "verdict": "same", "why": "=telephoned"},
        {"record_id": "13", "verdict": "", "why": "Siân"},
    ]


def test_a_workbook_of_which_something_would_not_be_read_is_no_list(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["record_id", "why"], ["1", "a"]]
    wide: list[list[Cell]] = [*rows, ["2", "b", "aside"]]
    for sheets, told in (
        ({"Ada": rows, "Grace": rows}, "Ada, Grace"),
        ({"Ada": wide}, "cannot be read as a list"),
    ):
        with pytest.raises(InputError, match=told):
            read_rows(make_xlsx(tmp_path / "a.xlsx", sheets))


def test_a_sheet_of_notes_beside_a_list_is_passed_over(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["record_id", "verdict"], ["1", "same"]]
    notes: list[list[Cell]] = [["my notes"], ["who", "when"], ["Ada", "Monday"]]
    for sheets in ({"Review": rows, "Sheet2": notes}, {"Sheet2": notes, "Review": rows}):
        read = read_rows(make_xlsx(tmp_path / "a.xlsx", sheets))
        assert read == [{"record_id": "1", "verdict": "same"}]


def test_what_a_cell_lost_on_the_sheet_of_notes_stops_no_list_but_on_its_own_it_does(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["record_id", "verdict"], ["1", "same"]]
    notes: list[list[Cell]] = [["who", "when"], [ERROR, "Monday"]]
    file = make_xlsx(tmp_path / "a.xlsx", {"Notes": notes, "Review": rows})
    assert read_rows(file) == [{"record_id": "1", "verdict": "same"}]
    make_xlsx(file, {"Notes": notes, "Review": [*rows, ["2", ERROR]]})
    with pytest.raises(
        InputError, match=r"a\.xlsx cannot be read as a list\. Cells that hold an Excel error"
    ):
        read_rows(file)


def test_titles_above_the_headings_of_a_list_are_passed_over_and_counted(tmp_path: Path) -> None:
    one, two = {"record_id": "1", "verdict": "same"}, {"record_id": "2", "verdict": ""}
    for file in (
        written_text(tmp_path / "a.csv", "Week 12,\n,\nRecord ID,Verdict\n1,same\n\n2,\n"),
        written_text(tmp_path / "b.csv", "\nWeek 12;\nRecord ID;Verdict\n1;same\n;\n2;\n"),
        make_xlsx(
            tmp_path / "a.xlsx",
            {"A": [["Week 12"], [], ["Record ID", "Verdict"], ["1", "same"], [], ["2", None]]},
        ),
    ):
        *above, first, blank, second = read_list(file)
        assert (first, second) == (one, two)
        assert not any("".join(row.values()) for row in (*above, blank))
        assert len(above) == 2


def test_a_title_that_cannot_be_told_from_headings_is_named(tmp_path: Path) -> None:
    file = written_text(tmp_path / "a.csv", "Week 12\nrecord_id,verdict\n1,same\n")
    with pytest.raises(
        InputError, match=r"a\.csv row 2 has more cells .* in row 1: if that is a title, delete"
    ):
        read_list(file)
    with pytest.raises(InputError, match=r"a\.csv is empty, or has no headings"):
        read_list(written_text(file, "Week 12,\nby Ada,\n"))
    assert read_list(written_text(file, "Week 12,\nrecord_id,verdict\n")) == []


def written_text(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def test_a_workbook_that_is_no_excel_is_no_list_without_rows(tmp_path: Path) -> None:
    (tmp_path / "a.ods").write_bytes(b"PK\x03\x04mimetype")
    with pytest.raises(InputError, match=r"a\.ods is a workbook: save its sheet as CSV"):
        read_rows(tmp_path / "a.ods")


def test_a_blank_row_counts_in_a_list_and_is_left_out_of_a_table(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["record_id", "why"], ["1", "a"], ["", ""], ["2", "b"]]
    (tmp_path / "a.csv").write_text("record_id,why\n1,a\n\n2,b\n\n", encoding="utf-8")
    one, two = {"record_id": "1", "why": "a"}, {"record_id": "2", "why": "b"}
    nobody = {"record_id": "", "why": ""}
    for file, behind in (
        (tmp_path / "a.csv", [nobody]),
        (make_xlsx(tmp_path / "a.xlsx", {"review": rows}), []),
    ):
        assert read_list(file) == [one, nobody, two, *behind]
        assert read_rows(file) == [one, two]


def test_headings_of_a_list_are_known_in_capitals_and_with_spaces_at_their_ends(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Record ID , NHS-Number,VERDICT\n1,2,same\n", encoding="utf-8")
    assert read_list(tmp_path / "a.csv") == [{"record_id": "1", "nhs_number": "2", "verdict": "same"}]
    (tmp_path / "a.csv").write_text("record_id,Verdict,verdict\n1,same,different\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.csv has one heading over its columns 2 and 3"):
        read_list(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "a.csv is empty"),
        ("record_id,why\n1,so,Secret\n", "a.csv row 2 has more cells"),
        # All that follows would be one cell, and verdicts in it be lost.
        ('record_id,why,verdict\n1,so,same\n2,"Secret,same\n3,so,same\n', "a.csv row 3: a quote opens there"),
        ('record_id,why\n1,"so" Secret\n', "a.csv row 2: .* text follows"),
        ('record_id,"why\n1,Secret\n', "a.csv row 1: a quote opens there"),
        (
            "record_id,Secret,verdict,Secret\n1,same,,same\n",
            "a.csv has one heading over its columns 2 and 4",
        ),
    ],
)
def test_a_file_that_cannot_be_read_back_is_named_without_a_value(
    tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told) as raised:
        read_rows(tmp_path / "a.csv")
    assert "Secret" not in str(raised.value)


@given(st.text())
def test_neutralised_text_can_always_be_restored(text: str) -> None:
    assert restored(neutralised(text)) == text


class Outline(HTMLParser):
    """Tags, ids and references of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "action"):
                self.references.append(value or "")


def outline(html: str) -> Outline:
    parsed = Outline()
    parsed.feed(html)
    return parsed


@pytest.mark.parametrize("kind", ["link", "dedupe"])
def test_the_report_needs_no_network_and_no_script(kind: str) -> None:
    html = report.report(small_run(kind))
    found = outline(html)
    assert all(reference.startswith("#") for reference in found.references)
    assert not {"script", "link", "img", "iframe", "form"} & set(found.tags)
    assert "@import" not in html
    assert set(re.findall(r"url\((.)", html)) <= {"#"}


def test_ids_of_the_report_are_unique_and_links_within_it_lead_somewhere() -> None:
    found = outline(report.report(small_run()))
    assert len(found.ids) == len(set(found.ids))
    assert {reference[1:] for reference in found.references} <= set(found.ids)


def test_pictures_are_titled_and_described() -> None:
    html = report.report(small_run())
    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(pictures) == 4
    assert all('role="img"' in picture and "<title" in picture and "<desc" in picture for picture in pictures)


def test_the_report_holds_no_value_of_a_person() -> None:
    html = report.report(small_run())
    for value in ("Quill", "Vale", "Orrin", "Former", "1940-02-03", "1951", ADA, BEN, CY, "C1", "P-1"):
        assert value not in html


def test_the_report_states_calibration_guards_with_counts_and_what_was_estimated() -> None:
    found = {
        "share_in_register": [0.9, 0.8421],
        "twins": [0.001, 0.001],
        "m": {"forename": {"exact": 0.7531}},
        "m_estimated": True,
    }
    run = small_run(adapted=found)
    run.database.execute("UPDATE record SET is_confidential = true WHERE row_id = 11")
    html = report.report(run)
    assert "it was not held against labelled pairs" in html
    assert re.search(r"as with twins</th><td[^>]*>1</td>", html)
    assert "0.8421" in html
    assert "Others of one home born on the same day" not in html
    assert ">0.7531</td>" in html
    assert "u) is the model&#x27;s, or more where strangers of these files agree more often" in html
    assert "-20 has all below too, and 60 all above" in html
    assert "marks as sensitive: 1." in html
    assert "wait for a decision: 1. They are in duplicates.csv" in html
    run.database.execute("UPDATE link SET guards = [] WHERE band = 'review'")
    assert re.search(r"No guard: less sure[^<]*</th><td[^>]*>1</td>", report.report(run))


def test_the_report_says_that_there_was_no_list_of_objections() -> None:
    run = small_run()
    assert wording.NO_LIST in report.report(run)
    run.manifest["inputs"]["objection"] = {"name": "objections.csv", "sha256": "0" * 64, "rows": 0}
    assert wording.NO_LIST not in report.report(run)


def test_the_report_says_whether_m_could_be_estimated_from_these_files() -> None:
    model = small_model()
    first, *others = model.comparisons
    levels = tuple(replace(level, m=level.m * 0.8) for level in first.levels)
    other = replace(model, comparisons=(replace(first, levels=levels), *others), share_in_register=0.8421)
    same = replace(model, share_in_register=0.8421)
    told = [adapted(model, each) for each in (same, other)]
    assert [each["m_estimated"] for each in told] == [False, True]
    assert "below) is the model&#x27;s: these files have too few pairs" in report.report(
        small_run(adapted=told[0])
    )
    assert "was estimated anew from the pairs of this run" in report.report(small_run(adapted=told[1]))


def test_the_report_on_one_file_names_its_own_threshold_and_claims_no_calibration() -> None:
    html = report.report(small_run("dedupe"))
    assert re.search(r"Taken for one person from</th><td[^>]*>0.95</td>", html)
    assert "Accept from" not in html
    assert "labels of pairs of one file are not used" in html


def test_the_heading_of_the_column_that_names_the_rows_stands_above_it() -> None:
    html = table("Sizes", ("Records", "People"), [(1, 20), (2, 3)])
    assert '<th scope="col">Records</th><th scope="col" class="number">People</th>' in html


def test_the_report_says_that_data_is_test_data_only_if_it_is() -> None:
    assert "TEST DATA" in report.report(small_run(test_data=True))
    assert "TEST DATA" not in report.report(small_run(test_data=False))


def test_every_row_is_accounted_for() -> None:
    account = figures.account(small_run())
    assert account.bands == {"accept": 1, "review": 1, "none": 1, "screened": 1}
    assert (account.received, account.rejected, account.repeated) == (6, 1, 1)
    assert account.accounted == 6


def test_the_report_warns_when_rows_are_missing() -> None:
    lost = small_run(inputs={"council": {"name": "council.csv", "rows": 9}})
    assert "9 rows came in, but 6 are accounted for" in report.report(lost)
    assert "All 6 rows" in report.report(small_run())


def test_a_report_of_nothing_can_be_written() -> None:
    run = small_run(inputs={})
    for emptied in ("record", "link", "person", "screened", "reject", "candidate", "evidence", "duplicate"):
        run.database.execute(f'DELETE FROM "{emptied}"')
    assert "No record has a candidate." in report.report(run)


def test_text_from_outside_is_escaped() -> None:
    run = small_run(purpose="<b>care</b>", inputs={"council": {"name": "<i>.csv", "rows": 6}})
    html = report.report(run)
    assert "<b>care" not in html
    assert "<i>" not in html
    assert "&lt;b&gt;care" in html


@pytest.mark.parametrize(
    ("number", "shown"), [(0, None), (1, None), (7, None), (8, 10), (12, 10), (13, 15), (100, 100)]
)
def test_counts_of_fewer_than_8_are_hidden_and_others_rounded(number: int, shown: int | None) -> None:
    assert disclosure.suppressed(number) == shown


def test_a_rate_is_that_of_the_exact_counts() -> None:
    assert disclosure.rate(108, 117) == ("92%", "86% to 96%")
    assert disclosure.rate(973, 1013) == ("96.1%", "94.7% to 97.1%")
    assert disclosure.rate(19_991, 20_000) == ("99.9%", "99.9% to 99.9%")


@pytest.mark.parametrize("whole", [0, 13, 99])
def test_a_rate_of_fewer_than_a_hundred_is_not_told(whole: int) -> None:
    assert disclosure.rate(whole - whole // 10, whole) == ("too few to say", "*")


def test_a_rate_that_would_tell_of_fewer_than_8_people_is_told_as_a_bound_that_they_do_not_move() -> None:
    assert {disclosure.rate(120 - missed, 120) for missed in range(8)} == {("at least 94%", "88% to 100%")}
    assert {disclosure.rate(part, 120) for part in range(8)} == {("at most 6%", "0% to 12%")}
    assert disclosure.rate(112, 120)[0] == "93%"


def test_a_group_that_is_linked_less_often_is_not_said_to_be_missed() -> None:
    html = report.report(small_run())
    assert "whether or not their people are in the register" in html
    assert "the same of another run" in html


def test_the_share_in_the_register_is_told_to_be_of_those_who_are_found_there() -> None:
    run = small_run(adapted={"share_in_register": [0.9, 0.8421], "m_estimated": True})
    assert "whoever shares too little with their own rows there is not counted" in report.report(run)


def test_small_groups_are_put_together() -> None:
    groups = {"White": [90, 80, 5], "Smith": [4, 1, 0], "Other": [5, 1, 1]}
    assert disclosure.gathered(groups) == {"White": [90, 80, 5], "All smaller groups": [9, 2, 1]}


def test_small_groups_that_are_few_together_go_with_the_next_smallest() -> None:
    groups = {"Female": [300, 230, 7], "Male": [220, 170, 6], "Not given": [1, 1, 0]}
    assert disclosure.gathered(groups) == {
        "Female": [300, 230, 7],
        "Male and all smaller groups": [221, 171, 6],
    }
    assert disclosure.gathered({"Female": [4, 4, 0], "Male": [3, 2, 1]}) == {}


GROUPS = st.dictionaries(
    st.text(max_size=3),
    st.tuples(st.integers(1, 40), st.integers(0, 40), st.integers(0, 40)).map(
        lambda row: (row[0], min(row[0], row[1]), min(row[0] - min(row[0], row[1]), row[2]))
    ),
    max_size=9,
)


@given(GROUPS)
def test_no_group_of_a_table_is_of_fewer_than_8_so_that_an_exact_total_singles_nobody_out(
    groups: dict[str, tuple[int, int, int]],
) -> None:
    told = disclosure.gathered(groups)
    totals = [[sum(column) for column in zip(*some.values(), strict=True)] for some in (groups, told)]
    assert all(counts[0] >= 8 for counts in told.values())
    assert totals[0] == totals[1] if told else sum(counts[0] for counts in groups.values()) < 8


def test_a_hidden_count_cannot_be_worked_out_from_its_table() -> None:
    """All (records, linked, to decide) of 98 to 135 records, by the row that shows them."""
    rows: dict[tuple[object, ...], list[tuple[int, int, int]]] = {}
    for records in range(98, 136):
        for linked in range(records + 1):
            shown = disclosure.published(records), *disclosure.rate(linked, records)
            for waiting in range(min(12, records - linked) + 1):
                counts = (linked, records - linked, waiting)
                rows.setdefault((*shown, disclosure.published(waiting)), []).append(counts)
    for row, stands_for in rows.items():
        for counts in zip(*stands_for, strict=True):
            assert min(counts) > 7 or len(set(counts)) >= 5, row


def test_an_address_and_a_telephone_number_that_cannot_be_used_are_not_told_as_usable() -> None:
    with duckdb.connect() as database:
        database.execute(
            """
            CREATE TABLE record AS SELECT 'council' AS dataset, 'no fixed abode' AS address_received, NULL AS place,
                'none' AS contact_received, NULL AS contact_first, 'Ada' AS note_received
            """
        )
        told = {
            name: (given["council"], usable["council"])
            for name, given, usable in data_quality.completeness(database)
        }
    assert told == {"address": (1.0, 0.0), "contact": (1.0, 0.0), "note": (1.0, 1.0)}


def test_records_whose_group_is_called_not_given_stand_with_those_that_have_none() -> None:
    with duckdb.connect() as database:
        database.execute("CREATE TABLE link AS SELECT range AS subject_id, 'accept' AS band FROM range(40)")
        database.execute(
            """
            CREATE TABLE record AS SELECT range AS subject_id, 'council' AS dataset,
                CASE WHEN range < 10 THEN 'White' WHEN range < 20 THEN 'Not given' END AS ethnicity FROM range(40)
            """
        )
        assert figures.groups(database)["Ethnic group"] == {"White": [10, 10, 0], "Not given": [30, 30, 0]}


def test_the_report_and_the_evaluation_count_the_guards_of_the_same_records() -> None:
    run = small_run()
    rows = run.database.execute("SELECT band, confidence, guards FROM link").fetchall()
    records = [
        Judged("r", ADA, band, ADA, sure or 0.0, (), tuple(guards or ())) for band, sure, guards in rows
    ]
    fired = {guard: told["fired"] for guard, told in judge_links(records)["guards"].items() if told["fired"]}
    assert fired == dict(figures.guards(run.database))
    assert fired
    html = report.report(run)
    assert "also of those too unsure to be accepted without a guard" in html
    assert "What stopped a link" not in html


def test_the_report_shows_no_small_group_and_says_that_it_is_not_for_release() -> None:
    html = report.report(small_run())
    fairness = html.partition('id="linkage-by-group"')[2].partition("</section>")[0]
    assert "<table" not in fairness
    assert "the page as a whole is not for release" in html.partition("<nav")[0]
    assert "One of these tables may be released by itself" in fairness


def test_the_model_of_the_tests_is_one_that_the_product_could_have() -> None:
    assert [comparison.name for comparison in small_model().comparisons] == [
        "forename",
        "surname",
        "date_of_birth",
    ]


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes in folders")
def test_a_pipe_or_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with whole_file(pipe, "utf-8", "") as file:
        file.write("told")
    assert (os.read(reader, 9), pipe.is_fifo()) == (b"told", True)
    os.close(reader)
