"""A seed → households of our generator with mistakes that are not our generator's: the second witness.

The register is the generator's, plain. council_side.py makes the council's side anew from it. Clients are adults. Three in ten
of them are taken out of the register while somebody of their surname still lives in their home there, so that the only people
like them are relatives.
"""

from collections import defaultdict
from pathlib import Path
from random import Random

from cases import Case, Choices, write
from council_side import HEADINGS, Person, export, read_rows
from recipes import ONE_ADDRESS

from linkage import pipeline
from linkage.population import generate

PEOPLE, CLIENTS = 60_000, 12_000
ABSENT = 0.3
BORN_BEFORE = "20070101"


def second_judge(folder: Path, choices: Choices) -> Case:
    """Clients made by other hands than the generator's, against its register."""
    made = folder / "made"
    generate(PEOPLE, 1, choices.seed, made)
    found = read_rows(made / "nhs.csv")
    people = [registered(row) for row in found if usable(row)]
    absent, present = chosen(people, choices.seed)
    gone = {person.number for person in absent}
    register = write(
        folder / "nhs.csv",
        list(found[0]),
        [list(row.values()) for row in found if row["NHS_NUMBER"] not in gone],
    )
    clients = sorted([*absent, *present], key=lambda person: person.number)
    export_made = export(clients, people, choices.seed, folder)
    council = write(folder / "council.csv", HEADINGS, export_made.rows)
    truth = write(
        folder / "truth.csv",
        ["record_id", "nhs_number", "scenarios", "sex", "birth_year"],
        [
            [
                row[0],
                "" if each.number in gone else each.number,
                ";".join([*tags, *(["absent_relative_present"] if each.number in gone else [])]),
                each.sex,
                each.born[:4],
            ]
            for row, each, tags in zip(export_made.rows, clients, export_made.tags, strict=True)
        ],
    )
    return Case(pipeline.council(council), truth, {"vanilla": ONE_ADDRESS}, pipeline.nhs(register))


def usable(row: dict[str, str]) -> bool:
    """Whether a register row is a living adult with all that a client needs, whom nobody may hide."""
    filled = all(row[name] for name in ("GIVEN_NAME", "FAMILY_NAME", "DATE_OF_BIRTH", "POST_CODE"))
    unflagged = not any(row[name] for name in ("SENSITIVE_FLAG", "DATE_OF_DEATH", "SUPERSEDED_NHS_NUMBERS"))
    return filled and unflagged and row["DATE_OF_BIRTH"] < BORN_BEFORE


def chosen(people: list[Person], seed: int) -> tuple[list[Person], list[Person]]:
    """Clients to take out of the register, no two of one home and each with a relative left there, and the others."""
    chance = Random(seed)
    families: dict[tuple[str, ...], list[Person]] = defaultdict(list)
    for person in people:
        families[(*person.lines, person.postcode, person.surname)].append(person)
    shared = [family for family in families.values() if len(family) > 1]
    wanted = round(CLIENTS * ABSENT)
    absent = [chance.choice(family) for family in chance.sample(shared, min(wanted, len(shared)))]
    gone = {person.number for person in absent}
    others = [person for person in people if person.number not in gone]
    return absent, chance.sample(others, min(CLIENTS - len(absent), len(others)))


def registered(row: dict[str, str]) -> Person:
    """One row of the generator's register."""
    return Person(
        number=row["NHS_NUMBER"],
        forename=row["GIVEN_NAME"],
        middle=row["OTHER_GIVEN_NAME"],
        surname=row["FAMILY_NAME"],
        sex={"1": "M", "2": "F"}.get(row["GENDER"], ""),
        born=row["DATE_OF_BIRTH"],
        lines=tuple(row[f"ADDRESS_LINE_{line}"] for line in range(1, 6)),
        postcode=row["POST_CODE"],
    )
