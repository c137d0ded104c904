#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// compile.mjs [--check]: compiles resources/contracts as settings.json there says and writes FilFil.json beside it: what
// deploys and reads the contract. --check writes nothing and fails where that file is not what the sources give.
//
// FilFil is two halves behind one address: FilFil itself, and Office, which it creates and passes calls on to. Neither
// inherits IFilFil, so that they have all of it, once, and with its very types, is checked here.
import { keccak_256 } from '@noble/hashes/sha3.js';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { contracts, fail, settings } from './paths.mjs';

const solc = createRequire(import.meta.url)('solc');
const path = join(contracts, 'FilFil.json');
const halves = ['FilFil', 'Office'];
// EIP-170 and EIP-3860; Filecoin's EVM has them too.
const codeLimit = 24576;
const creationLimit = 49152;
const constructorBytes = (3 + 16) * 32;

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const keccak = (text) => hex(keccak_256(new TextEncoder().encode(text)));
const sizeOf = (code) => code.length / 2;

const type = (p) => (p.type.startsWith('tuple') ? `(${p.components.map(type).join(',')})${p.type.slice(5)}` : p.type);
/** An entry's canonical signature, tuples spelled out. */
const signature = (entry) => `${entry.name}(${entry.inputs.map(type).join(',')})`;
/** All that a caller depends on. */
const promise = (entry) => `${signature(entry)} ${entry.stateMutability} returns (${entry.outputs.map(type).join(',')})`;
const sorted = (pairs) => Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));

function compile() {
  const sources = Object.fromEntries(
    readdirSync(contracts)
      .filter((name) => name.endsWith('.sol'))
      .sort()
      .map((name) => [name, { content: readFileSync(join(contracts, name), 'utf8') }]),
  );
  const outputSelection = { 'IFilFil.sol': { IFilFil: ['abi', 'evm.methodIdentifiers'] } };
  for (const name of halves) outputSelection[`${name}.sol`] = { [name]: ['abi', 'evm.bytecode.object', 'evm.deployedBytecode'] };
  const output = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings: { ...settings(), outputSelection } })));
  for (const e of output.errors ?? []) console.error(e.formattedMessage);
  if ((output.errors ?? []).some((e) => e.severity === 'error')) fail('the contract does not compile');
  return (name) => output.contracts[`${name}.sol`][name];
}

function checkHalves(face, of) {
  const wanted = face.abi.filter((e) => e.type === 'function').map(promise);
  const has = halves.map((name) => of(name).abi.filter((e) => e.type === 'function').map(promise));
  for (const one of wanted) {
    const count = has.filter((half) => half.includes(one)).length;
    if (count !== 1) fail(`IFilFil promises ${one}, and ${count} halves of the contract have it`);
  }
  for (const one of has.flat()) {
    if (!wanted.includes(one)) fail(`the contract has ${one}, and IFilFil does not say so`);
  }
}

function artefact() {
  const of = compile();
  const face = of('IFilFil');
  checkHalves(face, of);
  const runtimes = halves.map((name) => of(name).evm.deployedBytecode);
  halves.forEach((name, i) => {
    if (sizeOf(runtimes[i].object) > codeLimit) fail(`${name} has ${sizeOf(runtimes[i].object)} bytes, and ${codeLimit} are allowed`);
  });
  const creation = of('FilFil').evm.bytecode.object;
  if (sizeOf(creation) + constructorBytes > creationLimit) {
    fail(`creating it takes ${sizeOf(creation) + constructorBytes} bytes, and ${creationLimit} are allowed`);
  }
  const entries = (kind) => face.abi.filter((e) => e.type === kind);
  return {
    contract: 'FilFil',
    compiler: solc.version(),
    settings: settings(),
    abi: [...of('FilFil').abi.filter((e) => ['constructor', 'receive', 'fallback'].includes(e.type)), ...face.abi],
    methodIdentifiers: sorted(Object.entries(face.evm.methodIdentifiers)),
    errors: sorted(entries('error').map((e) => [signature(e), keccak(signature(e)).slice(0, 8)])),
    events: sorted(entries('event').map((e) => [signature(e), keccak(signature(e))])),
    bytecode: `0x${creation}`,
    runtime: `0x${runtimes[0].object}`,
    // Where in `runtime` the address of the second half stands, once it is deployed.
    immutables: Object.values(runtimes[0].immutableReferences).flat(),
    officeRuntime: `0x${runtimes[1].object}`,
  };
}

const made = artefact();
const sizes = [made.runtime, made.officeRuntime].map((code) => sizeOf(code) - 1).join(' + ');
const said = `${sizes} bytes of code, ${sizeOf(made.bytecode) - 1 + constructorBytes} of ${creationLimit} to create it`;
const text = `${JSON.stringify(made, null, 1)}\n`;
if (process.argv.includes('--check')) {
  let kept = '';
  try {
    kept = readFileSync(path, 'utf8');
  } catch {
    fail('resources/contracts/FilFil.json is missing: ./run contracts --write writes it');
  }
  if (kept !== text) {
    const was = JSON.parse(kept);
    const changed = Object.keys(made).filter((key) => JSON.stringify(was[key]) !== JSON.stringify(made[key]));
    fail(`resources/contracts/FilFil.json is not what the sources give (${changed.join(', ') || 'its form'}): ./run contracts --write writes it`);
  }
  console.log(`FilFil.json is what the sources give: ${said}`);
} else {
  writeFileSync(path, text);
  console.log(`Wrote resources/contracts/FilFil.json: ${said}`);
}
