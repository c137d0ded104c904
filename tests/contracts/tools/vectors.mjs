#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR MIT
// vectors.mjs [SEED]: writes what the contract must make of CBOR, well-formed and hostile, to build/…/vectors.json for
// forge to run. Encoded by @ipld/dag-cbor, judged by cborg's strict decoder and by shape, hashed by @noble/hashes: nothing
// here has anything in common with the contract's codec.
import * as dagCbor from '@ipld/dag-cbor';
import { blake2b } from '@noble/hashes/blake2.js';
import { decode as cborDecode } from 'cborg';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import * as Digest from 'multiformats/hashes/digest';
import { fail, work } from './paths.mjs';

const seedText = process.argv[2] || process.env.FILFIL_CONTRACT_SEED || '20261127';
const rounds = Number(process.env.FILFIL_CONTRACT_VECTORS || 400);
const hex = (bytes) => `0x${Buffer.from(bytes).toString('hex')}`;
const bytesOf = (text) => Uint8Array.from(Buffer.from(text, 'hex'));
const join2 = (...parts) => Uint8Array.from(parts.flatMap((p) => [...p]));

// ---------------------------------------------------------------------------------------------------- golden vectors

/** FRC-0042: the first of the hash's 4-byte words that is no reserved number. */
function methodNumber(name) {
  const hash = blake2b(new TextEncoder().encode(`1|${name}`), { dkLen: 64 });
  const view = new DataView(hash.buffer, hash.byteOffset);
  for (let i = 0; i + 4 <= 64; i += 4) {
    if (view.getUint32(i) >= 1 << 24) return view.getUint32(i);
  }
  throw new Error(`no number for ${name}`);
}

const methods = {
  AuthenticateMessage: 2643134072,
  MarketNotifyDeal: 4186741094,
  Receive: 3726118371,
  SectorContentChanged: 2034386435,
  ValidateSectorStatus: 3092458564,
  GenerateSectorLocation: 1321604665,
  GetNominalSectorExpiration: 3010055991,
  MinerPower: 36284446,
  IsControllingAddress: 348244887,
  GetOwner: 3275365574,
  GetBeneficiary: 4158972569,
  GetSectorSize: 3858292296,
  GetPeerID: 2812875329,
  GetMultiaddrs: 1332909407,
  GetDealActivation: 2567238399,
  GetDealSector: 2611213344,
  GetDealTerm: 163777312,
  GetDealProvider: 935081690,
  GetDealDataCommitment: 1157985802,
  AddBalance: 822473126,
  WithdrawBalance: 2280458852,
  GetBalance: 726108461,
  InvokeEVM: 3844450837,
};
for (const [name, number] of Object.entries(methods)) {
  if (methodNumber(name) !== number) fail(`${name} is ${methodNumber(name)}, not ${number}`);
}

const piece = CID.parse('baga6ea4seaqesm5ghdwocotmdavlrrzssfl33xho6xtrr5grwyi5gj3vtairaoq');
const label = 'bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2';
const contractAddress = '5fbdb2315678afecb367f032d93f642f64180aa3';
const proposalOf = (client) => [
  piece, 34359738368, false, client, bytesOf('00e807'), label, 6000000, 7000000, new Uint8Array(0), bytesOf('0012795f58d50000'), new Uint8Array(0),
];
const proposalId = dagCbor.encode(proposalOf(bytesOf('009297b701')));
const proposalEth = dagCbor.encode(proposalOf(bytesOf(`040a${contractAddress}`)));
const cidOf = (bytes) => String(CID.createV1(0x71, Digest.create(0xb220, blake2b(bytes, { dkLen: 32 }))));
// What another encoder gave for these two, kept so that none of this can drift.
const known = {
  head: '8bd82a5828000181e2039220204933a638ece13a6c182ab8c7329157bddceef5e718f4d1b611d327759811103a1b0000000800000000f445009297b7014300e807783e6261',
  tail: '1a005b8d801a006acfc040480012795f58d5000040',
  size: 150,
  cid: 'bafy2bzacebqae33oa7xwpg3rw52hiwrg6hcd6gfocugo3g2647bb7n7l5hh7k',
};
const asHex = Buffer.from(proposalId).toString('hex');
if (proposalId.length !== known.size || !asHex.startsWith(known.head) || !asHex.endsWith(known.tail) || cidOf(proposalId) !== known.cid) {
  fail(`the deal proposal's vector is off: ${asHex} ${cidOf(proposalId)}`);
}
if (hex(dagCbor.encode([[true]])) !== '0x8181f5') fail('the answer to one accepted piece is not 8181f5');
if (hex(dagCbor.encode([-1, -1])) !== '0x822020') fail('no location is not 822020');

