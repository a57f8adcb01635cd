"""The report tells for each blocking rule what may have been missed because too many rows share a key."""

from small_run import fill, small_run

from linkage.config import CHANGES
from linkage.pages.section_blocking import at_stake, blocking, by_rule, most_lost


def test_recall_at_stake_is_of_records_with_such_a_key_that_are_linked_to_nobody() -> None:
    run = small_run()
    bands = dict(run.database.execute("SELECT subject_id, band FROM link").fetchall())
    nobody = [subject for subject, band in bands.items() if band == "none"]
    accepted = [subject for subject, band in bands.items() if band == "accept"]
    fill(run.database, "set_aside", [(nobody[0], 0), (accepted[0], 0), (accepted[0], 1)])
    assert by_rule(run.database) == {0: (2, 1), 1: (1, 0)}
    assert at_stake(run.database) == (1, sum(band != "screened" for band in bands.values()), len(accepted))


def test_recall_at_stake_is_a_share_of_those_who_were_linked_and_those_who_may_have_been_missed() -> None:
    """Were the 5 that may have been missed all in the register and nobody else, 5 of 25 would be missed: no recall at all loses more."""
    assert most_lost(5, 20) == 0.2
    assert all(missed / (20 + missed + more) <= 0.2 for missed in range(6) for more in range(9))
    assert most_lost(0, 0) == 0.0


def test_the_report_tells_the_share_of_recall_beside_the_records_linked_to_nobody() -> None:
    run = small_run()
    rows = run.database.execute("SELECT subject_id, band FROM link").fetchall()
    accepted = sum(band == "accept" for _, band in rows)
    fill(run.database, "set_aside", [(subject, 0) for subject, band in rows if band == "none"])
    nobody = sum(band == "none" for _, band in rows)
    html = blocking(run)
    assert f"{nobody / (nobody + accepted):.1%}" in html
    assert f"{nobody:,} had such a value and were linked to nobody" in html


def test_a_run_by_changes_gives_no_bound_on_what_was_missed_among_rows_that_it_did_not_compare() -> None:
    run = small_run()
    bound = "that is what was missed"
    assert bound in blocking(run)
    run.manifest["weekly"] = {"way": CHANGES}
    assert bound not in blocking(run)


def test_the_report_shows_the_rules_with_such_keys_only() -> None:
    run = small_run()
    assert "3,456" not in blocking(run)
    fill(run.database, "set_aside", [(0, 0)])
    assert "3,456" in blocking(run)
