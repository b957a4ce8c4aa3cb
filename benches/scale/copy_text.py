"""DuckDB copies the text of FAERS quarters to Parquet: one file a table and era, nothing else.

    copy_text.py OUT THREADS QUARTER [QUARTER ...]

QUARTER is a folder of unpacked text, OUT gets the Parquet files. Prints one JSON line: seconds, rows and bytes a table.
It is the yardstick of `cargo xtask bench ingest`: reading all columns as text and writing them, without versions,
deletions, dictionaries, quarantine or hashes. Rows that do not fit (glued, cut) are skipped, as its option does.
"""

import json
import pathlib
import sys
import time

import duckdb

TABLES = ["DEMO", "DRUG", "REAC", "INDI", "THER", "OUTC", "RPSR"]


def files(quarters, table):
    """The files of a table: those with ISR in their header, and those with primaryid."""
    paths = (path for quarter in quarters for path in quarter.rglob("*"))
    found = sorted(path for path in paths if path.name.upper().startswith(table) and path.suffix.lower() == ".txt")
    legacy, modern = [], []
    for path in found:
        with open(path, "rb") as opened:
            (legacy if opened.readline().upper().startswith(b"ISR") else modern).append(path)
    return {"legacy": legacy, "modern": modern}


def copy(connection, paths, target):
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    connection.execute(
        f"""COPY (SELECT * FROM read_csv([{listed}], delim='$', quote='', escape='', header=true,
                all_varchar=true, ignore_errors=true, null_padding=false, strict_mode=false,
                union_by_name=true, max_line_size=10000000))
            TO '{target}' (FORMAT parquet, COMPRESSION snappy)"""
    )
    return connection.execute(f"SELECT count(*) FROM read_parquet('{target}')").fetchone()[0]


def main():
    out, threads = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    quarters = [pathlib.Path(path) for path in sys.argv[3:]]
    out.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"threads": threads})
    started = time.perf_counter()
    tables = {}
    for table in TABLES:
        for era, paths in files(quarters, table).items():
            if paths:
                target = out / f"{table.lower()}_{era}.parquet"
                began = time.perf_counter()
                rows = copy(connection, paths, target)
                tables[target.stem] = {
                    "rows": rows,
                    "seconds": round(time.perf_counter() - began, 3),
                    "bytes": target.stat().st_size,
                }
    seconds = time.perf_counter() - started
    print(json.dumps({"duckdb": duckdb.__version__, "seconds": round(seconds, 3), "tables": tables}))


if __name__ == "__main__":
    main()
