#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Makes sending.json with Foundry's cast (1.7.1), which knows nothing of our code: RLP, transactions of EIP-1559,
signatures and key files. anvil and cast, from npm's @foundry-rs packages, have to be in PATH:

    ./make_sending_vectors.py > sending.json

The keys are test keys: anvil's first one, and the Keccak-256 of small texts. A key file has a random salt, so it is
another one each time."""
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time


def cast(*arguments):
    done = subprocess.run(["cast", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"cast {' '.join(arguments)}: {done.stderr}")
    return done.stdout.strip()


def keys():
    yield "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
    for i in range(7):
        yield cast("keccak", f"fil-fil test key {i}")


def rlp(rand):
    def item(depth):
        if depth == 0 or rand.random() < 0.6:
            size = rand.choice([0, 1, 1, 2, 31, 32, 54, 55, 56, 57, 255, 256, 300])
            data = bytes(rand.choice([0, 1, 0x7f, 0x80, 0xff, rand.randrange(256)]) for _ in range(size))
            return "0x" + data.hex()
        return [item(depth - 1) for _ in range(rand.choice([0, 1, 2, 3, 5, 30]))]

    fixed = ["0x", "0x00", "0x7f", "0x80", "0x" + "61" * 55, "0x" + "61" * 56, [], [[]], ["0x", []], [[], [[]], [[], [[]]]]]
    for value in fixed + [item(3) for _ in range(40)]:
        text = value if isinstance(value, str) else json.dumps(value)
        yield {"value": value, "rlp": cast("to-rlp", text)}


def transactions(rand, url, all_keys):
    big = 2**256 - 1
    for i in range(40):
        key = all_keys[i % len(all_keys)]
        tip = rand.choice([0, 1, 127, 128, 10**9, 2**64, 2**70 + 5])
        cap = tip + rand.choice([0, 1, 100, 10**10, 2**90])
        nonce = rand.choice([0, 1, 127, 128, 255, 256, 65536, 2**40])
        gas = rand.choice([21000, 10**6, 10**10])
        value = rand.choice([0, 1, 10**18, 2**64, 2**120 - 1, big if i == 7 else 5])
        create = i % 9 == 4
        size = rand.choice([0, 1, 4, 55, 56, 200, 700])
        data = "0x" + bytes(rand.randrange(256) for _ in range(size)).hex()
        to = "0x" + bytes(rand.randrange(256) for _ in range(20)).hex()
        arguments = ["mktx", "--rpc-url", url, "--chain", "314", "--private-key", key, "--nonce", str(nonce),
                     "--gas-limit", str(gas), "--gas-price", str(cap), "--priority-gas-price", str(tip),
                     "--value", str(value)]
        if create:
            data = data if size else "0x00"
            arguments += ["--create", data]
        else:
            arguments += [to, data]
        raw = cast(*arguments)
        yield {"key": key, "from": cast("wallet", "address", key), "chain_id": 314, "nonce": nonce, "tip": str(tip),
               "fee_cap": str(cap), "gas_limit": gas, "value": str(value), "to": None if create else to, "data": data,
               "raw": raw, "hash": cast("keccak", raw)}


def signatures(all_keys):
    for i, key in enumerate(all_keys):
        digest = cast("keccak", f"message {i}")
        yield {"key": key, "address": cast("wallet", "address", key), "hash": digest,
               "signature": cast("wallet", "sign", "--no-hash", "--private-key", key, digest)}


def key_files(all_keys):
    for key, password in zip(all_keys, ["correct horse", "pässwörd ☂", " "]):
        with tempfile.TemporaryDirectory() as folder:
            cast("wallet", "import", "-k", folder, "--private-key", key, "--unsafe-password", password, "file")
            with open(os.path.join(folder, "file")) as file:
                yield {"key": key, "password": password, "file": file.read()}


def main():
    rand = random.Random(7)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    anvil = subprocess.Popen(["anvil", "--port", str(port), "--chain-id", "314"], stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as there:
                if there.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        all_keys = list(keys())
        out = {"recipe": "make_sending_vectors.py with cast " + cast("--version").split()[2],
               "rlp": list(rlp(rand)),
               "transactions": list(transactions(rand, f"http://127.0.0.1:{port}", all_keys)),
               "signatures": list(signatures(all_keys)),
               "key_files": list(key_files(all_keys))}
    finally:
        anvil.terminate()
        anvil.wait()
    print(json.dumps(out, indent=1, ensure_ascii=False))


main()
