#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How long a daemon that was killed takes to be where it was, from its disk alone.

    tests/bench/restart_daemon.py build/release/bin/fil-fil FOLDER [--state 700MB] [--tipset 1MB] [--steps 0,60,60,40]

A daemon follows a devnet, is killed with SIGKILL, and is started again with a node that nobody answers for: the time from
its start until FilFil.Status gives the epoch from before. Once a number of --steps: so many tipsets are followed first,
while the log behind the checkpoint grows. Needs Python 3.9 and nothing else.
"""
import argparse
import http.client
import json
import pathlib
import re
import shutil
import signal
import subprocess
import threading
import time

PATIENCE = 600

# Seconds after which a status has counted the blocks anew.
FIGURES = 11


def call(address, method, params, token=""):
    link = http.client.HTTPConnection(address, timeout=PATIENCE)
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    link.request("POST", "/rpc/v1", json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}), headers)
    answer = json.loads(link.getresponse().read())
    link.close()
    if "error" in answer:
        raise RuntimeError(f"{method}: {answer['error']['message']}")
    return answer["result"]


class Program:
    """One that says in its first line where it listens."""

    def __init__(self, words):
        self.started = time.monotonic()
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{words[1]} does not start: exit code {self.process.wait()}")
        self.said = json.loads(line)
        # A line follows for each head change, and a pipe that nobody reads holds it up.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Bench:
    def __init__(self, options):
        self.program = options.program
        self.data = pathlib.Path(options.folder) / "data"
        shutil.rmtree(self.data, ignore_errors=True)
        self.node = Program([self.program, "devnet", "--json", "--port", "0", "--tipsets", "5", "--period", "60min", "--test-hooks",
                             "--state", options.state, "--tipset", options.tipset])
        self.node_address = re.sub("^.*//|/.*$", "", self.node.said["url"])

    def daemon(self, node):
        out = Program([self.program, "daemon", "--json", "--network", "devnet", "--data", str(self.data), "--api", "127.0.0.1:0",
                       "--node", f"ws://{node}/rpc/v1", "--bootstrap", "node"])
        out.address = re.sub("^.*//|/.*$", "", out.said["api"])
        return out

    def status(self, daemon):
        return call(daemon.address, "FilFil.Status", {}, (self.data / "token.admin").read_text().strip())

    def wait(self, daemon, good):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            status = self.status(daemon)
            if good(status):
                return status
            time.sleep(0.01)
        raise RuntimeError(f"not in {PATIENCE} s: {status['state']}: {status['why']}")

    def measure(self, steps):
        epoch = call(self.node_address, "Devnet.Head", [])["epoch"]
        with self.daemon(self.node_address) as daemon:
            self.wait(daemon, lambda status: status["state"] == "synced" and status["synced_epoch"] == epoch)
            for _ in range(steps):
                epoch = call(self.node_address, "Devnet.Step", [1])["epoch"]
                self.wait(daemon, lambda status: status["synced_epoch"] == epoch)
            self.wait(daemon, lambda status: status["durable"] and not status["checkpoint"]["running"])
            time.sleep(FIGURES)
            before = self.status(daemon)
        files = list((self.data / "engine").iterdir())
        checkpoint = sum(file.stat().st_size for file in files if file.name.startswith("checkpoint-"))
        log = sum(file.stat().st_size for file in files if file.name.startswith("log-"))
        with self.daemon("127.0.0.1:9") as again:
            api = time.monotonic() - again.started
            status = self.wait(again, lambda status: status["synced_epoch"] == epoch and status["durable"])
            seconds = time.monotonic() - again.started
            time.sleep(FIGURES)
            now = self.status(again)
        if (now["blocks"], now["bytes"]) != (before["blocks"], before["bytes"]):
            raise RuntimeError(f"it came back with {now['blocks']} blocks, and had {before['blocks']}")
        print(f"checkpoint {checkpoint / 1e6:7.1f} MB, log {log / 1e6:7.1f} MB, {now['blocks']} blocks: "
              f"{seconds:6.2f} s (the API answers after {api:.2f} s); state {status['state']}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--state", default="700MB")
    parser.add_argument("--tipset", default="1MB")
    parser.add_argument("--steps", default="0,60,60,40")
    options = parser.parse_args()
    bench = Bench(options)
    try:
        for steps in options.steps.split(","):
            bench.measure(int(steps))
    finally:
        bench.node.kill()
        shutil.rmtree(bench.data, ignore_errors=True)


if __name__ == "__main__":
    main()
