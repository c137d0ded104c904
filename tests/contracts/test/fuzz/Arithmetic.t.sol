// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Base} from "support/Base.sol";

/// Windows and money against the plainest way to compute them.
contract Arithmetic is Base {
    function testFuzz_windowsAreThoseOfCountingSlots(uint8 providers, uint8 replicas, uint16 slotLength, uint32 ahead) public {
        IFilFil.Params memory p = _params();
        uint64 count = 1 + (providers % 6);
        p.replicas = 1 + (replicas % 4);
        p.slotLength = 1 + uint32(slotLength);
        p.windowLength = 1 + (p.slotLength / 3);
        ff = _deploy(p);
        _joinMany(count);
        uint256 start = block.number;
        uint256 turn = ((count + p.replicas - 1) / p.replicas) * p.slotLength;
        vm.roll(start + (ahead % (turn * 60_000))); // rounds are numbered in 16 bits
        uint256 slots = (count + p.replicas - 1) / p.replicas;
        for (uint64 i = 0; i < count; i++) {
            uint256 open = start + (i / p.replicas) * p.slotLength;
            uint256 round = 1;
            while (open + p.windowLength <= block.number) {
                uint256 skip = (block.number - open - p.windowLength) / (slots * p.slotLength);
                open += (skip + 1) * slots * p.slotLength;
                round += skip + 1;
            }
            (uint64 from, uint64 to, uint32 slot,,) = ff.windows(1000 + i);
            eq(from, open, "opens");
            eq(to, open + p.windowLength, "closes");
            eq(slot, (round << 16) | (i / p.replicas), "slot");
        }
    }

    function testFuzz_settlingInStepsPaysTheShareAndNoMore(uint128 reward, uint8 pieces, uint16[4] calldata steps) public {
        reward = reward % (100 ether + 1);
        uint8 count = 1 + (pieces % 5);
        _join(1000);
        uint32 slot = _slot(1, 0);
        _rollToTarget(slot);
        IFilFil.StageArgs memory a = _args(slot, count);
        a.reward = reward;
        vm.prank(OPERATOR);
        ff.stage(a);
        _rollToOpen(slot);
        uint64 until = _until();
        uint256 shares = 0;
        for (uint8 i = 0; i < count; i++) {
            _proveUntil(1000, slot, i, i, until);
            shares += ff.holder(slot, i, 1000).share;
        }
        eq(shares, reward, "the shares are the reward");
        uint256 start = block.number;
        for (uint256 s = 0; s < steps.length; s++) {
            uint256 to = block.number + (steps[s] % 6_000);
            _rollFar(to > until ? until : to);
            for (uint8 i = 0; i < count; i++) {
                (uint256 asked,) = ff.due(slot, i, 1000);
                asked += ff.holder(slot, i, 1000).paid;
                try ff.settle(slot, i, 1000, _aux(1000, i)) {} catch {}
                IFilFil.Holder memory h = ff.holder(slot, i, 1000);
                eq(asked, h.paid, "as asked before");
                uint256 upfront = (uint256(h.share) * 3_000) / 10_000;
                uint256 due = block.number >= until ? h.share : upfront + ((h.share - upfront) * (block.number - start)) / (until - start);
                eq(h.paid, due, "linear");
            }
            _reconciles();
        }
        _rollFar(until + 1);
        for (uint8 i = 0; i < count; i++) {
            try ff.settle(slot, i, 1000, _aux(1000, i)) {} catch {}
        }
        eq(_creditOf(1000), reward, "all of it in the end");
        eq(ff.totals().owed, 0, "owed");
    }

    function testFuzz_theBondIsWhatTheStepsSay(uint128 bond, uint16 step, uint8 providers) public {
        IFilFil.Params memory p = _params();
        p.bond = bond % 1_000 ether;
        p.bondStep = step;
        ff = _deploy(p);
        uint64 count = providers % 6;
        for (uint64 i = 0; i < count; i++) _join(1000 + i);
        eq(ff.bondNow(), step == 0 ? p.bond : p.bond + (uint256(p.bond) * count) / step, "bond");
        _reconciles();
    }
}
