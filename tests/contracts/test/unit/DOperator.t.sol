// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Vm} from "support/Vm.sol";
import {Base} from "support/Base.sol";

/// Row d: the operator stages, and can do no more; reorgs; attestations.
contract DOperator is Base {
    function _stageFails(IFilFil.StageArgs memory a, bytes memory why) private {
        vm.expectRevert(why);
        vm.prank(OPERATOR);
        ff.stage(a);
    }

    function test_d_theOperatorStagesASnapshotAndItsMoneyIsLocked() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _rollToTarget(slot);
        IFilFil.StageArgs memory a = _args(slot, 2);
        uint256 pool = ff.totals().pool;
        vm.expectEmit(address(ff));
        emit IFilFil.SnapshotStaged(slot, 0, a.epoch, a.tipset, a.recipe, a.reward, a.payload, a.pieces);
        vm.prank(OPERATOR);
        ff.stage(a);
        (uint64 epoch, uint64 open, uint64 closing, uint8 pieces, uint8 alternatives, uint128 reward, bytes32 tipset, uint64 stagedAt, bool disputed)
        = ff.slotInfo(slot);
        eq(epoch, a.epoch, "epoch");
        eq(open, a.epoch + LEAD, "open");
        eq(closing, open + WINDOW, "closing");
        eq(pieces, 2, "pieces");
        eq(alternatives, 0, "alternatives");
        eq(reward, REWARD, "reward");
        eq(tipset, a.tipset, "tipset");
        eq(stagedAt, block.number, "staged at");
        no(disputed, "disputed");
        eq(ff.totals().locked, REWARD, "locked");
        eq(pool - ff.totals().pool, REWARD, "out of the pool");
        _reconciles();
    }

    function test_d_moneyMayComeWithTheStaging() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _rollToTarget(slot);
        IFilFil.StageArgs memory a = _args(slot, 1);
        uint256 pool = ff.totals().pool;
        vm.prank(OPERATOR);
        ff.stage{value: REWARD + 1}(a);
        eq(ff.totals().pool, pool + 1, "pool");
        _reconciles();
    }

    function test_d_onlyTheOperatorStagesAndCancels() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _rollToTarget(slot);
        IFilFil.StageArgs memory a = _args(slot, 1);
        vm.expectRevert(IFilFil.NotOperator.selector);
        vm.prank(OWNER);
        ff.stage(a);
        _stage(slot, 1);
        vm.expectRevert(IFilFil.NotOperator.selector);
        vm.prank(OWNER);
        ff.cancel(slot);
    }

    function test_d_aSnapshotIsStagedFromItsTargetToTheWindowsEnd() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        (uint64 target,, uint64 closing) = ff.slotWindow(slot);
        vm.roll(target - 1);
        _stageFails(_args(slot, 1), abi.encodeWithSelector(IFilFil.TargetNotReached.selector, slot, target));
        vm.roll(closing);
        _stageFails(_args(slot, 1), abi.encodeWithSelector(IFilFil.SlotClosed.selector, slot));
        vm.roll(closing - 1);
        _stage(slot, 1);
    }

    function test_d_onlyThisRoundsAndTheNextsSlotsAreStaged() public {
        IFilFil.Params memory p = _params();
        p.lead = 150;
        ff = _deploy(p);
        ff.fund{value: 100 ether}("");
        _joinMany(1);
        // Of the next round, its target being reached.
        vm.roll(block.number + 50);
        _stage(_slot(2, 0), 1);
        IFilFil.StageArgs memory a = _args(_slot(2, 0), 1);
        a.slot = _slot(3, 0);
        _stageFails(a, abi.encodeWithSelector(IFilFil.UnknownSlot.selector, a.slot));
        a.slot = _slot(2, 1);
        _stageFails(a, abi.encodeWithSelector(IFilFil.UnknownSlot.selector, a.slot));
        vm.roll(block.number + 500);
        a.slot = _slot(1, 0);
        _stageFails(a, abi.encodeWithSelector(IFilFil.SlotClosed.selector, a.slot));
    }

    function test_d_whereTheTargetHasNoTipsetAnEarlierOneIsTaken() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _rollToTarget(slot);
        IFilFil.StageArgs memory a = _args(slot, 1);
        uint64 target = a.epoch;
        a.epoch = target + 1;
        _stageFails(a, abi.encodeWithSelector(IFilFil.WrongEpoch.selector, target + 1, target));
        a.epoch = target - 65;
        _stageFails(a, abi.encodeWithSelector(IFilFil.WrongEpoch.selector, target - 65, target));
        a.epoch = target - 64;
        vm.prank(OPERATOR);
        ff.stage(a);
        (uint64 epoch,,,,,,,,) = ff.slotInfo(slot);
        eq(epoch, target - 64, "epoch");
    }

    function test_d_theRecipeIsTheRounds() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _rollToTarget(slot);
        IFilFil.StageArgs memory a = _args(slot, 1);
        a.recipe = keccak256("another");
        _stageFails(a, abi.encodeWithSelector(IFilFil.WrongRecipe.selector, keccak256("another"), keccak256("recipe")));
    }

    function test_d_aStolenOperatorKeyIsBoundedByTheRewardCap() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _rollToTarget(slot);
        IFilFil.StageArgs memory a = _args(slot, 1);
        a.reward = 100 ether + 1;
        _stageFails(a, abi.encodeWithSelector(IFilFil.RewardTooLarge.selector, 100 ether + 1, 100 ether));
        a.reward = 100 ether;
        vm.prank(OPERATOR);
        ff.stage(a);
    }

    function test_d_whatIsNotThereCannotBeStaged() public {
        ff = _deploy(_params());
        ff.fund{value: REWARD - 1}("");
        _join(1000);
        uint32 slot = _slot(1, 0);
        _rollToTarget(slot);
        _stageFails(_args(slot, 1), abi.encodeWithSelector(IFilFil.NoFunds.selector, REWARD - 1, REWARD));
    }

    function test_d_piecesMustBeSound() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _rollToTarget(slot);
        IFilFil.StageArgs memory a = _args(slot, 2);
        a.pieces[1].rawSize = 0;
        _stageFails(a, abi.encodeWithSelector(IFilFil.BadPieces.selector, 1));
        a.pieces[1].rawSize = RAW + 1; // more than fits 2^35 padded bytes
        _stageFails(a, abi.encodeWithSelector(IFilFil.BadPieces.selector, 1));
        a.pieces[1].rawSize = RAW;
        a.pieces[1].log2Padded = 37;
        _stageFails(a, abi.encodeWithSelector(IFilFil.BadPieces.selector, 1));
        a.pieces[1].log2Padded = 6;
        _stageFails(a, abi.encodeWithSelector(IFilFil.BadPieces.selector, 1));
        a.pieces[1].log2Padded = 35;
        a.pieces[1].root = 0;
        _stageFails(a, abi.encodeWithSelector(IFilFil.BadPieces.selector, 1));
        a.pieces[1].root = a.pieces[0].root;
        _stageFails(a, abi.encodeWithSelector(IFilFil.RootStaged.selector, a.pieces[0].root));
        a.pieces = new IFilFil.Piece[](0);
        _stageFails(a, abi.encodeWithSelector(IFilFil.BadPieces.selector, 0));
        a.pieces = _pieces(slot, 65, 0);
        _stageFails(a, abi.encodeWithSelector(IFilFil.BadPieces.selector, 0));
        a.pieces = _pieces(slot, 64, 0);
        vm.prank(OPERATOR);
        ff.stage(a);
        a.payload = new bytes(129);
        a.slot = _slot(2, 0);
    }

    function test_d_thePayloadsCidIsShort() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _rollToTarget(slot);
        IFilFil.StageArgs memory a = _args(slot, 1);
        a.payload = new bytes(129);
        _stageFails(a, abi.encodeWithSelector(IFilFil.TooLong.selector, 129, 128));
    }

    function test_d_aSecondStagingIsAnAlternativeAndThereIsNoThird() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _stage(slot, 1);
        uint256 locked = ff.totals().locked;
        vm.recordLogs();
        _stageAlternative(slot, 2);
        eq(_count(vm.getRecordedLogs(), IFilFil.SnapshotStaged.selector), 1, "staged");
        eq(ff.totals().locked, locked, "the same reward");
        (,,, uint8 pieces, uint8 alternatives,,,,) = ff.slotInfo(slot);
        eq(pieces, 1, "pieces");
        eq(alternatives, 2, "of the alternative");
        (bytes32 root,,) = ff.piece(slot, 0x81);
        eq(root, _root(slot, 0x81), "a piece of it");
        IFilFil.StageArgs memory a = _args(slot, 1);
        a.pieces = _pieces(slot, 1, 0x40);
        _stageFails(a, abi.encodeWithSelector(IFilFil.AlreadyStaged.selector, slot));
    }

    function test_d_anAlternativeHasTheSameReward() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _stage(slot, 1);
        IFilFil.StageArgs memory a = _args(slot, 1);
        a.pieces = _pieces(slot, 1, 0x80);
        a.reward = REWARD + 1;
        vm.expectRevert();
        vm.prank(OPERATOR);
        ff.stage(a);
    }

    function test_d_onceSomebodyHoldsAPieceNothingIsAddedOrTakenBack() public {
        (uint64 miner, uint32 slot) = _oneStaged(2);
        _prove(miner, slot, 0, 1);
        IFilFil.StageArgs memory a = _args(slot, 1);
        a.pieces = _pieces(slot, 1, 0x80);
        _stageFails(a, abi.encodeWithSelector(IFilFil.AlreadyClaimed.selector, slot));
        vm.expectRevert(abi.encodeWithSelector(IFilFil.AlreadyClaimed.selector, slot));
        vm.prank(OPERATOR);
        ff.cancel(slot);
    }

    function test_d_aPublishedDealIsAClaimToo() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        _publish(_proposal(miner, slot, 0));
        vm.expectRevert(abi.encodeWithSelector(IFilFil.AlreadyClaimed.selector, slot));
        vm.prank(OPERATOR);
        ff.cancel(slot);
    }

    function test_d_aReorgedStagingIsTakenBackAndStagedAnew() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _stage(slot, 2);
        _stageAlternative(slot, 1);
        uint256 pool = ff.totals().pool;
        vm.expectEmit(address(ff));
        emit IFilFil.StagingCancelled(slot);
        vm.prank(OPERATOR);
        ff.cancel(slot);
        eq(ff.totals().pool - pool, REWARD, "back in the pool");
        eq(ff.totals().locked, 0, "locked");
        (, bool known) = ff.dealOf(_root(slot, 1));
        no(known, "its roots are free");
        (, known) = ff.dealOf(_root(slot, 0x80));
        no(known, "and those of the alternative");
        eq(ff.latest(5).length, 0, "not listed");
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotStaged.selector, slot));
        vm.prank(OPERATOR);
        ff.cancel(slot);
        IFilFil.StageArgs memory a = _args(slot, 2);
        a.tipset = keccak256("another head");
        vm.prank(OPERATOR);
        ff.stage(a);
        _reconciles();
    }

    function test_d_whatNobodyEarnedReturnsToThePool() public {
        (uint64 miner, uint32 slot) = _oneStaged(2);
        _prove(miner, slot, 0, 1);
        (,, uint64 closing) = ff.slotWindow(slot);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.TooEarly.selector, closing));
        ff.reclaim(slot);
        vm.roll(closing);
        uint256 pool = ff.totals().pool;
        vm.expectEmit(address(ff));
        emit IFilFil.Reclaimed(slot, REWARD / 2);
        ff.reclaim(slot);
        eq(ff.totals().pool - pool, REWARD / 2, "the half nobody stored");
        eq(ff.totals().locked, 0, "locked");
        vm.expectRevert(IFilFil.NothingToDo.selector);
        ff.reclaim(slot);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotStaged.selector, _slot(2, 0)));
        ff.reclaim(_slot(2, 0));
        _reconciles();
    }

    // ----------------------------------------------------------------------------------------------- attestations

    function _attest(uint64 miner, uint32 slot, bytes32 root) private {
        vm.prank(_controller(miner));
        ff.attest(miner, slot, root);
    }

    function test_d_providersGiveASecondOpinion() public {
        _joinMany(4);
        uint32 slot = _slot(1, 0);
        _stage(slot, 1);
        vm.expectEmit(address(ff));
        emit IFilFil.Attested(slot, 1000, _root(slot, 0), true);
        _attest(1000, slot, _root(slot, 0));
        vm.expectEmit(address(ff));
        emit IFilFil.Attested(slot, 1001, bytes32(uint256(5)), false);
        _attest(1001, slot, bytes32(uint256(5)));
        (,,,,,,,, bool disputed) = ff.slotInfo(slot);
        no(disputed, "one voice is not enough");
        vm.expectEmit(address(ff));
        emit IFilFil.Disputed(slot, 2);
        _attest(1002, slot, bytes32(uint256(6)));
        (,,,,,,,, disputed) = ff.slotInfo(slot);
        yes(disputed, "flagged");
        vm.recordLogs();
        _attest(1003, slot, bytes32(uint256(6)));
        eq(_count(vm.getRecordedLogs(), IFilFil.Disputed.selector), 0, "flagged once");
        // A flag takes nothing from anybody.
        _prove(1000, slot, 0, 1);
        eq(_creditOf(1000), 3.6 ether, "paid all the same");
    }

    function test_d_theAlternativesRootIsAnAnswerToo() public {
        _joinMany(1);
        uint32 slot = _slot(1, 0);
        _stage(slot, 1);
        _stageAlternative(slot, 1);
        vm.expectEmit(address(ff));
        emit IFilFil.Attested(slot, 1000, _root(slot, 0x80), true);
        _attest(1000, slot, _root(slot, 0x80));
    }

    function test_d_oneAttestsOnceAsARegisteredProviderOnWhatIsStaged() public {
        _joinMany(1);
        uint32 slot = _slot(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotStaged.selector, slot));
        _attest(1000, slot, bytes32(uint256(5)));
        _stage(slot, 1);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotRegistered.selector, 2000));
        _attest(2000, slot, bytes32(uint256(5)));
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotController.selector, 1000, ANYONE));
        vm.prank(ANYONE);
        ff.attest(1000, slot, bytes32(uint256(5)));
        _attest(1000, slot, bytes32(uint256(5)));
        vm.expectRevert(abi.encodeWithSelector(IFilFil.AlreadyAttested.selector, slot, 1000));
        _attest(1000, slot, bytes32(uint256(6)));
    }

    function test_d_noNumberOfAttestationsFlagsWhereItIsSwitchedOff() public {
        IFilFil.Params memory p = _params();
        p.disputeAt = 0;
        ff = _deploy(p);
        ff.fund{value: 100 ether}("");
        _joinMany(3);
        uint32 slot = _slot(1, 0);
        _stage(slot, 1);
        vm.recordLogs();
        for (uint64 i = 0; i < 3; i++) _attest(1000 + i, slot, bytes32(uint256(5)));
        eq(_count(vm.getRecordedLogs(), IFilFil.Disputed.selector), 0, "flagged");
    }

    function test_d_whatIsStagedAnewCanBeAttestedToAnew() public {
        _joinMany(2);
        uint32 slot = _slot(1, 0);
        _stage(slot, 1);
        _attest(1000, slot, bytes32(uint256(5)));
        vm.prank(OPERATOR);
        ff.cancel(slot);
        _stage(slot, 1); // in the same epoch
        _attest(1000, slot, bytes32(uint256(5)));
        vm.expectRevert(abi.encodeWithSelector(IFilFil.AlreadyAttested.selector, slot, 1000));
        _attest(1000, slot, bytes32(uint256(5)));
        (,,,,,,,, bool disputed) = ff.slotInfo(slot);
        no(disputed, "the voice against what was cancelled does not count");
        vm.expectEmit(address(ff));
        emit IFilFil.Disputed(slot, 2);
        _attest(1001, slot, bytes32(uint256(5)));
    }
}
