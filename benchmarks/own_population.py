"""A seed → the product's own made-up population, plain and hard: 100,000 people, 10,000 clients.

The generator is ours, so these figures flatter the product; second_judge.py is the other witness. Splink runs twice: without
the NHS Numbers that the council holds, as in its documentation, and with them as one more exact match.
"""

from pathlib import Path

from cases import Case, Choices, NotHereError
from recipes import UK_PEOPLE, WITH_HELD_NUMBER

from linkage import pipeline
from linkage.population import generate

PEOPLE, CLIENTS = 100_000, 10_000
TRAINING_SEED = 101


def plain(folder: Path, choices: Choices) -> Case:
    """The usual number of mistakes."""
    return _made(folder, choices, hard=False)


def hard(folder: Path, choices: Choices) -> Case:
    """About twice the mistakes."""
    return _made(folder, choices, hard=True)


def _made(folder: Path, choices: Choices, hard: bool) -> Case:
    if choices.seed == TRAINING_SEED:
        raise NotHereError(f"the shipped model was trained on seed {TRAINING_SEED}: choose another --seed")
    made = folder / "made"
    generate(PEOPLE, CLIENTS, choices.seed, made, hard)
    return Case(
        council=pipeline.council(made / "council.csv"),
        nhs=pipeline.nhs(made / "nhs.csv"),
        objections=made / "objections.csv",
        truth=made / "truth.csv",
        recipes={"vanilla": UK_PEOPLE, "vanilla_with_held_number": WITH_HELD_NUMBER},
    )
