"""Headings of each kind of file → how a competent user of Splink would read it, and the model they would write.

The comparisons, blocking and training rules follow Splink's own documentation: its worked examples for FEBRL 3 and 4 and
for historical people, and its comparison library for UK people. Nothing is tuned to the truth.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

Columns = dict[str, str]
Rules = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Recipe:
    """One Splink model and its input: column → DuckDB expression over a file's headings, for either side.

    `certain` are the rules by which the prior is estimated, which find the share `recall` of true pairs.
    """

    council: Columns
    register: Columns
    comparisons: Callable[[], list[Any]]
    blocking: Rules
    certain: Rules
    recall: float
    training: Rules


def _person(forename: str, surname: str, birth_date: str, postcode: str) -> Columns:
    """The columns every recipe for UK people has; names in lower case, postcodes with their space."""
    return {
        "first_name": f"""nullif(lower(trim("{forename}")), '')""",
        "surname": f"""nullif(lower(trim("{surname}")), '')""",
        "full_name": f"""nullif(lower(trim("{forename}")) || ' ' || lower(trim("{surname}")), ' ')""",
        "dob": birth_date,
        "postcode": f"""nullif(regexp_replace(upper(replace("{postcode}", ' ', '')), '^(.+)(...)$', '\\1 \\2'), '')""",
    }


def _day(heading: str, written: str) -> str:
    return f"""strftime(try_strptime("{heading}", '{written}'), '%Y-%m-%d')"""


def _joined(*headings: str) -> str:
    parts = ", ".join(f"""nullif(trim("{heading}"), '')""" for heading in headings)
    return f"""nullif(lower(replace(concat_ws(' ', {parts}), ',', '')), '')"""


LIQUIDLOGIC = _person("Forename", "Surname", _day("Date of Birth", "%d/%m/%Y"), "Postcode") | {
    "record_id": '"Person ID"',
    "gender": """nullif(upper(left("Gender", 1)), '')""",
}
SPLIT_ADDRESS = {"address": _joined("Flat No", "Building", "House No", "Street", "Town")}
WHOLE_ADDRESS = {"address": _joined("Address")}
PDS = _person("GIVEN_NAME", "FAMILY_NAME", _day("DATE_OF_BIRTH", "%Y%m%d"), "POST_CODE") | {
    "record_id": '"NHS_NUMBER"',
    "address": _joined(*(f"ADDRESS_LINE_{line}" for line in range(1, 6))),
}
PDS_GENDER = {"gender": """CASE "GENDER" WHEN '1' THEN 'M' WHEN '2' THEN 'F' END"""}
FHIR_GENDER = {"gender": """CASE "GENDER (FHIR)" WHEN 'male' THEN 'M' WHEN 'female' THEN 'F' END"""}
HELD = {"nhs_number": """nullif(replace("NHS Number", ' ', ''), '')"""}


def _people() -> list[Any]:
    import splink.comparison_library as library

    return [
        library.ForenameSurnameComparison(
            "first_name", "surname", forename_surname_concat_col_name="full_name"
        ),
        library.DateOfBirthComparison("dob", input_is_string=True),
        library.PostcodeComparison("postcode"),
        library.JaroWinklerAtThresholds("address", [0.95, 0.88]),
        library.ExactMatch("gender"),
    ]


def _people_with_number() -> list[Any]:
    import splink.comparison_library as library

    return [*_people(), library.ExactMatch("nhs_number")]


UK_PEOPLE = Recipe(
    council=LIQUIDLOGIC | SPLIT_ADDRESS,
    register=PDS | PDS_GENDER,
    comparisons=_people,
    blocking=(
        ("first_name", "surname"),
        ("surname", "dob"),
        ("first_name", "dob"),
        ("postcode", "first_name"),
        ("postcode", "surname"),
        ("postcode", "dob"),
        ("substr(first_name, 1, 2)", "substr(surname, 1, 2)", "substr(dob, 1, 4)"),
    ),
    certain=(
        ("first_name", "surname", "dob"),
        ("first_name", "dob", "postcode"),
        ("surname", "dob", "postcode"),
    ),
    recall=0.8,
    training=(("first_name", "surname"), ("dob",)),
)
WITH_HELD_NUMBER = replace(
    UK_PEOPLE,
    council=UK_PEOPLE.council | HELD,
    register=UK_PEOPLE.register | {"nhs_number": '"NHS_NUMBER"'},
    comparisons=_people_with_number,
    blocking=(*UK_PEOPLE.blocking, ("nhs_number",)),
)
ONE_ADDRESS = replace(UK_PEOPLE, council=LIQUIDLOGIC | WHOLE_ADDRESS)
ONE_ADDRESS_FHIR = replace(ONE_ADDRESS, register=PDS | FHIR_GENDER)


def _historical() -> list[Any]:
    import splink.comparison_library as library

    return [
        library.ForenameSurnameComparison(
            "first_name", "surname", forename_surname_concat_col_name="full_name"
        ),
        library.DateOfBirthComparison("dob", input_is_string=True),
        library.PostcodeComparison("postcode"),
        library.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
        library.ExactMatch("occupation").configure(term_frequency_adjustments=True),
    ]


HISTORICAL = Recipe(
    council=_person("first_name", "surname", '"dob"', "postcode_fake")
    | {"record_id": '"record_id"', "birth_place": '"birth_place"', "occupation": '"occupation"'},
    register={},
    comparisons=_historical,
    blocking=(
        ("substr(first_name, 1, 3)", "substr(surname, 1, 4)"),
        ("surname", "dob"),
        ("first_name", "dob"),
        ("postcode", "first_name"),
        ("postcode", "surname"),
        ("dob", "birth_place"),
        ("substr(postcode, 1, 3)", "dob"),
        ("substr(postcode, 1, 3)", "first_name"),
        ("substr(postcode, 1, 3)", "surname"),
        ("substr(first_name, 1, 2)", "substr(surname, 1, 2)", "substr(dob, 1, 4)"),
    ),
    certain=(
        ("first_name", "surname", "dob"),
        ("substr(first_name, 1, 2)", "surname", "substr(postcode, 1, 2)"),
        ("dob", "postcode"),
    ),
    recall=0.6,
    training=(("first_name", "surname"), ("dob",)),
)


def _febrl() -> list[Any]:
    import splink.comparison_library as library

    return [
        library.NameComparison("first_name"),
        library.NameComparison("surname"),
        library.DateOfBirthComparison("dob", input_is_string=True),
        library.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        library.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        library.JaroWinklerAtThresholds("address_1", [0.9]),
    ]


FEBRL = Recipe(
    council={
        "record_id": '"Person ID"',
        "first_name": """nullif("Forename", '')""",
        "surname": """nullif("Surname", '')""",
        "dob": _day("Date of Birth", "%Y%m%d"),
        "street_number": """nullif("House No", '')""",
        "address_1": """nullif("Street", '')""",
        "suburb": """nullif("Town", '')""",
        "postcode": """nullif("Postcode", '')""",
    },
    register={},
    comparisons=_febrl,
    blocking=(
        ("first_name", "surname"),
        ("dob",),
        ("street_number", "address_1"),
        ("suburb", "address_1"),
        ("postcode", "surname"),
        ("postcode", "first_name"),
    ),
    certain=(
        ("first_name", "surname", "dob"),
        ("first_name", "dob", "postcode"),
        ("surname", "dob", "postcode"),
    ),
    recall=0.9,
    training=(("dob",), ("postcode",)),
)
FEBRL_LINK = replace(FEBRL, register=FEBRL.council | {"record_id": '"NHS Number"'})
