"""Nothing in → a workspace of a few made-up people, after its first week."""

import csv
from pathlib import Path

from small_run import made_up_number

from linkage.weekly.settings import Settings
from linkage.weekly.workspace import init, run

N = [made_up_number(100 * place) for place in range(1, 7)]
HEADING = ["Person ID", "Forename", "Surname", "Date of Birth", "Postcode", "Gender"]
COUNCIL = [
    ["1", "Zyxwvutia", "Qwertson", "02/03/1941", "M13 0AQ", "F"],
    ["2", "Barnabas", "Uppingly", "12/11/1950", "M14 5RR", "M"],
    ["3", "Ottoline", "Frampton", "21/07/1933", "M15 6BH", "F"],
    ["4", "Cordelia", "Wrenfield", "09/01/1962", "M20 1AA", "F"],
    ["5", "Cornelius", "Vantage", "30/04/1958", "M21 9AB", "M"],
    ["6", "Hepzibah", "Larkspur", "17/08/1947", "M16 0PQ", "F"],
]
NHS = [
    [N[0], "Zyxwvutia", "Qwertson", "02/03/1941", "M13 0AQ", "F"],
    [N[1], "Barnabas", "Uppingly", "12/11/1950", "M14 5RR", "M"],
    [N[2], "Marigold", "Pettigrew", "05/05/1971", "M33 3XX", "F"],
    [N[3], "Cornelius", "Vantage", "30/04/1958", "M21 9AB", "M"],
    [N[4], "Hepzibah", "Larkspur", "17/08/1947", "", "F"],
]


def write(folder: Path, council: list[list[str]], nhs: list[list[str]] = NHS) -> None:
    for name, rows in (("council", [HEADING, *council]), ("nhs", [["NHS Number", *HEADING[1:]], *nhs])):
        with (folder / "in" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


def make_workspace(folder: Path) -> Path:
    """A workspace in `folder` after one week without decisions."""
    (folder / "in").mkdir(parents=True)
    write(folder, COUNCIL)
    init(folder, Settings(), "ada")
    run(folder)
    return folder
