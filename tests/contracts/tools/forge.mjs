#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// forge.mjs COMMAND [OPTION…]: runs npm's forge on the contract tests, with the compiler settings of the contract.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { contractEnvironment } from './environment.mjs';
import { foundry, here, work } from './paths.mjs';

mkdirSync(work, { recursive: true });
const ran = spawnSync(foundry('forge'), process.argv.slice(2), { cwd: here, stdio: 'inherit', env: contractEnvironment(join(work, 'forge')) });
process.exit(ran.status ?? 1);
