#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// test.mjs build | unit | fuzz | invariants | coverage | campaign | all: the contract tests, by forge.
// FILFIL_CONTRACT_CALLS: how many random calls the invariants get (campaign: 200,000 where it says nothing).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { contractEnvironment } from './environment.mjs';
import { foundry, here, work } from './paths.mjs';

const kind = process.argv[2] ?? 'all';
const rest = process.argv.slice(3);
const forge = foundry('forge');

function run(program, args, env = {}, folder = 'forge') {
  mkdirSync(work, { recursive: true });
  const ran = spawnSync(program, args, { cwd: here, stdio: 'inherit', env: { ...contractEnvironment(join(work, folder)), ...env } });
  if (ran.status !== 0) process.exit(ran.status ?? 1);
}

function node(tool, ...args) {
  run(process.execPath, [join(here, 'tools', `${tool}.mjs`), ...args]);
}

/** Random calls in runs of `depth`, spread over the invariant contracts. */
function invariantRuns(calls, depth) {
  return { FOUNDRY_INVARIANT_DEPTH: String(depth), FOUNDRY_INVARIANT_RUNS: String(Math.ceil(calls / depth)) };
}

const calls = Number(process.env.FILFIL_CONTRACT_CALLS || 0);
const commands = {
  build: () => run(forge, ['build']),
  unit: () => run(forge, ['test', '--match-path', 'test/unit/*', ...rest]),
  fuzz: () => {
    node('vectors');
    run(forge, ['test', '--match-path', 'test/fuzz/*', ...rest]);
  },
  invariants: () => run(forge, ['test', '--match-path', 'test/invariants/*', ...rest], calls ? invariantRuns(calls, 500) : {}),
  campaign: () =>
    run(forge, ['test', '--match-path', 'test/invariants/*', ...rest], {
      ...invariantRuns(calls || 200000, 500),
      FOUNDRY_FUZZ_SEED: process.env.FILFIL_CONTRACT_SEED ?? String(Date.now()),
    }),
  coverage: () => {
    node('vectors');
    // Compiled from source and without the optimizer, so that each line can be counted; the tests' own files left out.
    run(
      forge,
      ['coverage', '--ir-minimum', '--report', 'summary', '--report', 'lcov', '--report-file', join(work, 'lcov.info'), '--no-match-coverage', '^(mocks|test)/', '--no-match-path', 'test/invariants/*', ...rest],
      { FOUNDRY_PROFILE: 'coverage', FILFIL_CONTRACT_FROM_SOURCE: 'true', FOUNDRY_VIA_IR: 'false' },
      'coverage',
    );
  },
  all: () => {
    node('compile', '--check');
    commands.unit();
    commands.fuzz();
    commands.invariants();
    node('gas', '--check');
    node('lint');
    node('anvil_test');
  },
};
if (!commands[kind]) {
  console.error(`test.mjs: there are no tests '${kind}': give ${Object.keys(commands).join(', ')}`);
  process.exit(2);
}
commands[kind]();
