"""Measures the settlement reader against DuckDB, Polars and bare scans, and writes the table.

    settlement.py PROGRAMS SCRATCH TABLE

PROGRAMS is where the release builds are, SCRATCH where files are made, TABLE the document to write.
Run by `cargo xtask bench-settlement`, inside an environment that has DuckDB and Polars.
"""

import gzip
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 3
# Inflating is compared by the clock, which more runs make steady.
CLOCK_RUNS = 9
PROGRAMS, SCRATCH, TABLE = (Path(argument) for argument in sys.argv[1:])
READER = PROGRAMS / "examples" / "triples_by_month"
SCAN = PROGRAMS / "examples" / "scan"
RIVAL = Path(__file__).with_name("rival.py")
FILES = {rows: SCRATCH / f"settlement-{rows}.txt" for rows in (10_000, 1_000_000, 10_000_000)}


class Run:
    """One run of a program: processor seconds, what it printed, and the peak it told."""

    def __init__(self, command):
        out, error = SCRATCH / "out", SCRATCH / "error"
        with out.open("wb") as stdout, error.open("wb") as stderr:
            started = time.monotonic()
            child = subprocess.Popen([str(part) for part in command], stdout=stdout, stderr=stderr)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            self.wall = time.monotonic() - started
        self.user, self.system = usage.ru_utime, usage.ru_stime
        self.out, said = out.read_bytes(), error.read_text()
        if child.returncode != 0:
            sys.exit(f"{command}: {said}")
        peak = re.search(r"VmHWM:\s+(\d+) kB", said)
        self.peak = int(peak[1]) if peak else 0

    def cpu(self):
        return self.user + self.system


def typical(commands, times=RUNS):
    """Each command's run with its median times; all take turns, so that a busy moment hits all."""
    runs = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            runs[name].append(Run(command))
    for of in runs.values():
        of[0].user = statistics.median(run.user for run in of)
        of[0].system = statistics.median(run.system for run in of)
        of[0].wall = statistics.median(run.wall for run in of)
    return {name: of[0] for name, of in runs.items()}


def engines(path):
    rival = [sys.executable, RIVAL]
    return {
        "settlement-model": [READER, path],
        "DuckDB": [*rival, "duckdb", path],
        "Polars": [*rival, "polars", path],
        "start": [*rival, "nothing", path],
        "scan, blocks": [SCAN, "blocks", path],
        "scan, memchr2": [SCAN, "memchr2", path],
    }


def instructions(path):
    profile = SCRATCH / "callgrind.out"
    subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", READER, path],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    return int(re.search(r"^(?:summary|totals): (\d+)", profile.read_text(), re.M)[1])


def prepare():
    for rows, path in FILES.items():
        if not path.exists():
            generator = PROGRAMS / "generate-settlement"
            subprocess.run([generator, "--rows", str(rows), "--out", path], check=True)
    million = FILES[1_000_000]
    shuffled, packed = SCRATCH / "shuffled.txt", SCRATCH / "settlement-1000000.txt.gz"
    if not shuffled.exists():
        header, settlement, *rows = million.read_bytes().splitlines(keepends=True)
        random.Random(1).shuffle(rows)
        shuffled.write_bytes(b"".join([header, settlement, *rows]))
    if not packed.exists():
        with million.open("rb") as plain, gzip.open(packed, "wb", 6) as out:
            shutil.copyfileobj(plain, out)
    return shuffled, packed


