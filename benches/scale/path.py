"""The whole way from quarterly archives to the page, one command after another, each measured.

    path.py --iatro BINARY --zips FOLDER --work FOLDER

What `iatro demo` does, on the archives of a folder: ingest, the study with its bench and attribution, every pair with
all estimates, the review page, and the lake checked once more.
"""

import argparse
import pathlib
import shutil

from measured import gib, machine, run, seconds, table


def size(path):
    files = [path] if path.is_file() else [inner for inner in path.rglob("*") if inner.is_file()]
    return sum(file.stat().st_size for file in files)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--iatro", type=pathlib.Path, required=True)
    parser.add_argument("--zips", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    options = parser.parse_args()
    lake, out = options.work / "lake", options.work / "answers"
    for folder in [lake, out]:
        shutil.rmtree(folder, ignore_errors=True)
    out.mkdir(parents=True)
    stages = [
        ("ingest", ["ingest", "faers", "--lake", lake, options.zips], lake),
        ("signal run: bench, attribution", ["signal", "run", "--lake", lake, "-o", out / "signals.csv"], out / "signals.csv"),
        ("signal pairs: every estimate", ["signal", "pairs", "--lake", lake, "-o", out / "pairs.parquet"], out / "pairs.parquet"),
        ("review build: count again, page", ["review", "build", "--lake", lake, "--out", out / "review"], out / "review"),
        ("lake verify", ["lake", "verify", "--lake", lake], None),
    ]
    rows, wall = [], 0.0
    for title, arguments, written in stages:
        figures = run([options.iatro, *arguments, "--quiet"])
        wall += figures["wall"]
        disk = gib(size(written)) if written else ""
        rows.append([title, seconds(figures["wall"]), seconds(figures["cpu"]), gib(figures["peak"]), disk])
    rows.append(["together", seconds(wall), "", "", ""])
    zips = list(options.zips.glob("*.zip"))
    print(f"{machine()}; {len(zips)} quarterly zips, {gib(sum(map(size, zips)))}")
    print()
    print(table(["", "wall", "CPU", "peak memory", "written"], rows))


main()
