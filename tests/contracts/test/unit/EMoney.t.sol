// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Ids} from "mocks/Ids.sol";
import {MockMarket} from "mocks/MockMarket.sol";
import {MockMiner} from "mocks/MockMiner.sol";
import {Base} from "support/Base.sol";

/// Takes no money.
contract Refuser {
    function pull(IFilFil ff) external {
        ff.withdrawOwn();
    }

    function report(IFilFil ff, uint32 slot, uint8 piece, uint64 miner) external {
        ff.reportDead(slot, piece, miner, hex"822020");
    }
}

/// Asks for its money again while it is being paid.
contract Greedy is Refuser {
    bytes public said;
    bytes public again;
    address public target;

    function set(address target_, bytes calldata again_) external {
        (target, again) = (target_, again_);
    }

    receive() external payable {
        (bool ok, bytes memory why) = target.call(again);
        said = ok ? bytes("it worked") : why;
    }
}

/// Row e: sponsors fund it; no datacap, no verified deals; its money moves on only to an announced successor.
contract EMoney is Base {
    function test_e_anyoneFundsThePool() public {
        uint256 pool = ff.totals().pool;
        vm.expectEmit(address(ff));
        emit IFilFil.Funded(ANYONE, 5 ether, "for the archive");
        vm.prank(ANYONE);
        ff.fund{value: 5 ether}("for the archive");
        eq(ff.totals().pool - pool, 5 ether, "pool");
        vm.expectEmit(address(ff));
        emit IFilFil.Funded(ANYONE, 2 ether, "");
        vm.prank(ANYONE);
        (bool ok,) = address(ff).call{value: 2 ether}("");
        yes(ok, "a plain transfer");
        eq(ff.totals().pool - pool, 7 ether, "pool");
        _reconciles();
        string memory long = string(new bytes(129));
        vm.expectRevert(abi.encodeWithSelector(IFilFil.TooLong.selector, 129, 128));
        vm.prank(ANYONE);
        ff.fund{value: 1 ether}(long);
    }

    function test_e_moneyThatCameWithoutACallIsFoundByTheNextFunding() public {
        // A METHOD_SEND runs no code.
        uint256 pool = ff.totals().pool;
        vm.deal(address(ff), address(ff).balance + 3 ether);
        vm.prank(ANYONE);
        ff.fund{value: 1 ether}("");
        eq(ff.totals().pool - pool, 4 ether, "pool");
        _reconciles();
    }

    function test_e_filPlusIsRefusedClearly() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        p.verified = true;
        (bool ok, bytes memory why) = MARKET.authenticate(address(ff), MARKET.encode(p, false));
        no(ok, "authenticated");
        eq(why, abi.encodeWithSelector(IFilFil.FilPlusRefused.selector), "why");
        (ok, why) = MARKET.notify(address(ff), MARKET.encode(p, true), 5);
        no(ok, "notified");
        eq(why, abi.encodeWithSelector(IFilFil.FilPlusRefused.selector), "why");
        // Datacap that is sent (FRC-0046).
        vm.expectRevert(IFilFil.FilPlusRefused.selector);
        vm.prank(Ids.masked(7));
        ff.handle_filecoin_method(Ids.RECEIVE, Ids.CBOR, hex"8200");
    }

    function test_e_thePoolMovesToASuccessorTwoRoundsAfterItIsNamed() public {
        _joinMany(1);
        address next = address(0x5CC);
        vm.expectRevert(IFilFil.NothingToDo.selector);
        vm.prank(OWNER);
        ff.moveToSuccessor(1 ether);
        vm.expectEmit(address(ff));
        emit IFilFil.SuccessorSet(next);
        vm.prank(OWNER);
        ff.setSuccessor(next);
        eq(ff.successor(), next, "successor");
        vm.expectPartialRevert(IFilFil.TooEarly.selector);
        vm.prank(OWNER);
        ff.moveToSuccessor(1 ether);
        vm.roll(block.number + 199);
        vm.expectPartialRevert(IFilFil.TooEarly.selector);
        vm.prank(OWNER);
        ff.moveToSuccessor(1 ether);
        vm.roll(block.number + 1);
        uint256 pool = ff.totals().pool;
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NoFunds.selector, pool, pool + 1));
        vm.prank(OWNER);
        ff.moveToSuccessor(pool + 1);
        vm.expectEmit(address(ff));
        emit IFilFil.MovedToSuccessor(next, 1 ether);
        vm.prank(OWNER);
        ff.moveToSuccessor(1 ether);
        eq(next.balance, 1 ether, "moved");
        _reconciles();
    }

    function test_e_onlyThePoolMovesToASuccessor() public {
        (uint64 miner, uint32 slot,,) = _oneStored();
        vm.prank(OWNER);
        ff.setSuccessor(address(0x5CC));
        vm.roll(block.number + 300);
        uint256 pool = ff.totals().pool;
        vm.prank(OWNER);
        ff.moveToSuccessor(pool);
        eq(ff.totals().pool, 0, "pool");
        // What was promised is still paid.
        _settle(miner, slot, 0, 7);
        ff.withdraw(miner);
        _reconciles();
    }

    function test_e_aSuccessorThatIsAnActorIsPaidByItsNumber() public {
        vm.etch(Ids.masked(4444), type(MockMiner).runtimeCode);
        vm.prank(OWNER);
        ff.setSuccessor(Ids.masked(4444));
        _joinMany(1);
        vm.roll(block.number + 300);
        vm.prank(OWNER);
        ff.moveToSuccessor(2 ether);
        eq(Ids.masked(4444).balance, 2 ether, "moved");
    }

    function _bountyTo(address reporter) private {
        (uint64 miner, uint32 slot,,) = _oneStored();
        _actor(miner).removeSector(7);
        vm.roll(block.number + 10);
        Refuser(reporter).report(ff, slot, 0, miner);
        eq(ff.credit(reporter), 0.5 ether, "bounty");
    }

    function test_e_aReceiverThatTakesNothingKeepsItsCredit() public {
        Refuser refuser = new Refuser();
        _bountyTo(address(refuser));
        vm.expectRevert(IFilFil.PaymentFailed.selector);
        refuser.pull(ff);
        eq(ff.credit(address(refuser)), 0.5 ether, "credit");
        _reconciles();
    }

    function test_e_noPayoutIsTakenTwiceByReentry() public {
        Greedy greedy = new Greedy();
        _bountyTo(address(greedy));
        greedy.set(address(ff), abi.encodeCall(IFilFil.withdrawOwn, ()));
        greedy.pull(ff);
        eq(greedy.said(), abi.encodeWithSelector(IFilFil.Reentered.selector), "why");
        eq(address(greedy).balance, 0.5 ether, "paid once");
        eq(ff.credit(address(greedy)), 0, "credit");
        _reconciles();
    }

    function test_e_everyPathOfMoneyIsClosedToReentry() public {
        bytes[9] memory paths = [
            abi.encodeCall(IFilFil.withdraw, (1000)),
            abi.encodeCall(IFilFil.register, (1000)),
            abi.encodeCall(IFilFil.fund, ("again")),
            abi.encodeCall(IFilFil.settle, (_slot(1, 0), 0, 1000, hex"820700")),
            abi.encodeCall(IFilFil.reportDead, (_slot(1, 0), 0, 1000, hex"822020")),
            abi.encodeCall(IFilFil.close, (_slot(1, 0), 0, 1000)),
            abi.encodeCall(IFilFil.reclaim, (_slot(1, 0))),
            abi.encodeCall(IFilFil.activateDeal, (_slot(1, 0), 0, 1000)),
            abi.encodeCall(IFilFil.poke, (1000))
        ];
        Greedy greedy = new Greedy();
        _bountyTo(address(greedy));
        uint256 id = vm.snapshotState();
        for (uint256 i = 0; i < paths.length; i++) {
            greedy.set(address(ff), paths[i]);
            greedy.pull(ff);
            eq(greedy.said(), abi.encodeWithSelector(IFilFil.Reentered.selector), vm.toString(i));
            vm.revertToState(id);
        }
    }
}
