"""Many answers at once: stored once, alerted once, and never to nobody."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection

from rehab.errors import DomainError
from rehab.models import Alert, AlertCause, AlertMessage, QuestionnaireResponse
from rehab.selectors import questionnaires as reading
from rehab.services import questionnaires, responders
from tests.conftest import Cast
from tests.questionnaires import answer, document, switch_on

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
THREADS = 12


def at_once(acts: Sequence[Callable[[], object]]) -> list[str]:
    """Do everything in threads of their own at one moment; return what came of each."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        start.wait()
        try:
            act()
        except DomainError as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_answer_sent_many_times_at_once_is_stored_and_alerted_once(cast: Cast, now: datetime) -> None:
    switch_on(cast.clinic, admin=cast.admin, responder=cast.colleague, now=now)
    short = answer(cast.patient, "phq2", 2, 2, by=cast.patient_user, now=now)
    sent = document(cast.patient, "phq9", 2, 2, *[0] * 6, 1, at=now, follows=str(short))
    acts = [lambda: questionnaires.create(sent, by=cast.patient_user, source="api", now=now)] * THREADS
    assert Counter(at_once(acts)) == {"done": THREADS}
    assert QuestionnaireResponse.objects.filter(instrument="phq9").count() == 1
    assert (AlertCause.objects.count(), AlertMessage.objects.count()) == (1, 1)


def test_every_answer_to_item_9_is_taken_while_the_last_who_answers_leaves(cast: Cast, now: datetime) -> None:
    switch_on(cast.clinic, admin=cast.admin, responder=cast.colleague, now=now)
    short = answer(cast.patient, "phq2", 2, 2, by=cast.patient_user, now=now)

    def leave() -> None:
        responders.end(clinic_id=cast.clinic.pk, user_id=cast.colleague.pk, by=cast.admin, now=now)

    def act() -> None:
        sent = document(cast.patient, "phq9", 2, 2, *[0] * 6, 1, at=now, follows=str(short))
        questionnaires.create(sent, by=cast.patient_user, source="api", now=now)

    came = at_once([*[act] * (THREADS // 2), leave, *[act] * (THREADS // 2)])
    assert Counter(came) == {"done": THREADS + 1}
    assert QuestionnaireResponse.objects.filter(instrument="phq9").count() == THREADS
    assert AlertCause.objects.count() == THREADS
    assert Alert.objects.count() == 1
    told = set(AlertMessage.objects.values_list("recipient__name", "audience").distinct())
    assert len(told) == 1  # whoever answered when the first came, or the clinic if nobody did any more
    assert told <= {("Colleague", "care_team"), ("Ada Min", "clinic")}
    assert reading.offer_of(cast.clinic.pk).mode == "without_item_9"
