#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// docs.mjs: fails where docs/contract.md names a test or a function that is not there, leaves one out, or where an error or
// an event of the contract is in no test.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contracts, fail, here, repository } from './paths.mjs';

const artefact = JSON.parse(readFileSync(join(contracts, 'FilFil.json'), 'utf8'));
const page = readFileSync(join(repository, 'docs', 'contract.md'), 'utf8');
const read = (folder) => readdirSync(join(here, 'test', folder)).map((name) => readFileSync(join(here, 'test', folder, name), 'utf8')).join('\n');
const unit = read('unit');
const all = [unit, read('fuzz'), read('invariants')].join('\n');

const said = new Set([...page.matchAll(/`(\w+)`/g)].map(([, name]) => name));
const tests = new Set([...unit.matchAll(/function (test_\w+)/g)].map(([, name]) => name));
const wrong = [];
for (const name of said) if (name.startsWith('test_') && !tests.has(name)) wrong.push(`docs/contract.md names the test ${name}, which is not there`);
for (const name of tests) if (!said.has(name)) wrong.push(`docs/contract.md leaves out the test ${name}`);
const names = (signatures) => Object.keys(signatures).map((signature) => signature.split('(')[0]);
for (const name of names(artefact.methodIdentifiers)) if (!said.has(name)) wrong.push(`docs/contract.md leaves out the function ${name}`);
for (const name of names(artefact.errors)) if (!all.includes(`IFilFil.${name}.selector`)) wrong.push(`no test meets the error ${name}`);
for (const name of names(artefact.events)) if (!new RegExp(`IFilFil\\.${name}(\\(|\\.selector)`).test(all)) wrong.push(`no test looks at the event ${name}`);
if (wrong.length > 0) fail(wrong.join('\n'));
console.log(`docs/contract.md names all ${tests.size} tests and ${names(artefact.methodIdentifiers).length} functions; every error and event is in a test`);
