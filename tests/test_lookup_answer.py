"""What the answer of a look-up says to whoever acts on it: whom it names, who died, who is sensitive, what to do next."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from small_run import made_up_number

from linkage import pipeline
from linkage.lookup.register import Register
from linkage.lookup.register_file import IndexJob, make_register
from linkage.pages import moments
from linkage.population import generate

TWIN, OTHER_TWIN, DEAD, SECRET, OTHER_DAY, SOME_DAY = (
    made_up_number(9000 + place * 50) for place in range(6)
)
ALIKE = tuple(made_up_number(12_000 + place * 50) for place in range(9))
HEADINGS = (
    "NHS_NUMBER", "GIVEN_NAME", "FAMILY_NAME", "DATE_OF_BIRTH", "POST_CODE", "DATE_OF_DEATH", "SENSITIVE_FLAG",
)  # fmt: skip
PEOPLE = (
    (TWIN, "ADA", "QUILLFEATHER", "20180925", "OL1 2XY", "", ""),
    (OTHER_TWIN, "BEA", "QUILLFEATHER", "20180925", "OL1 2XY", "", "R"),
    (DEAD, "CLEMENT", "DRUMMERSBY", "19330509", "OL1 2BX", "20240307", ""),
    # Of a person's rows one may say what the others do not.
    (DEAD, "CLEMENT", "DRUMMERSBY", "19330509", "OL1 2BY", "", ""),
    (SOME_DAY, "IGNATIUS", "HUDDLESTONE", "19310214", "OL1 2XD", "2023-02", ""),
    (SECRET, "DOROTHEA", "EAVESDROPPER", "19680511", "", "", "R"),
    (OTHER_DAY, "EZEKIEL", "FOTHERGILL", "19770317", "OL11 1WP", "", ""),
    *((number, "FELICITY", "GREENHALGH", "19560922", "OL1 2XC", "", "") for number in ALIKE),
)
REFUGE = {"ADDRESS_LINE_1": "7 ELDERFLOWER ROW", "POST_CODE": "OL1 2XZ", "FAMILY_NAME": "HARBOTTLE"}
MOTHER_AND_CHILD = (
    REFUGE | {"NHS_NUMBER": made_up_number(20_000), "GIVEN_NAME": "IONA", "DATE_OF_BIRTH": "19770617", "SENSITIVE_FLAG": "S"},
    REFUGE | {"NHS_NUMBER": made_up_number(20_050), "GIVEN_NAME": "JUNIPER", "DATE_OF_BIRTH": "20120617"},
)  # fmt: skip
EITHER_TWIN = {"surname": "Quillfeather", "date_of_birth": "25/09/2018", "postcode": "OL1 2XY"}
ONE_TWIN = EITHER_TWIN | {"forename": "Ada"}
WHO_DIED = {
    "forename": "Clement", "surname": "Drummersby", "date_of_birth": "09/05/1933", "postcode": "OL1 2BY",
}  # fmt: skip
WHO_DIED_SOME_DAY = {
    "forename": "Ignatius",
    "surname": "Huddlestone",
    "date_of_birth": "14/02/1931",
    "postcode": "OL1 2XD",
}
WHO_IS_SENSITIVE = {"forename": "Dorothea", "surname": "Eavesdropper", "date_of_birth": "11/05/1968"}
NO_SUCH_DAY = {
    "forename": "Ezekiel", "surname": "Fothergill", "date_of_birth": "03/17/1977", "postcode": "OL11 1WP",
}  # fmt: skip
OPTIONS = {"surname": "--family", "forename": "--given", "date_of_birth": "--dob", "postcode": "--postcode"}
LOOK_IT_UP = "Summary Care Record application or PDS"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared register: the people above among a thousand others."""
    folder = tmp_path_factory.mktemp("answer")
    generate(1000, 60, 4, folder / "made")
    nhs = folder / "made" / "nhs.csv"
    with nhs.open(encoding="utf-8-sig", newline="") as received:
        headings = next(csv.reader(received))
    with nhs.open("a", encoding="utf-8", newline="") as more:
        rows = csv.DictWriter(more, headings)
        rows.writerows(dict(zip(HEADINGS, person, strict=True)) for person in PEOPLE)
        rows.writerows(MOTHER_AND_CHILD)
    make_register(IndexJob(pipeline.nhs(nhs), folder / "people.register"))
    return folder / "people.register"


