"""Sizes and a seed in → a made-up council, register, objections and the truth about them."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import Json, Seed, print_json, say, stages


def command(
    out: Annotated[
        Path, typer.Option("--out", help="folder to make; one that holds anything is not replaced")
    ],
    people: Annotated[
        int, typer.Option(min=100, max=10_000_000, help="people in the register's area")
    ] = 20_000,
    clients: Annotated[int, typer.Option(min=1, help="people the council knows")] = 2_000,
    seed: Seed = 1,
    hard: Annotated[bool, typer.Option("--hard", help="about twice the mistakes, combined")] = False,
    as_json: Json = False,
) -> None:
    """Make up a council, a register, objections and the truth about them."""
    from linkage.population import generate

    with stages() as progress:
        counts = generate(people, clients, seed, out, hard, progress)
    if as_json:
        print_json(counts)
        return
    for name in ("people", "register_rows", "council_rows", "clients", "clients_absent", "objections"):
        say(f"{name.replace('_', ' '):20} {counts[name]:>10,}")
