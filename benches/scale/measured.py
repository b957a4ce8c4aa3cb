"""Children that are measured, and the machine they ran on."""

import json
import os
import platform
import subprocess
import sys
import time


def run(command, threads=None):
    """Runs a command, an iatro on so many threads; its last line of output as JSON (if it is), and what it took: wall and CPU seconds, peak bytes.

    The peak is that of the process itself (ru_maxrss). A command that fails ends the comparison: a figure of a run
    that did not finish is none.
    """
    started = time.perf_counter()
    environment = os.environ if threads is None else {**os.environ, "RAYON_NUM_THREADS": str(threads)}
    child = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True, env=environment)
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: ended with {child.returncode}")
    last = said.strip().rsplit("\n", 1)[-1]
    return {
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        "said": json.loads(last) if last.startswith("{") else {},
    }


def best(runs):
    """The fastest of several runs, with the greatest peak of all: noise only ever adds."""
    fastest = min(runs, key=lambda figures: figures["wall"])
    return {**fastest, "peak": max(figures["peak"] for figures in runs)}


def machine():
    """One line on the hardware."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
        with open("/proc/meminfo", encoding="utf-8") as file:
            memory = f", {int(file.readline().split()[1]) / 2**20:.0f} GiB"
    except (OSError, StopIteration):
        memory = ""
    return f"{model}, {os.cpu_count()} cores{memory}"


def table(head, rows):
    """A table of text: the first column to the left, the others to the right."""
    cells = [head] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
    pad = lambda row: "  ".join(c.ljust(w) if at == 0 else c.rjust(w) for at, (c, w) in enumerate(zip(row, widths)))
    return "\n".join(pad(row).rstrip() for row in cells)


def gib(count):
    return f"{count / 2**30:.2f} GiB"


def seconds(value):
    return f"{value:.1f} s" if value >= 10 else f"{value:.2f} s"
