"""`python -m linkage` for `linkage`: a computer may let nothing run that an installation puts down as a program."""

from linkage.cli import main

main()
