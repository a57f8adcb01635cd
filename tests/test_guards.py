"""What a guard reads of a proposed link decides whether it fires; the cases of `known_cases/` hold how they work together."""

from typing import Any

import pytest

from linkage import shelf
from linkage.lookup import expression

MOTHER: dict[str, Any] = {
    "shows_relatives": True,
    "in_register": 0.3,
    "level_date_of_birth": -1,
    "level_forename": 9,
    "forename_l": "ISOLDE",
    "forename_r": "ISOLDE",
    "surname_l": "BRACKWITH",
    "surname_r": "BRACKWITH",
    "middle_names_l": None,
    "middle_names_r": None,
    "middle_names_shared": False,
    "contacts_l": ["01614960187"],
    "contacts_r": ["01614960187"],
    "own_contacts": None,
    "nhs_numbers_l": [],
    "nhs_numbers_r": ["9000000009"],
}
"""A record without a birth date, and a daughter of the same name with the household's telephone."""


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({}, True),
        ({"own_contacts": ["01614960187"]}, False),
        ({"in_register": 0.9}, False),
        ({"in_register": 0.9, "forename_r": "ISOLDA"}, True),
        ({"in_register": 0.9, "surname_r": None}, True),
        ({"in_register": 0.9, "contacts_r": ["01614960188"]}, True),
        ({"middle_names_l": "MARY", "middle_names_r": "MARY"}, False),
        ({"middle_names_l": "KAUR", "middle_names_r": "KAUR", "middle_names_shared": True}, True),
        ({"nhs_numbers_l": ["9000000009"]}, False),
        ({"level_date_of_birth": 9}, False),
    ],
)
def test_without_a_birth_date_something_has_to_be_the_persons_own(told: dict[str, Any], fires: bool) -> None:
    """Or, where most people are in the register, the names are the same: few are absent whose namesake at home is there."""
    holds = expression.holds(shelf.load("guards", "no_birth_date").CONDITION, expression.of_row)
    assert holds(MOTHER | told, {}) is fires
