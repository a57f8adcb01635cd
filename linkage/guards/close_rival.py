"""A second NHS Number fits almost as well.

Where forename and surname are exchanged, the weight does not depend on how rare the names are. A record of Mohamed Ali may
then weigh more with a rare Ali Mohamed than with its own Mohamed Ali, so a rival counts from further behind.
"""

from linkage.guards import CLOSE, at

WORDING = "a second NHS Number fits almost as well"

CONDITION = f"margin < {CLOSE} OR {at('forename', 'swapped')} AND margin < 12"
