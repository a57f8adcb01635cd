"""One person's values in → who in a prepared register that is, how sure that is, and why."""

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.commands import Json, print_json, say
from linkage.tables import REVIEW

if TYPE_CHECKING:
    from linkage.lookup.match import Candidate, Match


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
    from linkage.pages.moments import moment
    from linkage.pages.wording import TEST_NUMBERS

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
        about = register.about
    # A file that was made before this was kept has no such entry.
    made, test_data = about.get("made"), about["test_data"]
    if as_json:
        told = {"file": about["input"]["name"], "people": about["people"], "made": made}
        print_json(asdict(match) | {"test_data": test_data, "register": told})
        return
    if test_data:
        say(TEST_NUMBERS)
    say(_text(match))
    prepared = f", prepared on {moment(made)}" if made else ""
    say(f"\nIn the register of {about['input']['name']}, {about['people']:,} people{prepared}.")


def _text(match: "Match") -> str:
    """The decision, its reason, what to know before acting on it, and the candidates, best first."""
    lines = [_decided(match), match.reason]
    if match.guards:
        lines.append(f"Guards: {', '.join(match.guards)}")
    lines += _to_know(match)
    if match.candidates:
        lines += ["", "Candidate    bits  confidence"]
    return "\n".join([*lines, *map(_line, match.candidates)])


def _decided(match: "Match") -> str:
    from linkage.pages.wording import BANDS
    from linkage.runs.explain import proposed

    said = BANDS[match.band]
    if match.tied:
        return f"{said}: {len(match.tied)} people fit equally well"
    if match.nhs_number:
        return proposed(match.band, match.nhs_number, match.confidence, bool(match.guards))
    return said


def _to_know(match: "Match") -> list[str]:
    """Who is dead, what must not be told on, what of the question was not understood, and where a person looks."""
    found = []
    if match.date_of_death:
        # Which of the two it is, the register's row says.
        last = (
            " (or earlier, if it has the month or the year only)"
            if _ends_a_month(match.date_of_death)
            else ""
        )
        found.append(f"The register has this person as dead since {match.date_of_death}{last}.")
    if match.sensitive:
        whose = "the record of one of them" if match.tied else "this person's record"
        found.append(
            f"The register marks {whose} as sensitive, or that of somebody with the same home or telephone: address and "
            "telephone must not be disclosed, nor those that the council has."
        )
    if match.unread:
        found.append(f"Not understood, so not used: {_names(match.unread)}")
    if match.impossible:
        found.append(
            "Read as a day that does not exist, or is still to come (day before month; of eight digits the year first), but its digits were "
            f"compared: {_names(match.impossible)}"
        )
    if match.band == REVIEW or match.tied:
        number = "these numbers" if match.tied else "the number"
        found.append(
            f"Before anything is done, look {number} up in the register itself, such as with the "
            "Summary Care Record application or PDS."
        )
    return found


def _ends_a_month(day: date) -> bool:
    """Whether it may stand for a month: a death of which no day is known counts as the last."""
    return (day + timedelta(days=1)).day == 1


def _names(fields: tuple[str, ...]) -> str:
    return ", ".join(name.replace("_", " ") for name in fields)


def _line(each: "Candidate") -> str:
    """A candidate's row of the table."""
    from linkage.runs.explain import below_one

    line = f"{each.nhs_number} {each.match_weight:+6.1f}  {below_one(each.confidence):>10}"
    marks = [f"dead since {each.date_of_death}"] if each.date_of_death else []
    marks += ["sensitive"] if each.sensitive else []
    return f"{line}  {', '.join(marks)}".rstrip()