// ------------------------------------------------------------------------------------------------------ random bytes

/** xorshift64*, so that a seed gives the same vectors everywhere. */
let state = BigInt.asUintN(64, BigInt(`0x${Buffer.from(blake2b(new TextEncoder().encode(seedText), { dkLen: 8 })).toString('hex')}`)) || 1n;
function next(bound) {
  state ^= state >> 12n;
  state = BigInt.asUintN(64, state ^ (state << 25n));
  state ^= state >> 27n;
  return Number((BigInt.asUintN(64, state * 0x2545f4914f6cdd1dn) >> 11n) % BigInt(bound));
}
const pick = (list) => list[next(list.length)];
const randomBytes = (size) => Uint8Array.from({ length: size }, () => next(256));

// ------------------------------------------------------------------------------------------- what is well-formed input

class Tagged {
  constructor(value) {
    this.value = value;
  }
}

/** Strict: minimal heads, definite lengths, nothing behind the item, of tags only 42. Throws where it is not that. */
function strictDecode(bytes) {
  const tags = [];
  tags[42] = (inner) => new Tagged(inner());
  return cborDecode(bytes, { strict: true, allowIndefinite: false, allowUndefined: false, allowNaN: false, allowInfinity: false, allowBigInt: true, useMaps: true, tags });
}

const isUint = (x, bits) => (typeof x === 'number' ? Number.isInteger(x) && x >= 0 : typeof x === 'bigint' && x >= 0n) && BigInt(x) < 1n << BigInt(bits);
const isInt = (x) => (typeof x === 'bigint' || Number.isInteger(x)) && BigInt(x) >= -(1n << 63n) && BigInt(x) < 1n << 63n;
const isBytes = (x) => x instanceof Uint8Array;
const isCid = (x) => x instanceof Tagged && isBytes(x.value) && x.value[0] === 0;

function judge(shape, bytes) {
  try {
    const value = strictDecode(bytes);
    // JavaScript has no integers beside its floats; CBOR does, and no float may pass for one.
    if (heads(bytes).some((head) => head.major === 7 && head.info > 23)) return null;
    return shape(value);
  } catch {
    return null;
  }
}

/** SectorContentChanged: the answer that well-formed input gets, or null. */
function contentAnswer(value) {
  if (!Array.isArray(value)) return null;
  for (const sector of value) {
    if (!Array.isArray(sector) || sector.length !== 3) return null;
    const [number, until, pieces] = sector;
    if (!isUint(number, 64) || !isInt(until) || !Array.isArray(pieces)) return null;
    for (const one of pieces) {
      if (!Array.isArray(one) || one.length !== 3 || !isCid(one[0]) || !isUint(one[1], 64) || !isBytes(one[2])) return null;
    }
  }
  return dagCbor.encode(value.map(([, , pieces]) => pieces.map(() => true)));
}

const isAmount = (x) => isBytes(x) && x.length <= 33 && !(x[0] > 1);
function isProposal(p) {
  return (
    Array.isArray(p) && p.length === 11 && isCid(p[0]) && isUint(p[1], 64) && typeof p[2] === 'boolean' && isBytes(p[3]) && isBytes(p[4]) &&
    (typeof p[5] === 'string' || isBytes(p[5])) && isInt(p[6]) && isInt(p[7]) && p.slice(8).every(isAmount)
  );
}

