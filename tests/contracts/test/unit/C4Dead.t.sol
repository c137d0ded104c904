// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {MockMarket} from "mocks/MockMarket.sol";
import {Vm} from "support/Vm.sol";
import {Base} from "support/Base.sol";

/// Row c4: early termination: anyone may report it, the rest returns, a part of the bond is slashed.
contract C4Dead is Base {
    function test_c4_aLostSectorReturnsTheRestSlashesAndPaysTheReporter() public {
        (uint64 miner, uint32 slot, uint64 start,) = _oneStored();
        vm.roll(start + 5_000);
        _settle(miner, slot, 0, 7);
        uint256 earned = _creditOf(miner);
        _actor(miner).removeSector(7);
        uint256 pool = ff.totals().pool;
        uint256 rest = REWARD - earned;
        vm.expectEmit(address(ff));
        emit IFilFil.Dead(slot, 0, miner, ANYONE, rest, 0.5 ether);
        vm.prank(ANYONE);
        ff.reportDead(slot, 0, miner, hex"822020");
        eq(uint8(ff.holder(slot, 0, miner).state), uint8(IFilFil.Held.dead), "state");
        eq(_creditOf(miner), earned, "what was earned stays earned");
        eq(ff.credit(ANYONE), 0.5 ether, "bounty: a tenth of what was slashed");
        eq(ff.totals().pool - pool, rest + 4.5 ether, "the rest, and nine tenths of the slash");
        (,,,, uint8 misses, uint128 bond,) = ff.provider(miner);
        eq(bond, 5 ether, "bond");
        eq(misses, 1, "a strike");
        eq(ff.totals().owed, 0, "owed");
        _reconciles();
        vm.prank(ANYONE);
        ff.withdrawOwn();
        _reconciles();
    }

    function test_c4_aTerminatedSectorThatStillHasAPlaceIsDeadToo() public {
        (uint64 miner, uint32 slot, uint64 start, uint64 until) = _oneStored();
        vm.roll(start + 10);
        _actor(miner).setSector(7, 0, 7, 0, int64(until));
        ff.reportDead(slot, 0, miner, _aux(miner, 7));
        eq(uint8(ff.holder(slot, 0, miner).state), uint8(IFilFil.Held.dead), "state");
    }

    function test_c4_aLiveOrFaultySectorIsNotDead() public {
        (uint64 miner, uint32 slot, uint64 start, uint64 until) = _oneStored();
        vm.roll(start + 10);
        bytes memory aux = _aux(miner, 7);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotDead.selector, slot, 0, miner));
        ff.reportDead(slot, 0, miner, aux);
        _actor(miner).setSector(7, 2, 7, 0, int64(until));
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotDead.selector, slot, 0, miner));
        ff.reportDead(slot, 0, miner, aux);
        // A claim that it is nowhere is an error of the actor while it is somewhere.
        vm.expectPartialRevert(IFilFil.ActorCall.selector);
        ff.reportDead(slot, 0, miner, hex"822020");
        _reconciles();
    }

    function test_c4_afterItsTermASectorMayGo() public {
        (uint64 miner, uint32 slot,, uint64 until) = _oneStored();
        _actor(miner).removeSector(7);
        _rollFar(until);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.TermOver.selector, until));
        ff.reportDead(slot, 0, miner, hex"822020");
    }

    function test_c4_inItsLastEpochItMayNot() public {
        (uint64 miner, uint32 slot,, uint64 until) = _oneStored();
        _actor(miner).removeSector(7);
        _rollFar(until - 1);
        ff.reportDead(slot, 0, miner, hex"822020");
    }

    function test_c4_aDeadPieceIsReportedOnceAndNeverSettledAgain() public {
        (uint64 miner, uint32 slot, uint64 start, uint64 until) = _oneStored();
        vm.roll(start + 10);
        _actor(miner).removeSector(7);
        ff.reportDead(slot, 0, miner, hex"822020");
        vm.expectRevert();
        ff.reportDead(slot, 0, miner, hex"822020");
        _actor(miner).setSector(7, 1, 7, 0, int64(until));
        bytes memory aux = _aux(miner, 7);
        vm.expectRevert();
        ff.settle(slot, 0, miner, aux);
        _rollFar(until + MONTH + 1);
        vm.expectRevert();
        ff.close(slot, 0, miner);
        _reconciles();
    }

    function test_c4_aDeadPieceIsNotPaidForASecondTime() public {
        (uint64 miner, uint32 slot, uint64 start,) = _oneStored();
        vm.roll(start + 10);
        _actor(miner).removeSector(7);
        ff.reportDead(slot, 0, miner, hex"822020");
        uint256 credit = _creditOf(miner);
        _prove(miner, slot, 0, 8); // the window is still open
        eq(_creditOf(miner), credit, "credit");
        _reconciles();
    }

    function test_c4_lostSectorsRemoveAProviderToo() public {
        IFilFil.Params memory p = _params();
        p.maxMisses = 2;
        ff = _deploy(p);
        ff.fund{value: 100 ether}("");
        _join(1000);
        uint32 slot = _slot(1, 0);
        _stage(slot, 2);
        _rollToOpen(slot);
        _prove(1000, slot, 0, 7);
        _prove(1000, slot, 1, 8);
        _actor(1000).removeSector(7);
        _actor(1000).removeSector(8);
        ff.reportDead(slot, 0, 1000, hex"822020");
        eq(uint8(_standing(1000)), uint8(IFilFil.Standing.active), "still there");
        vm.recordLogs();
        ff.reportDead(slot, 1, 1000, hex"822020");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        eq(abi.decode(_last(logs, IFilFil.Removed.selector).data, (uint8)), 2, "reason");
        eq(uint8(_standing(1000)), uint8(IFilFil.Standing.removed), "removed");
        _reconciles();
    }

    function test_c4_whoLeftWithItsBondLosesTheRestAlone() public {
        _joinMany(2);
        uint32 slot = _slot(1, 0);
        _stage(slot, 1);
        _prove(1000, slot, 0, 7);
        vm.prank(_controller(1000));
        ff.exit(1000);
        vm.roll(block.number + 2_000);
        ff.advance();
        ff.withdraw(1000);
        _actor(1000).removeSector(7);
        uint256 pool = ff.totals().pool;
        vm.prank(ANYONE);
        ff.reportDead(slot, 0, 1000, hex"822020");
        eq(ff.totals().pool - pool, 8.4 ether, "the rest");
        eq(ff.credit(ANYONE), 0, "no bond, no bounty");
        _reconciles();
    }

    function test_c4_whatIsNotHeldIsNotDead() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotHeld.selector, slot, 0, miner));
        ff.reportDead(slot, 0, miner, hex"822020");
    }

    function test_c4_anAccountIsClosedAMonthAfterItsTerm() public {
        (uint64 miner, uint32 slot, uint64 start, uint64 until) = _oneStored();
        vm.roll(start + 5_000);
        _settle(miner, slot, 0, 7);
        uint256 paid = _creditOf(miner);
        _rollFar(until + MONTH - 1);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.TooEarly.selector, until + MONTH));
        ff.close(slot, 0, miner);
        _rollFar(until + MONTH);
        uint256 pool = ff.totals().pool;
        vm.expectEmit(address(ff));
        emit IFilFil.Closed(slot, 0, miner, REWARD - paid);
        ff.close(slot, 0, miner);
        eq(ff.totals().pool - pool, REWARD - paid, "back in the pool");
        eq(uint8(ff.holder(slot, 0, miner).state), uint8(IFilFil.Held.done), "state");
        _reconciles();
        vm.expectRevert();
        ff.close(slot, 0, miner);
    }

    function test_c4_inTheMonthAfterItsTermAllCanStillBeSettled() public {
        (uint64 miner, uint32 slot,, uint64 until) = _oneStored();
        _rollFar(until + MONTH - 1);
        _settle(miner, slot, 0, 7);
        eq(_creditOf(miner), REWARD, "all");
    }

    function test_c4_aDealOfTheMarketThatWasTerminatedIsReported() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        uint64 id = _publish(p);
        MARKET.activate(id, 21);
        ff.activateDeal(slot, 0, miner);
        MARKET.terminate(id);
        ff.reportDead(slot, 0, miner, hex"822020"); // sector 21 is gone with it
        eq(uint8(ff.holder(slot, 0, miner).state), uint8(IFilFil.Held.dead), "state");
        _reconciles();
    }

    function test_c4_whatIsOnlyPublishedIsNotDead() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        _publish(_proposal(miner, slot, 0));
        vm.expectRevert();
        ff.reportDead(slot, 0, miner, hex"822020");
        vm.expectRevert();
        ff.settle(slot, 0, miner, hex"822020");
    }
}
