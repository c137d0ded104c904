#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// anvil_test.mjs: the contract's artefact and the mocks on an anvil, by transactions: deployed, registered, staged, stored,
// settled, withdrawn, and once more after a reorg. What forge runs in one transaction each is shown to work on a chain.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeAll, encodeCall, wordOf } from './abi.mjs';
import { masked } from './actors.mjs';
import { deployMocks } from './deploy_mocks.mjs';
import { contracts, foundry } from './paths.mjs';
import { connect, send } from './rpc.mjs';

const artefact = JSON.parse(readFileSync(join(contracts, 'FilFil.json'), 'utf8'));
const anvil = spawn(foundry('anvil'), ['--port', '0', '--chain-id', '314', '--host', '127.0.0.1'], { stdio: ['ignore', 'pipe', 'inherit'] });
process.on('exit', () => anvil.kill());

function check(seen, wanted, what) {
  if (seen !== wanted) {
    console.error(`${what}: ${seen}, not ${wanted}`);
    process.exit(1);
  }
}

const url = await new Promise((resolve, reject) => {
  let said = '';
  anvil.stdout.on('data', (data) => {
    said += data;
    const found = /Listening on (\S+)/.exec(said);
    if (found) resolve(`http://${found[1]}`);
  });
  anvil.on('exit', () => reject(new Error(`anvil does not start: ${said}`)));
});
const call = connect(url);
const [owner, operator, guardian, controller, anyone] = await call('eth_accounts');
const miner = 1000;
const mocks = await deployMocks(url, { miners: [[miner, controller]] });

const params = {
  slotLength: 100, windowLength: 60, lead: 20, replicas: 1, maxProviders: 8, maxMisses: 3, disputeAt: 2, minTerm: 1000, upfront: 3000,
  slash: 5000, bounty: 1000, bondStep: 4, bond: 10n ** 19n, minPower: 1n << 40n, rewardCap: 10n ** 20n, recipe: `0x${'11'.repeat(32)}`,
};
const constructor = artefact.abi.find((e) => e.type === 'constructor');
const deployed = await send(call, owner, null, artefact.bytecode + encodeAll(constructor.inputs, [owner, operator, guardian, params]));
const filfil = deployed.contractAddress;
await send(call, owner, masked(1), encodeCall(mocks.abi.init, 'setAddress', 3001234, `0x040a${filfil.slice(2)}`));

// The code on the chain is the artefact's, but for the second half's address.
const code = await call('eth_getCode', filfil, 'latest');
let blank = code.slice(2);
for (const { start, length } of artefact.immutables) blank = blank.slice(0, start * 2) + '00'.repeat(length) + blank.slice((start + length) * 2);
check(`0x${blank}`, artefact.runtime, 'the code on the chain');

const ask = (name, ...values) => call('eth_call', { to: filfil, data: encodeCall(artefact.abi, name, ...values) }, 'latest');
const tell = (from, value, name, ...values) => send(call, from, filfil, encodeCall(artefact.abi, name, ...values), value);
const height = async () => BigInt(await call('eth_blockNumber'));
const mineTo = async (epoch) => call('anvil_mine', `0x${(epoch - (await height())).toString(16)}`);
const balance = async (who) => BigInt(await call('eth_getBalance', who, 'latest'));

async function reconciles(when) {
  const totals = await ask('totals');
  const sum = [0, 1, 2, 3, 4].reduce((all, i) => all + wordOf(totals, i), 0n);
  check(sum, await balance(filfil), `the five counters ${when}`);
}

await tell(anyone, 10n ** 21n, 'fund', 'for the archive');
await tell(controller, wordOf(await ask('bondNow'), 0), 'register', miner);
check(wordOf(await ask('activeProviders'), 0), 1n, 'providers');
await reconciles('after a registration');

const slot = 1 << 16;
const window = await ask('slotWindow', slot);
const [target, open] = [wordOf(window, 0), wordOf(window, 1)];
await mineTo(target);
const root = `0x${'22'.repeat(31)}02`;
const reward = 12n * 10n ** 18n;
const staging = { slot, epoch: target, tipset: `0x${'33'.repeat(32)}`, recipe: params.recipe, payload: '0x0171', pieces: [{ root, rawSize: 34091302912n, log2Padded: 35 }], reward };
await tell(operator, 0n, 'stage', staging);
await mineTo(open);

const change = { sector: 7, until: (await height()) + 5000n, pieces: [{ root, paddedSize: 1n << 35n, payload: '0x' }] };
const prove = () => send(call, anyone, masked(miner), encodeCall(mocks.abi.miner, 'prove', filfil, [change], true));
await prove();
const paid = async () => wordOf(await ask('holder', slot, 0, miner), 5);
check(await paid(), (reward * 3n) / 10n, 'the first share');
await reconciles('after a proof');

// The proof's block is reorged away, and proven again on the other branch.
await call('anvil_reorg', 1, []);
check(await paid(), 0n, 'after a reorg, nothing is paid');
await prove();
check(await paid(), (reward * 3n) / 10n, 'the first share, once');

await call('anvil_mine', '0x3e8');
const aux = '0x820700'; // sector 7: deadline 7, partition 0
await tell(anyone, 0n, 'settle', slot, 0, miner, aux);
const credit = wordOf(await ask('provider', miner), 6);
check(credit, await paid(), 'credit is what was paid');
check(credit > (reward * 4n) / 10n, true, 'a fifth of the rest and the first share');
const before = await balance(controller);
await tell(anyone, 0n, 'withdraw', miner);
check((await balance(controller)) - before, credit, 'paid to the owner');
await reconciles('in the end');
anvil.kill();
console.log(`On anvil: deployed in ${BigInt(deployed.gasUsed)} gas of the EVM, registered, staged, stored, reorged, settled, withdrawn`);
