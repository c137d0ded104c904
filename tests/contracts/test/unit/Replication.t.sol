// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Base} from "support/Base.sol";

/// Row replication: R positions side by side share a snapshot.
contract Replication is Base {
    function _params() internal pure override returns (IFilFil.Params memory p) {
        p = super._params();
        p.replicas = 3;
    }

    function test_replication_neighboursShareASlot() public {
        _joinMany(7);
        uint64 start = uint64(block.number);
        for (uint64 i = 0; i < 7; i++) {
            (uint64 from,, uint32 slot,,) = ff.windows(1000 + i);
            eq(slot, _slot(1, uint16(i / 3)), "slot");
            eq(from, start + (i / 3) * 100, "opens");
        }
        vm.roll(start + 300);
        eq(ff.round().number, 2, "three slots make a round");
    }

    function test_replication_theRewardIsLockedForEachReplica() public {
        _joinMany(3);
        _stage(_slot(1, 0), 1);
        eq(ff.totals().locked, 3 * uint256(REWARD), "locked");
        for (uint64 i = 0; i < 3; i++) {
            _prove(1000 + i, _slot(1, 0), 0, i);
            eq(ff.holder(_slot(1, 0), 0, 1000 + i).share, REWARD, "each the whole reward");
        }
        eq(ff.totals().locked, 0, "locked");
        eq(ff.holders(_slot(1, 0), 0, 10).length, 3, "three holders");
        _reconciles();
    }

    function test_replication_whatAReplicaDoesNotEarnReturns() public {
        _joinMany(3);
        _stage(_slot(1, 0), 2);
        _prove(1000, _slot(1, 0), 0, 1);
        _prove(1000, _slot(1, 0), 1, 2);
        _prove(1001, _slot(1, 0), 0, 1);
        vm.roll(block.number + WINDOW);
        ff.reclaim(_slot(1, 0));
        eq(ff.totals().locked, 0, "locked");
        eq(ff.totals().owed + ff.totals().credit, REWARD + REWARD / 2, "earned");
        _reconciles();
        ff.poke(1000);
        ff.poke(1001);
        ff.poke(1002);
        eq(_misses(1000), 0, "all of it");
        eq(_misses(1001), 1, "half of it");
        eq(_misses(1002), 1, "nothing");
    }

    function test_replication_eachReplicaChoosesItsAlternative() public {
        _joinMany(2);
        uint32 slot = _slot(1, 0);
        _rollToTarget(slot);
        _stage(slot, 1);
        _stageAlternative(slot, 1);
        _prove(1000, slot, 0, 1);
        _prove(1001, slot, 0x80, 1);
        eq(_creditOf(1000), _creditOf(1001), "the same for both");
        _reconciles();
    }

    function test_replication_anotherSlotsReplicaIsNotPaid() public {
        _joinMany(4);
        uint32 slot = _slot(1, 0);
        _stage(slot, 1);
        vm.recordLogs();
        _prove(1003, slot, 0, 1); // in slot 1
        eq(_ignored(vm.getRecordedLogs()), uint8(IFilFil.Refusal.notYourSlot), "reason");
    }

    function test_replication_aHoleLeavesItsReplicaEmpty() public {
        _joinMany(4);
        uint64 start = uint64(block.number);
        vm.prank(_controller(1001));
        ff.exit(1001);
        vm.roll(start + 200);
        _stage(_slot(2, 0), 1);
        _prove(1000, _slot(2, 0), 0, 1);
        vm.recordLogs();
        _prove(1001, _slot(2, 0), 0, 1);
        eq(_ignored(vm.getRecordedLogs()), uint8(IFilFil.Refusal.notYourSlot), "reason");
        vm.roll(block.number + WINDOW);
        uint256 pool = ff.totals().pool;
        ff.reclaim(_slot(2, 0));
        eq(ff.totals().pool - pool, 2 * uint256(REWARD), "of the hole and of who missed");
        _reconciles();
    }
}
