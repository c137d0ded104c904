// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

/// Where actors are, as Solidity sees them, and what the numbers of their methods are.
library Ids {
    address constant RESOLVE_ADDRESS = 0xFE00000000000000000000000000000000000001;
    address constant LOOKUP_DELEGATED = 0xfE00000000000000000000000000000000000002;
    address constant CALL_ACTOR = 0xfe00000000000000000000000000000000000003;
    address constant CALL_ACTOR_ID = 0xfe00000000000000000000000000000000000005;
    address constant BEACON = 0xfE00000000000000000000000000000000000006;

    uint64 constant INIT = 1;
    uint64 constant POWER = 4;
    uint64 constant MARKET = 5;

    uint64 constant CBOR = 0x51;

    uint64 constant AUTHENTICATE = 2643134072;
    uint64 constant NOTIFY_DEAL = 4186741094;
    uint64 constant RECEIVE = 3726118371;
    uint64 constant SECTOR_CONTENT_CHANGED = 2034386435;
    uint64 constant IS_CONTROLLING_ADDRESS = 348244887;
    uint64 constant GET_OWNER = 3275365574;
    uint64 constant VALIDATE_SECTOR_STATUS = 3092458564;
    uint64 constant GENERATE_SECTOR_LOCATION = 1321604665;
    uint64 constant GET_NOMINAL_SECTOR_EXPIRATION = 3010055991;
    uint64 constant MINER_POWER = 36284446;
    uint64 constant GET_DEAL_ACTIVATION = 2567238399;
    uint64 constant GET_DEAL_SECTOR = 2611213344;
    uint64 constant GET_DEAL_TERM = 163777312;
    uint64 constant GET_DEAL_PROVIDER = 935081690;
    uint64 constant GET_DEAL_DATA_COMMITMENT = 1157985802;

    uint32 constant ILLEGAL_ARGUMENT = 16;
    uint32 constant NOT_FOUND = 17;
    uint32 constant UNHANDLED_MESSAGE = 22;
    uint32 constant DEAL_EXPIRED = 32;
    uint32 constant DEAL_NOT_ACTIVATED = 33;

    /// The masked address of an actor number: 0xff, eleven zeros, the number.
    function masked(uint64 id) internal pure returns (address) {
        return address((uint160(0xff) << 152) | uint160(id));
    }

    function isMasked(address who) internal pure returns (bool) {
        return uint160(who) >> 64 == uint160(0xff) << 88;
    }

    function idOf(address who) internal pure returns (uint64) {
        return uint64(uint160(who));
    }
}
