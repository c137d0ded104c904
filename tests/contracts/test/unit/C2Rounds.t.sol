// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Vm} from "support/Vm.sol";
import {Base} from "support/Base.sol";

/// Row c2: round-robin, joiners wait for the next round, windows move only where it was announced, and are cheap to ask for.
contract C2Rounds is Base {
    function _open(uint64 miner) private view returns (uint64 start) {
        (start,,,,) = ff.windows(miner);
    }

    function _exit(uint64 miner) private {
        vm.prank(_controller(miner));
        ff.exit(miner);
    }

    function test_c2_everyProviderIsElectedOnceARoundInTurn() public {
        _joinMany(4);
        uint64 start = uint64(block.number);
        for (uint64 r = 1; r <= 3; r++) {
            for (uint64 i = 0; i < 4; i++) {
                (uint64 from, uint64 to, uint32 slot,,) = ff.windows(1000 + i);
                eq(from, start + (r - 1) * 400 + i * 100, "opens");
                eq(to, from + WINDOW, "closes");
                eq(slot, _slot(uint16(r), uint16(i)), "slot");
            }
            vm.roll(start + r * 400);
        }
    }

    function test_c2_aPassedWindowGivesThatOfTheNextRound() public {
        _joinMany(3);
        uint64 start = uint64(block.number);
        vm.roll(start + WINDOW - 1);
        eq(_open(1000), start, "still open");
        vm.roll(start + WINDOW);
        eq(_open(1000), start + 300, "the next one");
    }

    function test_c2_theFirstRegistrationOpensARoundASlotLengthAhead() public {
        _miner(1000);
        uint256 bond = ff.bondNow();
        uint64 start = uint64(block.number) + SLOT_LENGTH;
        vm.expectEmit(address(ff));
        emit IFilFil.RoundOpened(1, start, 1, 1);
        vm.expectEmit(address(ff));
        emit IFilFil.Registered(1000, _controller(1000), 0, 1, bond);
        vm.prank(_controller(1000));
        ff.register{value: bond}(1000);
        IFilFil.Round memory round = ff.round();
        eq(round.number, 1, "number");
        eq(round.start, start, "start");
        eq(round.positions, 1, "positions");
        eq(_open(1000), start, "window");
    }

    function test_c2_joinersBeforeTheFirstRoundStartsAreInIt() public {
        _join(1000);
        vm.roll(block.number + 99);
        _join(1001);
        (,, uint32 slot,,) = ff.windows(1001);
        eq(slot, _slot(1, 1), "slot");
        vm.roll(block.number + 1);
        _join(1002);
        (,, slot,,) = ff.windows(1002);
        eq(slot, _slot(2, 2), "who comes when it has started is in the next");
    }

    function test_c2_joinersWaitForTheNextRound() public {
        _joinMany(2);
        uint64 start = uint64(block.number);
        vm.roll(start + 10);
        _join(1002);
        (IFilFil.Standing standing, uint32 position, uint16 first,,,,) = ff.provider(1002);
        eq(uint8(standing), uint8(IFilFil.Standing.active), "standing");
        eq(position, 2, "position");
        eq(first, 2, "first round");
        eq(ff.round().positions, 2, "this round keeps its length");
        eq(_open(1002), start + 200 + 200, "its first window");
        eq(_open(1001), start + 100, "nobody else's moved");
        vm.roll(start + 200);
        eq(ff.round().positions, 3, "the next round has it");
        eq(_open(1000), start + 200, "first in line");
    }

    function test_c2_aLeaverIsStillElectedInTheOpenRoundAndPaid() public {
        _joinMany(2);
        vm.expectEmit(address(ff));
        emit IFilFil.ExitQueued(1001, 1);
        _exit(1001);
        (,, uint32 slot,, IFilFil.Standing standing) = ff.windows(1001);
        eq(slot, _slot(1, 1), "slot");
        eq(uint8(standing), uint8(IFilFil.Standing.leaving), "standing");
        _stage(_slot(1, 1), 1);
        _rollToOpen(_slot(1, 1));
        _prove(1001, _slot(1, 1), 0, 3);
        eq(_creditOf(1001), (REWARD * 3) / 10, "paid");
    }

    function test_c2_aLeaverIsAHoleAndOthersMoveOnlyWhereItWasAnnounced() public {
        _joinMany(4);
        uint64 start = uint64(block.number);
        _exit(1001);
        // Round 2: a hole, nobody moves; the last provider's move in round 3 is announced.
        vm.roll(start + 400);
        eq(ff.roster(0, 10)[1], 0, "a hole");
        vm.expectEmit(address(ff));
        emit IFilFil.Moving(1003, 3, 1, 3);
        ff.advance();
        eq(ff.round().positions, 4, "the hole has its time");
        eq(_open(1002), start + 400 + 200, "unmoved");
        eq(_open(1003), start + 400 + 300, "unmoved in round 2");
        eq(_open(1001), 0, "gone");
        IFilFil.Window[] memory all = ff.schedule(1003, 3);
        eq(all[0].open, start + 400 + 300, "in round 2");
        eq(all[1].open, start + 800 + 100, "moved in round 3, as announced");
        vm.roll(start + 800);
        eq(ff.round().positions, 3, "compacted");
        eq(_open(1003), start + 800 + 100, "as announced");
        eq(_open(1002), start + 800 + 200, "unmoved");
        eq(_open(1000), start + 800, "unmoved");
    }

    function test_c2_theLastInLineLeavesNoHole() public {
        _joinMany(3);
        uint64 start = uint64(block.number);
        _exit(1002);
        vm.roll(start + 300);
        eq(ff.round().positions, 2, "positions");
        eq(_open(1001), start + 300 + 100, "unmoved");
    }

    function test_c2_aMoveWhoseMemberLeavesIsDropped() public {
        _joinMany(4);
        uint64 start = uint64(block.number);
        _exit(1001);
        vm.roll(start + 400);
        ff.advance(); // 1003 is to move to position 1 in round 3
        _exit(1003);
        vm.roll(start + 800);
        ff.advance();
        eq(_open(1003), 0, "gone");
        eq(_open(1000), start + 800, "unmoved");
        eq(_open(1002), start + 800 + 200, "unmoved");
        vm.roll(start + 800 + uint256(ff.round().positions) * 100);
        ff.advance();
        uint64[] memory left = ff.roster(0, 10);
        uint256 there = 0;
        for (uint256 i = 0; i < left.length; i++) {
            if (left[i] != 0) there++;
        }
        eq(there, 2, "who is left");
    }

    function test_c2_joinersComeBehindAHoleNotIntoIt() public {
        _joinMany(3);
        uint64 start = uint64(block.number);
        _exit(1000);
        _join(1009);
        vm.roll(start + 300);
        ff.advance();
        eq(ff.round().positions, 4, "positions");
        eq(_open(1009), start + 300 + 300, "behind");
        eq(_open(1001), start + 300 + 100, "unmoved");
    }

    function test_c2_whenAllHaveLeftThereIsNoRoundUntilSomebodyRegisters() public {
        _joinMany(2);
        uint64 start = uint64(block.number);
        _exit(1000);
        _exit(1001);
        vm.roll(start + 1_000);
        ff.advance();
        eq(ff.activeProviders(), 0, "providers");
        _join(1005);
        (uint64 from,, uint32 slot,,) = ff.windows(1005);
        eq(from, block.number + SLOT_LENGTH, "a slot length ahead");
        yes(slot >> 16 >= 2, "another round");
    }

    function test_c2_roundsFollowEachOtherWithoutAGapHoweverLateTheyAreOpened() public {
        _joinMany(3);
        uint64 start = uint64(block.number);
        vm.roll(start + 300 * 7 + 123);
        IFilFil.Round memory seen = ff.round();
        eq(seen.number, 8, "number");
        eq(seen.start, start + 2100, "start");
        vm.recordLogs();
        ff.advance();
        eq(_count(vm.getRecordedLogs(), IFilFil.RoundOpened.selector), 7, "opened");
        eq(keccak256(abi.encode(ff.round())), keccak256(abi.encode(seen)), "views foresee what advance() does");
    }

    function test_c2_sixtyFourRoundsAtMostAreOpenedAtOnce() public {
        _joinMany(1);
        vm.roll(block.number + 100 * 100);
        vm.recordLogs();
        ff.advance();
        eq(_count(vm.getRecordedLogs(), IFilFil.RoundOpened.selector), 64, "opened");
        ff.advance();
        eq(ff.round().number, 101, "number");
        vm.recordLogs();
        try ff.advance() {} catch {}
        eq(_count(vm.getRecordedLogs(), IFilFil.RoundOpened.selector), 0, "nothing more to open");
    }

    function test_c2_whatNeedsTheRoundAsksForAdvanceWhereTooManyAreDue() public {
        _joinMany(1);
        vm.roll(block.number + 100 * 100);
        _miner(1001);
        uint256 bond = ff.bondNow();
        vm.expectRevert(IFilFil.AdvanceFirst.selector);
        vm.prank(_controller(1001));
        ff.register{value: bond}(1001);
    }

    function test_c2_nextWindowCostsTwoStorageReads() public {
        _joinMany(5);
        for (uint64 i = 0; i < 5; i++) {
            vm.record();
            ff.windows(1000 + i);
            (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(ff));
            eq(reads.length, 2, "reads");
            eq(writes.length, 0, "writes");
        }
        vm.roll(block.number + 500 * 3 + 42); // rounds nobody opened
        vm.record();
        ff.windows(1003);
        (bytes32[] memory later,) = vm.accesses(address(ff));
        eq(later.length, 2, "reads");
    }

    function test_c2_nextWindowCostsAThirdReadBeforeChangedParameters() public {
        _joinMany(2);
        uint64 start = uint64(block.number);
        IFilFil.Params memory p = _params();
        p.slotLength = 150;
        vm.prank(OWNER);
        ff.queueParams(p);
        vm.roll(start + 200 + 170); // round 2, own window over, round 3 has the new ones
        vm.record();
        (uint64 from,,,,) = ff.windows(1001);
        (bytes32[] memory reads,) = vm.accesses(address(ff));
        yes(reads.length <= 3, "three reads at most");
        eq(from, start + 400 + 150, "with the new slot length");
    }

    function test_c2_theScheduleIsWhatWindowsSaysOneAfterTheOther() public {
        _joinMany(3);
        IFilFil.Window[] memory all = ff.schedule(1001, 6);
        eq(all.length, 6, "windows");
        for (uint256 i = 0; i < all.length; i++) {
            (uint64 from, uint64 to, uint32 slot,,) = ff.windows(1001);
            eq(all[i].open, from, "opens");
            eq(all[i].close, to, "closes");
            eq(all[i].slot, slot, "slot");
            eq(all[i].target, from - LEAD, "target");
            vm.roll(to);
        }
        eq(ff.schedule(1001, 1_000).length, 64, "64 at most");
        eq(ff.schedule(5555, 3).length, 0, "of nobody");
    }

    function test_c2_whoIsNotThereHasNoWindow() public view {
        (uint64 from, uint64 to, uint32 slot, uint8 misses, IFilFil.Standing standing) = ff.windows(5555);
        eq(from + to + slot + misses + uint8(standing), 0, "zeros");
    }

    function test_c2_onlyAControllerAsksToLeaveAndOnce() public {
        _joinMany(1);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotController.selector, 1000, ANYONE));
        vm.prank(ANYONE);
        ff.exit(1000);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotRegistered.selector, 1001));
        vm.prank(ANYONE);
        ff.exit(1001);
        _exit(1000);
        vm.expectRevert(IFilFil.NothingToDo.selector);
        _exit(1000);
    }

    function test_c2_theBondOfALeaverComesBackAfterTheRoundBehindItsLast() public {
        _joinMany(2);
        uint64 start = uint64(block.number);
        _exit(1000);
        vm.expectRevert(IFilFil.NothingToDo.selector);
        ff.withdraw(1000);
        vm.roll(start + 200);
        eq(uint8(_standing(1000)), uint8(IFilFil.Standing.left), "left");
        // Round 2 has two positions, one of them a hole or not: the bond comes once round 3 is open.
        while (ff.round().number < 3) {
            vm.expectRevert(IFilFil.NothingToDo.selector);
            ff.withdraw(1000);
            vm.roll(block.number + 10);
        }
        uint256 before = _controller(1000).balance;
        vm.expectEmit(address(ff));
        emit IFilFil.Withdrawn(1000, hex"040a0000000000000000000000000000000000c003e8", 0, 10 ether);
        ff.withdraw(1000);
        eq(_controller(1000).balance - before, 10 ether, "bond");
        _reconciles();
        _join(1000);
        eq(uint8(_standing(1000)), uint8(IFilFil.Standing.active), "it may come again");
    }

    function test_c2_theTargetOfAFixedSlotDoesNotMoveWithParameters() public {
        _joinMany(2);
        (uint64 target, uint64 open, uint64 closing) = ff.slotWindow(_slot(2, 1));
        IFilFil.Params memory p = _params();
        p.slotLength = 500;
        p.windowLength = 400;
        p.lead = 7;
        vm.prank(OWNER);
        ff.queueParams(p);
        (uint64 target2, uint64 open2, uint64 closing2) = ff.slotWindow(_slot(2, 1));
        eq(target2, target, "target");
        eq(open2, open, "open");
        eq(closing2, closing, "closing");
        vm.roll(open);
        (target2, open2, closing2) = ff.slotWindow(_slot(2, 1));
        eq(open2, open, "open, when it is there");
    }

    function test_c2_onlyTheOpenAndTheNextRoundHaveSlotsToAskFor() public {
        _joinMany(2);
        ff.slotWindow(_slot(1, 1));
        ff.slotWindow(_slot(2, 1));
        vm.expectRevert(abi.encodeWithSelector(IFilFil.UnknownSlot.selector, _slot(3, 0)));
        ff.slotWindow(_slot(3, 0));
        vm.expectRevert(abi.encodeWithSelector(IFilFil.UnknownSlot.selector, _slot(1, 2)));
        ff.slotWindow(_slot(1, 2));
        vm.expectRevert(abi.encodeWithSelector(IFilFil.UnknownSlot.selector, _slot(0, 0)));
        ff.slotWindow(_slot(0, 0));
    }

    function test_c2_pastRoundsAreKept() public {
        _joinMany(2);
        uint64 start = uint64(block.number);
        vm.roll(start + 500);
        ff.advance();
        eq(ff.roundOf(1).start, start, "round 1");
        eq(ff.roundOf(2).start, start + 200, "round 2");
        eq(ff.roundOf(3).start, start + 400, "round 3, the open one");
        eq(ff.roundOf(9).number, 0, "an unknown one");
    }

    function test_c2_aRoundThatNeverCameLeavesNothingToTheOneThatDoes() public {
        // A slot of the next round is staged; then everybody leaves, and that round is never opened.
        IFilFil.Params memory p = _params();
        p.lead = 150;
        ff = _deploy(p);
        ff.fund{value: 100 ether}("");
        _joinMany(1);
        vm.roll(block.number + 50);
        _stage(_slot(2, 0), 1);
        _exit(1000);
        vm.roll(block.number + 1_000);
        p.replicas = 3;
        vm.prank(OWNER);
        ff.queueParams(p);
        _join(1001);
        (uint64 from,, uint32 slot,,) = ff.windows(1001);
        (, uint64 open,, uint8 pieces,,,,,) = ff.slotInfo(slot);
        yes(pieces == 0 || open == from, "what is staged for its slot has its window");
        // Nothing was staged for the round that is open, so there is nothing to miss.
        vm.roll(from + WINDOW);
        ff.poke(1001);
        eq(_misses(1001), 0, "misses");
    }

    function test_c2_afterTheLastNumberNoRoundOpensAndAllMoneyComesOut() public {
        IFilFil.Params memory p = _params();
        p.slotLength = 1;
        p.windowLength = 1;
        ff = _deploy(p);
        ff.fund{value: 100 ether}("");
        _join(1000);
        _join(1001);
        uint64 start = ff.round().start;
        // Two epochs a round, 65,534 rounds, and time goes on.
        vm.roll(start + 2 * 65_535 + 1_000);
        eq(ff.round().number, 65_534, "the last one");
        for (uint256 i = 0; i < 1_026; i++) ff.advance();
        eq(ff.round().number, 65_534, "the last one");
        (uint64 from,,,,) = ff.windows(1000);
        eq(from, 0, "no window any more");
        eq(ff.schedule(1000, 5).length, 0, "none");
        _miner(1002);
        vm.expectRevert();
        vm.prank(_controller(1002));
        ff.register{value: 50 ether}(1002);
        _exit(1000);
        _exit(1001);
        vm.roll(block.number + 100);
        ff.withdraw(1000);
        ff.withdraw(1001);
        eq(ff.totals().bonds, 0, "bonds");
        _reconciles();
    }

    function test_c2_aProviderMayMoveMoreThanOnce() public {
        _joinMany(5);
        uint64 start = uint64(block.number);
        _exit(1000);
        vm.roll(start + 500);
        ff.advance(); // 1004 moves to position 0 in round 3
        eq(_open(1004), start + 500 + 400, "unmoved in round 2");
        _exit(1003);
        vm.roll(start + 1_000);
        ff.advance();
        eq(_open(1004), start + 1_000, "moved");
        _exit(1001);
        _exit(1002);
        _join(1005);
        _join(1006);
        for (uint256 i = 0; i < 4; i++) {
            vm.roll(uint256(ff.round().start) + ff.round().positions * 100);
            ff.advance();
        }
        // Three are left, side by side, each in its own position.
        uint64[] memory left = ff.roster(0, 10);
        eq(left.length, 3, "positions");
        for (uint256 i = 0; i < 3; i++) {
            (, uint32 position,,,,,) = ff.provider(left[i]);
            eq(position, i, "position");
        }
        _exit(left[0]);
        for (uint256 i = 0; i < 3; i++) {
            vm.roll(uint256(ff.round().start) + ff.round().positions * 100);
            ff.advance();
        }
        left = ff.roster(0, 10);
        eq(left.length, 2, "positions");
        eq(_open(left[0]), ff.round().start, "in its window");
    }

    function test_c2_aMoverWithTooManyMissesIsRemovedInsteadOfMoved() public {
        IFilFil.Params memory p = _params();
        p.maxMisses = 1;
        ff = _deploy(p);
        ff.fund{value: 500 ether}("");
        _joinMany(4);
        uint64 start = uint64(block.number);
        _exit(1000);
        vm.roll(start + 400);
        ff.advance(); // 1003 moves to position 0 in round 3
        vm.roll(start + 800 - LEAD);
        _stage(_slot(3, 0), 1);
        vm.prank(_controller(1001));
        ff.exit(1001);
        vm.roll(start + 800 + WINDOW); // it missed round 3's first slot
        vm.recordLogs();
        ff.advance();
        ff.poke(1003);
        eq(_count(vm.getRecordedLogs(), IFilFil.Removed.selector), 1, "removed");
        eq(uint8(_standing(1003)), uint8(IFilFil.Standing.removed), "standing");
        vm.roll(start + 800 + 600);
        ff.advance();
        eq(ff.activeProviders(), 1, "who is left");
        eq(_open(1002) != 0 ? 1 : 0, 1, "and has its window");
    }

    function test_c2_aHoleThatIsBeyondTheEndIsForgotten() public {
        _joinMany(4);
        uint64 start = uint64(block.number);
        _exit(1001);
        _exit(1003);
        _exit(1002);
        vm.roll(start + 400);
        vm.recordLogs();
        ff.advance();
        eq(_count(vm.getRecordedLogs(), IFilFil.Moving.selector), 0, "nobody moves");
        eq(ff.round().positions, 1, "positions");
        _join(1007);
        vm.roll(start + 500);
        ff.advance();
        eq(_open(1007), start + 500 + 100, "behind the first");
    }
}
