"""Nothing in → the models that can be used."""

from linkage.commands import Json, print_json


def command(as_json: Json = False) -> None:
    """List the models that can be used."""
    from linkage.model import available, load

    models = [load(name) for name in sorted(available())]
    if as_json:
        print_json([{"name": x.name, "version": x.version, "calibrated_on": x.calibrated_on} for x in models])
        return
    for found in models:
        print(f"{found.name:20} {found.version}  {found.calibrated_on}")
