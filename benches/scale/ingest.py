"""iatro's ingest beside DuckDB's plain copy, on the same unpacked text, one after the other.

    ingest.py --iatro BINARY --zips FOLDER --work FOLDER [--quarters 1,10,90] [--runs N] [--threads N]

For each number of quarters (the last so many of the folder) both read the same text N times, in turns, and the
fastest run of each counts. iatro also reads the zips themselves, which is what a user does. WORK holds the text,
which is large, and what both write; the written is deleted as it goes.
"""

import argparse
import json
import pathlib
import re
import shutil
import sys
import time
import zipfile

import duckdb

from measured import best, gib, machine, run, seconds, table

HERE = pathlib.Path(__file__).parent


def quarter_of(path):
    found = re.search(r"(\d{4})[qQ]([1-4])", path.stem)
    return found and (int(found[1]), int(found[2]))


def unpack(zips, text):
    """Inflates every zip to a folder of its own. Returns the folders and what inflating alone took on one core."""
    folders, took, inflated = [], 0.0, 0
    for path in zips:
        folder = text / path.stem
        began = time.perf_counter()
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as opened:
                    while block := opened.read(1 << 20):
                        inflated += len(block)
            took += time.perf_counter() - began
            if not folder.exists():
                archive.extractall(folder.with_suffix(".part"))
                folder.with_suffix(".part").rename(folder)
        folders.append(folder)
    return folders, {"seconds": took, "zip_bytes": sum(p.stat().st_size for p in zips), "text_bytes": inflated}


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def ours(iatro, lake, paths):
    shutil.rmtree(lake, ignore_errors=True)
    figures = run([iatro, "ingest", "faers", "--quiet", "--format", "json", "--lake", lake, *paths])
    figures["disk"] = size(lake)
    return figures


def theirs(out, threads, folders):
    shutil.rmtree(out, ignore_errors=True)
    figures = run([sys.executable, HERE / "copy_text.py", out, threads, *folders])
    # Only the copying, not the start of Python.
    figures["wall"] = figures["said"]["seconds"]
    figures["disk"] = size(out)
    shutil.rmtree(out)
    return figures


def compare(options, zips, folders):
    lake, out = options.work / "lake", options.work / "copy"
    measured = {"zips": [], "text": [], "copy": []}
    for _ in range(options.runs):
        measured["copy"].append(theirs(out, options.threads, folders))
        measured["text"].append(ours(options.iatro, lake, folders))
        measured["zips"].append(ours(options.iatro, lake, zips))
    return {name: best(runs) for name, runs in measured.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--iatro", type=pathlib.Path, required=True)
    parser.add_argument("--zips", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--quarters", default="1,10,90")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    zips = sorted((path for path in options.zips.glob("*.zip") if quarter_of(path)), key=quarter_of)
    if not zips:
        sys.exit(f"{options.zips}: no quarterly zips (aers_ascii_2004q1.zip, faers_ascii_2012q4.zip, ...)")
    options.work.mkdir(parents=True, exist_ok=True)
    numbers = sorted({min(int(number), len(zips)) for number in options.quarters.split(",")})
    rows, results = [], {}
    for number in numbers:
        chosen = zips[-number:]
        folders, inflating = unpack(chosen, options.work / "text")
        figures = compare(options, chosen, folders)
        results[number] = {"inflating": inflating, **figures}
        copy = figures["copy"]["wall"]
        rows += [
            [f"{number} quarters: DuckDB copies the text", seconds(copy), "1.00", seconds(figures["copy"]["cpu"]), gib(figures["copy"]["peak"]), gib(figures["copy"]["disk"])],
            ["  iatro ingests the text", seconds(figures["text"]["wall"]), f"{figures['text']['wall'] / copy:.2f}", seconds(figures["text"]["cpu"]), gib(figures["text"]["peak"]), gib(figures["text"]["disk"])],
            ["  iatro ingests the zips", seconds(figures["zips"]["wall"]), f"{figures['zips']['wall'] / copy:.2f}", seconds(figures["zips"]["cpu"]), gib(figures["zips"]["peak"]), gib(figures["zips"]["disk"])],
            ["  inflating the zips alone, one core", seconds(inflating["seconds"]), f"{inflating['seconds'] / copy:.2f}", seconds(inflating["seconds"]), "", gib(inflating["text_bytes"])],
        ]
    print(f"{machine()}; DuckDB {duckdb.__version__} on {options.threads} threads; best of {options.runs}")
    print()
    print(table(["", "wall", "ratio", "CPU", "peak memory", "written"], rows))
    with open(options.work / "ingest.json", "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)


main()
