#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// gas.mjs --write | --check: measures what calls cost (test/gas) and writes the table in docs/contract.md, or fails where
// that table lacks a call or is more than a tenth off.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractEnvironment } from './environment.mjs';
import { fail, foundry, here, repository, work } from './paths.mjs';

const page = join(repository, 'docs', 'contract.md');
const [begin, end] = ['<!-- gas: written by ./run contracts --write -->\n', '<!-- gas ends -->\n'];

function measure() {
  mkdirSync(work, { recursive: true });
  const environment = contractEnvironment(join(work, 'forge'));
  const ran = spawnSync(foundry('forge'), ['test', '--isolate', '--match-path', 'test/gas/*'], { cwd: here, env: environment, encoding: 'utf8' });
  if (ran.status !== 0) fail(ran.stdout + ran.stderr);
  return JSON.parse(readFileSync(join(environment.FOUNDRY_SNAPSHOTS, 'gas.json'), 'utf8'));
}

const said = measure();
const text = readFileSync(page, 'utf8');
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (from < 0 || to < from) fail(`docs/contract.md has no place for the gas table: ${begin}`);
const kept = text.slice(from + begin.length, to);

if (process.argv.includes('--write')) {
  const rows = Object.entries(said).map(([name, gas]) => `| ${name} | ${Number(gas).toLocaleString('en-US')} |`);
  const table = `| call | gas of the EVM |\n| --- | ---: |\n${rows.join('\n')}\n`;
  writeFileSync(page, text.slice(0, from + begin.length) + table + text.slice(to));
  console.log(`Wrote the gas of ${rows.length} calls into docs/contract.md`);
} else {
  const off = [];
  for (const [name, gas] of Object.entries(said)) {
    const row = kept.split('\n').find((line) => line.startsWith(`| ${name} |`));
    const was = row ? Number(row.split('|')[2].replaceAll(',', '')) : NaN;
    if (!(Math.abs(was - Number(gas)) <= Number(gas) / 10)) off.push(`${name}: ${row ? was : 'not there'}, measured ${gas}`);
  }
  if (off.length > 0) fail(`docs/contract.md says of the gas:\n${off.join('\n')}\n./run contracts --write writes it`);
  console.log(`docs/contract.md says what ${Object.keys(said).length} calls cost`);
}
