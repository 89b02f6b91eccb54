"""Whatever record is sent: never a 5xx, never half a write, never a silent change, and each refusal says where."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.ids import new_id
from rehab.models import RecordVersion
from rehab.services.kinds import KINDS
from tests.documents import DOCUMENTS, document
from tests.hostile.answers import (
    CHANGED,
    CREATED,
    JSON,
    check_pointers,
    check_problem,
    stands_in,
    unambiguous,
    variant_of,
    without_confirm,
)
from tests.hostile.conftest import Service, Undone, examples
from tests.hostile.strategies import mutated
from tests.hostile.values import HOSTILE, Raw, body_of, raw_in


@pytest.mark.parametrize(("kind", "variant"), DOCUMENTS)
def test_whatever_is_posted_is_stored_whole_or_refused_with_a_reason(service: Service, kind: str, variant: str) -> None:
    base = document(kind, variant, service.cast.patient.pk, id=str(new_id()))
    before = service.counts()

    @examples(45)
    @given(sent=mutated(variant_of(kind, variant), base))
    def check(sent: Any) -> None:
        with Undone():
            body = body_of(sent)
            response = service.recorder(kind).generic("POST", f"/api/v1/{kind}/", body, content_type=JSON)
            if response.status_code != 201:
                check_problem(response, sent, CREATED - {200, 201})
                assert service.counts() == before
                return
            assert service.counts() == {**before, kind: before[kind] + 1, "event": before["event"] + 1}
            answer = response.json()
            assert stands_in(answer, without_confirm(unambiguous(body))), (sent, answer)
            assert service.patient.get(f"/api/v1/{kind}/{answer['id']}/").json() == answer
            timeline = service.patient.get("/api/v1/timeline/", {"patient": str(service.cast.patient.pk)})
            assert timeline.json()["results"] == [answer]

    check()


@pytest.mark.parametrize(("kind", "variant"), DOCUMENTS)
def test_whatever_an_amendment_says_it_is_kept_whole_or_refused_with_a_reason(
    service: Service, kind: str, variant: str
) -> None:
    record_id = str(new_id())
    base = document(kind, variant, service.cast.patient.pk, id=record_id)
    url = f"/api/v1/{kind}/{record_id}/"
    stored = service.recorder(kind).post(f"/api/v1/{kind}/", {**base, "confirm": True}, format="json")
    assert stored.status_code == 201, stored.content
    before = service.counts()

    @examples(20)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        changed = data.draw(mutated(variant_of(kind, variant), base))
        sent = data.draw(_amendment_of(base, changed))
        etag = data.draw(st.sampled_from(['"1"'] * 9 + ['"2"']))
        body = body_of(sent)
        with Undone():
            response = service.therapist.generic("PATCH", url, body, content_type=JSON, HTTP_IF_MATCH=etag)
            if response.status_code != 200:
                check_problem(response, sent, CHANGED - {200})
                assert service.counts() == before
                assert service.patient.get(url).json() == stored.json()
                return
            assert service.counts() == {**before, "event": before["event"] + 1, "version": before["version"] + 1}
            answer = response.json()
            assert (answer["version"], answer["change"]["reason"]) == (2, sent["reason"])
            assert stands_in(answer, unambiguous(body)["changes"]), (sent, answer)
            assert service.patient.get(url).json() == answer
            kept = RecordVersion.objects.get(record_id=record_id)
            assert stands_in(stored.json(), kept.document)

    check()


def _amendment_of(base: dict[str, Any], changed: Any) -> st.SearchStrategy[Any]:
    changes = changed
    if isinstance(changed, dict):
        changes = {
            key: value
            for key, value in changed.items()
            if key != "confirm"
            and (value is not base.get(key))
            and (isinstance(value, Raw) or raw_in(value) or value != base.get(key))
        }
    usual = {"reason": "typed wrongly", "changes": changes, "confirm": True}
    odd = st.fixed_dictionaries(
        {"reason": st.sampled_from([*HOSTILE, " " * 600 + "why", "why" + " " * 600]), "changes": st.just(changes)},
        optional={"confirm": st.sampled_from(HOSTILE), "more": st.sampled_from(HOSTILE)},
    )
    return st.one_of(*[st.just(usual)] * 6, odd)


def test_whatever_stands_in_a_batch_each_item_is_answered_for_itself(service: Service) -> None:
    before = service.counts()
    bases = {(kind, variant): document(kind, variant, service.cast.patient.pk) for kind, variant in DOCUMENTS}

    @st.composite
    def items(draw: Any) -> Any:
        key = draw(st.sampled_from(sorted(bases)))
        item = draw(mutated(variant_of(*key), {**bases[key], "id": str(new_id())}, most=2))
        if isinstance(item, dict):
            item["kind"] = draw(st.sampled_from([key[0]] * 20 + HOSTILE))
        return item

    @examples(60)
    @given(sent=st.lists(items(), min_size=1, max_size=5))
    def check(sent: list[Any]) -> None:
        with Undone():
            body = body_of({"records": sent})
            response = service.therapist.generic("POST", "/api/v1/batch/", body, content_type=JSON)
            if response.status_code != 200:
                check_problem(response, {"records": sent}, {400})
                assert service.counts() == before
                return
            created = dict.fromkeys(KINDS, 0)
            parsed = unambiguous(body)["records"]
            for item, outcome in zip(parsed, response.json()["results"], strict=True):
                if outcome["outcome"] == "problem":
                    check_pointers(outcome["problem"], item)
                elif outcome["outcome"] == "created":
                    created[item["kind"]] += 1
                    read = service.patient.get(f"/api/v1/{item['kind']}/{outcome['id']}/").json()
                    assert stands_in(read, without_confirm(item)), (item, read)
            counts = service.counts()
            assert {name: counts[name] - before[name] for name in KINDS} == created
            assert counts["event"] == before["event"] + sum(created.values())

    check()


def test_whatever_a_batch_is_it_is_answered(service: Service) -> None:
    before = service.counts()
    for records in [*HOSTILE, [None] * 1001, [{}] * 1000]:
        response = service.patient.generic("POST", "/api/v1/batch/", body_of({"records": records}), content_type=JSON)
        if response.status_code != 200:
            check_problem(response, {"records": records}, {400})
        else:
            assert response.json()["counts"]["problem"] == len(json.loads(body_of(records)))
    assert service.counts() == before
