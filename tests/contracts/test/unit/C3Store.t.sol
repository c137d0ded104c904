// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Ids} from "mocks/Ids.sol";
import {MockMiner} from "mocks/MockMiner.sol";
import {Wire} from "mocks/Wire.sol";
import {Vm} from "support/Vm.sol";
import {Base} from "support/Base.sol";

/// Row c3: registered, its slot, its commitment: that and only that is paid; by a sector's own notification (FIP-0109).
contract C3Store is Base {
    function test_c3_aStoredPieceIsRecordedAndItsFirstShareCredited() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        uint64 until = _until();
        vm.expectEmit(address(ff));
        emit IFilFil.PieceActivated(slot, 0, miner, 7, until, 3.6 ether);
        vm.expectEmit(address(ff));
        emit IFilFil.SlotCompleted(slot, miner);
        _proveUntil(miner, slot, 0, 7, until);
        IFilFil.Holder memory h = ff.holder(slot, 0, miner);
        eq(h.miner, miner, "miner");
        eq(uint8(h.state), uint8(IFilFil.Held.active), "state");
        eq(h.sector, 7, "sector");
        eq(h.until, until, "until");
        eq(h.share, REWARD, "share");
        eq(h.paid, 3.6 ether, "paid");
        eq(_creditOf(miner), 3.6 ether, "credit");
        IFilFil.Totals memory t = ff.totals();
        eq(t.locked, 0, "locked");
        eq(t.owed, REWARD - 3.6 ether, "owed");
        eq(t.credit, 3.6 ether, "credit");
        _reconciles();
    }

    function test_c3_eachPieceOfASlotHasItsShare() public {
        uint32 slot = _slot(1, 0);
        _join(1000);
        _rollToTarget(slot);
        IFilFil.StageArgs memory a = _args(slot, 3);
        a.reward = 10 ether + 1; // thirds, the rest goes to piece 0
        vm.prank(OPERATOR);
        ff.stage(a);
        _rollToOpen(slot);
        vm.recordLogs();
        for (uint8 i = 0; i < 3; i++) _prove(1000, slot, i, i);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        eq(_count(logs, IFilFil.SlotCompleted.selector), 1, "completed once");
        uint128 third = 3333333333333333333;
        eq(ff.holder(slot, 0, 1000).share, 10 ether + 1 - 2 * third, "piece 0");
        eq(ff.holder(slot, 1, 1000).share, third, "piece 1");
        eq(ff.holder(slot, 2, 1000).share, third, "piece 2");
        eq(ff.totals().locked, 0, "all of it is somebody's");
        _reconciles();
    }

    function test_c3_manyPiecesInOneMessage() public {
        (uint64 miner, uint32 slot) = _oneStaged(3);
        MockMiner.Changes[] memory c = new MockMiner.Changes[](2);
        for (uint256 i = 0; i < 2; i++) {
            c[i].sector = uint64(10 + i);
            c[i].until = int64(_until());
            c[i].pieces = new MockMiner.Piece[](i == 0 ? 2 : 1);
        }
        c[0].pieces[0] = MockMiner.Piece(_root(slot, 0), PADDED, "");
        c[0].pieces[1] = MockMiner.Piece(_root(slot, 1), PADDED, hex"01");
        c[1].pieces[0] = MockMiner.Piece(_root(slot, 2), PADDED, "");
        bytes memory answer = _actor(miner).prove(address(ff), c, true);
        eq(answer, hex"8282f5f581f5", "the answer mirrors what was sent");
        eq(ff.holder(slot, 1, miner).sector, 10, "sector");
        eq(ff.holder(slot, 2, miner).sector, 11, "sector");
    }

    /// Everything that is not paid for is accepted all the same: a refusal would sink the provider's whole batch.
    function _ignoredFor(uint64 miner, bytes32 root, uint64 padded, uint64 until) private returns (uint8) {
        uint256 before = uint256(keccak256(abi.encode(ff.totals())));
        vm.recordLogs();
        bytes memory answer = _actor(miner).prove(address(ff), _changes(root, padded, 5, until), true);
        eq(answer, hex"8181f5", "accepted");
        eq(uint256(keccak256(abi.encode(ff.totals()))), before, "no money moved");
        return _ignored(vm.getRecordedLogs());
    }

    function test_c3_whoIsNotRegisteredIsNotPaid() public {
        (, uint32 slot) = _oneStaged(1);
        _miner(2000);
        eq(_ignoredFor(2000, _root(slot, 0), PADDED, _until()), uint8(IFilFil.Refusal.notRegistered), "reason");
    }

    function test_c3_anUnknownPieceIsNotPaid() public {
        (uint64 miner,) = _oneStaged(1);
        eq(_ignoredFor(miner, bytes32(uint256(1)), PADDED, _until()), uint8(IFilFil.Refusal.unknownPiece), "reason");
    }

    function test_c3_anothersSlotIsNotPaid() public {
        _joinMany(2);
        uint32 slot = _slot(1, 1);
        _stage(slot, 1);
        _rollToOpen(slot);
        eq(_ignoredFor(1000, _root(slot, 0), PADDED, _until()), uint8(IFilFil.Refusal.notYourSlot), "reason");
    }

    function test_c3_beforeTheWindowNothingIsPaid() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _stage(slot, 1);
        eq(_ignoredFor(1000, _root(slot, 0), PADDED, _until()), uint8(IFilFil.Refusal.windowNotOpen), "reason");
        _rollToOpen(slot);
        _prove(1000, slot, 0, 1);
    }

    function test_c3_afterTheWindowNothingIsPaid() public {
        (uint64 miner, uint32 slot) = _oneStaged(2);
        vm.roll(block.number + WINDOW - 1);
        _prove(miner, slot, 0, 1); // its last epoch
        vm.roll(block.number + 1);
        // The miss is judged by this very claim, so what is looked at is the piece alone.
        vm.recordLogs();
        bytes memory answer = _actor(miner).prove(address(ff), _changes(_root(slot, 1), PADDED, 5, _until()), true);
        eq(answer, hex"8181f5", "accepted");
        eq(_ignored(vm.getRecordedLogs()), uint8(IFilFil.Refusal.windowClosed), "reason");
    }

    function test_c3_aPieceOfAnotherSizeIsNotPaid() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        eq(_ignoredFor(miner, _root(slot, 0), PADDED * 2, _until()), uint8(IFilFil.Refusal.wrongSize), "reason");
    }

    function test_c3_aSectorThatEndsTooSoonIsNotPaid() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        eq(_ignoredFor(miner, _root(slot, 0), PADDED, uint64(block.number) + MIN_TERM - 1), uint8(IFilFil.Refusal.termTooShort), "reason");
        _proveUntil(miner, slot, 0, 5, uint64(block.number) + MIN_TERM);
    }

    function test_c3_aSectorThatEndedIsNotPaid() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMiner.Changes[] memory c = _changes(_root(slot, 0), PADDED, 5, 0);
        c[0].until = -5;
        vm.recordLogs();
        eq(_actor(miner).prove(address(ff), c, true), hex"8181f5", "accepted");
        eq(_ignored(vm.getRecordedLogs()), uint8(IFilFil.Refusal.termTooShort), "reason");
    }

    function test_c3_aCidThatIsNoCommitmentIsAnUnknownPiece() public {
        (uint64 miner,) = _oneStaged(1);
        // A CIDv1 of a raw block, sha2-256.
        bytes memory sent = bytes.concat(
            hex"8183051a00200000", hex"81", hex"83", hex"d82a58250001551220", abi.encode(bytes32(uint256(7))), hex"1b0000000800000000", hex"40"
        );
        vm.recordLogs();
        (bool ok,, bytes memory answer) = _actor(miner).notify(address(ff), Ids.SECTOR_CONTENT_CHANGED, sent);
        yes(ok, "no revert");
        eq(answer, hex"8181f5", "accepted");
        eq(_ignored(vm.getRecordedLogs()), uint8(IFilFil.Refusal.unknownPiece), "reason");
    }

    function test_c3_aPieceIsPaidOnceHoweverOftenItIsProven() public {
        (uint64 miner, uint32 slot) = _oneStaged(2);
        _prove(miner, slot, 0, 7);
        IFilFil.Holder memory first = ff.holder(slot, 0, miner);
        eq(_ignoredFor(miner, _root(slot, 0), PADDED, _until()), uint8(IFilFil.Refusal.alreadyStored), "reason");
        eq(keccak256(abi.encode(ff.holder(slot, 0, miner))), keccak256(abi.encode(first)), "the first stays");
        // Twice in one message.
        MockMiner.Changes[] memory c = _changes(_root(slot, 1), PADDED, 8, _until());
        MockMiner.Piece memory piece = c[0].pieces[0];
        c[0].pieces = new MockMiner.Piece[](2);
        c[0].pieces[0] = piece;
        c[0].pieces[1] = piece;
        vm.recordLogs();
        eq(_actor(miner).prove(address(ff), c, true), hex"8182f5f5", "accepted");
        eq(_count(vm.getRecordedLogs(), IFilFil.PieceActivated.selector), 1, "once");
        _reconciles();
    }

    function test_c3_theRewardIsPaidAsTimePassesWhileTheSectorIsActive() public {
        (uint64 miner, uint32 slot, uint64 start, uint64 until) = _oneStored();
        uint256 rest = REWARD - 3.6 ether;
        _rollFar(start + (until - start) / 2);
        vm.expectEmit(address(ff));
        emit IFilFil.Settled(slot, 0, miner, rest / 2, uint64(block.number));
        _settle(miner, slot, 0, 7);
        eq(_creditOf(miner), 3.6 ether + rest / 2, "half of the rest");
        _rollFar(start + ((until - start) * 3) / 4);
        _settle(miner, slot, 0, 7);
        eq(_creditOf(miner), 3.6 ether + (rest * 3) / 4, "three quarters");
        _rollFar(until + 500);
        _settle(miner, slot, 0, 7);
        eq(_creditOf(miner), REWARD, "all, and no more");
        eq(uint8(ff.holder(slot, 0, miner).state), uint8(IFilFil.Held.done), "done");
        eq(ff.totals().owed, 0, "owed");
        _reconciles();
        bytes memory aux = _aux(miner, 7);
        vm.expectRevert();
        ff.settle(slot, 0, miner, aux);
    }

    function test_c3_aFaultySectorIsNotPaidWhileItIsFaulty() public {
        (uint64 miner, uint32 slot, uint64 start, uint64 until) = _oneStored();
        vm.roll(start + 5_000);
        _actor(miner).setSector(7, 2, 7, 0, int64(until));
        bytes memory aux = _aux(miner, 7);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotActive.selector, slot, 0, miner));
        ff.settle(slot, 0, miner, aux);
        _actor(miner).setSector(7, 1, 7, 0, int64(until));
        ff.settle(slot, 0, miner, aux);
        eq(_creditOf(miner), 3.6 ether + (8.4 ether * 5_000) / uint256(until - start), "paid once it is back");
    }

    function test_c3_aWrongPlaceOfTheSectorSettlesNothing() public {
        (uint64 miner, uint32 slot, uint64 start,) = _oneStored();
        vm.roll(start + 100);
        vm.expectPartialRevert(IFilFil.ActorCall.selector);
        ff.settle(slot, 0, miner, hex"820102");
        vm.expectRevert();
        ff.settle(slot, 0, miner, hex"822020");
        vm.expectRevert();
        ff.settle(slot, 0, miner, hex"");
    }

    function test_c3_whatIsNotHeldCannotBeSettled() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotHeld.selector, slot, 0, miner));
        ff.settle(slot, 0, miner, hex"820700");
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotHeld.selector, slot, 0, 4242));
        ff.settle(slot, 0, 4242, hex"820700");
    }

    function test_c3_settlingTwiceInAnEpochPaysOnce() public {
        (uint64 miner, uint32 slot, uint64 start,) = _oneStored();
        vm.roll(start + 1_000);
        _settle(miner, slot, 0, 7);
        uint256 credit = _creditOf(miner);
        bytes memory aux = _aux(miner, 7);
        try ff.settle(slot, 0, miner, aux) {} catch {}
        eq(_creditOf(miner), credit, "credit");
    }

    function test_c3_creditGoesToTheMinersOwnerByAnyonesHand() public {
        (uint64 miner,,,) = _oneStored();
        address owner = address(0x777);
        INIT.setAddress(88, Wire.ethAddress(owner));
        _actor(miner).setOwner(Wire.ethAddress(owner));
        vm.expectEmit(address(ff));
        emit IFilFil.Withdrawn(miner, Wire.ethAddress(owner), 3.6 ether, 0);
        vm.prank(ANYONE);
        ff.withdraw(miner);
        eq(owner.balance, 3.6 ether, "paid to the owner of now");
        eq(_creditOf(miner), 0, "credit");
        _reconciles();
        vm.expectRevert(IFilFil.NothingToDo.selector);
        ff.withdraw(miner);
    }

    function test_c3_anOwnerWithAnIdAddressIsPaid() public {
        (uint64 miner,,,) = _oneStored();
        INIT.setActor(909);
        _actor(miner).setOwner(Wire.idAddress(909));
        ff.withdraw(miner);
        eq(Ids.masked(909).balance, 3.6 ether, "paid to f0909");
        _reconciles();
    }

    function test_c3_anOwnerWithAKeyAddressIsPaid() public {
        (uint64 miner,,,) = _oneStored();
        bytes memory key = bytes.concat(hex"01", bytes20(keccak256("f1")));
        INIT.setAddress(910, key);
        _actor(miner).setOwner(key);
        ff.withdraw(miner);
        eq(Ids.masked(910).balance, 3.6 ether, "paid to f1");
    }

    function test_c3_aPaymentThatDoesNotArriveKeepsTheCredit() public {
        (uint64 miner,,,) = _oneStored();
        _actor(miner).setOwner(Wire.idAddress(999_999_999)); // no such actor
        vm.expectRevert(IFilFil.PaymentFailed.selector);
        ff.withdraw(miner);
        eq(_creditOf(miner), 3.6 ether, "credit");
        _reconciles();
    }

    function test_c3_whoLeftOrWasRemovedIsPaidForWhatItKeeps() public {
        _joinMany(2);
        uint32 slot = _slot(1, 0);
        _stage(slot, 1);
        uint64 start = uint64(block.number);
        uint64 until = _until();
        _proveUntil(1000, slot, 0, 7, until);
        vm.prank(_controller(1000));
        ff.exit(1000);
        vm.roll(start + 5_000);
        for (uint256 i = 0; i < 3; i++) ff.advance();
        ff.withdraw(1000); // its bond, and the first share
        _settle(1000, slot, 0, 7);
        eq(_creditOf(1000), (8.4 ether * 5_000) / uint256(until - start), "credit");
    }

    function test_c3_onlyActorsMayNotify() public {
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotAnActor.selector, ANYONE));
        vm.prank(ANYONE);
        ff.handle_filecoin_method(Ids.SECTOR_CONTENT_CHANGED, Ids.CBOR, hex"80");
    }

    function test_c3_twoStagingsHaveDifferentRootsSoNobodyIsPaidTwiceForOne() public {
        _join(1000);
        _stage(_slot(1, 0), 1);
        uint32 next = _slot(2, 0);
        _rollToTarget(next);
        IFilFil.StageArgs memory a = _args(next, 1);
        a.pieces[0].root = _root(_slot(1, 0), 0);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.RootStaged.selector, a.pieces[0].root));
        vm.prank(OPERATOR);
        ff.stage(a);
    }

    function test_c3_whoBeganWithOneAlternativeIsNotPaidForTheOther() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _stage(slot, 2);
        _stageAlternative(slot, 2);
        _rollToOpen(slot);
        _prove(1000, slot, 0x80, 1);
        eq(_ignoredFor(1000, _root(slot, 0), PADDED, _until()), uint8(IFilFil.Refusal.otherAlternative), "reason");
        _prove(1000, slot, 0x81, 2);
        eq(_creditOf(1000), 3.6 ether, "one reward");
        eq(ff.totals().locked, 0, "locked");
        _reconciles();
    }

    function test_c3_numbersOfEverySizeGoToTheActorsAndBack() public {
        uint64[4] memory numbers = [uint64(20), 200, 70_000, 5_000_000_000];
        for (uint256 i = 0; i < numbers.length; i++) {
            _join(numbers[i] + 1); // asks the power actor about a miner of such a number
        }
        uint32 slot = _slot(1, 0);
        _stage(slot, 4);
        _rollToOpen(slot);
        for (uint8 i = 0; i < 4; i++) _prove(21, slot, i, numbers[i]);
        vm.roll(block.number + 50);
        for (uint8 i = 0; i < 4; i++) _settle(21, slot, i, numbers[i]); // and the miner about such a sector
        eq(ff.holder(slot, 3, 21).sector, 5_000_000_000, "sector");
        _reconciles();
    }

    // ------------------------------------------------------------------------------------------ asked beforehand

    function _due(uint64 miner, uint32 slot, uint8 piece) private view returns (uint256 amount) {
        (amount,) = ff.due(slot, piece, miner);
    }

    function test_c3_whatSettlingWouldPayCanBeAskedBefore() public {
        (uint64 miner, uint32 slot, uint64 start, uint64 until) = _oneStored();
        (uint256 amount, uint64 to) = ff.due(slot, 0, miner);
        eq(amount, 0, "in the epoch of its activation");
        eq(to, start, "to");
        _rollFar(start + 7_777);
        (amount, to) = ff.due(slot, 0, miner);
        eq(amount, (8.4 ether * 7_777) / uint256(until - start), "due");
        eq(to, block.number, "to");
        vm.expectEmit(address(ff));
        emit IFilFil.Settled(slot, 0, miner, amount, to);
        _settle(miner, slot, 0, 7);
        eq(_due(miner, slot, 0), 0, "settled");
        uint256 before = _creditOf(miner);
        _rollFar(until + 500);
        (amount, to) = ff.due(slot, 0, miner);
        eq(before + amount, REWARD, "the rest");
        eq(to, until, "to the end of its term");
        _settle(miner, slot, 0, 7);
        eq(_creditOf(miner), REWARD, "all");
        (amount, to) = ff.due(slot, 0, miner);
        eq(amount, 0, "done");
        eq(to, 0, "done");
    }

    function test_c3_nothingIsDueOfWhatIsNotInASector() public {
        (uint64 miner, uint32 slot) = _oneStaged(2);
        eq(_due(miner, slot, 0), 0, "not held");
        eq(_due(4242, slot, 0), 0, "nobody's");
        eq(_due(miner, 77, 9), 0, "no such slot");
        _publish(_proposal(miner, slot, 1));
        vm.roll(block.number + 50);
        eq(_due(miner, slot, 1), 0, "published");
        _prove(miner, slot, 0, 7);
        vm.roll(block.number + 50);
        yes(_due(miner, slot, 0) > 0, "active");
        _actor(miner).removeSector(7);
        yes(_due(miner, slot, 0) > 0, "the sector is not looked at");
        ff.reportDead(slot, 0, miner, hex"822020");
        eq(_due(miner, slot, 0), 0, "dead");
    }

    function _looksLike(uint64 miner, uint64 sector, uint8 status, bytes memory aux, uint64 expiration) private view {
        (uint8 has, bytes memory place, uint64 end) = ff.location(miner, sector);
        eq(has, status, "status");
        eq(place, aux, "place");
        eq(end, expiration, "expiration");
    }

    function test_c3_aSectorsPlaceIsAskedOfItsMiner() public {
        (uint64 miner, uint32 slot, uint64 start, uint64 until) = _oneStored();
        _looksLike(miner, 7, 1, hex"820700", until);
        _actor(miner).setSector(5_000_000_000, 2, 47, 300, int64(until) + 1);
        _looksLike(miner, 5_000_000_000, 2, hex"82182f19012c", until + 1);
        _actor(miner).setSector(8, 0, 1, 2, int64(until));
        _looksLike(miner, 8, 0, hex"820102", until);
        vm.roll(start + 100);
        (, bytes memory aux,) = ff.location(miner, 7);
        ff.settle(slot, 0, miner, aux);
        _actor(miner).removeSector(7);
        _looksLike(miner, 7, 0, hex"822020", 0);
        (, aux,) = ff.location(miner, 7);
        ff.reportDead(slot, 0, miner, aux);
        eq(uint8(ff.holder(slot, 0, miner).state), uint8(IFilFil.Held.dead), "state");
    }

    function test_c3_whatIsNoMinerHasNoPlaces() public {
        int256 noSuchActor = -6;
        vm.expectRevert(abi.encodeWithSelector(IFilFil.ActorCall.selector, 424_242, Ids.GENERATE_SECTOR_LOCATION, noSuchActor));
        ff.location(424_242, 7);
    }
}
