#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A devnet that goes wrong on purpose and a daemon beside it, for as long as is asked for.

    tests/soak/soak.py build/release/bin/fil-fil FOLDER --minutes 60

Real programs and real sockets. Every so often a snapshot is taken, and its pieces are fetched by HTTP in ranges, in any
order, and verified; what was fetched must be a whole chain that gives the same piece again. In the first part the daemon
is killed now and then; after that it runs on unbroken, so that a leak shows, and is killed once more at the end. FOLDER
gets samples.jsonl (a line every few seconds), what the programs said, and report.md. Exit status 1: something was wrong.
Needs Python 3.9 and nothing else.
"""
import argparse
import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time

MIB = 1 << 20
# Of each answer or event that they can happen to. A thousand blocks are read each second: what ends a connection has to
# be rarer, or there is none that lasts.
FAULTS = {"drop": 0.00003, "garbage": 0.00003, "slow": 0.0001, "missing-once": 0.002, "error": 0.002,
          "wrong-bytes": 0.002, "channel-close": 0.005, "reorg": 0.01, "lost-event": 0.005, "repeat-event": 0.005}
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


def usage_of(pid):
    """CPU seconds and resident bytes of a process."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS, int(fields[21]) * PAGE


class Devnet:
    """The node; keeps its chain with the time at which each tipset came."""

    def __init__(self, program, folder, options):
        self.errors = open(folder / "devnet.err", "wb")
        self.process = subprocess.Popen([program, "devnet", "--json", "--port", "0", *options], stdout=subprocess.PIPE,
                                        stderr=self.errors)
        first = json.loads(self.process.stdout.readline())
        self.url = first["url"]
        self.lock = threading.Lock()
        self.chain = [(first["head_epoch"], time.monotonic())]
        self.events = self.reverted = 0
        self.faults = {}
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            said, now = json.loads(line), time.monotonic()
            with self.lock:
                self.events += 1
                self.reverted += said["reverted"]
                self.faults = said["faults"]
                while self.chain and self.chain[-1][0] >= said["epoch"]:
                    self.chain.pop()
                self.chain.append((said["epoch"], now))

    def head(self):
        with self.lock:
            return self.chain[-1][0]

    def lag(self, synced, now):
        """How many tipsets come after this epoch, and for how many seconds the first of them has been there."""
        with self.lock:
            later = [came for epoch, came in self.chain if epoch > synced]
        return len(later), max(0.0, now - later[0]) if later else 0.0


