"""One side says Senior and the other Junior, or one says either and no birth date tells which of the two is meant.

Where one is called Junior there is, or was, another of the same name, most often in the same home.
"""

from linkage.guards import SAME_NUMBER

WORDING = "Junior or Senior is said of one of them, as where father and son have one name"


def _said(word: str, side: str) -> str:
    """Condition that the forename or surname of a side says so."""
    return " OR ".join(f"list_contains(flags_{side}, '{name}_{word}')" for name in ("forename", "surname"))


CONDITION = f"""
    shows_relatives AND (
        ({_said("junior", "l")}) AND ({_said("senior", "r")})
        OR ({_said("senior", "l")}) AND ({_said("junior", "r")})
        OR level_date_of_birth = -1
            AND ({_said("junior", "l")} OR {_said("senior", "l")} OR {_said("junior", "r")} OR {_said("senior", "r")})
            AND NOT {SAME_NUMBER}
    )
"""
