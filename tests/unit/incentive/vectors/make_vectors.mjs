// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Makes the vectors of this folder with programs that share no code with fil-fil: @noble/hashes for Keccak-256 and cast
// (Foundry) for the contract ABI. Run it where `npm ci` was run in tests/contracts:
//
//     node tests/unit/incentive/vectors/make_vectors.mjs
//
// It is deterministic: another run writes the same files.
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {fileURLToPath, pathToFileURL} from 'node:url';
import path from 'node:path';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(path.join(here, '../../../contracts/package.json'));
const {keccak_256} = await import(pathToFileURL(require.resolve('@noble/hashes/sha3.js')));
const cast = require.resolve(`@foundry-rs/cast-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}/bin/cast`);

const hex = bytes => Buffer.from(bytes).toString('hex');
const save = (name, value) => writeFileSync(path.join(here, name), JSON.stringify(value, null, 1) + '\n');

// ------------------------------------------------------------------------------------------------------ keccak

// Lengths around the 136 bytes of a block, and around what fills it up.
const lengths = [0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 63, 64, 65, 71, 72, 73, 100, 127, 128, 129, 133, 134, 135, 136, 137, 138,
  200, 270, 271, 272, 273, 407, 408, 409, 1000, 4096];
const pattern = length => Uint8Array.from({length}, (_, i) => (i * 7 + length * 13 + (i >> 8)) & 0xff);
save('keccak.json', lengths.map(length => ({length, digest: hex(keccak_256(pattern(length)))})));

// --------------------------------------------------------------------------------------------------------- abi

let state = 12345n;
const random = below => {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number((state >> 33n) % BigInt(below));
};
const random_bytes = n => '0x' + Array.from({length: n}, () => random(256).toString(16).padStart(2, '0')).join('');
const random_number = bits => BigInt('0x1' + '0'.repeat(bits / 4)) - 1n & BigInt(random_bytes(32)) >> BigInt(random(bits));

const elementary = () => {
  const sizes = [8, 16, 24, 32, 40, 64, 96, 128, 160, 248, 256];
  switch (random(9)) {
    case 0: case 1: return `uint${sizes[random(sizes.length)]}`;
    case 2: return `int${sizes[random(sizes.length)]}`;
    case 3: return 'bool';
    case 4: return 'address';
    case 5: return `bytes${1 + random(32)}`;
    case 6: return 'bytes';
    case 7: return 'string';
    default: return 'uint256';
  }
};
const random_type = depth => {
  if (depth === 0 || random(3) === 0) return elementary();
  if (random(2) === 0) return `(${Array.from({length: 1 + random(3)}, () => random_type(depth - 1)).join(',')})`;
  return random_type(depth - 1) + (random(2) === 0 ? '[]' : `[${1 + random(3)}]`);
};

// "(a,(b,c)[2])" -> its parts at the top level
const split = inside => {
  const out = [];
  let depth = 0, part = '';
  for (const c of inside) {
    if (c === '(') ++depth;
    if (c === ')') --depth;
    if (c === ',' && depth === 0) { out.push(part); part = ''; } else part += c;
  }
  return part === '' ? out : [...out, part];
};

const random_value = type => {
  const list = type.match(/^(.*)\[(\d*)\]$/);
  if (list) return Array.from({length: list[2] === '' ? random(4) : Number(list[2])}, () => random_value(list[1]));
  if (type.startsWith('(')) return split(type.slice(1, -1)).map(random_value);
  if (type === 'bool') return random(2) === 1;
  if (type === 'address') return random_bytes(20);
  if (type === 'bytes') return random_bytes([0, 1, 31, 32, 33, 64, 100][random(7)]);
  if (type === 'string') return 'abcdefghijklmnopqrstuvwxyz 0123456789 è中 snapshot of the chain'.slice(0, random(60));
  if (type.startsWith('bytes')) return random_bytes(Number(type.slice(5)));
  const bits = Number(type.match(/\d+/)[0]);
  if (type.startsWith('uint')) return random_number(bits).toString();
  const number = random_number(bits - 8 || 4);
  return (random(2) === 0 ? number : -number).toString();
};

const argument = (value, inner) => {
  if (!Array.isArray(value)) return inner && typeof value === 'string' && !/^(0x|-?\d+$)/.test(value) ? `"${value}"` : String(value);
  return value;
};
const text = (type, value, inner = false) => {
  const list = type.match(/^(.*)\[(\d*)\]$/);
  if (list) return '[' + value.map(item => text(list[1], item, true)).join(',') + ']';
  if (type.startsWith('(')) return '(' + split(type.slice(1, -1)).map((t, i) => text(t, value[i], true)).join(',') + ')';
  if (type === 'string') return inner ? JSON.stringify(value) : value;
  return argument(value, inner);
};