class Daemon:
    """The daemon, over one folder, through all its restarts."""

    def __init__(self, program, folder, options):
        self.program, self.folder = program, folder
        self.options = options
        self.errors = open(folder / "daemon.err", "ab")
        self.ended_cpu = 0.0
        self.runs = 0
        self.start()

    def start(self):
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [self.program, "daemon", "--json", "--network", "devnet", "--data", str(self.folder / "data"), "--api",
             "127.0.0.1:0", "--retrieval", "127.0.0.1:0", *self.options], stdout=subprocess.PIPE, stderr=self.errors)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the daemon does not start: exit code {self.process.wait()}")
        said = json.loads(line)
        self.api, self.retrieval = re.sub("^.*//|/.*$", "", said["api"]), said["retrieval"]
        self.runs += 1

    def ended(self):
        """Whether it is a zombie: nobody has waited for it."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"

    def end(self, number):
        """Exit code after a signal; CPU time is added up."""
        self.process.send_signal(number)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.ended_cpu += usage.ru_utime + usage.ru_stime
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return self.process.returncode

    def command(self, *words):
        ran = subprocess.run([self.program, *words, "--data", str(self.folder / "data"), "--json"], capture_output=True,
                             text=True, check=False)
        if ran.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: exit code {ran.returncode}: {ran.stderr.strip()}")
        return json.loads(ran.stdout)

    def call(self, method, params):
        token = (self.folder / "data" / "token.admin").read_text().strip()
        link = http.client.HTTPConnection(self.api, timeout=120)
        link.request("POST", "/rpc/v1", json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}),
                     {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
        answer = json.loads(link.getresponse().read())
        link.close()
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def job(self, method, params):
        number = self.call(method, params)["job"]
        while (job := self.call("FilFil.Job", {"id": number}))["state"] in ("queued", "running"):
            time.sleep(0.2)
        if job["state"] != "done":
            raise RuntimeError(f"{method}: {job['state']}: {job['error']}")
        return job["result"]


def fetch(address, piece, path, clients, rng):
    """A piece in ranges of any sizes, in any order, by several clients at once."""
    ranges, at = [], 0
    while at < piece["payload_size"]:
        size = min(rng.choice((1, 4096, 65536, MIB, 4 * MIB, 16 * MIB)) + rng.randrange(4096), piece["payload_size"] - at)
        ranges.append((at, size))
        at += size
    rng.shuffle(ranges)
    with open(path, "wb") as file:
        file.truncate(piece["payload_size"])

    def client(mine):
        link = http.client.HTTPConnection(address, timeout=120)
        with open(path, "r+b") as file:
            for offset, size in mine:
                link.request("GET", "/piece/" + piece["piece_cid"], headers={"Range": f"bytes={offset}-{offset + size - 1}"})
                answer = link.getresponse()
                body = answer.read()
                if answer.status != 206 or len(body) != size:
                    raise RuntimeError(f"range {offset}+{size}: {answer.status}, {len(body)} bytes: {body[:200]!r}")
                file.seek(offset)
                file.write(body)
        link.close()

    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        for done in [pool.submit(client, ranges[i::clients]) for i in range(clients)]:
            done.result()
    return len(ranges)


class Soak:
    def __init__(self, options):
        self.options = options
        self.folder = pathlib.Path(options.folder)
        self.rng = random.Random(options.seed)
        self.samples_file = open(self.folder / "samples.jsonl", "w", encoding="utf-8")
        self.samples, self.snapshots, self.restarts, self.errors = [], [], [], []
        self.audits = 0
        self.totals = dict.fromkeys(("head_changes", "tipsets", "reverted", "blocks_read", "bytes_read", "wrong_answers",
                                     "connects"), 0)
        self.last_sync = dict.fromkeys(self.totals, 0)
        self.alive = threading.Lock()    # held while the daemon is exchanged
        self.life = 0
        self.over = threading.Event()
        self.began = time.monotonic()

    def now(self):
        return time.monotonic() - self.began

    def wrong(self, what):
        line = f"{self.now():.1f} s: {what}"
        print("WRONG:", line, file=sys.stderr, flush=True)
        self.errors.append(line)

    def run(self):
        options = self.options
        faults = [word for name, rate in FAULTS.items() for word in ("--fault", f"{name}={rate * options.faults}")]
        self.devnet = Devnet(options.program, self.folder,
                             ["--seed", str(options.seed), "--state", options.state, "--tipset", options.tipset, "--period",
                              options.period, "--prune", "600", *faults])
        settings = {"snapshots.keep_layout": "90s", "retrieval.requests_per_second_per_peer": "0"}
        for name, value in settings.items():
            subprocess.run([options.program, "config", "set", name, value, "--data", str(self.folder / "data")],
                           stdout=subprocess.DEVNULL, check=True)
        self.daemon = Daemon(options.program, self.folder,
                             ["--node", self.devnet.url, "--bootstrap", "node", "--recent-stateroots", "100", "--slack",
                              "50", "--log-level", "warning"])
        self.wait_for_sync("first start")
        self.began = time.monotonic()
        threads = [threading.Thread(target=self.guarded, args=(work,)) for work in (self.sample, self.take)]
        for thread in threads:
            thread.start()
        end = options.minutes * 60
        kills = [end * 0.4 * (i + self.rng.uniform(0.5, 1)) / options.kills for i in range(options.kills)]
        for at in [*kills, end * 0.97]:
            if not self.over.wait(max(0, at - self.now())):
                self.restart()
        self.over.wait(max(0, end - self.now()))
        self.minutes = self.now() / 60
        self.over.set()
        for thread in threads:
            thread.join()
        if not self.daemon.ended():
            self.note_sync(self.daemon.command("status")["sync"])
        if (code := self.daemon.end(signal.SIGTERM)) != 0:
            self.wrong(f"the daemon ended with {code} after SIGTERM")
        self.devnet.process.send_signal(signal.SIGTERM)
        if (code := self.devnet.process.wait()) != 0:
            self.wrong(f"the devnet ended with {code} after SIGTERM")
        report = self.report()
        (self.folder / "report.md").write_text(report, encoding="utf-8")
        print(report)
        return 1 if self.errors else 0

    def guarded(self, work):
        while not self.over.is_set():
            life = self.life
            try:
                work()
            except Exception as error:    # pylint: disable=broad-except
                if life == self.life and not self.alive.locked():
                    self.wrong(f"{work.__name__}: {error!r}")
                    if self.daemon.ended():
                        self.wrong("the daemon has ended by itself")
                        self.over.set()
                self.over.wait(1)

    def wait_for_sync(self, why):
        began = self.daemon.started
        ready = time.monotonic() - began
        while True:
            status = self.daemon.command("status")
            if status["state"] == "synced" and self.devnet.head() - status["synced_epoch"] <= 2:
                break
            if time.monotonic() - began > 180:
                self.wrong(f"not in step 180 s after the start: {status['state']}, {status['why']}, epoch "
                           f"{status['synced_epoch']}, the node's is {self.devnet.head()}")
                break
            time.sleep(0.1)
        restart = {"at": self.now(), "why": why, "ready": ready, "synced": time.monotonic() - began,
                   "bytes_read": status["sync"]["bytes_read"], "log_bytes": status["checkpoint"]["log_bytes"]}
        self.restarts.append(restart)
        return restart

    def restart(self):
        with self.alive:
            self.life += 1
            self.daemon.end(signal.SIGKILL)
            for name in self.totals:
                self.last_sync[name] = 0
            self.daemon.start()
            self.wait_for_sync("SIGKILL")

    def note_sync(self, sync):
        for name in self.totals:
            self.totals[name] += sync[name] - self.last_sync[name]
            self.last_sync[name] = sync[name]

    def sample(self):
        if self.alive.locked():
            self.over.wait(0.2)
            return
        life, now = self.life, time.monotonic()
        status = self.daemon.command("status")
        cpu, rss = usage_of(self.daemon.process.pid)
        if life != self.life:
            return
        tipsets, seconds = self.devnet.lag(status["synced_epoch"], now)
        self.note_sync(status["sync"])
        sample = {"at": self.now(), "life": life, "lag_tipsets": tipsets, "lag_seconds": seconds, "rss": rss, "cpu": cpu,
                  "node_rss": usage_of(self.devnet.process.pid)[1], "load": os.getloadavg()[0],
                  "node_head": self.devnet.head(), "status": status}
        self.samples.append(sample)
        self.samples_file.write(json.dumps(sample) + "\n")
        self.samples_file.flush()
        if seconds > 60:
            self.wrong(f"{seconds:.0f} s behind the node: {status['state']}, {status['why']}")
        if not status["durable"]:
            self.wrong(f"not durable: {status['not_durable']}")
        for alert in status["alerts"]:
            # A connection that ended is a lost node until the next one stands.
            if alert["severity"] == "error" and not (alert["code"] == "node_lost" and time.time() - alert["since"] < 30):
                self.wrong(f"alert: {alert}")
        self.over.wait(self.options.sample)

    def take(self):
        self.over.wait(self.options.every)
        if self.over.is_set():
            return
        number = len(self.snapshots)
        words = ["take-snapshot", *([] if number % 2 else ["--no-file"]), *(["--finalized"] if number % 3 == 1 else []),
                 *(["--piece-size", "64MiB"] if number % 4 == 0 else [])]
        taken = self.daemon.command(*words)
        began = self.now()
        # While it is fetched the next one is taken, the head goes on, and old blocks are freed.
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            beside = pool.submit(self.daemon.command, "take-snapshot", "--no-file")
            ranges = fetched = 0
            paths = []
            for index, piece in enumerate(taken["pieces"]):
                paths.append(self.folder / f"piece{index}.car")
                ranges += fetch(self.daemon.retrieval, piece, paths[-1], 4, self.rng)
                fetched += piece["payload_size"]
            seconds = self.now() - began
            beside.result()
        for piece, path in zip(taken["pieces"], paths):
            self.verify(piece, path, len(paths) == 1)
            path.unlink()
        self.snapshots.append({"at": self.now(), "bytes": fetched, "ranges": ranges, "seconds": seconds,
                               "pieces": len(paths), "file": bool(number % 2)})
        if number % 8 == 7:
            report = self.daemon.job("FilFil.Audit", {"repair": False})
            self.audits += 1
            if not report["good"]:
                self.wrong(f"audit: {report}")
        files = [s for s in self.daemon.call("FilFil.Snapshots", {"limit": 100})["snapshots"] if s["path"]]
        for old in files[3:]:
            self.daemon.call("FilFil.ForgetSnapshot", {"id": old["id"]})

    def verify(self, piece, path, whole):
        program = self.options.program
        words = [program, "verify", str(path), "--piece-cid", piece["piece_cid"], *(["--car"] if whole else [])]
        ran = subprocess.run(words, capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            kept = self.folder / f"wrong-{piece['piece_cid']}.car"
            shutil.copy(path, kept)
            self.wrong(f"verify: {ran.stdout} {ran.stderr} (kept as {kept})")
        if not whole:
            return
        # No block is missing and none is too many: another process makes the same snapshot of it.
        words = [program, "snapshot", "export", "--from", str(path), "--recent-stateroots", "100", "--skip-old-msgs",
                 "--no-file", "--json"]
        ran = subprocess.run(words, capture_output=True, text=True, check=False)
        if ran.returncode != 0 or json.loads(ran.stdout)["pieces"][0]["piece_cid"] != piece["piece_cid"]:
            self.wrong(f"made again from the piece: {ran.stdout} {ran.stderr}")

    def report(self):
        status = [s["status"] for s in self.samples]
        lags = sorted(s["lag_tipsets"] for s in self.samples)
        late = sorted(s["lag_seconds"] for s in self.samples)

        def at(values, share):
            return values[min(len(values) - 1, int(share * len(values)))]

        cpu = self.daemon.ended_cpu
        lines = [("time", f"{self.minutes:.1f} min, {len(self.samples)} samples"),
                 ("the node's events", f"{self.devnet.events}, {self.devnet.reverted} tipsets reverted"),
                 ("head changes followed",
                  f"{self.totals['head_changes']}: {self.totals['tipsets']} tipsets applied, {self.totals['reverted']} reverted"),
                 ("faults of the node", ", ".join(f"{name} {count}" for name, count in self.devnet.faults.items())),
                 ("seen by the daemon",
                  f"{self.totals['wrong_answers']} wrong answers, {self.totals['connects']} connects"),
                 ("blocks read from the node",
                  f"{self.totals['blocks_read']} ({self.totals['bytes_read'] / MIB:.0f} MiB), "
                  f"{self.totals['blocks_read'] / self.minutes / 60:.0f}/s"),
                 ("lag, tipsets", f"median {at(lags, 0.5)}, p99 {at(lags, 0.99)}, most {lags[-1]}"),
                 ("lag, seconds", f"median {at(late, 0.5):.2f}, p99 {at(late, 0.99):.2f}, most {late[-1]:.2f}"),
                 ("snapshots", f"{len(self.snapshots)} taken, fetched and verified ({sum(s['file'] for s in self.snapshots)} "
                               f"with a file), as many beside a fetch; {sum(s['pieces'] for s in self.snapshots)} pieces, "
                               f"{sum(s['ranges'] for s in self.snapshots)} ranges, "
                               f"{sum(s['bytes'] for s in self.snapshots) / MIB:.0f} MiB"),
                 ("audits", f"{self.audits}, all links counted anew")]
        for restart in self.restarts:
            lines.append((f"start at {restart['at'] / 60:.1f} min ({restart['why']})",
                          f"listening after {restart['ready']:.2f} s, in step after {restart['synced']:.2f} s; read "
                          f"{restart['bytes_read'] / MIB:.1f} MiB; its log {restart['log_bytes'] / MIB:.1f} MiB"))
        lives = {}
        for sample in self.samples:
            lives.setdefault(sample["life"], []).append(sample)
        longest = max(lives.values(), key=lambda life: life[-1]["at"] - life[0]["at"])
        for name, sample in (("begin", longest[0]), ("middle", longest[len(longest) // 2]), ("end", longest[-1])):
            live = sample["status"]
            lines.append((f"unbroken stretch, {name} ({sample['at'] / 60:.1f} min)",
                          f"RSS {sample['rss'] / MIB:.1f} MiB, store {live['store_bytes'] / MIB:.1f} MiB, live blocks "
                          f"{live['bytes'] / MIB:.1f} MiB in {live['blocks']}"))
        later = longest[len(longest) // 4:]
        if len(later) > 2:
            hours = [s["at"] / 3600 for s in later]
            for name, value in (("RSS", lambda s: s["rss"]), ("live blocks", lambda s: s["status"]["bytes"]),
                                ("RSS less live blocks", lambda s: s["rss"] - s["status"]["bytes"])):
                slope = statistics.linear_regression(hours, [value(s) for s in later]).slope
                lines.append((f"slope of {name}", f"{slope / MIB:+.1f} MiB an hour (last three quarters of the stretch)"))
        changes = longest[-1]["status"]["sync"]["head_changes"] - longest[0]["status"]["sync"]["head_changes"]
        if changes > 0:
            spent = longest[-1]["cpu"] - longest[0]["cpu"]
            lines.append(("CPU in that stretch", f"{spent:.1f} s, {1e3 * spent / changes:.1f} ms a head change, snapshots and "
                                                 f"checkpoints included"))
        lines.append(("CPU in all", f"{cpu:.1f} s, {1e3 * cpu / max(1, self.totals['head_changes']):.1f} ms a head change"))
        lines.append(("last read and apply", f"median {1e3 * statistics.median(s['sync']['last_read_seconds'] for s in status):.1f}"
                                             f" and {1e3 * statistics.median(s['sync']['last_apply_seconds'] for s in status):.1f} ms"))
        lines.append(("load average of the machine", f"median {statistics.median(s['load'] for s in self.samples):.1f}, "
                                                     f"most {max(s['load'] for s in self.samples):.1f}, {os.cpu_count()} CPUs"))
        lines.append(("wrong", "nothing" if not self.errors else "<br>".join(self.errors)))
        return "| what | figures |\n| --- | --- |\n" + "".join(f"| {name} | {text} |\n" for name, text in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="fil-fil")
    parser.add_argument("folder", help="is made; what lies in it from before is deleted")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--kills", type=int, default=5, help="in the first two fifths of the time")
    parser.add_argument("--every", type=float, default=45, help="seconds between snapshots")
    parser.add_argument("--sample", type=float, default=3, help="seconds between samples")
    parser.add_argument("--faults", type=float, default=1, help="by how much rates are multiplied")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", default="200MiB")
    parser.add_argument("--tipset", default="512KiB")
    parser.add_argument("--period", default="500ms")
    options = parser.parse_args()
    shutil.rmtree(options.folder, ignore_errors=True)
    os.makedirs(options.folder)
    soak = Soak(options)
    try:
        return soak.run()
    finally:
        for child in ("daemon", "devnet"):
            process = getattr(getattr(soak, child, None), "process", None)
            if process is not None and process.returncode is None and process.poll() is None:
                process.kill()


if __name__ == "__main__":
    sys.exit(main())
