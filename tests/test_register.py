"""A look-up finds, weighs and says what the main job does; its file is private and read by many at once."""

import csv
import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command_line import CANARIES, CANARY, CANARY_SURNAME, TWO_PEOPLE, CommandLine, names

from linkage import decide, model_folder, pipeline
from linkage.block import block
from linkage.config import LinkJob
from linkage.database import count_subjects, open_database
from linkage.errors import InputError, MappingError
from linkage.homes import adapt_to_homes
from linkage.ingest import ingest
from linkage.lookup.match import Match
from linkage.lookup.register import Register
from linkage.lookup.register_file import IndexJob, make_register
from linkage.pages.wording import NO_LIST
from linkage.past import Past
from linkage.population import generate
from linkage.reading.profile import inputs
from linkage.score import find_certain, score
from linkage.screen import NO_NHS_NUMBER, screen
from linkage.spill import PREFIX
from linkage.standardise import resolve_superseded, standardise
from linkage.tables import COUNCIL, NHS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up population and its prepared register, "prepared.register"."""
    folder = tmp_path_factory.mktemp("population") / "made"
    generate(1000, 60, 4, folder)
    make_register(IndexJob(pipeline.nhs(folder / "nhs.csv"), folder / "prepared.register"))
    return folder


@pytest.fixture(scope="module")
def register(made: Path) -> Iterator[Register]:
    with Register.open(made / "prepared.register") as opened:
        yield opened


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


def test_a_number_that_is_somebody_else_s_is_told_where_nobody_is_found(
    made: Path, register: Register
) -> None:
    with (made / "nhs.csv").open(encoding="utf-8-sig", newline="") as file:
        number = next(csv.DictReader(file))["NHS_NUMBER"]
    nobody = {"surname": "Qwertzuiop", "forename": "Zyxwv", "date_of_birth": "01/02/1903"}
    assert register.match(nobody).reason.startswith("Nobody in the register")
    found = register.match(nobody | {"nhs_number": number})
    assert (found.band, found.nhs_number) == ("none", None)
    assert found.reason.startswith("The NHS Number that it holds is in the register, but that person")


def council_rows(folder: Path) -> list[dict[str, str]]:
    """The council rows by their inputs, but for records that have several."""
    with open_database(folder) as database:
        ingest(database, pipeline.council(folder / "council.csv"))
        names = list(inputs())
        rows = database.execute(
            f"""
            SELECT {", ".join(names)} FROM raw_council
            QUALIFY count(*) OVER (PARTITION BY record_id) = 1 ORDER BY record_id
            """
        ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def batch(folder: Path, share: float) -> dict[str, tuple[Any, ...]]:
    """What the stages of the main job say of each record without adapting:
    band, NHS Number, confidence, bits, margin, guards, reason, then (NHS Number, bits) of the five best."""
    with open_database(folder) as database, pytest.MonkeyPatch.context() as patch:
        patch.setattr(decide, "_share_in_register", lambda *_: share)
        ingest(database, pipeline.council(folder / "council.csv"))
        ingest(database, pipeline.nhs(folder / "nhs.csv"))
        standardise(database, [COUNCIL, NHS])
        resolve_superseded(database)
        screen(database, Past())
        people = count_subjects(database, NHS)
        chosen = adapt_to_homes(database, model_folder.load("default"))
        block(database, chosen.blocking)
        score(database, chosen, people)
        find_certain(database, people)
        block(database, chosen.loose, len(chosen.blocking))
        score(database, chosen, people)
        decide.decide(database, chosen, people)
        decided = database.execute(
            """
            SELECT record_id, band, nhs_number, confidence, match_weight, margin, guards, reason, coalesce(found, [])
            FROM link LEFT JOIN (
                SELECT c.subject_id, list((r.record_id, c.match_weight) ORDER BY rank) AS found
                FROM candidate c JOIN record r ON r.row_id = c.right_id WHERE rank <= 5 GROUP BY c.subject_id
            ) USING (subject_id)
            """
        ).fetchall()
    return {row[0]: row[1:] for row in decided}


def told(match: Match) -> tuple[Any, ...]:
    """What a run says too; where several fit equally well, it names the first of them."""
    number = match.tied[0] if match.tied else match.nhs_number
    candidates = [(each.nhs_number, each.match_weight) for each in match.candidates]
    return (
        match.band, number, match.confidence, match.match_weight, match.margin, list(match.guards),
        match.reason, candidates,
    )  # fmt: skip


def confuse(register: Path) -> None:
    """Give every fiftieth NHS Number of the file a second row, of somebody else."""
    with register.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with register.open("a", encoding="utf-8", newline="") as file:
        somebody = {"GIVEN_NAME": "ZEBEDEE", "FAMILY_NAME": "QUILL", "DATE_OF_BIRTH": "19010203"}
        csv.DictWriter(file, list(rows[0])).writerows(row | somebody for row in rows[::50])


@pytest.mark.parametrize("hard", [False, True])
def test_a_look_up_says_what_the_main_job_says(tmp_path: Path, hard: bool) -> None:
    made = tmp_path / "made"
    generate(3500, 500, 4, made, hard=hard)
    confuse(made / "nhs.csv")
    make_register(IndexJob(pipeline.nhs(made / "nhs.csv"), made / "nhs.register"))
    with Register.open(made / "nhs.register") as opened:
        found = {row["record_id"]: told(opened.match(row)) for row in council_rows(made)}
        wanted = batch(made, opened.about["model"]["share"])
    assert len(found) >= 500
    assert {band for band, *_ in found.values()} == {"accept", "review", "none", "screened"}
    assert any("confused_nhs_number" in guards for *_, guards, _, _ in found.values())
    assert found == {record: wanted[record] for record in found}


def test_nobody_is_an_answer_and_too_little_is_said(register: Register) -> None:
    stranger = {"forename": "Zzyx", "surname": "Qwvvk", "date_of_birth": "1800-01-01", "postcode": "ZE1 0AA"}
    nobody = register.match(stranger)
    assert (nobody.band, nobody.nhs_number, nobody.confidence, nobody.candidates) == ("none", None, 0.0, ())
    assert nobody.reason == decide.NOBODY
    assert register.match({}).band == "screened"
    assert register.match({"surname": "  "}).reason.startswith("Not linked: too little to link")


def test_what_was_typed_and_not_understood_is_said(register: Register) -> None:
    typed = {
        "surname": "Lee",
        "forename": "Ann",
        "date_of_birth": "rubbish",
        "gender": "potato",
        "nhs_number": "900059180",
    }
    assert register.match(typed).unread == ("date_of_birth", "gender", "nhs_number")
    assert (
        register.match(typed | {"date_of_birth": "1950-01-02", "gender": "F", "nhs_number": ""}).unread == ()
    )


def test_one_look_up_leaves_nothing_behind_for_the_next(made: Path, register: Register) -> None:
    rows = council_rows(made)
    first = told(register.match(rows[0]))
    for row in rows[1:5]:
        register.match(row)
    assert told(register.match(rows[0])) == first


def test_an_unknown_input_is_named_without_its_value(register: Register) -> None:
    with pytest.raises(MappingError, match="shoe_size") as raised:
        register.match({"shoe_size": CANARY})
    assert CANARY not in str(raised.value)


@pytest.mark.parametrize("value", [date(1941, 3, 2), 19410302, 1.5, ["x"]])
def test_a_value_that_is_no_text_is_named_by_its_field_without_the_value(
    register: Register, value: object
) -> None:
    record: Any = {"surname": CANARY_SURNAME, "date_of_birth": value}
    with pytest.raises(
        MappingError, match="date_of_birth must be text as a council would write it"
    ) as raised:
        register.match(record)
    assert str(value) not in str(raised.value)
    assert register.match({"surname": CANARY_SURNAME, "date_of_birth": None, "forename": ""}).band


def test_who_objects_is_neither_found_nor_looked_up(tmp_path: Path) -> None:
    (tmp_path / "nhs.csv").write_text(TWO_PEOPLE, encoding="utf-8")
    (tmp_path / "objections.csv").write_text("nhs_number\n9000000009\n", encoding="utf-8")
    person = {
        "forename": CANARY,
        "surname": CANARY_SURNAME,
        "date_of_birth": "02/03/1941",
        "postcode": "M13 0AQ",
    }
    bands = {}
    for name, objections in (("all", None), ("some", tmp_path / "objections.csv")):
        job = IndexJob(
            pipeline.nhs(tmp_path / "nhs.csv"), tmp_path / f"{name}.register", objections=objections
        )
        make_register(job)
        with Register.open(job.out) as opened:
            bands[name] = [
                opened.match(person).nhs_number,
                opened.match(person | {"nhs_number": "9000000009"}).band,
            ]
    assert bands["all"][0] == "9000000009"
    assert bands["some"] == [None, "screened"]
    assert CANARY_SURNAME.upper().encode() in (tmp_path / "all.register").read_bytes()
    assert CANARY_SURNAME.upper().encode() not in (tmp_path / "some.register").read_bytes()


def test_an_objection_by_record_id_is_counted_and_honoured_where_the_look_up_has_the_id(
    tmp_path: Path, run: CommandLine
) -> None:
    (tmp_path / "nhs.csv").write_text(TWO_PEOPLE, encoding="utf-8")
    (tmp_path / "objections.csv").write_text("record_id,nhs_number\n0071,\n,9000000017\n", encoding="utf-8")
    file = tmp_path / "people.register"
    made = run("index", tmp_path / "nhs.csv", "--out", file, "--objections", tmp_path / "objections.csv")
    assert "BEWARE: 1 objection names a record id and no NHS Number" in made.out
    assert "objection: objections.csv, 2 rows" in made.out
    words = ("--family", CANARY_SURNAME, "--given", CANARY, "--dob", "02/03/1941", "--postcode", "M13 0AQ")
    bands = [
        json.loads(run("lookup", "--index", file, *words, "--record-id", record, "--json").out)["band"]
        for record in ("72", "71")
    ]
    assert bands[0] != "screened"
    assert bands[1] == "screened"


def test_a_look_up_and_a_run_leave_out_the_same_people(town: Path, tmp_path: Path) -> None:
    with (town / "nhs.csv").open(encoding="utf-8-sig", newline="") as file:
        numbers = [row["NHS_NUMBER"] for row in csv.DictReader(file)]
    objecting = tmp_path / "objections.csv"
    objecting.write_text(
        "nhs_number\n" + "\n".join(sorted(set(filter(None, numbers)))[::3]), encoding="utf-8"
    )
    council, nhs = pipeline.council(town / "council.csv"), pipeline.nhs(town / "nhs.csv")
    pipeline.link(LinkJob(council, nhs, tmp_path / "run", objections=objecting))
    make_register(IndexJob(nhs, tmp_path / "people.register", objections=objecting))
    with (tmp_path / "run" / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        reasons = {row["record_id"]: row["reason"] for row in csv.DictReader(file)}
    rows = [row for row in council_rows(town) if "merged" not in reasons[row["record_id"] or ""]]
    with Register.open(tmp_path / "people.register") as opened:
        asked = {row["record_id"]: opened.match(row).reason for row in rows}
    by_run, by_look_up = (
        {record for record in asked if "objection" in told[record]} for told in (reasons, asked)
    )
    assert by_run == by_look_up
    assert len(by_run) > 100


def test_a_register_that_is_prepared_tells_who_is_left_out_and_what_is_doubtful(
    tmp_path: Path, run: CommandLine
) -> None:
    heading, *people = TWO_PEOPLE.strip().splitlines()
    numberless = [f"123,{person.partition(',')[2]}" for person in people]
    rows = [heading, *people, *numberless, ",,,,"]
    (tmp_path / "nhs.csv").write_text("\n".join(rows) + "\n,Ann,,,\n", encoding="utf-8")
    made = run("index", tmp_path / "nhs.csv", "--out", tmp_path / "people.register")
    assert made.out.startswith("TEST DATA")
    assert "Forename -> forename" in made.out
    assert "Wholly empty rows passed over: 1." in made.out
    assert "no record id 1" in made.out
    assert "2 people (2 of the 5 rows of nhs.csv) are in" in made.out
    assert "left out: 1 row that was set aside" in made.out
    assert f"left out: 2 rows ({NO_NHS_NUMBER})" in made.out
    assert "BEWARE: 50% of the NHS Numbers of nhs.csv are not valid" in made.out


def test_many_read_one_register_at_once(made: Path) -> None:
    rows = council_rows(made)

    def answers(_: int) -> list[Any]:
        with Register.open(made / "prepared.register") as opened:
            return [told(opened.match(row)) for row in rows[:2]]

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(answers, range(16)))
    assert all(each == found[0] for each in found)


def test_a_register_that_is_replaced_still_answers_who_had_opened_it(tmp_path: Path) -> None:
    person = {"forename": CANARY, "surname": CANARY_SURNAME, "date_of_birth": "02/03/1941"}
    (tmp_path / "nhs.csv").write_text(TWO_PEOPLE, encoding="utf-8")
    job = IndexJob(pipeline.nhs(tmp_path / "nhs.csv"), tmp_path / "people.register")
    make_register(job)
    with Register.open(job.out) as before:
        (tmp_path / "nhs.csv").write_text(TWO_PEOPLE.replace(CANARY_SURNAME, "Otherone"), encoding="utf-8")
        make_register(job)
        with Register.open(job.out) as after:
            assert "same surname" in before.match(person).reason
            assert "surname differs" in after.match(person).reason


def test_another_file_or_version_is_refused(made: Path, tmp_path: Path) -> None:
    (tmp_path / "other.register").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="no prepared register"):
        Register.open(tmp_path / "other.register")
    other_levels = json.dumps({"comparisons": {}})
    for name, value in (("versions", json.dumps({"linkage": "0.0.0"})), ("parameters", other_levels)):
        old = tmp_path / f"{name}.register"
        old.write_bytes((made / "prepared.register").read_bytes())
        store = sqlite3.connect(old)
        store.execute("UPDATE about SET value = ? WHERE name = ?", [value, name])
        store.commit()
        store.close()
        with pytest.raises(InputError, match="another version"):
            Register.open(old)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record SET content = CAST(CAST(content AS BLOB) || X'FF' AS TEXT)",
        "UPDATE record SET content = substr(content, 1, 40)",
        "DELETE FROM record",
        "UPDATE objecting SET content = substr(content, 1, 5)",
        "DROP TABLE frequency",
        "UPDATE about SET value = substr(value, 1, 20) WHERE name = 'parameters'",
        "UPDATE about SET value = CAST(CAST(value AS BLOB) || X'FF' AS TEXT) WHERE name = 'written'",
        "DELETE FROM about WHERE name = 'homes'",
    ],
)
def test_a_register_that_is_damaged_says_so_without_what_stands_in_it(
    tmp_path: Path, run: CommandLine, statement: str
) -> None:
    (tmp_path / "nhs.csv").write_text(TWO_PEOPLE, encoding="utf-8")
    (tmp_path / "objections.csv").write_text("nhs_number\n9000000017\n", encoding="utf-8")
    file = tmp_path / "people.register"
    assert (
        run("index", tmp_path / "nhs.csv", "--out", file, "--objections", tmp_path / "objections.csv").code
        == 0
    )
    store = sqlite3.connect(file)
    store.execute(statement)
    store.commit()
    store.close()
    for born in ("02/03/1941", "02/03/1951"):
        words = ("--family", CANARY_SURNAME, "--given", CANARY, "--dob", born, "--postcode", "M13 0AQ")
        done = run("lookup", "--index", file, *words)
        if done.code:
            break
    assert (done.code, done.out) == (InputError.exit_code, "")
    assert "people.register is damaged: make it anew with `linkage index`" in done.err
    assert [value for value in CANARIES if value in done.err] == []


def test_the_commands_prepare_a_private_file_and_find_a_person(tmp_path: Path, run: CommandLine) -> None:
    (tmp_path / "nhs.csv").write_text(TWO_PEOPLE, encoding="utf-8")
    file = tmp_path / "people.register"
    made = run("index", tmp_path / "nhs.csv", "--out", file)
    assert (made.code, NO_LIST in made.out) == (0, True)
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["nhs.csv", "people.register"]
    words = ("--family", CANARY_SURNAME, "--given", CANARY, "--dob", "02/03/1941", "--postcode", "M13 0AQ")
    found = run("lookup", "--index", file, *words, "--json")
    assert found.code == 0
    answer = json.loads(found.out)
    assert answer["candidates"][0]["nhs_number"] == "9000000009"
    assert answer["reason"].startswith("Same forename, same surname")
    nobody = run("lookup", "--index", file, "--family", "Nobody", "--given", "Known", "--dob", "1999-09-09")
    assert (nobody.code, decide.NOBODY in nobody.out) == (0, True)


def test_a_register_that_is_being_made_stands_where_the_next_job_wipes_it_if_this_one_is_killed(
    tmp_path: Path,
) -> None:
    (tmp_path / "nhs.csv").write_text(TWO_PEOPLE, encoding="utf-8")
    seen: list[set[str]] = []

    def look(_: str) -> None:
        seen.append(names(tmp_path) - {"nhs.csv"})

    make_register(IndexJob(pipeline.nhs(tmp_path / "nhs.csv"), tmp_path / "people.register"), look)
    assert seen
    assert all(name.startswith(PREFIX) for each in seen for name in each)
    assert names(tmp_path) == {"nhs.csv", "people.register"}


def test_a_file_without_people_is_refused_without_their_values(tmp_path: Path, run: CommandLine) -> None:
    bad = TWO_PEOPLE.replace("9000000009", "1").replace("9000000017", "2")
    (tmp_path / "nhs.csv").write_text(bad, encoding="utf-8")
    done = run("index", tmp_path / "nhs.csv", "--out", tmp_path / "people.register")
    assert done.code == InputError.exit_code
    assert [value for value in CANARIES if value in done.err] == []
    assert not (tmp_path / "people.register").exists()


def test_a_look_up_does_without_splink(made: Path) -> None:
    code = "import sys; from linkage.lookup.register import Register; Register.open(sys.argv[1]); print('splink' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(made / "prepared.register")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"
