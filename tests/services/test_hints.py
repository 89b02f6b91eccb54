"""Setting a pattern hint aside: with a reason, on record, and only until there are new data."""

from datetime import timedelta
from typing import Any

import pytest

from accounts import audit
from accounts.ids import new_id
from accounts.models import Event, User
from rehab.errors import IdInUse, Invalid, NotFound, NotPermitted
from rehab.models import HintDismissal
from rehab.selectors.analyses import hints as selectors
from rehab.services import hints
from rehab.services.hints import Dismissed
from tests.conftest import Cast
from tests.selectors.analyses.recording import NOW, ago, grade


@pytest.fixture(autouse=True)
def rapid_loss(cast: Cast) -> None:
    for muscle in ("ANK_DF", "HIP_FLEX"):
        grade(cast, muscle, "right", "5", ago(6))
        grade(cast, muscle, "right", "3", ago(2))


def dismiss(
    cast: Cast,
    *,
    key: str = "ACUTE_SUBACUTE",
    by: User | None = None,
    reason: Any = "Seen, known relapse.",
    **more: Any,
) -> Dismissed:
    document = {"patient": str(cast.patient.pk), "reason": reason, **more}
    return hints.dismiss(key, document, by=by or cast.therapist, now=NOW)


def is_dismissed(cast: Cast) -> bool:
    [row] = selectors.of_patient(viewer=cast.therapist, patient_id=cast.patient.pk, now=NOW).rows
    return row.dismissal is not None


def test_it_is_kept_with_who_when_why_and_what_was_seen(cast: Cast) -> None:
    made = dismiss(cast)
    [row] = selectors.of_patient(viewer=cast.therapist, patient_id=cast.patient.pk, now=NOW).rows
    assert made.created
    assert row.dismissal == made.dismissal
    assert (made.dismissal.dismissed_by, made.dismissal.dismissed_at) == (cast.therapist, NOW)
    assert (made.dismissal.reason, made.dismissal.method) == ("Seen, known relapse.", "hints/1")
    assert made.dismissal.seen_ids == sorted(row.ids)
    event = Event.objects.get(action="hint.dismissed")
    assert (event.target_id, event.patient_id, event.actor_id) == (
        made.dismissal.pk, cast.patient.pk, cast.therapist.pk
    )  # fmt: skip
    assert event.changes == {"hint": "ACUTE_SUBACUTE", "reason": "Seen, known relapse.", "method": "hints/1"}


def test_the_red_flag_stays_what_it_is(cast: Cast) -> None:
    dismiss(cast)
    [row] = selectors.of_patient(viewer=cast.therapist, patient_id=cast.patient.pk, now=NOW).rows
    assert row.red_flag == "RAPID_WEAK"


def test_it_comes_back_with_new_data_only(cast: Cast) -> None:
    dismiss(cast)
    assert is_dismissed(cast)
    grade(cast, "KNE_EXT", "left", "4", ago(1))
    assert is_dismissed(cast), "what it does not rest on is nothing new"
    grade(cast, "KNE_EXT", "right", "5", ago(5))
    grade(cast, "KNE_EXT", "right", "3", ago(1))
    assert not is_dismissed(cast)
    dismiss(cast, reason="Seen again.")
    assert is_dismissed(cast)


def test_it_does_not_follow_the_clock(cast: Cast) -> None:
    dismiss(cast)
    later = selectors.of_patient(viewer=cast.therapist, patient_id=cast.patient.pk, now=NOW + timedelta(days=27)).rows
    assert later == ()


@pytest.mark.parametrize("key", ["PROG_DISTAL", "NOTHING", "ACUTE_SUBACUTE-left"])
def test_a_hint_that_does_not_hold_is_not_found(cast: Cast, key: str) -> None:
    with pytest.raises(NotFound):
        dismiss(cast, key=key)


@pytest.mark.parametrize("reason", ["", "  ", "ab", "x" * 501, "a\x00b c"])
def test_a_reason_has_3_to_500_characters(cast: Cast, reason: str) -> None:
    with pytest.raises(Invalid) as raised:
        dismiss(cast, reason=reason)
    assert [problem.pointer for problem in raised.value.problems] == ["/reason"]
    assert not HintDismissal.objects.exists()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"reason": 5}, "/reason"), ({"patient": "x"}, "/patient"), ({"id": str(new_id())[:-1]}, "/id"),
     ({"code": "DISUSE"}, "/code")],
)  # fmt: skip
def test_what_cannot_be_read_names_its_field(cast: Cast, changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as raised:
        dismiss(cast, **{"reason": "known", **changes})
    assert [problem.pointer for problem in raised.value.problems] == [pointer]


def test_the_same_id_again_is_the_same_and_with_other_content_refused(cast: Cast) -> None:
    chosen = str(new_id())
    once, again = dismiss(cast, id=chosen), dismiss(cast, id=chosen)
    assert (once.created, again.created, again.dismissal) == (True, False, once.dismissal)
    with pytest.raises(IdInUse):
        dismiss(cast, id=chosen, reason="another")
    assert HintDismissal.objects.count() == Event.objects.filter(action="hint.dismissed").count() == 1


@pytest.mark.parametrize(
    ("role", "error"),
    [("patient_user", NotPermitted), ("caregiver", NotPermitted), ("colleague", NotFound), ("admin", NotFound),
     ("other_therapist", NotFound)],
)  # fmt: skip
def test_only_the_treating_therapist_may(cast: Cast, role: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        dismiss(cast, by=cast.user(role))


def test_without_its_event_it_is_not_written(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_events: Event) -> None:
        raise RuntimeError("no trail")

    monkeypatch.setattr(audit, "write", broken)
    with pytest.raises(RuntimeError, match="no trail"):
        dismiss(cast)
    assert not HintDismissal.objects.exists()


def test_of_two_at_once_with_one_id_one_writes_and_both_are_answered(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second looked before the first had written."""
    chosen, look = str(new_id()), selectors.dismissal_by_id
    first = dismiss(cast, id=chosen)
    looks = iter([None])
    monkeypatch.setattr(selectors, "dismissal_by_id", lambda id_: next(looks, look(id_)))
    second = dismiss(cast, id=chosen)
    assert (second.created, second.dismissal) == (False, first.dismissal)
    assert HintDismissal.objects.count() == Event.objects.filter(action="hint.dismissed").count() == 1
