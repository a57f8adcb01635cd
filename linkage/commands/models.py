"""Nothing in → the models that can be used."""

from linkage.commands import Json, print_json, say


def command(as_json: Json = False) -> None:
    """List the models that can be used."""
    from linkage.model_folder import available, load

    models = {name: load(name) for name in sorted(available())}
    if as_json:
        told = [(name, found.version, found.calibrated_on) for name, found in models.items()]
        print_json([dict(zip(("name", "version", "calibrated_on"), row, strict=True)) for row in told])
        return
    for name, found in models.items():
        say(f"{name:20} {found.version}  {found.calibrated_on}")
