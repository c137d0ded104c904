// SPDX-License-Identifier: Apache-2.0 OR MIT
/** Where an actor is for the EVM. */
export const masked = (id) => `0xff${BigInt(id).toString(16).padStart(38, '0')}`;
