// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {Ids} from "./Ids.sol";
import {MockInit} from "./MockInit.sol";

interface IActor {
    function handle_filecoin_method(uint64 method, uint64 codec, bytes calldata params)
        external
        returns (uint32 exitCode, uint64 returnCodec, bytes memory answer);
}

/// Value that arrives without running code, as METHOD_SEND does.
contract Parcel {
    constructor(address payable to) payable {
        selfdestruct(to);
    }
}

/// What both call precompiles share. They are reached by DELEGATECALL, so they have no state and act as their caller.
abstract contract CallsActors {
    uint64 private constant READ_ONLY = 1;
    uint64 private constant LAST_RESERVED = 1023;
    int256 private constant INSUFFICIENT_FUNDS = -5;
    int256 private constant NO_SUCH_ACTOR = -6;

    struct Call {
        uint64 method;
        uint256 value;
        uint64 flags;
        uint64 codec;
        bytes params;
    }

    function _call(Call memory c, bool known, uint64 id, address target) internal returns (bytes memory) {
        require(c.flags <= READ_ONLY, "no such flag");
        require(c.method == 0 || c.method > LAST_RESERVED, "reserved method");
        require(c.codec == Ids.CBOR || (c.codec == 0 && c.params.length == 0), "no such codec");
        require(c.flags == 0 || c.value == 0, "value in a read-only call");
        if (!known) return _answer(NO_SUCH_ACTOR, 0, "");
        if (address(this).balance < c.value) return _answer(INSUFFICIENT_FUNDS, 0, "");
        if (c.method == 0) {
            if (c.value > 0) new Parcel{value: c.value}(payable(target));
            return _answer(0, 0, "");
        }
        require(c.value == 0, "the mocked actors take no value");
        if (target.code.length == 0) {
            return _answer(MockInit(Ids.masked(Ids.INIT)).there(id) ? int256(uint256(Ids.UNHANDLED_MESSAGE)) : NO_SUCH_ACTOR, 0, "");
        }
        bytes memory input = abi.encodeCall(IActor.handle_filecoin_method, (c.method, c.codec, c.params));
        (bool ok, bytes memory out) = c.flags == READ_ONLY ? target.staticcall(input) : target.call(input);
        if (!ok) return _answer(int256(uint256(33)), 0, "");
        if (out.length == 0) return _answer(0, 0, "");
        (uint32 exitCode, uint64 codec, bytes memory answer) = abi.decode(out, (uint32, uint64, bytes));
        return _answer(int256(uint256(exitCode)), codec, answer);
    }

    /// An actor's own place: the contract behind its number where it has an f410 address.
    function _place(uint64 id) internal view returns (address) {
        bytes memory delegated = MockInit(Ids.masked(Ids.INIT)).delegated(id);
        if (delegated.length != 22) return Ids.masked(id);
        uint160 who = 0;
        for (uint256 i = 2; i < 22; i++) who = (who << 8) | uint8(delegated[i]);
        return address(who);
    }

    function _answer(int256 exitCode, uint64 codec, bytes memory data) private pure returns (bytes memory) {
        return abi.encode(exitCode, codec, data);
    }
}

/// 0xfe..05
contract CallActorId is CallsActors {
    fallback(bytes calldata input) external payable returns (bytes memory) {
        require(address(this) != Ids.CALL_ACTOR_ID, "not by DELEGATECALL");
        Call memory c;
        uint64 id;
        (c.method, c.value, c.flags, c.codec, c.params, id) = abi.decode(input, (uint64, uint256, uint64, uint64, bytes, uint64));
        return _call(c, MockInit(Ids.masked(Ids.INIT)).there(id), id, _place(id));
    }
}

/// 0xfe..03
contract CallActor is CallsActors {
    fallback(bytes calldata input) external payable returns (bytes memory) {
        require(address(this) != Ids.CALL_ACTOR, "not by DELEGATECALL");
        Call memory c;
        bytes memory raw;
        (c.method, c.value, c.flags, c.codec, c.params, raw) = abi.decode(input, (uint64, uint256, uint64, uint64, bytes, bytes));
        MockInit init = MockInit(Ids.masked(Ids.INIT));
        (bool found, uint64 id) = init.resolve(raw);
        return _call(c, found && init.there(id), id, found ? _place(id) : address(0));
    }
}

/// 0xfe..01
contract ResolveAddress {
    fallback(bytes calldata input) external returns (bytes memory) {
        (bool found, uint64 id) = MockInit(Ids.masked(Ids.INIT)).resolve(input);
        return found ? abi.encode(id) : bytes("");
    }
}

/// 0xfe..02
contract LookupDelegated {
    fallback(bytes calldata input) external returns (bytes memory) {
        return MockInit(Ids.masked(Ids.INIT)).delegated(abi.decode(input, (uint64)));
    }
}

/// 0xfe..06: a digest for every epoch that is not in the future.
contract Beacon {
    fallback(bytes calldata input) external returns (bytes memory) {
        uint256 epoch = abi.decode(input, (uint256));
        require(epoch <= block.number, "no beacon yet");
        return abi.encode(keccak256(abi.encode("beacon", epoch)));
    }
}
