"""How long `hookcli --version` takes, beside the least that a click program can: importing click.

    python benchmarks/startup.py [--runs 30]

The two commands take turns in one run; the ratio of their medians is what counts; the aim is 1.6 at most.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import sysconfig
import time
from pathlib import Path


def timed(command: list[str]) -> float:
    """Seconds that a command takes."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Print both medians and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    runs = parser.parse_args().runs
    commands = {
        "python -c 'import click'": [sys.executable, "-c", "import click"],
        "hookcli --version": [str(Path(sysconfig.get_path("scripts")) / "hookcli"), "--version"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(runs + 2):
        for name, command in commands.items():
            took = timed(command)
            if number > 1:  # the first rounds warm the file cache
                times[name].append(took)
    medians = {name: statistics.median(took) for name, took in times.items()}
    least = next(iter(medians.values()))
    for name, took in medians.items():
        print(f"{name:<26} {took * 1000:6.1f} ms   ratio {took / least:.2f}")


if __name__ == "__main__":
    main()