def compare(rows, say):
    """One table: every engine on one file. All three must agree to the cent."""
    path = FILES[rows]
    size = path.stat().st_size
    runs = typical(engines(path))
    ours, start = runs["settlement-model"], runs["start"]
    for name in ("DuckDB", "Polars"):
        if runs[name].out != ours.out:
            sys.exit(f"{name} and settlement-model differ on {path}")
        # Starting Python is not what is compared.
        runs[name].user = max(runs[name].user - start.user, 0.001)
        runs[name].system = max(runs[name].system - start.system, 0)
    say(f"\n## {rows:,} rows, {size / 1e9:.2f} GB\n")
    say("| | user s | system s | GB/s per core | M rows/s | user CPU, of ours |")
    say("|---|--:|--:|--:|--:|--:|")
    for name, run in runs.items():
        if name == "start":
            continue
        say(f"| {name} | {run.user:.2f} | {run.system:.2f} | {size / run.cpu() / 1e9:.2f} "
            f"| {rows / run.cpu() / 1e6:.1f} | {run.user / ours.user:.1f} × |")
    rival = min(runs["DuckDB"].user, runs["Polars"].user)
    bare = runs["scan, blocks"]
    sums = len(ours.out.splitlines())
    say(f"\nAll three agree to the cent in {sums} sums. The better of DuckDB and "
        f"Polars takes **{rival / ours.user:.1f} ×** our user CPU. We take "
        f"**{ours.cpu() / bare.cpu():.1f} ×** the CPU of the quicker bare scan and "
        f"{ours.cpu() / runs['scan, memchr2'].cpu():.1f} × that of the common one.")


def inflating(packed, size, say):
    """Compressed input, which is inflated on one thread and read on another: by the clock."""
    read, inflate = "read", "inflate"
    runs = typical({read: [READER, packed], inflate: [SCAN, inflate, packed]}, CLOCK_RUNS)
    speed = {name: f"{size / run.wall / 1e9:.2f} GB/s" for name, run in runs.items()}
    say(f"| 1 M rows with gzip, inflated and read, by the clock | {speed[read]} |")
    say(f"| the inflater alone (zlib-rs, by flate2), by the clock | {speed[inflate]} |")
    say(f"| time of the former, of the latter | {runs[read].wall / runs[inflate].wall:.2f} × |")
    say(f"| CPU of the former, of the latter | {runs[read].cpu() / runs[inflate].cpu():.2f} × |")
    say(f"| peak memory of the former | {runs[read].peak / 1024:.1f} MB |")


def others(shuffled, packed, say):
    """Memory, instructions, compressed input, and rows in no order."""
    million = FILES[1_000_000]
    size = million.stat().st_size
    runs = typical({
        "plain": [READER, million], "shuffled": [READER, shuffled],
        "by SKU": [READER, million, "sku"],
    })
    speed = {name: f"{size / run.cpu() / 1e9:.2f} GB/s" for name, run in runs.items()}
    say("\n## Beside that\n")
    say("| | |")
    say("|---|--:|")
    for rows, path in FILES.items():
        say(f"| peak memory, {rows:,} rows | {Run([READER, path]).peak / 1024:.1f} MB |")
    say(f"| 1 M rows in random order, no row like the one before | {speed['shuffled']} |")
    inflating(packed, size, say)
    peak = runs["by SKU"].peak / 1024
    say(f"| 1 M rows, a sum for each SKU as well ({peak:.0f} MB of groups) | {speed['by SKU']} |")
    if shutil.which("valgrind"):
        few, many = FILES[10_000], million
        per_row = (instructions(many) - instructions(few)) / (1_000_000 - 10_000)
        say(f"| instructions per row (callgrind, 1 M less 10 k rows) | {per_row:.0f} |")


def main():
    import duckdb
    import polars

    shuffled, packed = prepare()
    lines = []

    def say(line):
        print(line, flush=True)
        lines.append(line)

    say("# Benchmarks\n")
    say("How fast a settlement is read and added up, printed by `cargo xtask bench-settlement`. Every "
        "check is on: encoding, width, amounts, dates, the tie to the cent. DuckDB and Polars do the "
        "same sums by triple and month without the checks. One thread each; the median of "
        f"{RUNS} runs taken in turns; GB are 10⁹ bytes; a core's time is user and system together. "
        "The time Python takes to start is taken off the rivals'.\n")
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    say(f"Machine: {cpu[1] if cpu else platform.processor()}, {os.cpu_count()} cores, load {load} at "
        f"the start. DuckDB {duckdb.__version__}, Polars {polars.__version__}. `scan, blocks` visits "
        "every tab and line end by a bitmap of 64 bytes, with the widest instructions the processor "
        "has, and does nothing else; `scan, memchr2` does so with `memchr2_iter`.")
    for rows in (1_000_000, 10_000_000):
        compare(rows, say)
    others(shuffled, packed, say)
    TABLE.write_text("\n".join(lines) + "\n")


main()
