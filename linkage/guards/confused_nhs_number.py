"""The register has two people under the NHS Number proposed, which PDS calls a confusion."""

WORDING = "the register's rows under this NHS Number describe different people"

CONDITION = "confused"