@pytest.fixture(scope="module")
def register(file: Path) -> Iterator[Register]:
    with Register.open(file) as opened:
        yield opened


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


def printed(run: CommandLine, file: Path, person: dict[str, str], *more: str) -> str:
    words = [word for name, value in person.items() for word in (OPTIONS[name], value)]
    return run("lookup", "--index", file, *words, *more).out


def in_json(run: CommandLine, file: Path, person: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed(run, file, person, "--json"))
    return found


def test_of_two_people_who_fit_equally_well_none_is_named(
    run: CommandLine, file: Path, register: Register
) -> None:
    match = register.match(EITHER_TWIN)
    assert (match.band, match.nhs_number, match.margin) == ("review", None, 0.0)
    assert sorted(match.tied) == sorted([TWIN, OTHER_TWIN])
    told = in_json(run, file, EITHER_TWIN)
    assert (told["nhs_number"], sorted(told["tied"])) == (None, sorted(match.tied))
    headline = printed(run, file, EITHER_TWIN).splitlines()[1]
    assert headline == "For a person to decide: 2 people fit equally well"


def test_one_who_is_only_proposed_is_not_worded_as_linked(
    run: CommandLine, file: Path, register: Register
) -> None:
    headline = printed(run, file, NO_SUCH_DAY).splitlines()[1]
    match = register.match(NO_SUCH_DAY)
    assert (match.band, match.nhs_number) == ("review", OTHER_DAY)
    assert headline.startswith(f"For a person to decide: perhaps NHS Number {OTHER_DAY}, confidence ")
    assert headline.endswith(" but for the guards") == bool(match.guards)


def test_of_many_who_fit_equally_well_none_is_likely_and_all_are_told(
    run: CommandLine, file: Path, register: Register
) -> None:
    asked = {
        "forename": "Felicity", "surname": "Greenhalgh", "date_of_birth": "22/09/1956", "postcode": "OL1 2XC",
    }  # fmt: skip
    match = register.match(asked)
    assert (match.band, match.nhs_number, sorted(match.tied)) == ("none", None, sorted(ALIKE))
    text = printed(run, file, asked)
    assert "No link: 9 people fit equally well" in text
    assert LOOK_IT_UP in text


def test_who_is_ahead_is_named_and_nobody_is_tied(run: CommandLine, file: Path, register: Register) -> None:
    match = register.match(ONE_TWIN)
    assert (match.nhs_number, match.tied) == (TWIN, ())
    assert match.margin is not None
    assert match.margin > 1
    assert f"NHS Number {TWIN}, confidence " in printed(run, file, ONE_TWIN)


def test_who_has_died_is_said_to_be_dead(run: CommandLine, file: Path, register: Register) -> None:
    match = register.match(WHO_DIED)
    assert (match.nhs_number, match.date_of_death) == (DEAD, date(2024, 3, 7))
    assert match.candidates[0].date_of_death == date(2024, 3, 7)
    assert in_json(run, file, WHO_DIED)["date_of_death"] == "2024-03-07"
    text = printed(run, file, WHO_DIED)
    assert "The register has this person as dead since 2024-03-07." in text
    assert f"{DEAD} " in text
    assert "dead since 2024-03-07\n\nIn the register" in text


def test_a_death_that_may_be_known_by_its_month_only_is_told_so(run: CommandLine, file: Path) -> None:
    assert "dead since 2023-02-28 (or earlier, if it has the month or the year only)." in printed(
        run, file, WHO_DIED_SOME_DAY
    )


def test_care_that_began_after_death_is_a_question_where_the_look_up_is_told_when_it_began(
    register: Register,
) -> None:
    assert register.match(WHO_DIED).band == "accept"
    asked_later = register.match(WHO_DIED | {"service_start": "01/06/2024"})
    assert (asked_later.band, asked_later.guards) == ("review", ("death_before_care",))


