#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// mocks.mjs [FILE]: compiles mocks/ into FILE (build/contracts/mocks.json): the runtime code that stands at each address of
// a mocked Filecoin, that of a miner, and the ABIs to tell them what to be. None has constructor state.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { masked } from './actors.mjs';
import { fail, here, settings, work } from './paths.mjs';

const solc = createRequire(import.meta.url)('solc');
const precompile = (n) => `0xfe${n.toString(16).padStart(38, '0')}`;
const places = {
  [precompile(1)]: ['Precompiles.sol', 'ResolveAddress'],
  [precompile(2)]: ['Precompiles.sol', 'LookupDelegated'],
  [precompile(3)]: ['Precompiles.sol', 'CallActor'],
  [precompile(5)]: ['Precompiles.sol', 'CallActorId'],
  [precompile(6)]: ['Precompiles.sol', 'Beacon'],
  [masked(1)]: ['MockInit.sol', 'MockInit'],
  [masked(4)]: ['MockPower.sol', 'MockPower'],
  [masked(5)]: ['MockMarket.sol', 'MockMarket'],
};

export function compileMocks() {
  const folder = join(here, 'mocks');
  const sources = Object.fromEntries(readdirSync(folder).map((name) => [name, { content: readFileSync(join(folder, name), 'utf8') }]));
  const chosen = { evmVersion: settings().evmVersion, outputSelection: { '*': { '*': ['abi', 'evm.deployedBytecode.object'] } } };
  const output = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings: chosen })));
  for (const e of output.errors ?? []) if (e.severity === 'error') fail(e.formattedMessage);
  const code = ([file, name]) => `0x${output.contracts[file][name].evm.deployedBytecode.object}`;
  const abi = ([file, name]) => output.contracts[file][name].abi;
  const miner = ['MockMiner.sol', 'MockMiner'];
  return {
    code: Object.fromEntries(Object.entries(places).map(([address, which]) => [address, code(which)])),
    minerCode: code(miner),
    abi: { init: abi(places[masked(1)]), power: abi(places[masked(4)]), market: abi(places[masked(5)]), miner: abi(miner) },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = process.argv[2] ?? join(work, 'mocks.json');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(compileMocks(), null, 1)}\n`);
  console.log(`Wrote ${path}`);
}
