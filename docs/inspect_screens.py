"""Draw docs/inspect.svg and docs/inspect_explained.svg: the interface on a store that is made of fixtures.

python docs/inspect_screens.py
"""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hookcli import fixtures
from hookcli.delivery import Delivery, UlidMaker
from hookcli.examine import examine
from hookcli.formats import http_file
from hookcli.signing.secrets import Secrets
from hookcli.store.database import opened
from hookcli.store.rows import Stored, insert
from hookcli.tui.app import Inspect
from hookcli.tui.session import Session

COLUMNS, ROWS = 124, 34
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
SECRETS = Secrets(((None, fixtures.SECRET),))
WRONG = Secrets((("github", f"{fixtures.SECRET}\n"),))
"""What a secret is when it was read from a file with its line end."""
SHOWN = (
    # Seconds ago, the fixture, and the secrets that were known.
    (4, "github/pull_request.opened", SECRETS),
    (9, "gitlab/merge_request_hook.merge", SECRETS),
    (31, "stripe/payment_intent_succeeded", SECRETS),
    (47, "github/push", WRONG),
    (95, "gitea/issues.opened", SECRETS),
    (210, "slack/command", SECRETS),
    (340, "linear/issue.create", SECRETS),
    (600, "bitbucket/pullrequest_created", SECRETS),
    (1300, "dockerhub/push", SECRETS),
    (2500, "shopify/orders_create", Secrets()),
    (4000, "argo-events/webhook", SECRETS),
    (9000, "coding/git_pushed", SECRETS),
    (20000, "github/issues.opened", SECRETS),
    (40000, "jira/jira_issue_created.issue_created", SECRETS),
    (90000, "twilio/received", SECRETS),
)


def deliveries() -> list[Stored]:
    """The deliveries, the oldest first, the same each time."""
    found = []
    for seconds, name, secrets in reversed(SHOWN):
        message, moment = http_file.read(fixtures.load(name)), NOW - timedelta(seconds=seconds)
        made = examine(message, secrets, now=moment)
        new_id = UlidMaker(clock=moment.timestamp, random=bytes)
        delivery = Delivery(
            id=new_id(),
            received_at=moment,
            remote="127.0.0.1",
            method=message.method,
            target=message.target,
            http_version=message.http_version,
            headers=message.headers,
            body=message.body,
            identity=made.identity,
            verdict=made.verdict,
            summary=made.summary,
        )
        found.append(Stored(delivery, len(message.body), 200))
    return found


async def drawn(store: Path, secrets: Secrets, *keys: str) -> str:
    """The screen after these keys."""
    app = Inspect(Session(store=store, secrets=secrets), clock=lambda: NOW)
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        await pilot.pause(0.5)
        app.query_one("TitleBar").place = "~/.local/share/hookcli/deliveries.db"  # type: ignore[attr-defined]
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.2)
        # The search for a mistake goes on for so long at the most.
        await pilot.pause(4)
        picture = app.export_screenshot(title="hookcli inspect")
    # A picture in a README loads nothing, and its parts are called the same each time.
    picture = re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    return re.sub(r"terminal-\d+-", "hookcli-", picture)


def main() -> None:
    """Fill a store and draw both."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    folder = Path(__file__).parent
    with tempfile.TemporaryDirectory() as home:
        store = Path(home) / "deliveries.db"
        with opened(store) as connection:
            connection.execute("BEGIN")
            insert(connection, deliveries())
            connection.execute("COMMIT")
        pictures = {
            "inspect.svg": drawn(store, SECRETS, "3"),
            "inspect_explained.svg": drawn(store, WRONG, *itertools.repeat("j", 3), "5"),
        }
        for name, picture in pictures.items():
            (folder / name).write_text(asyncio.run(picture), encoding="utf-8")


if __name__ == "__main__":
    main()
