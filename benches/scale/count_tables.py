"""DuckDB counts from a lake's tables `exposure` and `reaction`: one event, and every pair.

    count_tables.py SNAPSHOT THREADS one|pairs ROLES TERM_ID [TERM_ID ...]

Prints one JSON line: seconds and checksums of the answer, which the other side must have too. Views over the Parquet
files, so that reading them is part of the time on both sides.
"""

import json
import pathlib
import sys
import time

import duckdb

ONE = """
    WITH with_event AS (
        SELECT DISTINCT report_id FROM reaction WHERE term_id IN ({terms}))
    SELECT e.substance_id, count(*) AS exposed, count(w.report_id) AS cases
    FROM exposure e SEMI JOIN reaction USING (report_id) LEFT JOIN with_event w USING (report_id)
    WHERE e.roles & {roles} <> 0
    GROUP BY ALL"""

PAIRS = """
    SELECT e.substance_id, r.term_id, count(*) AS n
    FROM exposure e JOIN reaction r USING (report_id)
    WHERE e.roles & {roles} <> 0
    GROUP BY ALL"""

CHECKS = {
    "one": "SELECT count(*), sum(exposed), sum(cases), sum(exposed::HUGEINT * exposed) FROM ({sql})",
    "pairs": "SELECT count(*), sum(n), max(n), sum(n::HUGEINT * n) FROM ({sql})",
}


def main():
    snapshot, threads, what = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    roles, terms = int(sys.argv[4]), ", ".join(str(int(term)) for term in sys.argv[5:])
    connection = duckdb.connect(config={"threads": threads})
    for table in ["exposure", "reaction"]:
        path = str(snapshot / f"{table}.parquet").replace("'", "''")
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{path}')")
    sql = {"one": ONE, "pairs": PAIRS}[what].format(roles=roles, terms=terms)
    took = []
    for _ in range(3 if what == "one" else 1):
        began = time.perf_counter()
        check = connection.execute(CHECKS[what].format(sql=sql)).fetchone()
        took.append(time.perf_counter() - began)
    print(json.dumps({"seconds": round(min(took), 3), "check": [value and int(value) for value in check]}))


main()