def test_a_sensitive_record_is_said_to_be_one(run: CommandLine, file: Path, register: Register) -> None:
    match = register.match(WHO_IS_SENSITIVE)
    assert (match.nhs_number, match.sensitive, match.candidates[0].sensitive) == (SECRET, True, True)
    assert in_json(run, file, WHO_IS_SENSITIVE)["sensitive"] is True
    text = printed(run, file, WHO_IS_SENSITIVE)
    assert "marks this person's record as sensitive" in text
    assert "address and telephone must not be disclosed" in text


def test_the_child_of_a_sensitive_person_s_home_is_not_to_be_told_of_either(
    run: CommandLine, file: Path, register: Register
) -> None:
    child = {"forename": "Juniper", "surname": "Harbottle", "date_of_birth": "17/06/2012"}
    match = register.match(child)
    assert (match.nhs_number, match.sensitive) == (MOTHER_AND_CHILD[1]["NHS_NUMBER"], True)
    assert "or that of somebody with the same home or telephone: address and telephone must" in printed(
        run, file, child
    )


def test_one_sensitive_person_among_those_who_fit_equally_well_makes_the_answer_sensitive(
    run: CommandLine, file: Path, register: Register
) -> None:
    match = register.match(EITHER_TWIN)
    assert match.sensitive
    assert {each.nhs_number: each.sensitive for each in match.candidates} == {TWIN: False, OTHER_TWIN: True}
    assert "must not be disclosed" in printed(run, file, EITHER_TWIN)


def test_of_others_neither_is_said(run: CommandLine, file: Path, register: Register) -> None:
    match = register.match(ONE_TWIN)
    assert (match.date_of_death, match.sensitive) == (None, False)
    text = printed(run, file, ONE_TWIN)
    assert "dead since" not in text
    assert "must not be disclosed" not in text


def test_a_day_that_does_not_exist_is_told_as_compared_not_as_unused(
    run: CommandLine, file: Path, register: Register
) -> None:
    match = register.match(NO_SUCH_DAY)
    assert match.reason == (
        "Names and birth date leave doubt, and little else speaks for the link; same forename, same surname, "
        "day and month of birth the other way round, same postcode; no other candidate."
    )
    assert (match.unread, match.impossible) == ((), ("date_of_birth",))
    text = printed(run, file, NO_SUCH_DAY)
    assert "Not understood" not in text
    assert (
        "Read as a day that does not exist, or is still to come (day before month; of eight digits the year first)"
        in text
    )
    assert "but its digits were compared: date of birth" in text


def test_what_is_no_date_at_all_is_not_used_and_said_so(register: Register) -> None:
    match = register.match(NO_SUCH_DAY | {"date_of_birth": "soon"})
    assert (match.unread, match.impossible) == (("date_of_birth",), ())


def test_only_where_a_person_is_to_decide_the_answer_says_where_to_look(run: CommandLine, file: Path) -> None:
    assert printed(run, file, EITHER_TWIN).count(LOOK_IT_UP) == 1
    for decided in (WHO_DIED, {"surname": "Nobody", "forename": "Known", "date_of_birth": "1999-09-09"}):
        assert LOOK_IT_UP not in printed(run, file, decided)


def test_which_register_was_asked_and_when_it_was_prepared_is_told(
    run: CommandLine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = in_json(run, file, WHO_DIED)["register"]
    made = datetime.fromisoformat(told["made"])
    assert (told["file"], timedelta() <= datetime.now(UTC) - made < timedelta(hours=1)) == ("nhs.csv", True)
    register = f"In the register of nhs.csv, {told['people']:,} people, prepared on {made:%Y-%m-%d %H:%M} UTC"
    assert printed(run, file, WHO_DIED).splitlines()[-1] == f"{register}."
    monkeypatch.setattr(moments, "now", lambda: made + timedelta(days=40))
    assert printed(run, file, WHO_DIED).splitlines()[-1] == f"{register}, 40 days ago."
