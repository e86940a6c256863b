"""How long `hookcli stats` counts, over a store of many deliveries.

    python benchmarks/stats.py [--deliveries 1000000] [--store FILE]

Makes the store where it is not there yet: deliveries of a week, half of them forwarded. Told are the seconds of the
counting alone, and of the whole command.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from hookcli.delivery import Delivery, Headers, Identity, UlidMaker, Verdict
from hookcli.store.database import opened
from hookcli.store.filters import Filter
from hookcli.store.rows import Stored, insert
from hookcli.store.stats import statistics

if TYPE_CHECKING:
    from hookcli.delivery import VerdictState

BATCH = 5000
EVENTS = (
    ("github", "push"),
    ("github", "pull_request"),
    ("gitlab", "Push Hook"),
    ("gitea", "push"),
    ("stripe", "charge"),
)
HEADERS = Headers(
    [("Host", "localhost"), ("User-Agent", "GitHub-Hookshot/044aadd"), ("Content-Type", "application/json")]
)
FORWARD = (
    "INSERT INTO attempts (seq, kind, url, started_at, elapsed, status, headers, body)"
    " SELECT seq, 'forward', 'http://localhost:3000/', received_at, abs(random()) % 90000, 200, x'', x''"
    " FROM deliveries WHERE seq % 2"
)


def fill(path: Path, count: int) -> None:
    """Make the store."""
    random, start, clock = Random(7), datetime.now(UTC) - timedelta(days=7), [0.0]  # the same store every time
    new_id = UlidMaker(clock=lambda: clock[0])
    with opened(path) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for first in range(0, count, BATCH):
            stored = []
            for number in range(first, min(count, first + BATCH)):
                came = start + timedelta(days=7) * (number / count)
                clock[0] = came.timestamp()
                provider, event = random.choices(EVENTS, (8, 4, 3, 2, 1))[0]
                state: VerdictState = "valid" if random.random() < 0.95 else "invalid"  # noqa: PLR2004 (one in twenty)
                delivery = Delivery(
                    id=new_id(),
                    received_at=came,
                    target="/webhooks",
                    remote="127.0.0.1",
                    headers=HEADERS,
                    body=b"{}",
                    identity=Identity(provider=provider, event=event, delivery_id=f"{random.getrandbits(128):032x}"),
                    verdict=Verdict(state=state, scheme="sha256", header="X-Hub-Signature-256"),
                    summary="octocat pushed 3 commits to main: Fix the thing that broke",
                )
                stored.append(Stored(delivery, int(random.lognormvariate(8.5, 1)), 200))
            connection.execute("BEGIN IMMEDIATE")
            insert(connection, stored)
            connection.execute("COMMIT")
        connection.execute(FORWARD)


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=1_000_000)
    parser.add_argument("--store", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.store or Path(folder) / "deliveries.db"
        if not path.exists():
            fill(path, given.deliveries)
        with opened(path) as connection:
            for _ in range(3):
                began = time.perf_counter()
                found = statistics(connection, Filter(), 60)
                print(f"{found.count:,} deliveries counted in {time.perf_counter() - began:.2f} s")
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "hookcli", "stats", "--store", path], check=True, capture_output=True)
        print(f"hookcli stats in {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main()
