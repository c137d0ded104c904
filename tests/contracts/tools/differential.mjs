#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// differential.mjs [COUNT [FIRST_SEED]]: the contract against its model in C++, over so many random sequences of calls
// (10,000 where it is not said). A sequence is the same for its seed. FILFIL_MAKE_SEQUENCES is the program that makes them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { contractEnvironment } from './environment.mjs';
import { fail, foundry, here, repository, work } from './paths.mjs';

const count = Number(process.argv[2] ?? 10000);
const first = Number(process.argv[3] ?? 1);
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(first)) fail('differential.mjs: give a number of sequences, and a first seed');

const built = ['ci', 'release'].map((preset) => join(repository, 'build', preset, 'tests', 'contracts', 'make_contract_sequences'));
const maker = process.env.FILFIL_MAKE_SEQUENCES || built.find(existsSync);
if (!maker) {
  console.error('SKIPPED: make_contract_sequences was not built');
  process.exit(77);
}

/** Their files are large: so many are made at a time. */
const portion = 500;
const folder = join(work, 'differential');
const forge = foundry('forge');

function run(program, args, options) {
  const ran = spawnSync(program, args, { stdio: 'inherit', ...options });
  if (ran.status !== 0) process.exit(ran.status ?? 1);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (let done = 0; done < count; done += portion) {
  const files = ['a', 'b'].map((name) => join(folder, `${name}.sequences`));
  run(maker, [String(first + done), String(Math.min(portion, count - done)), ...files], {});
  const environment = { ...contractEnvironment(join(work, 'forge')), FILFIL_SEQUENCES: folder };
  run(forge, ['test', '--match-path', 'test/differential/*'], { cwd: here, env: environment });
}
rmSync(folder, { recursive: true });
console.log(`The contract and its model agree over ${count} sequences, seeds ${first} to ${first + count - 1}.`);
