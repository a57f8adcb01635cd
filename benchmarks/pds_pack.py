"""The 687 patients of NHS England's PDS integration test pack → a link to them of a council's export with mistakes.

Source: NHS England's PDS integration environment test pack (MIT), from the folder of downloaded data. The pack is the
register as it is; every patient without a flag (sensitive, invalidated) and with a name and birth date is a client once,
with the mistakes of council_side.py. Nobody is absent from the register.
"""

from pathlib import Path

import pyarrow.parquet
from cases import Case, Choices, given, write
from council_side import HEADINGS, Person, export
from recipes import ONE_ADDRESS_FHIR

from linkage import pipeline

FILE = "pds/pds_int_test_pack_687.parquet"


def pds_pack(folder: Path, choices: Choices) -> Case:
    """Clients derived from the pack, against the pack."""
    path = given(choices, FILE)
    found = pyarrow.parquet.read_table(path).to_pylist()
    patients = [
        patient(row)
        for row in found
        if not row["SENSITIVE_FLAG"] and row["FAMILY_NAME"] and row["GIVEN_NAME"] and row["DATE_OF_BIRTH"]
    ]
    made = export(patients, patients, choices.seed, folder)
    council = write(folder / "council.csv", HEADINGS, made.rows)
    truth = write(
        folder / "truth.csv",
        ["record_id", "nhs_number", "scenarios", "sex", "birth_year"],
        [
            [row[0], each.number, ";".join(tags), each.sex, each.born[:4]]
            for row, each, tags in zip(made.rows, patients, made.tags, strict=True)
        ],
    )
    return Case(pipeline.council(council), truth, {"vanilla": ONE_ADDRESS_FHIR}, pipeline.nhs(path))


def patient(row: dict[str, str | None]) -> Person:
    """One patient of the pack."""
    return Person(
        number=row["NHS_NUMBER"] or "",
        forename=row["GIVEN_NAME"] or "",
        middle=row["OTHER_GIVEN_NAME"] or "",
        surname=row["FAMILY_NAME"] or "",
        sex={"male": "M", "female": "F"}.get(row["GENDER (FHIR)"] or "", ""),
        born=row["DATE_OF_BIRTH"] or "",
        lines=tuple(row[f"ADDRESS_LINE_{line}"] or "" for line in range(1, 6)),
        postcode=row["POST_CODE"] or "",
    )
