"""A command → what it cost: seconds by the clock, seconds of processor, and the most memory of it and its children.

The command runs in a process of its own, so that one measurement warms nothing for the next. Memory is the resident size of
the whole tree, looked at twenty times a second (Linux; elsewhere the largest process that ended, which says less).
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any

PAUSE = 0.05
MEGABYTE = 1 << 20
Cost = dict[str, Any]


def cost_of(command: list[str], folder: Path) -> Cost:
    """Run `command` in `folder`; return wall_s, cpu_s, peak_mb and `told`, the JSON that it printed last."""
    before = _processor_of_children()
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        watch = _Watch(process.pid)
        output, _ = process.communicate()
        peak = watch.stop()
    wall = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with exit code {process.returncode}")
    used, largest = (now - then for now, then in zip(_processor_of_children(), (before[0], 0.0), strict=True))
    told = json.loads(output.splitlines()[-1]) if output.strip() else {}
    return {"wall_s": wall, "cpu_s": used, "peak_mb": peak or largest, "told": told}


def summary(costs: list[Cost]) -> dict[str, Any]:
    """Median, least and most of each number of several costs of one job, and of the numbers that it told."""
    found = {name: _spread([cost[name] for cost in costs]) for name in ("wall_s", "cpu_s", "peak_mb")}
    told = costs[0]["told"]
    numbers = [name for name, value in told.items() if isinstance(value, int | float)]
    return found | {name: _spread([cost["told"][name] for cost in costs]) for name in numbers}


def _spread(values: list[float]) -> dict[str, float]:
    return {"median": round(median(values), 3), "least": round(min(values), 3), "most": round(max(values), 3)}


def _processor_of_children() -> tuple[float, float]:
    """Processor seconds of all children that have ended, and megabytes of the largest; (0, 0) on Windows."""
    if sys.platform == "win32":
        return 0.0, 0.0
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Kilobytes, but bytes on a Mac.
    unit = MEGABYTE if sys.platform == "darwin" else 1024
    return used.ru_utime + used.ru_stime, used.ru_maxrss / unit


class Clock:
    """Seconds since it was made, by the clock and of processor (all threads)."""

    def __init__(self) -> None:
        self.wall, self.processor = time.perf_counter(), time.process_time()

    def told(self, name: str) -> dict[str, float]:
        """{<name>_s, <name>_cpu_s}"""
        return {
            f"{name}_s": time.perf_counter() - self.wall,
            f"{name}_cpu_s": time.process_time() - self.processor,
        }


class _Watch:
    """The most memory of a process and its children, for as long as it is watched."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.peak = 0.0
        self.ended = Event()
        self.thread = Thread(target=self._look, daemon=True)
        self.thread.start()

    def stop(self) -> float:
        """Megabytes; 0 where /proc is not there to look at."""
        self.ended.set()
        self.thread.join()
        return self.peak

    def _look(self) -> None:
        while not self.ended.wait(PAUSE):
            self.peak = max(self.peak, sum(_resident(pid) for pid in _tree(self.pid)))


def _tree(pid: int) -> list[int]:
    """`pid` and all its descendants."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return [pid]
    return [pid, *(found for child in children for found in _tree(int(child)))]


def _resident(pid: int) -> float:
    """Megabytes of memory that a process holds; 0 if it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    sizes = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(sizes[0]) / 1024 if sizes else 0.0
