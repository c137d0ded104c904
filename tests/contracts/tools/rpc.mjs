// SPDX-License-Identifier: Apache-2.0 OR MIT
/** JSON-RPC over fetch: call(method, ...params) gives the result or throws what the node said. */
export function connect(url) {
  let id = 0;
  return async function call(method, ...params) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }),
    });
    const said = await answer.json();
    if (said.error) throw Object.assign(new Error(`${method}: ${said.error.message}`), { data: said.error.data });
    return said.result;
  };
}

/** Sends a transaction from an account of the node and waits until it is in a block. */
export async function send(call, from, to, data, value = 0n) {
  const hash = await call('eth_sendTransaction', { from, ...(to ? { to } : {}), data, value: `0x${value.toString(16)}`, gas: '0x1000000' });
  for (let tries = 0; tries < 3000; tries++) {
    const receipt = await call('eth_getTransactionReceipt', hash);
    if (receipt) {
      if (receipt.status !== '0x1') throw new Error(`transaction ${hash} to ${to} failed`);
      return receipt;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`transaction ${hash} is in no block`);
}
