#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// prove.mjs URL CONTRACT MINER TERM ROOT:SIZE…: the mock of a storage provider puts each piece into a sector of its own, kept
// for TERM epochs from now on, and tells the contract, as ProveCommitSectors3 does. Fails where the contract does not take one.
import { encodeCall } from '../../contracts/tools/abi.mjs';
import { masked } from '../../contracts/tools/actors.mjs';
import { connect, send } from '../../contracts/tools/rpc.mjs';

// Of mocks/MockMiner.sol. To compile that takes longer than some windows are open.
const piece = [['bytes32', 'root'], ['uint64', 'paddedSize'], ['bytes', 'payload']];
const change = [['uint64', 'sector'], ['int64', 'until'], ['tuple[]', 'pieces', piece]];
const parameters = (list) => list.map(([type, name, inner]) => ({ type, name, ...(inner && { components: parameters(inner) }) }));
const abi = [{ name: 'prove', type: 'function', inputs: parameters([['address', 'to'], ['tuple[]', 'changes', change], ['bool', 'requireSuccess']]) }];

const [url, contract, miner, term, ...pieces] = process.argv.slice(2);
const call = connect(url);
const from = (await call('eth_accounts'))[9];
const until = BigInt(await call('eth_blockNumber')) + BigInt(term);
const changes = pieces.map((said, i) => {
  const [root, size] = said.split(':');
  return { sector: 100 + i, until, pieces: [{ root: `0x${root}`, paddedSize: BigInt(size), payload: '0x' }] };
});
await send(call, from, masked(miner), encodeCall(abi, 'prove', contract, changes, true));
console.log(JSON.stringify({ until: Number(until), sectors: changes.map((one) => one.sector) }));