// ------------------------------------------------------------------------------------------------------- making input

const randomUint = () => pick([0, 1, 23, 24, 255, 256, 65535, 65536, 4294967295, 4294967296, Number.MAX_SAFE_INTEGER, next(1e6)]);
const commitment = (root) => CID.createV1(0xf101, Digest.create(0x1012, root));
const otherCid = () =>
  pick([
    CID.createV1(0x71, Digest.create(0xb220, randomBytes(32))),
    CID.createV1(0x55, Digest.create(0x12, randomBytes(32))),
    CID.createV1(0x55, Digest.create(0x00, randomBytes(next(90)))),
    CID.createV1(0x55, Digest.create(0x1011, randomBytes(36))),
  ]);
const randomPiece = () => [next(4) === 0 ? otherCid() : commitment(randomBytes(32)), pick([2048, 34359738368, randomUint()]), randomBytes(pick([0, 0, 1, 9, 23, 24, 255, 256]))];
const randomSector = () => [randomUint(), pick([randomUint(), -1 - next(1000), 5000000]), Array.from({ length: pick([0, 1, 1, 1, 2, 3, 24]) }, randomPiece)];
const randomContent = () => dagCbor.encode(Array.from({ length: pick([0, 1, 1, 1, 2, 5, 24]) }, randomSector));

/** Every head in `bytes`: where it begins, its major, its info, its size. Assumes well-formed input. */
function heads(bytes) {
  const found = [];
  const walk = (pos) => {
    const major = bytes[pos] >> 5;
    const info = bytes[pos] & 31;
    const more = info < 24 ? 0 : 1 << (info - 24);
    let value = info < 24 ? BigInt(info) : 0n;
    for (let i = 0; i < more; i++) value = (value << 8n) | BigInt(bytes[pos + 1 + i]);
    found.push({ pos, major, info, size: 1 + more, value });
    pos += 1 + more;
    if (major === 2 || major === 3) return pos + Number(value);
    if (major === 4) for (let i = 0n; i < value; i++) pos = walk(pos);
    if (major === 6) pos = walk(pos);
    return pos;
  };
  walk(0);
  return found;
}

function headBytes(major, info, value) {
  const more = info < 24 ? 0 : 1 << (info - 24);
  const out = [(major << 5) | info];
  for (let i = more - 1; i >= 0; i--) out.push(Number((value >> BigInt(8 * i)) & 0xffn));
  return Uint8Array.from(out);
}

/** One thing wrong, or perhaps wrong: the judge says. */
function spoil(bytes) {
  const all = heads(bytes);
  const head = pick(all);
  const before = bytes.slice(0, head.pos);
  const after = bytes.slice(head.pos + head.size);
  const replace = (...parts) => join2(before, ...parts, after);
  switch (next(12)) {
    case 0:
      return bytes.slice(0, next(bytes.length)); // cut short
    case 1:
      return join2(bytes, randomBytes(1 + next(3))); // more behind it
    case 2:
      return replace(headBytes(head.major, 31, 0n)); // indefinite, or a break
    case 3:
      return replace(headBytes(head.major, pick([28, 29, 30]), 0n)); // no such head
    case 4: {
      const wider = [24, 25, 26, 27].filter((info) => 1 << (info - 24) > head.size - 1);
      return wider.length ? replace(headBytes(head.major, pick(wider), head.value)) : bytes.slice(0, -1); // not minimal
    }
    case 5:
      return replace(headBytes(next(8), head.info, head.value)); // another major
    case 6:
      return replace(headBytes(head.major, 27, (1n << BigInt(pick([31, 32, 40, 63]))) + BigInt(next(9)))); // enormous
    case 7:
      return replace(headBytes(head.major, 27, (1n << 64n) - 1n - BigInt(next(3))));
    case 8: {
      const spoiled = bytes.slice();
      spoiled[next(bytes.length)] ^= 1 << next(8); // one bit
      return spoiled;
    }
    case 9:
      return replace(headBytes(head.major, head.info < 24 ? pick([0, 1, 2, 3, 4, 5, 23]) : head.info, head.value + 1n)); // a count off
    case 10:
      return join2(new Uint8Array(pick([1, 40, 300])).fill(pick([0x81, 0xd8, 0x9f, 0xa1])), bytes); // nested deep
    default:
      return replace(pick([bytesOf('f6'), bytesOf('f5'), bytesOf('60'), bytesOf('a0'), bytesOf('f90000'), bytesOf('fb3ff0000000000000'), bytesOf('f7'), bytesOf('c240'), bytesOf('d82a')])); // something else
  }
}

