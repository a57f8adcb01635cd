"""A moment in UTC as ISO 8601 → the same in words, with how many days ago it was, so that an old answer is not taken for
today's."""

from datetime import UTC, datetime

from linkage.pages.wording import counted


def moment(told: str) -> str:
    """Such as "2026-11-02 08:15 UTC, 21 days ago"; without an age in the last 24 hours."""
    made = datetime.fromisoformat(told)
    days = (now() - made).days
    return f"{made:%Y-%m-%d %H:%M} UTC" + (f", {counted(days, 'day')} ago" if days > 0 else "")


def now() -> datetime:
    """The time in UTC, for tests to set."""
    return datetime.now(UTC)
