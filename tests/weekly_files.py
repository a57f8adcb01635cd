"""A made-up council and register → their files week after week, with all that happens to records."""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from small_run import made_up_number

from linkage.population import generate
from linkage.reading.lists import read_rows

Row = dict[str, str]
NUMBER, REPLACED_BY = "NHS_NUMBER", "Superseded By"


@dataclass
class Files:
    """The rows of this week's files, those that are away, and what is drawn by."""

    chance: random.Random
    council: list[Row]
    nhs: list[Row]
    objections: list[str] = field(default_factory=list)
    away: list[tuple[list[Row], Row]] = field(default_factory=list)
    next_id: int = 95_000_000

    def one(self) -> Row:
        """A council row."""
        return self.chance.choice(self.council)

    def person(self) -> Row:
        """A register row."""
        return self.chance.choice(self.nhs)


def start(folder: Path, people: int, clients: int, seed: int) -> Files:
    """The first week, of the population that is made in `folder`."""
    generate(people, clients, seed, folder)
    nhs = [row | {REPLACED_BY: ""} for row in read_rows(folder / "nhs.csv")]
    files = Files(random.Random(seed), read_rows(folder / "council.csv"), nhs)
    files.objections = [files.one()["Person ID"], files.person()[NUMBER]]
    for rows in (files.council, files.nhs):
        for _ in range(len(rows) // 20):
            files.away.append((rows, rows.pop(files.chance.randrange(len(rows)))))
    return files


def pass_a_week(files: Files, times: int) -> None:
    """Let everything that can happen to records happen so many times."""
    for happens in (arrive, leave, move, edit, rekey, repeat, merge, supersede, screen, object_to):
        for _ in range(times):
            happens(files)


def arrive(files: Files) -> None:
    """A row that comes, or comes back."""
    if files.away:
        rows, row = files.away.pop(files.chance.randrange(len(files.away)))
        rows.append(row)


def leave(files: Files) -> None:
    """A row of either side that goes, and may come again."""
    for rows in (files.council, files.nhs):
        files.away.append((rows, rows.pop(files.chance.randrange(len(rows)))))


def move(files: Files) -> None:
    """A person who moves to where somebody else lives, on one side or on both."""
    other, row, person = files.one(), files.one(), files.person()
    row |= {name: other[name] for name in ("House No", "Street", "Town", "Postcode", "Flat No", "UPRN")}
    neighbour = files.person()
    person |= {name: neighbour[name] for name in ("ADDRESS_LINE_1", "ADDRESS_LINE_2", "POST_CODE")}


def edit(files: Files) -> None:
    """Names and dates that are corrected, or typed wrong."""
    row, person = files.one(), files.person()
    row["Surname"], row["Forename"] = (
        files.one()["Surname"],
        row["Forename"] + files.chance.choice(["", "e", "a"]),
    )
    person["GIVEN_NAME"] = files.person()["GIVEN_NAME"]
    files.one()["Date of Birth"] = files.one()["Date of Birth"]
    files.one()["NHS Number"] = files.chance.choice(["", files.person()[NUMBER]])
    files.person()["FAMILY_NAME"] = f"NEWNAME{files.chance.choice('ABCDEFGH')}"


def rekey(files: Files) -> None:
    """The same council record under another id, and one of those who object."""
    for row in (files.one(), *[each for each in files.council if each["Person ID"] in files.objections][:1]):
        files.next_id += 1
        for other in files.council:
            if other["Merged Into"] == row["Person ID"]:
                other["Merged Into"] = str(files.next_id)
        row["Person ID"] = str(files.next_id)


def repeat(files: Files) -> None:
    """A second record of somebody, a history row, and a row that is sent twice."""
    files.next_id += 1
    files.council.append(files.one() | {"Person ID": str(files.next_id), "Telephone": ""})
    files.council.append(files.one() | {"Surname": files.one()["Surname"]})
    files.council.append(dict(files.one()))
    files.nhs.append(files.person() | {"POST_CODE": files.person()["POST_CODE"]})
    files.nhs.append(dict(files.person()))


def merge(files: Files) -> None:
    """A council record that is merged into another, and one that no longer is."""
    row, other = files.one(), files.one()
    row["Merged Into"] = "" if row is other or other["Merged Into"] else other["Person ID"]
    merged = [row for row in files.council if row["Merged Into"]]
    if merged:
        files.chance.choice(merged)["Merged Into"] = ""


def supersede(files: Files) -> None:
    """An NHS Number that is replaced by another, and one that stands again."""
    person, other = files.person(), files.person()
    person[REPLACED_BY] = "" if person[NUMBER] == other[NUMBER] else other[NUMBER]
    replaced = [row for row in files.nhs if row[REPLACED_BY]]
    if len(replaced) > 3:
        files.chance.choice(replaced)[REPLACED_BY] = ""
    files.next_id += 1
    files.nhs.append(person | {NUMBER: made_up_number(files.next_id), REPLACED_BY: ""})


def screen(files: Files) -> None:
    """Records that may not be linked any more, and such that may again."""
    for column, marked in (("Confidential", "Y"), ("Is Client", "N")):
        for row in (files.one(), *[each for each in files.council if each[column] == marked][:1]):
            row[column] = "N" if row[column] == "Y" else "Y"


def object_to(files: Files) -> None:
    """People who object, and who no longer do."""
    files.objections.append(files.one()["Person ID"])
    files.objections.append(files.person()[NUMBER])
    files.objections.pop(files.chance.randrange(len(files.objections)))


def write(files: Files, folder: Path) -> None:
    """This week's files, their rows in an order of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    objections = [("", name) if len(name) == 10 else (name, "") for name in files.objections]
    for name, rows in (("council", files.council), ("nhs", files.nhs)):
        files.chance.shuffle(rows)
        _write(folder / f"{name}.csv", list(rows[0]), [list(row.values()) for row in rows])
    _write(folder / "objections.csv", ["Person ID", "NHS Number"], objections)


def _write(path: Path, headings: list[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
