// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {Check} from "support/Check.sol";
import {Handler} from "./Handler.sol";
import {Invariants} from "./Invariants.t.sol";

/// A campaign is worth what it reaches: of each kind of call some have to succeed.
contract Reach is Check {
    function test_randomCallsReachEverything() public {
        Invariants invariants = new Invariants();
        invariants.setUp();
        Invariants.FuzzSelector memory target = invariants.targetSelectors()[0];
        Handler handler = Handler(payable(target.addr));
        bytes32 seed = keccak256("reach");
        for (uint256 i = 0; i < 3_000; i++) {
            seed = keccak256(abi.encode(seed));
            bytes4 selector = target.selectors[uint256(seed) % target.selectors.length];
            bytes memory data = selector == Handler.hostile.selector
                ? abi.encodeWithSelector(selector, uint256(seed), abi.encode(seed))
                : abi.encodeWithSelector(selector, seed, keccak256(abi.encode(seed, 1)), keccak256(abi.encode(seed, 2)));
            (bool ok, bytes memory why) = address(handler).call(data);
            if (!ok) revert WrongBytes("a call of the handler failed", why, data);
            if (i % 50 == 0) invariants.invariant_moneyAndRosterAreSound();
        }
        invariants.invariant_moneyAndRosterAreSound();
        bytes32[31] memory names = [
            bytes32("register"), "exit", "poke", "withdraw", "withdrawOwn", "attest", "stage", "alternative", "cancel", "reclaim",
            "prove", "activated", "publish", "activateDeal", "settle", "reportDead", "close", "fund", "queueParams", "pause",
            "setSuccessor", "moveToSuccessor", "ignored1", "ignored2", "ignored3", "ignored4", "ignored5", "ignored6", "ignored7",
            "ignored8", "ignored9"
        ];
        for (uint256 i = 0; i < names.length; i++) {
            uint256 count = handler.done(names[i]);
            vm.snapshotValue("reach", _text(names[i]), count);
            yes(count > 0, string.concat("nothing of: ", _text(names[i])));
        }
    }

    function _text(bytes32 name) private pure returns (string memory) {
        uint256 size = 0;
        while (size < 32 && name[size] != 0) size++;
        bytes memory text = new bytes(size);
        for (uint256 i = 0; i < size; i++) text[i] = name[i];
        return string(text);
    }
}
