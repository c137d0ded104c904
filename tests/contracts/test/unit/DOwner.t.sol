// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Ids} from "mocks/Ids.sol";
import {MockMiner} from "mocks/MockMiner.sol";
import {Base} from "support/Base.sol";

/// Row d: the owner (a multisig), the guardian, and parameters that are known long before they hold.
contract DOwner is Base {
    function _queue(IFilFil.Params memory p) private {
        vm.prank(OWNER);
        ff.queueParams(p);
    }

    function test_d_rolesAreThoseOfTheDeployment() public view {
        eq(ff.owner(), OWNER, "owner");
        eq(ff.operator(), OPERATOR, "operator");
        eq(ff.guardian(), GUARDIAN, "guardian");
        eq(ff.pendingOwner(), address(0), "pending");
        no(ff.paused(), "paused");
        eq(ff.successor(), address(0), "successor");
        eq(keccak256(abi.encode(ff.params())), keccak256(abi.encode(_params())), "parameters");
    }

    function test_d_parametersApplyFromTheRoundAfterTheNext() public {
        _joinMany(2);
        uint64 start = uint64(block.number);
        IFilFil.Params memory p = _params();
        p.slotLength = 50;
        p.windowLength = 40;
        p.recipe = keccak256("new recipe");
        vm.expectEmit(address(ff));
        emit IFilFil.ParamsQueued(2, 3, p);
        _queue(p);
        (IFilFil.Params memory queued, uint16 from) = ff.queuedParams();
        eq(from, 3, "from");
        eq(keccak256(abi.encode(queued)), keccak256(abi.encode(p)), "queued");
        vm.roll(start + 200);
        ff.advance();
        eq(ff.params().slotLength, SLOT_LENGTH, "the next round is as it was");
        vm.roll(start + 400);
        vm.expectEmit(address(ff));
        emit IFilFil.ParamsApplied(2, 3);
        ff.advance();
        eq(ff.params().slotLength, 50, "the one after has them");
        (, from) = ff.queuedParams();
        eq(from, 0, "none is queued");
        eq(ff.round().slotLength, 50, "round");
        (uint64 a,,,,) = ff.windows(1000);
        (uint64 b,,,,) = ff.windows(1001);
        eq(b - a, 50, "windows");
    }

    function test_d_aChangeIsReplacedBeforeItsTimeButNotOnceTheNextRoundIsFixed() public {
        _joinMany(2);
        uint64 start = uint64(block.number);
        IFilFil.Params memory p = _params();
        p.slotLength = 70;
        _queue(p);
        p.slotLength = 80;
        _queue(p);
        (IFilFil.Params memory queued,) = ff.queuedParams();
        eq(queued.slotLength, 80, "the last one counts");
        vm.roll(start + 200); // round 3 is the next now
        p.slotLength = 90;
        vm.expectRevert(abi.encodeWithSelector(IFilFil.TooEarly.selector, start + 400));
        _queue(p);
        vm.roll(start + 400);
        _queue(p);
        eq(ff.params().slotLength, 80, "as it was announced");
    }

    function test_d_withNoRoundOpenParametersApplyFromTheNextOpening() public {
        IFilFil.Params memory p = _params();
        p.slotLength = 70;
        p.bond = 1 ether;
        _queue(p);
        _miner(1000);
        vm.prank(_controller(1000));
        ff.register{value: 10 ether}(1000);
        eq(ff.round().slotLength, 70, "slot length");
        eq(ff.round().start, block.number + 70, "start");
    }

    function test_d_theBondAndTheCapOfJoinersAreTheOpenRounds() public {
        _joinMany(1);
        IFilFil.Params memory p = _params();
        p.bond = 20 ether;
        p.bondStep = 0;
        _queue(p);
        eq(ff.bondNow(), 12.5 ether, "as it was");
        vm.roll(block.number + 200);
        eq(ff.bondNow(), 20 ether, "as it is");
    }

    function test_d_badParametersAreNamedByTheirPlace() public {
        IFilFil.Params[12] memory bad;
        uint8[12] memory field = [0, 1, 1, 2, 3, 3, 4, 4, 5, 7, 8, 9];
        for (uint256 i = 0; i < 12; i++) bad[i] = _params();
        bad[0].slotLength = 0;
        bad[1].windowLength = 0;
        bad[2].windowLength = SLOT_LENGTH + 1;
        bad[3].lead = 0;
        bad[4].replicas = 0;
        bad[5].replicas = 17;
        bad[6].maxProviders = 0;
        bad[7].maxProviders = 1025;
        bad[8].maxMisses = 0;
        bad[9].minTerm = 0;
        bad[10].upfront = 10_001;
        bad[11].slash = 10_001;
        for (uint256 i = 0; i < 12; i++) {
            vm.expectRevert(abi.encodeWithSelector(IFilFil.BadParams.selector, field[i]));
            _queue(bad[i]);
            (address made, bytes memory why) = _tryDeploy(bad[i]);
            eq(made, address(0), "deployed");
            eq(why, abi.encodeWithSelector(IFilFil.BadParams.selector, field[i]), "why it is not deployed");
        }
        IFilFil.Params memory p = _params();
        p.bounty = 10_001;
        vm.expectRevert(abi.encodeWithSelector(IFilFil.BadParams.selector, 10));
        _queue(p);
        p = _params();
        p.slotLength = type(uint32).max;
        vm.expectRevert(abi.encodeWithSelector(IFilFil.BadParams.selector, 0));
        _queue(p);
        p = _params();
        p.lead = type(uint32).max;
        vm.expectRevert(abi.encodeWithSelector(IFilFil.BadParams.selector, 2));
        _queue(p);
    }

    function test_d_ownershipIsOfferedAndTaken() public {
        vm.expectEmit(address(ff));
        emit IFilFil.OwnershipOffered(ANYONE);
        vm.prank(OWNER);
        ff.offerOwnership(ANYONE);
        eq(ff.owner(), OWNER, "still");
        eq(ff.pendingOwner(), ANYONE, "pending");
        vm.expectRevert(IFilFil.NotOffered.selector);
        vm.prank(GUARDIAN);
        ff.acceptOwnership();
        vm.expectEmit(address(ff));
        emit IFilFil.OwnerSet(ANYONE);
        vm.prank(ANYONE);
        ff.acceptOwnership();
        eq(ff.owner(), ANYONE, "owner");
        eq(ff.pendingOwner(), address(0), "pending");
        vm.expectRevert(IFilFil.NotOwner.selector);
        vm.prank(OWNER);
        ff.setOperator(ANYONE);
        vm.expectRevert(IFilFil.NotOffered.selector);
        vm.prank(ANYONE);
        ff.acceptOwnership();
    }

    function test_d_aMultisigActorOwnsItByItsMaskedAddress() public {
        vm.etch(Ids.masked(4444), type(MockMiner).runtimeCode);
        vm.prank(OWNER);
        ff.offerOwnership(Ids.masked(4444));
        (bool ok,) = _actor(4444).execute(address(ff), 0, abi.encodeCall(IFilFil.acceptOwnership, ()));
        yes(ok, "accepted");
        (ok,) = _actor(4444).execute(address(ff), 0, abi.encodeCall(IFilFil.setOperator, (ANYONE)));
        yes(ok, "set");
        eq(ff.operator(), ANYONE, "operator");
    }

    function test_d_theOwnerSetsTheKeys() public {
        vm.expectEmit(address(ff));
        emit IFilFil.OperatorSet(ANYONE);
        vm.prank(OWNER);
        ff.setOperator(ANYONE);
        eq(ff.operator(), ANYONE, "operator");
        vm.expectEmit(address(ff));
        emit IFilFil.GuardianSet(ANYONE);
        vm.prank(OWNER);
        ff.setGuardian(ANYONE);
        eq(ff.guardian(), ANYONE, "guardian");
    }

    function test_d_theGuardianMayPauseStagingAndOnlyTheOwnerGoesOn() public {
        _joinMany(1);
        vm.expectEmit(address(ff));
        emit IFilFil.PausedSet(true, GUARDIAN);
        vm.prank(GUARDIAN);
        ff.setPaused(true);
        yes(ff.paused(), "paused");
        IFilFil.StageArgs memory a = _args(_slot(1, 0), 1);
        vm.expectRevert(IFilFil.IsPaused.selector);
        vm.prank(OPERATOR);
        ff.stage(a);
        vm.expectRevert(IFilFil.NotOwner.selector);
        vm.prank(GUARDIAN);
        ff.setPaused(false);
        vm.expectRevert(IFilFil.NotGuardian.selector);
        vm.prank(OPERATOR);
        ff.setPaused(true);
        vm.prank(OWNER);
        ff.setPaused(false);
        _stage(_slot(1, 0), 1);
    }

    function test_d_aPauseStopsStagingAndNothingElse() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        vm.prank(GUARDIAN);
        ff.setPaused(true);
        _prove(miner, slot, 0, 7);
        vm.roll(block.number + 200);
        _settle(miner, slot, 0, 7);
        ff.withdraw(miner);
        _join(1001);
        vm.prank(_controller(1001));
        ff.exit(1001);
        yes(_controller(miner).balance > 9_990 ether, "paid");
    }

    function test_d_onlyTheOwnerDoesWhatTheOwnerDoes() public {
        IFilFil.Params memory p = _params();
        vm.expectRevert(IFilFil.NotOwner.selector);
        ff.queueParams(p);
        vm.expectRevert(IFilFil.NotOwner.selector);
        ff.setOperator(ANYONE);
        vm.expectRevert(IFilFil.NotOwner.selector);
        ff.setGuardian(ANYONE);
        vm.expectRevert(IFilFil.NotOwner.selector);
        ff.offerOwnership(ANYONE);
        vm.expectRevert(IFilFil.NotOwner.selector);
        ff.setSuccessor(ANYONE);
        vm.expectRevert(IFilFil.NotOwner.selector);
        ff.moveToSuccessor(1);
    }
}