const content = { input: [], answer: [] }; // an empty answer: the input must be refused
function addContent(bytes) {
  const answer = judge(contentAnswer, bytes);
  content.input.push(hex(bytes));
  content.answer.push(answer ? hex(answer) : '0x');
}
for (let i = 0; i < rounds; i++) {
  const good = randomContent();
  if (!judge(contentAnswer, good)) fail(`a well-formed notification is refused by the judge: ${hex(good)}`);
  if (good.length < 8192) addContent(good);
  const small = dagCbor.encode(Array.from({ length: pick([1, 1, 2]) }, () => [randomUint(), pick([randomUint(), -1 - next(1000)]), Array.from({ length: pick([0, 1, 2]) }, randomPiece)]));
  addContent(spoil(small));
  addContent(spoil(small));
  addContent(randomBytes(next(60)));
}
for (const text of ['', '80', '9fff', '81', '818300', '8183000080', '8183003bffffffffffffffff80', '81831bffffffffffffffff0080', '818300008183d82a4000', '818300008183d82a400040', '9bffffffffffffffff', '81830000' + '9b0000000100000000', '8183000081' + '83d82a5b7fffffffffffffff', '8183000081' + '83d82a5bffffffffffffffff']) {
  addContent(bytesOf(text));
}

// Proposals: the contract's verdict on a well-formed one depends on its rules, so only malformed ones are sure to be Cbor.
const proposals = { input: [], fine: [] };
function addProposal(bytes) {
  proposals.input.push(hex(bytes));
  proposals.fine.push(judge((p) => (isProposal(p) ? true : null), bytes) === true);
}
const randomProposal = () =>
  dagCbor.encode([
    commitment(randomBytes(32)), pick([2048, 34359738368]), next(2) === 0, pick([bytesOf('009297b701'), bytesOf(`040a${contractAddress}`), randomBytes(21)]),
    pick([bytesOf('00e807'), randomBytes(5)]), pick([label, randomBytes(12), '', 'x'.repeat(256)]), randomUint(), randomUint(),
    pick([new Uint8Array(0), bytesOf('0001')]), pick([new Uint8Array(0), bytesOf('0012795f58d50000')]), pick([new Uint8Array(0), bytesOf('0001')]),
  ]);
for (let i = 0; i < rounds; i++) {
  const good = randomProposal();
  addProposal(good);
  addProposal(spoil(good));
  addProposal(spoil(good));
}

const numbers = Object.entries(methods);
mkdirSync(work, { recursive: true });
writeFileSync(
  join(work, 'vectors.json'),
  JSON.stringify({
    seed: seedText,
    methodNames: numbers.map(([name]) => name),
    methodNumbers: numbers.map(([, number]) => number),
    proposalId: hex(proposalId),
    proposalEth: hex(proposalEth),
    proposalIdCid: hex(CID.parse(cidOf(proposalId)).bytes),
    pieceRoot: hex(piece.multihash.digest),
    label,
    contract: `0x${contractAddress}`,
    content,
    proposals,
  }),
);
const refused = content.answer.filter((answer) => answer === '0x').length;
console.log(
  `Seed ${seedText}: ${content.input.length} notifications, ${refused} of them malformed; ` +
    `${proposals.input.length} proposals, ${proposals.fine.filter((fine) => !fine).length} of them malformed; ${numbers.length} method numbers`,
);
