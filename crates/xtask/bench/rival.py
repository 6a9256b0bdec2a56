"""The benchmark's group-by in DuckDB or Polars, on one thread.

    rival.py duckdb|polars|nothing FILE

Prints what the triples_by_month example prints. Neither checks what the reader checks: the month is
cut off the text of the time, and no date, width or total is looked at. "nothing" stops when both are
imported, which is what starting costs.
"""

import os
import sys

os.environ["POLARS_MAX_THREADS"] = "1"

import duckdb
import polars as pl

TRIPLE = ["transaction-type", "amount-type", "amount-description"]


def with_duckdb(path):
    database = duckdb.connect()
    database.execute("SET threads = 1")
    columns = ", ".join(f'"{name}"' for name in TRIPLE)
    return database.execute(
        f"""SELECT {columns}, substr("posted-date-time", 1, 7) AS month, count(*),
                   sum(CAST("amount" AS DECIMAL(18, 2)))
            FROM read_csv(?, delim = '\t', header = true, all_varchar = true, quote = '')
            WHERE "transaction-type" IS NOT NULL AND "transaction-type" <> ''
            GROUP BY ALL""",
        [path],
    ).fetchall()


def with_polars(path):
    month = pl.col("posted-date-time").str.slice(0, 7).alias("month")
    rows = pl.scan_csv(path, separator="\t", quote_char=None, infer_schema=False)
    groups = (
        rows.filter(pl.col("transaction-type").fill_null("") != "")
        .group_by(*TRIPLE, month)
        .agg(pl.len(), pl.col("amount").cast(pl.Decimal(18, 2)).sum().alias("sum"))
    )
    return groups.collect(engine="streaming").rows()


def main():
    engine, path = sys.argv[1:]
    if engine == "nothing":
        return
    groups = {"duckdb": with_duckdb, "polars": with_polars}[engine](path)
    for row in sorted(groups, key=lambda row: tuple(cell.encode() for cell in row[:4])):
        print(*row, sep="\t")


main()
