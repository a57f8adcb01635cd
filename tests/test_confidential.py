"""A record that is marked confidential is not linked, nor is another record of that person; their home is told to nobody."""

import csv
from pathlib import Path

from small_run import made_up_number
from small_workspace import COUNCIL, HEADING, N
from town import client, linked, patient

from linkage.clerical.decisions import decide
from linkage.screen import ALSO_CONFIDENTIAL
from linkage.shown import WITHHELD
from linkage.weekly.run_names import current
from linkage.weekly.workspace import run

EVE, NUMBER = ("Zenobia", "Quarrington", "05/10/1977"), made_up_number(77_000)
REGISTER = [patient(NUMBER, *EVE)]
MARKED = client("900001", *EVE, Confidential="Y")


def reasons(town: Path, folder: Path, *council: dict[str, str]) -> dict[str, str]:
    """Record id → what links.csv says of it, for the records added to the town's."""
    links, _ = linked(town, folder, list(council), REGISTER)
    return {row["Person ID"]: links[row["Person ID"]]["reason"] for row in council}


def test_an_unmarked_record_of_the_same_name_and_birth_date_is_not_linked_either(
    town: Path, tmp_path: Path
) -> None:
    moved = client("900002", *EVE, **{"House No": "91", "Street": "Mill Fold", "Postcode": "OL11 1AA"})
    assert reasons(town, tmp_path, MARKED, moved) == {
        "900001": "Not linked: marked confidential.",
        "900002": f"Not linked: {ALSO_CONFIDENTIAL}.",
    }


def test_nor_is_one_that_the_council_merged_with_it_or_that_holds_its_number(
    town: Path, tmp_path: Path
) -> None:
    holds = {"NHS Number": NUMBER}
    merged = client("900002", "Z", "Smith", "05/10/1978", **{"Merged Into": "900001"})
    held = client("900003", "Zee", "Karrington", "10/05/1977", **holds)
    found = reasons(town, tmp_path, {**MARKED, **holds}, merged, held)
    assert {found["900002"], found["900003"]} == {f"Not linked: {ALSO_CONFIDENTIAL}."}


def test_a_twin_and_a_namesake_of_another_birth_date_are_linked_as_ever(town: Path, tmp_path: Path) -> None:
    twin, namesake = made_up_number(77_100), made_up_number(77_200)
    others = [
        patient(twin, "Philippa", *EVE[1:]),
        patient(namesake, *EVE[:2], "17/03/1941", ADDRESS_LINE_1="2 Mill Fold", POST_CODE="OL11 1AA"),
    ]
    home = {"House No": "2", "Street": "Mill Fold", "Postcode": "OL11 1AA"}
    council = [
        MARKED,
        client("900002", "Philippa", *EVE[1:]),
        client("900003", *EVE[:2], "17/03/1941", **home),
    ]
    links, _ = linked(town, tmp_path, council, [*REGISTER, *others])
    assert [links[f"90000{place}"]["nhs_number"] for place in (1, 2, 3)] == ["", twin, namesake]


def test_their_home_is_withheld_of_whoever_lives_there(town: Path, tmp_path: Path) -> None:
    flatmate = client("900002", "Barnabas", "Uppingly", "15/11/1950")
    register = [patient(made_up_number(77_300), "Barnabas", "Uppingly", "05/10/1950")]
    council = [MARKED, flatmate]
    links, _ = linked(town, tmp_path, council, [*REGISTER, *register])
    assert links["900002"]["band"] == "review"
    with (tmp_path / "run" / "review.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = [row for row in csv.DictReader(file) if row["record_id"] == "900002"]
    assert (row["address_council"], row["address_nhs"]) == (WITHHELD, WITHHELD)


def test_somebody_may_decide_that_the_two_are_different_people(fresh: Path) -> None:
    columns, row = [*HEADING, "NHS Number", "Confidential"], [*COUNCIL[0], N[5]]
    with (fresh / "in" / "council.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, [*row, "N"], ["7", *row[1:], "Y"]])

    def of_record_1() -> dict[str, str]:
        run(fresh)
        with (current(fresh) / "links.csv").open(encoding="utf-8-sig", newline="") as file:
            return {row["record_id"]: row for row in csv.DictReader(file)}["1"]

    assert ALSO_CONFIDENTIAL in of_record_1()["reason"]
    decide(fresh, ("1", "council:7"), "different")
    assert of_record_1()["nhs_number"] == N[0]