const fixed = [
  ['()', []],
  ['(uint256)', ['0']],
  ['(uint256)', ['115792089237316195423570985008687907853269984665640564039457584007913129639935']],
  ['(int256)', ['-1']],
  ['(int8,int16,int64)', ['-128', '32767', '-9223372036854775808']],
  ['(int256)', ['-57896044618658097711785492504343953926634992332820282019728792003956564819968']],
  ['(bool,bool)', [true, false]],
  ['(string)', ['']],
  ['(bytes)', ['0x']],
  ['(string,bytes)', ['a string that takes more than the thirty-two bytes of one word', '0x01']],
  ['(uint256[])', [[]]],
  ['(uint256[][])', [[[], ['1'], ['2', '3']]]],
  ['(string[])', [['', 'a', 'bc']]],
  ['(uint64[2][3])', [[['1', '2'], ['3', '4'], ['5', '6']]]],
  ['(string[2])', [['left', 'right']]],
  ['((uint32,uint64,bytes32,bytes32,bytes,(bytes32,uint64,uint8)[],uint128))',
    [['65537', '4000000', '0x' + '11'.repeat(32), '0x' + '22'.repeat(32), '0x0171a0e40220' + '33'.repeat(32),
      [['0x' + '3f'.repeat(32), '34091302912', '35'], ['0x' + '2e'.repeat(32), '127', '7']], '5000000000000000000']]],
  ['((uint8)[2],bool)', [[['1'], ['2']], true]],
  ['((string)[],(string,(string[],uint8)))', [[['x'], ['yy']], ['z', [['p', 'q'], '9']]]],
];
const cases = [...fixed];
while (cases.length < 120) {
  const types = Array.from({length: 1 + random(4)}, () => random_type(3));
  cases.push([`(${types.join(',')})`, types.map(random_value)]);
}
save('abi.json', cases.map(([types, value]) => {
  const parts = split(types.slice(1, -1));
  const encoded = execFileSync(cast, ['abi-encode', `f${types}`, '--', ...parts.map((t, i) => text(t, value[i]))]).toString().trim();
  return {types, value, encoded};
}));

// Calls of the contract and what is in its events, by their names: what the build makes of the compiled ABI is held
// against these.
const calls = [
  ['windows(uint64)', ['1000']],
  ['schedule(uint64,uint256)', ['1000', '64']],
  ['setEndpoint(uint64,string)', ['1000', 'https://snapshots.example/pieces']],
  ['stage((uint32,uint64,bytes32,bytes32,bytes,(bytes32,uint64,uint8)[],uint128))', fixed[15][1]],
  ['handle_filecoin_method(uint64,uint64,bytes)', ['2643134072', '81', '0x8181f5']],
  ['roster(uint256,uint256)', ['0', '1024']],
  ['credit(address)', ['0xff00000000000000000000000000000000000005']],
  ['withdrawOwn()', []],
];
save('calls.json', calls.map(([signature, value]) => {
  const parts = split(signature.slice(signature.indexOf('(') + 1, -1));
  const encoded = execFileSync(cast, ['calldata', signature, '--', ...parts.map((t, i) => text(t, value[i]))]).toString().trim();
  return {signature, value, encoded};
}));

// ------------------------------------------------------------------------------------------------------- deals

const load = async name => import(pathToFileURL(require.resolve(name)));
const {encode, decode} = await load('@ipld/dag-cbor');
const {CID} = await load('multiformats/cid');
const Digest = await load('multiformats/hashes/digest');
const {blake2b} = await load('@noble/hashes/blake2.js');

const cid_of = bytes => CID.createV1(0x71, Digest.create(0xb220, blake2b(bytes, {dkLen: 32}))).toString();
const amount = decimal => {
  const digits = BigInt(decimal).toString(16);
  return decimal === '0' ? new Uint8Array(0) : Buffer.from('00' + (digits.length % 2 ? '0' : '') + digits, 'hex');
};
const piece = 'baga6ea4seaqesm5ghdwocotmdavlrrzssfl33xho6xtrr5grwyi5gj3vtairaoq';
const payload = 'bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2';
const proposals = [
  // f03001234, f01000; a client that is the contract 0x5FbD…0aa3; and everything as large as it may be.
  {client: '009297b701', provider: '00e807', label: payload, text: true, piece_size: 34359738368, verified: false,
    start: 6000000, end: 7000000, price: '0', provider_collateral: '5200000000000000', client_collateral: '0'},
  {client: '040a5fbdb2315678afecb367f032d93f642f64180aa3', provider: '00e807', label: payload, text: true, piece_size: 34359738368,
    verified: false, start: 6000000, end: 7000000, price: '0', provider_collateral: '5200000000000000', client_collateral: '0'},
  {client: '01' + '11'.repeat(20), provider: '00ffffffffffffffff7f', label: 'ff'.repeat(256), text: false, piece_size: 68719476736,
    verified: true, start: -1, end: 9007199254740991, price: '1', provider_collateral: '340282366920938463463374607431768211455',
    client_collateral: '255'},
  {client: '009297b701', provider: '00e807', label: '', text: true, piece_size: 128, verified: false, start: 0, end: 1,
    price: '256', provider_collateral: '0', client_collateral: '0'},
];
const deals = proposals.map(p => {
  const bytes = encode([CID.parse(piece), p.piece_size, p.verified, Buffer.from(p.client, 'hex'), Buffer.from(p.provider, 'hex'),
    p.text ? p.label : Buffer.from(p.label, 'hex'), p.start, p.end, amount(p.price), amount(p.provider_collateral),
    amount(p.client_collateral)]);
  const signature = Buffer.from('02dead', 'hex');
  return {...p, piece, encoded: hex(bytes), cid: cid_of(bytes), signed: hex(encode([decode(bytes), signature])),
    authenticate: hex(encode([signature, bytes])), notify: hex(encode([bytes, 4294967296]))};
});
save('deals.json', deals);

const sectors = [
  [[7, 9000000, [[CID.parse(piece), 34359738368, new Uint8Array(0)]]]],
  [[0, 1, []], [4294967296, 9000000, [[CID.parse(piece), 128, Buffer.from('0102', 'hex')], [CID.parse(piece), 256, new Uint8Array(30)]]]],
  [],
];
save('sectors.json', sectors.map(list => ({
  sectors: list.map(([sector, until, pieces]) => ({sector, until, pieces: pieces.map(([, size, bytes]) => ({piece, size, payload: hex(bytes)}))})),
  encoded: hex(encode(list)),
  answer: hex(encode(list.map(([, , pieces]) => pieces.map((_, i) => i === 0)))),
})));
