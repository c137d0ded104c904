// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "./IFilFil.sol";

/// @title What the FEVM has and the EVM has not: actors by number, their addresses, calls to them.
/// @notice The precompiles are those of the EVM actor of builtin-actors (interpreter/precompiles/fvm.rs).
library Fevm {
    uint64 internal constant POWER = 4;
    uint64 internal constant MARKET = 5;

    /// @notice CBOR as the codec of parameters and of answers.
    uint64 internal constant CBOR = 0x51;

    // method numbers: FRC-0042
    uint64 internal constant AUTHENTICATE_MESSAGE = 2643134072;
    uint64 internal constant MARKET_NOTIFY_DEAL = 4186741094;
    uint64 internal constant SECTOR_CONTENT_CHANGED = 2034386435;
    uint64 internal constant VALIDATE_SECTOR_STATUS = 3092458564;
    uint64 internal constant GENERATE_SECTOR_LOCATION = 1321604665;
    uint64 internal constant GET_NOMINAL_SECTOR_EXPIRATION = 3010055991;
    uint64 internal constant MINER_POWER = 36284446;
    uint64 internal constant IS_CONTROLLING_ADDRESS = 348244887;
    uint64 internal constant GET_OWNER = 3275365574;
    uint64 internal constant GET_DEAL_ACTIVATION = 2567238399;
    uint64 internal constant GET_DEAL_SECTOR = 2611213344;

    /// @notice The exit code in place of one where the precompile itself failed.
    int256 internal constant NO_EXIT_CODE = type(int256).min;

    address private constant LOOKUP_DELEGATED_ADDRESS = 0xfE00000000000000000000000000000000000002;
    address private constant CALL_ACTOR = 0xfe00000000000000000000000000000000000003;
    address private constant CALL_ACTOR_ID = 0xfe00000000000000000000000000000000000005;
    uint64 private constant READ_ONLY = 1;

    /// @notice Whether `who` is the form that actors without an address of Ethereum's kind have (0xff, eleven zeros and
    /// the number), and the number.
    function actorOf(address who) internal pure returns (bool isActor, uint64 id) {
        isActor = uint160(who) >> 64 == uint160(0xff) << 88;
        id = uint64(uint160(who));
    }

    /// @notice The bytes of an f0 address: 0 and the number as unsigned LEB128.
    function idAddress(uint64 id) internal pure returns (bytes memory address_) {
        address_ = hex"00";
        while (id >= 0x80) {
            address_ = abi.encodePacked(address_, uint8(id) | 0x80);
            id >>= 7;
        }
        address_ = abi.encodePacked(address_, uint8(id));
    }

    /// @notice The number in the bytes of an f0 address; ok is false where it is no f0 address in its shortest form.
    function idOf(bytes memory address_) internal pure returns (bool ok, uint64 id) {
        uint256 size = address_.length;
        if (size < 2 || size > 11 || address_[0] != 0) return (false, 0);
        uint256 value;
        for (uint256 i = 1; i < size; ++i) {
            uint8 part = uint8(address_[i]);
            bool last = i == size - 1;
            if ((part < 0x80) != last || (last && part == 0 && i > 1)) return (false, 0);
            value |= uint256(part & 0x7f) << (7 * (i - 1));
        }
        if (value > type(uint64).max) return (false, 0);
        return (true, uint64(value));
    }

    /// @notice The bytes of the f410 address of a contract or account of Ethereum's kind.
    function delegatedAddress(address who) internal pure returns (bytes memory) {
        return abi.encodePacked(hex"040a", who);
    }

    /// @notice The bytes of Filecoin's address of a caller.
    function filecoinAddress(address who) internal pure returns (bytes memory) {
        (bool isActor, uint64 id) = actorOf(who);
        return isActor ? idAddress(id) : delegatedAddress(who);
    }

    /// @notice Whether the bytes are an address of `who`: its f410, or the f0 of the actor that has this f410.
    function isAddressOf(bytes memory address_, address who) internal view returns (bool) {
        (bool isId, uint64 id) = idOf(address_);
        if (isId) {
            bool found;
            (found, address_) = LOOKUP_DELEGATED_ADDRESS.staticcall(abi.encode(id));
            if (!found) return false;
        }
        return keccak256(address_) == keccak256(delegatedAddress(who));
    }

    /// @notice Asks an actor something; nothing can change by it. @return exitCode 0, or why there is no answer
    function ask(uint64 actor, uint64 method, bytes memory params)
        internal
        returns (int256 exitCode, bytes memory answer)
    {
        return _call(
            CALL_ACTOR_ID,
            abi.encode(method, uint256(0), READ_ONLY, params.length == 0 ? uint64(0) : CBOR, params, actor)
        );
    }

    /// @notice As ask(), where anything but an answer reverts.
    function query(uint64 actor, uint64 method, bytes memory params) internal returns (bytes memory) {
        (int256 exitCode, bytes memory answer) = ask(actor, method, params);
        if (exitCode != 0) revert IFilFil.ActorCall(actor, method, exitCode);
        return answer;
    }

    /// @notice Sends money to an address of Filecoin's, as a plain transfer: no code of an EVM contract runs by it.
    function pay(bytes memory to, uint256 amount) internal {
        (bool isId, uint64 id) = idOf(to);
        int256 exitCode;
        if (isId) (exitCode,) = _call(CALL_ACTOR_ID, abi.encode(uint64(0), amount, uint64(0), uint64(0), "", id));
        else (exitCode,) = _call(CALL_ACTOR, abi.encode(uint64(0), amount, uint64(0), uint64(0), "", to));
        if (exitCode != 0) revert IFilFil.PaymentFailed();
    }

    function _call(address precompile, bytes memory input) private returns (int256 exitCode, bytes memory answer) {
        // the precompiles that call actors take a DELEGATECALL only: the actor sees this contract as its caller
        (bool done, bytes memory output) = precompile.delegatecall(input);
        if (!done || output.length < 128) return (NO_EXIT_CODE, "");
        (exitCode,, answer) = abi.decode(output, (int256, uint64, bytes));
    }
}
