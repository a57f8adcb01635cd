"""Two files in → a model folder."""

from linkage.commands import CouncilFile, NhsFile, Out, Seed


def command(council: CouncilFile, nhs: NhsFile, out: Out, seed: Seed = 1) -> None:
    """Estimate a model from two files and write its folder."""
    from linkage.train import train

    train(council, nhs, out, seed)
    print(f"The model is in {out}; see card.md there")
