"""A run and its model → the report's section on the model: what made the run, what was estimated, what agreement is worth."""

from linkage.outputs import Run
from linkage.pages import wording
from linkage.pages.page import Html, element, joined, table
from linkage.pages.sections import SIDES, words


def model(run: Run) -> Html:
    """What made the run, what was estimated from its files, and what each degree of agreement is worth."""
    thresholds = {
        "link": [
            ("Accept from", f"{run.model.accept:g}"),
            ("Propose from", f"{run.model.review:g}"),
            ("Calibrated on", run.model.calibrated_on),
        ],
        "dedupe": [
            ("Taken for one person from", f"{run.model.join:g}"),
            ("Proposed from", f"{run.model.review:g}"),
            ("Calibrated on", wording.PAIRS_NOT_CALIBRATED),
        ],
    }
    facts = [("Model", f"{run.model.name} {run.model.version}"), *thresholds[run.kind]]
    for side, read in run.manifest.get("inputs", {}).items():
        told = f"{read.get('name', '')}, {read.get('rows', 0):,} rows, SHA-256 {read.get('sha256', '')}"
        facts.append((f"{SIDES.get(side, side.capitalize())} file", told))
    versions = run.manifest.get("versions", {})
    facts.append(("Software", ", ".join(f"{name} {version}" for name, version in versions.items())))
    return joined(
        [
            table("What made this run", ("What", "Which"), facts),
            _estimated(run),
            _levels(run),
        ]
    )


def _estimated(run: Run) -> Html:
    """The shares that the model came with and those that this run's files gave."""
    adapted = run.manifest.get("adapted", {})
    rows = [
        (told, f"{adapted[name][0]:.4g}", f"{adapted[name][1]:.4g}")
        for name, told in wording.ADAPTED.items()
        if name in adapted and adapted[name][0] != adapted[name][1]
    ]
    if not rows:
        return element("p", "Nothing was estimated from these files.")
    return joined(
        [
            table("What was estimated from these files", ("What", "In the model", "Here"), rows),
            element("p", wording.ADAPTED_LEVELS if adapted["m_estimated"] else wording.SAME_LEVELS),
        ]
    )


def _levels(run: Run) -> Html:
    """m and u of every level; beside them the m that the model came with."""
    came_with = run.manifest.get("adapted", {}).get("m", {})
    rows = []
    for comparison in run.model.comparisons:
        for level in comparison.levels:
            if not level.missing:
                before = came_with.get(comparison.name, {}).get(level.name, level.m)
                numbers = (f"{before:.4f}", f"{level.m:.4f}", f"{level.u:.6f}", f"{level.weight:+.2f}")
                rows.append((words(comparison.name), level.wording, *numbers))
    headings = ("Field", "Agreement", "m of the model", "m here", "u", "Bits")
    return table("What each degree of agreement is worth", headings, rows)
