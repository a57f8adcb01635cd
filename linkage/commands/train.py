"""Two files in → a model folder."""

from pathlib import Path

from linkage.commands import Out, Seed


def command(council: Path, nhs: Path, out: Out, seed: Seed = 1) -> None:
    """Estimate a model from two files and write its folder."""
    from linkage.train import train

    train(council, nhs, out, seed)
    print(f"The model is in {out}; see card.md there")
