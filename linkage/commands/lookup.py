"""One person's values in → who in a prepared register that is, how sure that is, and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.commands import Json, print_json

if TYPE_CHECKING:
    from linkage.lookup.register import Match


def command(
    index: Annotated[Path, typer.Option("--index", help="file that `linkage index` made")],
    family: Annotated[str, typer.Option("--family", help="surname")] = "",
    given: Annotated[str, typer.Option("--given", help="forename")] = "",
    dob: Annotated[str, typer.Option("--dob", help="date of birth, day first or as YYYY-MM-DD")] = "",
    postcode: Annotated[str, typer.Option("--postcode")] = "",
    address: Annotated[str, typer.Option("--address", help="address in one line")] = "",
    gender: Annotated[str, typer.Option("--gender")] = "",
    nhs_number: Annotated[str, typer.Option("--nhs-number", help="NHS Number that is held already")] = "",
    phone: Annotated[str, typer.Option("--phone")] = "",
    record_id: Annotated[
        str, typer.Option("--record-id", help="the council's id, by which an objection may be known")
    ] = "",
    as_json: Json = False,
) -> None:
    """Find one person in a prepared register. What is typed here may stay in the shell's history."""
    from dataclasses import asdict

    from linkage.lookup.register import Register

    record = {
        "surname": family,
        "forename": given,
        "date_of_birth": dob,
        "postcode": postcode,
        "address": address,
        "gender": gender,
        "nhs_number": nhs_number,
        "phone": phone,
        "record_id": record_id,
    }
    with Register.open(index) as register:
        match = register.match(record)
        test_data = register.about["test_data"]
    if as_json:
        print_json(asdict(match) | {"test_data": test_data})
        return
    if test_data:
        print("TEST DATA: the NHS Numbers are from the range kept for tests")
    print(_text(match))


def _text(match: "Match") -> str:
    """The decision, its reason, and the candidates, best first."""
    from linkage.explain import BANDS, below_one

    decided = BANDS[match.band]
    if match.nhs_number:
        decided += f", NHS Number {match.nhs_number}, confidence {below_one(match.confidence)}"
    lines = [decided, match.reason]
    if match.unread:
        lines.append(
            f"Not understood, so not used: {', '.join(name.replace('_', ' ') for name in match.unread)}"
        )
    if match.guards:
        lines.append(f"Guards: {', '.join(match.guards)}")
    if match.candidates:
        lines += ["", "Candidate    bits  confidence"]
    lines += [
        f"{each.nhs_number} {each.match_weight:+6.1f}  {below_one(each.confidence):>10}"
        for each in match.candidates
    ]
    return "\n".join(lines)
