"""The sentence that gives a decision's reason: its parts stand beside each other, and none says what another denies."""

from hypothesis import given
from hypothesis import strategies as st

from linkage import model_folder
from linkage.lookup import expression
from linkage.reason import Compared, sentence
from linkage.shelf import load

DEFAULT = model_folder.load("default")
STRONGEST = tuple(max(comparison.by_number) for comparison in DEFAULT.comparisons)
RIVAL = load("guards", "close_rival")
FIRES = expression.holds(RIVAL.CONDITION, expression.of_row)


@given(st.floats(0, 15), st.sampled_from([7, 8]))
def test_that_a_second_number_fits_almost_as_well_is_not_denied_behind_it(
    margin: float, forename: int
) -> None:
    guards = ("close_rival",) if FIRES({"margin": margin, "level_forename": forename}, {}) else ()
    said = sentence(DEFAULT, Compared(STRONGEST, guards, margin, 2), "review").lower()
    assert (RIVAL.WORDING.lower() in said) != ("no other candidate" in said)


def test_how_far_a_close_rival_is_behind_is_said() -> None:
    said = sentence(DEFAULT, Compared(STRONGEST, ("close_rival",), 3.4, 2), "review")
    assert said.startswith("A second NHS Number fits almost as well; ")
    assert said.endswith("; another candidate is 3.4 bits behind.")
