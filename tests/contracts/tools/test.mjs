#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// test.mjs build | unit | fuzz | invariants | coverage | campaign | all: the contract tests, by forge.
// FILFIL_CONTRACT_CALLS: how many random calls the invariants get (campaign: 200,000 where it says nothing).
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractEnvironment } from './environment.mjs';
import { contracts, foundry, here, work } from './paths.mjs';

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

/** Which lines the tests run. For that the contract is compiled from source, beside a copy of the tests. */
function coverage() {
  node('vectors');
  const copy = join(work, 'coverage');
  rmSync(join(copy, 'contracts'), { recursive: true, force: true });
  for (const name of ['mocks', 'test']) cpSync(join(here, name), join(copy, name), { recursive: true });
  cpSync(contracts, join(copy, 'contracts'), { recursive: true, filter: (path) => !path.endsWith('.json') });
  const config = readFileSync(join(here, 'foundry.toml'), 'utf8');
  writeFileSync(
    join(copy, 'foundry.toml'),
    config.replace('src = "mocks"', 'src = "contracts"').replace('../../resources/contracts/', 'contracts/').replace('"./tools/solc.mjs"', `"${join(here, 'tools', 'solc.mjs')}"`),
  );
  // Without the optimizer a read of storage may be many, and gas has other bounds: what is about those is left out.
  const report = ['--no-match-test', 'StorageRead|ThirdRead|test_gas|testFuzz_any', '--report', 'summary', '--report', 'lcov', '--report-file', join(work, 'lcov.info')];
  const ran = spawnSync(forge, ['coverage', ...report, '--no-match-coverage', '^(mocks|test)/', '--no-match-path', 'test/invariants/*', ...rest], {
    cwd: copy,
    stdio: 'inherit',
    env: { ...contractEnvironment(join(work, 'coverage')), FILFIL_CONTRACT_FROM_SOURCE: 'true' },
  });
  process.exit(ran.status ?? 1);
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
  coverage,
  all: () => {
    node('compile', '--check');
    node('docs');
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
