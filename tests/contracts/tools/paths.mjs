// SPDX-License-Identifier: Apache-2.0 OR MIT
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(dirname(fileURLToPath(import.meta.url)));
export const repository = dirname(dirname(here));
export const contracts = join(repository, 'resources', 'contracts');
/** Where compiled contracts and generated vectors go; a build folder of CMake's, or one of its own. */
export const work = process.env.FILFIL_CONTRACTS_WORK || join(repository, 'build', 'contracts');
export const settings = () => JSON.parse(readFileSync(join(contracts, 'settings.json'), 'utf8'));

export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** The path of forge, anvil or cast as npm installed it for this machine. */
export function foundry(name) {
  const cpu = { x64: 'amd64', arm64: 'arm64' }[process.arch];
  const path = join(here, 'node_modules', '@foundry-rs', `${name}-${process.platform}-${cpu}`, 'bin', name);
  if (!existsSync(path)) {
    console.error(`SKIPPED: there is no ${name} for ${process.platform} on ${process.arch} among the npm packages (${path})`);
    process.exit(77);
  }
  return path;
}
