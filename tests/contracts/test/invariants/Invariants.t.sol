// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Check} from "support/Check.sol";
import {Handler} from "./Handler.sol";

/// What holds between any two calls, whoever made them.
contract Invariants is Check {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Handler private s_handler;
    IFilFil private s_ff;

    function setUp() public {
        s_handler = new Handler();
        s_handler.setUp();
        s_ff = s_handler.contractUnderTest();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(s_handler);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        // Time and what is done most often are named more than once.
        bytes4[32] memory all = [
            Handler.pass.selector, Handler.pass.selector, Handler.pass.selector, Handler.passLong.selector,
            Handler.register.selector, Handler.register.selector, Handler.exit.selector, Handler.poke.selector,
            Handler.withdraw.selector, Handler.withdrawOwn.selector, Handler.attest.selector, Handler.stage.selector,
            Handler.stage.selector, Handler.stage.selector, Handler.cancel.selector, Handler.reclaim.selector,
            Handler.prove.selector, Handler.prove.selector, Handler.prove.selector, Handler.prove.selector,
            Handler.publish.selector, Handler.publish.selector, Handler.activate.selector, Handler.terminate.selector,
            Handler.hostile.selector, Handler.settle.selector, Handler.settleAll.selector, Handler.loseAndReport.selector,
            Handler.close.selector, Handler.fund.selector, Handler.queueParams.selector, Handler.moveOn.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0].addr = address(s_handler);
        targets[0].selectors = new bytes4[](33);
        for (uint256 i = 0; i < 32; i++) targets[0].selectors[i] = all[i];
        targets[0].selectors[32] = Handler.pauseOrGoOn.selector;
    }

    /// One function, so that there is one campaign of calls; the Handler checks the calls themselves.
    function invariant_moneyAndRosterAreSound() public view {
        _moneyIsNeitherMadeNorLost();
        _theRosterIsSound();
    }

    /// Funds in = funds out + held, and each counter is the sum of what it counts.
    function _moneyIsNeitherMadeNorLost() private view {
        IFilFil.Totals memory t = s_ff.totals();
        eq(address(s_ff).balance, s_handler.moneyIn() - s_handler.moneyOut(), "in = out + held");
        eq(t.pool + t.locked + t.owed + t.credit + t.bonds, address(s_ff).balance, "the five counters");

        uint256 bonds = 0;
        uint256 minersCredit = 0;
        uint256 others = s_ff.credit(s_handler.reporter());
        for (uint64 i = 0; i < s_handler.minerCount(); i++) {
            uint64 miner = s_handler.minerAt(i);
            (,,,,, uint128 bond, uint256 earned) = s_ff.provider(miner);
            bonds += bond;
            minersCredit += earned;
            others += s_ff.credit(s_handler.controllerOf(miner));
        }
        eq(t.bonds, bonds, "bonds");
        eq(t.credit, minersCredit + others, "credit");

        (uint256 owed, uint256 paid, uint256 locked) = _slots();
        eq(t.owed, owed, "owed");
        eq(t.locked, locked, "locked");
        eq(minersCredit + s_handler.earnedOut(), paid, "miners have what pieces paid, and nothing else");
    }

    function _slots() private view returns (uint256 owed, uint256 paid, uint256 locked) {
        uint256 count = s_handler.slotCount();
        for (uint256 i = 0; i < count; i++) {
            uint32 slot = s_handler.stagedSlots(i);
            (uint256 o, uint256 p, uint256 l) = _slot(slot);
            (owed, paid, locked) = (owed + o, paid + p, locked + l);
        }
    }

    /// Nobody is paid twice for a piece, nor for both alternatives, nor more than the reward.
    function _slot(uint32 slot) private view returns (uint256 owed, uint256 paid, uint256 locked) {
        (,,, uint8 pieces,, uint128 reward,,,) = s_ff.slotInfo(slot);
        IFilFil.Holder[] memory all = s_ff.holders(slot, 0, 256);
        uint256 shares = 0;
        for (uint256 i = 0; i < all.length; i++) {
            IFilFil.Holder memory h = all[i];
            yes(h.paid <= h.share, "paid more than the share");
            shares += h.share;
            paid += h.paid;
            if (h.state == IFilFil.Held.published || h.state == IFilFil.Held.active) owed += h.share - h.paid;
            uint256 ofMiner = h.share;
            for (uint256 j = 0; j < all.length; j++) {
                if (i == j || all[j].miner != h.miner) continue;
                no(all[j].piece == h.piece, "the same piece twice");
                yes((all[j].piece >= 0x80) == (h.piece >= 0x80), "both alternatives");
                ofMiner += all[j].share;
            }
            yes(ofMiner <= reward, "more than the reward");
        }
        if (pieces == 0) {
            eq(all.length, 0, "held, though taken back");
        } else if (!s_handler.reclaimed(slot)) {
            uint8 replicas = s_handler.replicasOf(slot);
            yes(shares <= uint256(reward) * replicas, "more than was locked");
            locked = uint256(reward) * replicas - shares;
        }
    }

    /// Positions are held once, by who says so.
    function _theRosterIsSound() private view {
        uint64[] memory roster = s_ff.roster(0, 100);
        uint256 members = 0;
        for (uint256 i = 0; i < roster.length; i++) {
            if (roster[i] == 0) continue;
            members++;
            (IFilFil.Standing standing,,,,,,) = s_ff.provider(roster[i]);
            eq(uint8(standing), uint8(IFilFil.Standing.active), "who has a position is active");
            for (uint256 j = i + 1; j < roster.length; j++) no(roster[i] == roster[j], "two positions");
        }
        eq(members, s_ff.activeProviders(), "who is active has a position");
        if (roster.length > 0) yes(roster[roster.length - 1] != 0, "no hole at the end");
    }
}
