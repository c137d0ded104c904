// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Ids} from "mocks/Ids.sol";
import {MockMiner} from "mocks/MockMiner.sol";
import {Wire} from "mocks/Wire.sol";
import {Base} from "support/Base.sol";

/// Row c1: register SP, collateral, anti-sybil.
contract C1Registration is Base {
    uint64 private constant MINER = 1000;

    function test_c1_aMinerRegistersByAControllingAddress() public {
        _miner(MINER);
        uint256 bond = ff.bondNow();
        vm.expectEmit(address(ff));
        emit IFilFil.Registered(MINER, _controller(MINER), 0, 1, bond);
        vm.prank(_controller(MINER));
        ff.register{value: bond}(MINER);
        (IFilFil.Standing standing, uint32 position, uint16 first,, uint8 misses, uint128 kept, uint256 credit) = ff.provider(MINER);
        eq(uint8(standing), uint8(IFilFil.Standing.active), "standing");
        eq(position, 0, "position");
        eq(first, 1, "first round");
        eq(misses, 0, "misses");
        eq(kept, bond, "bond");
        eq(credit, 0, "credit");
        eq(ff.activeProviders(), 1, "providers");
        eq(ff.totals().bonds, bond, "bonds");
        _reconciles();
    }

    function test_c1_aControlAddressOfTheMinerMayRegisterIt() public {
        _miner(MINER);
        address worker = address(0x3333);
        INIT.setAddress(77, Wire.ethAddress(worker));
        _actor(MINER).setControlling(Wire.ethAddress(worker), true);
        vm.deal(worker, 100 ether);
        uint256 bond = ff.bondNow();
        vm.prank(worker);
        ff.register{value: bond}(MINER);
        eq(uint8(_standing(MINER)), uint8(IFilFil.Standing.active), "standing");
    }

    function test_c1_anActorWithoutAnEthereumAddressMayRegisterAMinerItControls() public {
        _miner(MINER);
        // A multisig at f0 4444 is its owner and calls through InvokeEVM.
        vm.etch(Ids.masked(4444), type(MockMiner).runtimeCode);
        _actor(MINER).setOwner(Wire.idAddress(4444));
        vm.deal(Ids.masked(4444), 100 ether);
        (bool ok,) = _actor(4444).execute(address(ff), ff.bondNow(), abi.encodeCall(IFilFil.register, (MINER)));
        yes(ok, "registered by f0");
        eq(uint8(_standing(MINER)), uint8(IFilFil.Standing.active), "standing");
    }

    function test_c1_whoDoesNotControlTheMinerCannotRegisterIt() public {
        _miner(MINER);
        uint256 bond = ff.bondNow();
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotController.selector, MINER, ANYONE));
        vm.prank(ANYONE);
        ff.register{value: bond}(MINER);
    }

    function test_c1_whatIsNoMinerCannotRegister() public {
        // It answers every question with yes, but the power actor does not know it.
        _miner(MINER);
        POWER.clearPower(MINER);
        uint256 bond = ff.bondNow();
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotAMiner.selector, MINER));
        vm.prank(_controller(MINER));
        ff.register{value: bond}(MINER);
    }

    function test_c1_aMinerNeedsPower() public {
        _miner(MINER);
        POWER.setPower(MINER, (1 << 40) - 1);
        uint256 bond = ff.bondNow();
        vm.expectRevert(abi.encodeWithSelector(IFilFil.TooLittlePower.selector, (1 << 40) - 1, 1 << 40));
        vm.prank(_controller(MINER));
        ff.register{value: bond}(MINER);

        POWER.setPower(MINER, 0);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.TooLittlePower.selector, 0, 1 << 40));
        vm.prank(_controller(MINER));
        ff.register{value: bond}(MINER);

        POWER.setPower(MINER, 1 << 40);
        vm.prank(_controller(MINER));
        ff.register{value: bond}(MINER);
        eq(ff.activeProviders(), 1, "providers");
    }

    function test_c1_aMinerRegistersOnce() public {
        _join(MINER);
        uint256 bond = ff.bondNow();
        vm.expectRevert(abi.encodeWithSelector(IFilFil.AlreadyRegistered.selector, MINER));
        vm.prank(_controller(MINER));
        ff.register{value: bond}(MINER);
    }

    function test_c1_theBondRisesWithTheNumberOfProviders() public {
        // bond * (1 + n / bondStep), n providers being there, bondStep 4.
        for (uint64 n = 0; n < 8; n++) {
            eq(ff.bondNow(), 10 ether + (10 ether * uint256(n)) / 4, "bond");
            _join(MINER + n);
        }
    }

    function test_c1_theBondIsConstantWhereTheStepIsZero() public {
        IFilFil.Params memory p = _params();
        p.bondStep = 0;
        ff = _deploy(p);
        for (uint64 n = 0; n < 4; n++) {
            eq(ff.bondNow(), 10 ether, "bond");
            _join(MINER + n);
        }
    }

    function test_c1_aBondThatIsTooSmallIsRefused() public {
        _miner(MINER);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.BondTooSmall.selector, 10 ether - 1, 10 ether));
        vm.prank(_controller(MINER));
        ff.register{value: 10 ether - 1}(MINER);
    }

    function test_c1_whatIsPaidInExcessIsTheSendersToTakeBack() public {
        _miner(MINER);
        vm.prank(_controller(MINER));
        ff.register{value: 13 ether}(MINER);
        eq(ff.credit(_controller(MINER)), 3 ether, "credit");
        eq(ff.totals().credit, 3 ether, "total credit");
        uint256 before = _controller(MINER).balance;
        vm.expectEmit(address(ff));
        emit IFilFil.WithdrawnOwn(_controller(MINER), 3 ether);
        vm.prank(_controller(MINER));
        ff.withdrawOwn();
        eq(_controller(MINER).balance - before, 3 ether, "came back");
        _reconciles();
        vm.expectRevert(IFilFil.NothingToDo.selector);
        vm.prank(_controller(MINER));
        ff.withdrawOwn();
    }

    function test_c1_thereIsACapOnProviders() public {
        for (uint64 n = 0; n < 8; n++) _join(MINER + n);
        _miner(MINER + 8);
        uint256 bond = ff.bondNow();
        vm.expectRevert(abi.encodeWithSelector(IFilFil.Full.selector, 8));
        vm.prank(_controller(MINER + 8));
        ff.register{value: bond}(MINER + 8);
    }

    function test_c1_aMinerWhoseActorFailsIsNamedWithItsExitCode() public {
        POWER.setPower(MINER, 1 << 50); // the power actor knows it, but nothing stands at its number
        vm.deal(ANYONE, 100 ether);
        uint256 bond = ff.bondNow();
        vm.expectPartialRevert(IFilFil.ActorCall.selector);
        vm.prank(ANYONE);
        ff.register{value: bond}(MINER);
    }

    function test_c1_theMinersAddressServesItsEndpoint() public {
        _join(MINER);
        vm.expectEmit(address(ff));
        emit IFilFil.EndpointSet(MINER, "https://sp.example/piece");
        vm.prank(_controller(MINER));
        ff.setEndpoint(MINER, "https://sp.example/piece");

        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotController.selector, MINER, ANYONE));
        vm.prank(ANYONE);
        ff.setEndpoint(MINER, "https://other.example");

        string memory long = string(new bytes(129));
        vm.expectRevert(abi.encodeWithSelector(IFilFil.TooLong.selector, 129, 128));
        vm.prank(_controller(MINER));
        ff.setEndpoint(MINER, long);

        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotRegistered.selector, 2000));
        vm.prank(_controller(MINER));
        ff.setEndpoint(2000, "https://sp.example");
    }

    function test_c1_whoLeftMayRegisterAgainOnceItsBondIsBack() public {
        _join(1000);
        _join(1001);
        vm.roll(ff.round().start);
        address controller = _controller(1000);
        vm.prank(controller);
        ff.exit(1000);
        uint16 last = ff.round().number;
        uint256 bond = ff.bondNow();
        while (ff.round().number < last + 2) {
            vm.expectRevert(abi.encodeWithSelector(IFilFil.AlreadyRegistered.selector, 1000));
            vm.prank(controller);
            ff.register{value: bond}(1000);
            vm.roll(block.number + 100);
        }
        // The bond is free, and still not taken.
        vm.expectRevert(abi.encodeWithSelector(IFilFil.AlreadyRegistered.selector, 1000));
        vm.prank(controller);
        ff.register{value: bond}(1000);
        ff.withdraw(1000);
        bond = ff.bondNow();
        vm.prank(controller);
        ff.register{value: bond}(1000);
        (IFilFil.Standing standing,, uint16 first, uint16 until, uint8 misses, uint128 has,) = ff.provider(1000);
        eq(uint8(standing), uint8(IFilFil.Standing.active), "standing");
        eq(first, ff.round().number + 1, "it waits for the next round as all joiners do");
        eq(until, 0, "its last round is forgotten");
        eq(misses, 0, "misses");
        eq(has, bond, "bond");
        (uint64 opens,, uint32 slot,,) = ff.windows(1000);
        eq(slot >> 16, first, "its window is in that round");
        vm.roll(opens);
        (uint64 again,,,,) = ff.windows(1000);
        eq(again, opens, "open");
        _reconciles();
    }
}
