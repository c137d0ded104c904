#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// lint.mjs: reads the contract with solhint (.solhint.json) and with forge lint; either's complaint fails it.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contractEnvironment } from './environment.mjs';
import { contracts, foundry, here, work } from './paths.mjs';

const names = readdirSync(contracts).filter((name) => name.endsWith('.sol'));
let failed = 0;
const solhint = spawnSync(
  process.execPath,
  [join(here, 'node_modules', 'solhint', 'solhint.js'), '--disc', '--max-warnings', '0', '-c', join(here, '.solhint.json'), ...names],
  { cwd: contracts, stdio: 'inherit' },
);
if (solhint.status !== 0) failed = 1;
const lint = spawnSync(foundry('forge'), ['lint', '--deny', 'warnings', ...names.map((name) => join(contracts, name))], {
  cwd: here,
  stdio: 'inherit',
  env: contractEnvironment(join(work, 'forge')),
});
if (lint.status !== 0) failed = 1;
if (failed === 0) console.log('solhint and forge lint have nothing to complain of');
process.exit(failed);
