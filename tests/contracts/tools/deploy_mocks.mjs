#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// deploy_mocks.mjs URL [--miner ID:CONTROLLER]… [--account ID:ADDRESS]…: makes an anvil a Filecoin as far as the contract
// can see: precompiles, init, power and market actors, and miners that an account controls and owns. An account or
// contract that actors are to know by number is given with --account. Miner ID's controller gets the number ID + 500000.
import { pathToFileURL } from 'node:url';
import { encodeCall } from './abi.mjs';
import { masked } from './actors.mjs';
import { compileMocks } from './mocks.mjs';
import { connect, send } from './rpc.mjs';

const f410 = (address) => `0x040a${address.slice(2).toLowerCase()}`;

export async function deployMocks(url, { miners = [], accounts = [], mocks = compileMocks(), power = 1n << 50n } = {}) {
  const call = connect(url);
  const [from] = await call('eth_accounts');
  for (const [address, code] of Object.entries(mocks.code)) await call('anvil_setCode', address, code);
  for (const [id, address] of accounts) await send(call, from, masked(1), encodeCall(mocks.abi.init, 'setAddress', id, f410(address)));
  for (const [id, controller] of miners) {
    await call('anvil_setCode', masked(id), mocks.minerCode);
    await send(call, from, masked(1), encodeCall(mocks.abi.init, 'setAddress', BigInt(id) + 500000n, f410(controller)));
    await send(call, from, masked(id), encodeCall(mocks.abi.miner, 'setOwner', f410(controller)));
    await send(call, from, masked(4), encodeCall(mocks.abi.power, 'setPower', id, power));
  }
  return mocks;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [url, ...rest] = process.argv.slice(2);
  const given = { '--miner': [], '--account': [] };
  for (let i = 0; i < rest.length; i += 2) {
    if (!given[rest[i]] || !/^\d+:0x[0-9a-fA-F]{40}$/.test(rest[i + 1] ?? '')) {
      console.error(`deploy_mocks.mjs: ${rest[i]} ${rest[i + 1] ?? ''}: give --miner ID:ADDRESS or --account ID:ADDRESS`);
      process.exit(2);
    }
    given[rest[i]].push(rest[i + 1].split(':'));
  }
  if (!url) {
    console.error('deploy_mocks.mjs URL [--miner ID:CONTROLLER]… [--account ID:ADDRESS]…');
    process.exit(2);
  }
  await deployMocks(url, { miners: given['--miner'], accounts: given['--account'] });
  console.log(`Mocked: precompiles, f01, f04, f05, ${given['--miner'].length} miners`);
}
