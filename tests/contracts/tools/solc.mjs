#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// The solc of npm, as forge wants a solc to be: a program that tells its version and compiles standard JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const solc = createRequire(import.meta.url)('solc');
if (process.argv.includes('--version')) {
  // forge takes the version from the second line, and wants a build's name in it.
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version().replace('.Emscripten.clang', '.Linux.g++')}`);
} else {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')));
}
