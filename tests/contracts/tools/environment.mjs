// SPDX-License-Identifier: Apache-2.0 OR MIT
import { join } from 'node:path';
import { settings, work } from './paths.mjs';

/** What forge has to be told so that it compiles as the contract is compiled, and keeps what it makes in `folder`. */
export function contractEnvironment(folder) {
  const s = settings();
  return {
    ...process.env,
    FOUNDRY_OUT: join(folder, 'out'),
    FOUNDRY_CACHE_PATH: join(folder, 'cache'),
    FOUNDRY_SNAPSHOTS: join(folder, 'snapshots'),
    FOUNDRY_TEST_FAILURES_FILE: join(folder, 'test-failures'),
    FOUNDRY_FUZZ_FAILURE_PERSIST_DIR: join(folder, 'failures', 'fuzz'),
    FOUNDRY_INVARIANT_FAILURE_PERSIST_DIR: join(folder, 'failures', 'invariant'),
    FOUNDRY_EVM_VERSION: s.evmVersion,
    // The tests deploy the artefact: forge compiles only them and the mocks, and does that three times as fast like this.
    FOUNDRY_OPTIMIZER: 'false',
    FOUNDRY_VIA_IR: 'false',
    FOUNDRY_BYTECODE_HASH: s.metadata?.bytecodeHash ?? 'ipfs',
    FOUNDRY_CBOR_METADATA: String(s.metadata?.appendCBOR ?? true),
    // No answer from elsewhere may change a run.
    FOUNDRY_OFFLINE: 'true',
    FILFIL_CONTRACTS_WORK: work,
  };
}
