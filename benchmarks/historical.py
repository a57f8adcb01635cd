"""historical_50k from the folder of downloaded data → a dedupe of 50,578 records of 5,156 historical people.

Source: splink_datasets (MIT), from Wikidata (CC0). Its `unique_id` begins with the answer, so records are numbered anew.
The product gets the columns it has fields for; Splink's documented model also gets the occupation.
"""

from pathlib import Path

import pyarrow.parquet
from cases import Case, Choices, given, write
from recipes import HISTORICAL

from linkage import pipeline

FILE = "labelled/historical_50k/single.parquet"
KEPT = ("first_name", "surname", "dob", "birth_place", "postcode_fake", "gender", "occupation")
MAPPINGS = {
    "record_id": "record_id",
    "forename": "first_name",
    "surname": "surname",
    "date_of_birth": "dob",
    "birth_place": "birth_place",
    "postcode": "postcode_fake",
    "gender": "gender",
}


def historical(folder: Path, choices: Choices) -> Case:
    """The people of historical_50k."""
    found = pyarrow.parquet.read_table(given(choices, FILE)).to_pylist()
    ids = [f"R{number}" for number in range(1, len(found) + 1)]
    records = write(
        folder / "records.csv",
        ["record_id", *KEPT],
        [[key, *(row[name] or "" for name in KEPT)] for key, row in zip(ids, found, strict=True)],
    )
    truth = write(
        folder / "truth.csv",
        ["record_id", "person"],
        [[key, row["unique_id"].split("-")[0]] for key, row in zip(ids, found, strict=True)],
    )
    return Case(pipeline.council(records, mappings=MAPPINGS), truth, {"vanilla": HISTORICAL})
