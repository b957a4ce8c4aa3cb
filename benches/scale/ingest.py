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
    """Inflates every zip to a folder of its own. Returns the folders and what inflating alone took on one core.

    A folder of that name that holds another number of bytes is of other zips, and is unpacked again.
    """
    folders, took, inflated = [], 0.0, 0
    for path in zips:
        folder, part = text / path.stem, text / f"{path.stem}.part"
        began, before = time.perf_counter(), inflated
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as opened:
                    while block := opened.read(1 << 20):
                        inflated += len(block)
            took += time.perf_counter() - began
            if not folder.exists() or size(folder) != inflated - before:
                shutil.rmtree(folder, ignore_errors=True)
                shutil.rmtree(part, ignore_errors=True)
                archive.extractall(part)
                part.rename(folder)
        folders.append(folder)
    return folders, {"seconds": took, "zip_bytes": sum(p.stat().st_size for p in zips), "text_bytes": inflated}


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def ours(options, lake, paths):
    shutil.rmtree(lake, ignore_errors=True)
    command = [options.iatro, "ingest", "faers", "--quiet", "--format", "ndjson", "--lake", lake, *paths]
    figures = run(command, threads=options.threads)
    figures["disk"] = size(lake)
    dataset = (lake / "CURRENT").read_text(encoding="utf-8").strip()
    parts = json.loads((lake / "snapshots" / dataset / "manifest.json").read_bytes())["parts"]
    figures["rows"] = sum(totals["rows"] for part in parts for totals in part["tables"].values())
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
        # Read once before each, so that none finds the files in a state that another left.
        read_all(folders)
        measured["copy"].append(theirs(out, options.threads, folders))
        read_all(folders)
        measured["text"].append(ours(options, lake, folders))
        measured["zips"].append(ours(options, lake, zips))
    figures = {name: best(runs) for name, runs in measured.items()}
    kept = sum(rows["rows"] for rows in figures["copy"]["said"]["tables"].values())
    if kept < figures["text"]["rows"] * 0.99:
        sys.exit(f"DuckDB kept {kept:,} rows of {figures['text']['rows']:,}: no copy to compare with; no figures")
    return {**figures, "kept": kept}


def read_all(folders):
    """Reads every file, so that what fits in memory of them is there."""
    for path in (inner for folder in folders for inner in sorted(folder.rglob("*")) if inner.is_file()):
        with path.open("rb") as file:
            while file.read(1 << 22):
                pass


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
        for name, title in [
            ("copy", f"{number} quarters: DuckDB copies the text"),
            ("text", "  iatro ingests the text"),
            ("zips", "  iatro ingests the zips"),
        ]:
            side = figures[name]
            row = [title, seconds(side["wall"]), f"{side['wall'] / copy:.2f}", seconds(side["cpu"])]
            rows.append([*row, gib(side["peak"]), gib(side["disk"])])
        alone = inflating["seconds"]
        row = ["  inflating the zips alone, one core", seconds(alone), f"{alone / copy:.2f}", seconds(alone)]
        rows.append([*row, "", gib(inflating["text_bytes"])])
        read = figures["text"]["rows"]
        rows.append([f"  rows read by iatro {read:,}, kept by DuckDB {figures['kept']:,}", "", "", "", "", ""])
    print(f"{machine()}; DuckDB {duckdb.__version__}; {options.threads} threads each; best of {options.runs}")
    print()
    print(table(["", "wall", "ratio", "CPU", "peak memory", "written"], rows))
    with open(options.work / "ingest.json", "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)


main()
