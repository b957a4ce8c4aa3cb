"""iatro's counting beside DuckDB's, on one lake, one after the other: iatro reads its arrays, DuckDB the tables of the same rows.

    count.py --iatro BINARY --counter BINARY --lake LAKE [--term NAME ...] [--runs N] [--threads N]

One event against every substance, and every pair of a substance and a term; the answers must have the same
checksums. iatro's time is from the files to counts that agree with control totals computed another way, and for one
event also that of counting again; DuckDB's is the query, for one event the fastest of three in one session. Then, each
once, the bias bench alone, and the commands that users run: a study with its bench and attribution, every pair with
all estimates, and the same within 2 GiB.
"""

import argparse
import json
import pathlib
import sys
import time

import duckdb

from measured import best, gib, machine, run, seconds, table

HERE = pathlib.Path(__file__).parent
TERMS = ["Haemophagocytic lymphohistiocytosis", "Histiocytosis haematophagic"]


def both(options, what, snapshot):
    counter = [options.counter, options.lake, what, *options.term]
    ours = best([run(counter, threads=options.threads) for _ in range(options.runs)])
    said = ours["said"]
    command = [sys.executable, HERE / "count_tables.py", snapshot, options.threads, what, said["roles"], *said["terms"]]
    theirs = best([run(command) for _ in range(options.runs)])
    if said["check"] != theirs["said"]["check"]:
        sys.exit(f"{what}: iatro has {said['check']}, DuckDB {theirs['said']['check']}; no figures")
    return ours, theirs


def reading(paths):
    """Seconds and bytes of reading files that are in memory already: what no count that starts from them goes below."""
    for _ in range(2):
        began, size = time.perf_counter(), 0
        for path in paths:
            with path.open("rb", buffering=0) as file:
                buffer = bytearray(1 << 20)
                while read := file.readinto(buffer):
                    size += read
    return time.perf_counter() - began, size


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--iatro", type=pathlib.Path, required=True)
    parser.add_argument("--counter", type=pathlib.Path, required=True)
    parser.add_argument("--lake", type=pathlib.Path, required=True)
    parser.add_argument("--term", action="append", default=[])
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    options.term = options.term or TERMS
    dataset = (options.lake / "CURRENT").read_text(encoding="utf-8").strip()
    snapshot = options.lake / "snapshots" / dataset
    print(f"{machine()}; DuckDB {duckdb.__version__}; {options.threads} threads each; best of {options.runs}")
    rows = []
    for what, title in [("one", "one event, every substance"), ("pairs", "every pair")]:
        ours, theirs = both(options, what, snapshot)
        base, said = theirs["said"]["seconds"], ours["said"]
        rows.append([f"{title}: DuckDB", seconds(base), "1.00", gib(theirs["peak"])])
        ratio = f"{said['seconds'] / base:.2f}"
        rows.append(["  iatro, from the files, checked", seconds(said["seconds"]), ratio, gib(ours["peak"])])
        rows.append(["    of it reading", seconds(said["read"]), "", ""])
        if what == "one":
            # DuckDB reads its files every time; what is already read has nothing to be compared with.
            rows.append(["  iatro, again by the same engine, checked", seconds(said["again"]), "", ""])
        if what == "one":
            print(f"{said['reports']:,} eligible reports")
        else:
            print(f"{ours['said']['check'][0]:,} pairs")
    arrays = sorted(snapshot.glob("*.u32"))
    took, size = reading(arrays)
    rows.append([f"reading the arrays, {size / 1e9:.2f} GB, one core", seconds(took), "", ""])
    bench = run([options.counter, options.lake, "bench"], threads=options.threads)
    said = bench["said"]
    title = f"bias bench: {said['counted']} of {said['checks']} checks, strata by {', '.join(said['strata'])}"
    rows.append([title, seconds(said["seconds"]), "", gib(bench["peak"])])
    signal = [options.iatro, "signal", "--quiet"]
    commands = {
        "signal run (bench, attribution)": ["run", "--lake", options.lake, "--output", "/dev/null", "--format", "json"],
        "signal pairs (every estimate)": ["pairs", "--lake", options.lake, "--output", "/dev/null", "--format", "csv"],
        "signal pairs --memory 2GiB": ["pairs", "--lake", options.lake, "--memory", "2GiB", "--output", "/dev/null", "--format", "csv"],
    }
    for title, arguments in commands.items():
        figures = run([*signal, *arguments], threads=options.threads)
        rows.append([title, seconds(figures["wall"]), "", gib(figures["peak"])])
    print()
    print(table(["", "wall", "ratio", "peak memory"], rows))


main()
