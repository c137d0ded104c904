// SPDX-License-Identifier: Apache-2.0 OR MIT
// As much of Solidity's ABI as the tools need: calls by an ABI entry, constructor arguments, and answers of single words.
import { keccak_256 } from '@noble/hashes/sha3.js';

const word = (value) => BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, '0');
const bare = (hex) => hex.replace(/^0x/, '');
const isDynamic = (p) =>
  p.type === 'bytes' || p.type === 'string' || p.type.endsWith('[]') || (p.type === 'tuple' && p.components.some(isDynamic));

function encodeOne(p, value) {
  if (p.type.endsWith('[]')) {
    const item = { ...p, type: p.type.slice(0, -2) };
    return word(value.length) + encodeAll(value.map(() => item), value);
  }
  if (p.type === 'tuple') {
    return encodeAll(p.components, Array.isArray(value) ? value : p.components.map((c) => value[c.name]));
  }
  if (p.type === 'bytes' || p.type === 'string') {
    const data = p.type === 'string' ? Buffer.from(value, 'utf8').toString('hex') : bare(value);
    return word(data.length / 2) + data.padEnd(Math.ceil(data.length / 64) * 64, '0');
  }
  if (p.type.startsWith('bytes')) return bare(value).padEnd(64, '0');
  if (p.type === 'bool') return word(value ? 1 : 0);
  return word(value);
}

/** Parameters one after the other, what is dynamic behind them. */
export function encodeAll(params, values) {
  const heads = params.map((p, i) => (isDynamic(p) ? null : encodeOne(p, values[i])));
  const size = heads.reduce((sum, head) => sum + (head === null ? 32 : head.length / 2), 0);
  let tail = '';
  const all = params.map((p, i) => {
    if (heads[i] !== null) return heads[i];
    const at = size + tail.length / 2;
    tail += encodeOne(p, values[i]);
    return word(at);
  });
  return all.join('') + tail;
}

const typeOf = (p) => (p.type.startsWith('tuple') ? `(${p.components.map(typeOf).join(',')})${p.type.slice(5)}` : p.type);

/** The call of `name` in an ABI, as hexadecimal text. */
export function encodeCall(abi, name, ...values) {
  const entry = abi.find((e) => e.type === 'function' && e.name === name);
  if (!entry) throw new Error(`there is no function ${name}`);
  const signature = `${name}(${entry.inputs.map(typeOf).join(',')})`;
  const selector = Buffer.from(keccak_256(new TextEncoder().encode(signature))).toString('hex').slice(0, 8);
  return `0x${selector}${encodeAll(entry.inputs, values)}`;
}

/** The n-th word of an answer. */
export const wordOf = (answer, n) => BigInt(`0x${bare(answer).slice(64 * n, 64 * n + 64) || '0'}`);
