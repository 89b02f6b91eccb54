"""How much is generated, and what stands before each generated request."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, configuration, settings

from accounts.models import Event
from rehab.models import Patient, RecordVersion
from rehab.services.kinds import KINDS
from tests.conftest import Cast, api_client
from tests.documents import recorder_of
from tests.hostile.site import ENGINES, Site, empty_database

FULL = os.environ.get("HYPOTHESIS_PROFILE") == "full"
_TIMES = 7 if FULL else 1


def examples(count: int) -> settings:
    """Return the settings of a generated test: ``count`` payloads, seven times as many with HYPOTHESIS_PROFILE=full."""
    return settings(
        max_examples=count * _TIMES,
        derandomize=not FULL,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        phases=[Phase.explicit, Phase.generate, Phase.shrink][
            : 2 if os.environ.get("HYPOTHESIS_PROFILE") == "quick" else 3
        ],
    )


@pytest.fixture(autouse=True, scope="session")
def _no_files_in_the_tree(tmp_path_factory: pytest.TempPathFactory) -> None:
    configuration.set_hypothesis_home_dir(Path(tmp_path_factory.mktemp("hypothesis")))


@dataclass(frozen=True)
class Service:
    """The API as the patient and as the therapist, with tokens made once."""

    cast: Cast
    patient: Any  # an APIClient; its stubs allow text bodies only
    therapist: Any

    def recorder(self, kind: str) -> Any:
        """Return the client of who records a kind."""
        return self.therapist if recorder_of(kind) == "therapist" else self.patient

    def counts(self) -> dict[str, int]:
        """Return how many rows there are of everything that a request may write, alerts aside."""
        models: dict[str, Any] = {name: kind.model for name, kind in KINDS.items()}
        models |= {"version": RecordVersion, "patient": Patient}
        counted = {name: model._default_manager.count() for name, model in models.items()}
        return counted | {"event": Event.objects.exclude(target_kind__startswith="alert").count()}


@pytest.fixture
def service(cast: Cast) -> Service:
    return Service(cast, api_client(cast.patient_user), api_client(cast.therapist))


class Undone:
    """A block whose writes are undone, so that each generated request meets the same database."""

    def __enter__(self) -> None:
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    def __exit__(self, *error: Any) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(*error)


@pytest.fixture(scope="module", params=ENGINES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = Path(tmp_path_factory.mktemp(f"hostile-{request.param}"))
    with empty_database(request.param) as database_url:
        made = Site(folder, database_url)
        made.start()
        try:
            yield made
        finally:
            made.end(signal.SIGTERM)
