"""A process of the service under a shared clock: ``python -m tests.faults.process <clock file> <copies> celery …``.

``copies``: how often each task is put on the broker, so that every one of them is delivered that many times.
"""

import sys
from pathlib import Path
from typing import Any

from tests.faults.clock import SharedClock


def repeat_tasks(copies: int) -> None:
    """Have whatever sends a task, beat or a service, send it several times, each copy with an id of its own."""
    from celery.app.amqp import AMQP
    from celery.utils import uuid

    create_sender = AMQP._create_task_sender

    def create(self: Any) -> Any:
        send_once = create_sender(self)

        def send(producer: Any, name: str, message: Any, **options: Any) -> Any:
            for _copy in range(copies - 1):
                again = uuid()
                headers = {**message.headers, "id": again, "root_id": again}
                properties = {**message.properties, "correlation_id": again}
                send_once(producer, name, message._replace(headers=headers, properties=properties), **dict(options))
            return send_once(producer, name, message, **options)

        return send

    AMQP._create_task_sender = create


if __name__ == "__main__":
    clock, copies, *command = sys.argv[1:]
    SharedClock(Path(clock)).rule()
    if int(copies) > 1:
        repeat_tasks(int(copies))
    sys.argv = command
    from celery.__main__ import main

    main()
