"""Nothing in → the models that can be used."""


def command() -> None:
    """List the models that can be used."""
    from linkage.model import available, load

    for name in sorted(available()):
        found = load(name)
        print(f"{name:20} {found.version}  {found.calibrated_on}")
