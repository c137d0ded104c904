// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Vm} from "support/Vm.sol";
import {Base} from "support/Base.sol";

/// Row c1: revoke after misses; they are judged when somebody touches the miner.
contract C1Misses is Base {
    uint64 private constant MINER = 1000;

    /// Stages the only slot of round `round` in time and lets its window pass.
    function _letPass(uint16 round) private {
        _stage(_slot(round, 0), 1);
        (,, uint64 closing) = ff.slotWindow(_slot(round, 0));
        vm.roll(closing);
    }

    function test_c1_aMissIsCountedOnceTheWindowIsClosed() public {
        _join(MINER);
        uint32 slot = _slot(1, 0);
        _stage(slot, 1);
        (,, uint64 closing) = ff.slotWindow(slot);
        vm.roll(closing - 1);
        ff.poke(MINER);
        eq(_misses(MINER), 0, "while it is open");
        vm.roll(closing);
        vm.expectEmit(address(ff));
        emit IFilFil.Missed(MINER, slot, 1);
        ff.poke(MINER);
        eq(_misses(MINER), 1, "misses");
        ff.poke(MINER);
        eq(_misses(MINER), 1, "no miss is counted twice");
    }

    function test_c1_threeMissesInARowRemoveAProvider() public {
        _join(MINER);
        for (uint16 r = 1; r <= 2; r++) {
            _letPass(r);
            ff.poke(MINER);
            eq(_misses(MINER), r, "misses");
        }
        _letPass(3);
        uint256 pool = ff.totals().pool;
        vm.expectEmit(address(ff));
        emit IFilFil.Missed(MINER, _slot(3, 0), 3);
        vm.recordLogs();
        ff.poke(MINER);
        eq(uint8(_standing(MINER)), uint8(IFilFil.Standing.removed), "standing");
        (,,,,, uint128 bond,) = ff.provider(MINER);
        eq(bond, 5 ether, "half of the bond is left");
        eq(ff.totals().pool - pool, 5 ether, "the other half is in the pool");
        eq(ff.activeProviders(), 0, "providers");
        (uint64 start, uint64 end,,, IFilFil.Standing standing) = ff.windows(MINER);
        eq(start, 0, "no window any more");
        eq(end, 0, "no window any more");
        eq(uint8(standing), uint8(IFilFil.Standing.removed), "standing in windows");
        _reconciles();
    }

    function test_c1_removalForMissesIsToldInEvents() public {
        _join(MINER);
        for (uint16 r = 1; r <= 3; r++) _letPass(r);
        vm.recordLogs();
        ff.poke(MINER);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        eq(_count(logs, IFilFil.Missed.selector), 3, "Missed");
        eq(_count(logs, IFilFil.Removed.selector), 1, "Removed");
        eq(abi.decode(_last(logs, IFilFil.Removed.selector).data, (uint8)), 1, "reason");
        eq(abi.decode(_last(logs, IFilFil.Slashed.selector).data, (uint256)), 5 ether, "slashed");
    }

    function test_c1_aSuccessSetsTheMissesBackToZero() public {
        _join(MINER);
        _letPass(1);
        _letPass(2);
        ff.poke(MINER);
        eq(_misses(MINER), 2, "misses");
        _stage(_slot(3, 0), 2);
        _rollToOpen(_slot(3, 0));
        _prove(MINER, _slot(3, 0), 0, 1);
        _prove(MINER, _slot(3, 0), 1, 2);
        (,, uint64 closing) = ff.slotWindow(_slot(3, 0));
        vm.roll(closing);
        ff.poke(MINER);
        eq(_misses(MINER), 0, "misses");
        _letPass(4);
        ff.poke(MINER);
        eq(_misses(MINER), 1, "misses from anew");
    }

    function test_c1_halfOfTheSnapshotIsAMiss() public {
        _join(MINER);
        _stage(_slot(1, 0), 2);
        _rollToOpen(_slot(1, 0));
        _prove(MINER, _slot(1, 0), 0, 1);
        (,, uint64 closing) = ff.slotWindow(_slot(1, 0));
        vm.roll(closing);
        ff.poke(MINER);
        eq(_misses(MINER), 1, "misses");
    }

    function test_c1_aSlotThatWasNotStagedInTimeIsNoMiss() public {
        _join(MINER);
        // Round 1: never staged. Round 2: staged after it opened. Round 3: staged at the opening itself.
        _rollToOpen(_slot(2, 0));
        vm.roll(block.number + 1);
        _stage(_slot(2, 0), 1);
        _rollToOpen(_slot(3, 0));
        ff.poke(MINER);
        eq(_misses(MINER), 0, "misses");
        _stage(_slot(3, 0), 1);
        vm.roll(block.number + WINDOW);
        ff.poke(MINER);
        eq(_misses(MINER), 1, "staged at the opening is in time");
    }

    function test_c1_aCancelledSlotIsNoMiss() public {
        _join(MINER);
        _stage(_slot(1, 0), 1);
        vm.prank(OPERATOR);
        ff.cancel(_slot(1, 0));
        vm.roll(block.number + 200);
        ff.poke(MINER);
        eq(_misses(MINER), 0, "misses");
    }

    function test_c1_aSlotTheProviderWasNotInIsNoMiss() public {
        _join(MINER);
        _stage(_slot(1, 0), 1);
        _rollToOpen(_slot(1, 0));
        _join(MINER + 1); // from round 2 on
        vm.roll(block.number + 99);
        ff.poke(MINER + 1);
        eq(_misses(MINER + 1), 0, "misses");
    }

    function test_c1_missesAreJudgedByTheNextClaimToo() public {
        _join(MINER);
        _letPass(1);
        _stage(_slot(2, 0), 1);
        _rollToOpen(_slot(2, 0));
        vm.recordLogs();
        _prove(MINER, _slot(2, 0), 0, 9);
        eq(_count(vm.getRecordedLogs(), IFilFil.Missed.selector), 1, "Missed");
    }

    function test_c1_afterThreeMissesNothingMoreIsTaken() public {
        _join(MINER);
        _join(MINER + 1);
        for (uint16 r = 1; r <= 3; r++) {
            _stage(_slot(r, 0), 1);
            vm.roll(block.number + 100);
        }
        uint32 slot = _slot(4, 0);
        _stage(slot, 1);
        _rollToOpen(slot);
        vm.recordLogs();
        _prove(MINER, slot, 0, 9);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        eq(_count(logs, IFilFil.PieceActivated.selector), 0, "activated");
        eq(_count(logs, IFilFil.PieceIgnored.selector), 1, "ignored");
    }

    function test_c1_missesOfMoreThanThirtyTwoRoundsAgoAreForgiven() public {
        _join(MINER);
        _join(MINER + 1);
        _letPass(1);
        _stage(_slot(2, 0), 1);
        vm.roll(block.number + 200 * 40);
        ff.poke(MINER);
        eq(_misses(MINER), 0, "misses");
    }

    function test_c1_whoIsNotRegisteredHasNothingToBeJudged() public {
        vm.recordLogs();
        ff.poke(MINER);
        eq(vm.getRecordedLogs().length, 0, "events");
        eq(uint8(_standing(MINER)), uint8(IFilFil.Standing.none), "standing");
    }

    function test_c1_theBondOfARemovedProviderComesBackTwoRoundsLater() public {
        _join(MINER);
        _join(MINER + 1);
        for (uint16 r = 1; r <= 3; r++) {
            _stage(_slot(r, 0), 1);
            vm.roll(block.number + 100);
        }
        ff.poke(MINER);
        eq(uint8(_standing(MINER)), uint8(IFilFil.Standing.removed), "standing");
        uint16 last = ff.round().number;
        uint256 before = _controller(MINER).balance;
        vm.expectRevert();
        ff.withdraw(MINER);
        while (ff.round().number < last + 2) vm.roll(block.number + 50);
        ff.withdraw(MINER);
        eq(_controller(MINER).balance - before, 5 ether, "what was not slashed");
        _reconciles();
    }

    function test_c1_aRemovedProviderMayRegisterAgainOnceItsBondIsBack() public {
        _join(MINER);
        _join(MINER + 1);
        for (uint16 r = 1; r <= 3; r++) {
            _stage(_slot(r, 0), 1);
            vm.roll(block.number + 100);
        }
        ff.poke(MINER);
        uint256 bond = ff.bondNow();
        vm.expectRevert();
        vm.prank(_controller(MINER));
        ff.register{value: bond}(MINER);
        uint16 last = ff.round().number;
        while (ff.round().number < last + 2) vm.roll(block.number + 50);
        ff.withdraw(MINER);
        bond = ff.bondNow();
        vm.prank(_controller(MINER));
        ff.register{value: bond}(MINER);
        eq(uint8(_standing(MINER)), uint8(IFilFil.Standing.active), "standing");
        eq(_misses(MINER), 0, "misses");
    }
}
