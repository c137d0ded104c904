// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Base} from "support/Base.sol";

/// Row f: who holds which snapshot, for everybody to read.
contract FIndex is Base {
    function test_f_latestSnapshotsComeLastFirst() public {
        _joinMany(2);
        for (uint16 r = 1; r <= 2; r++) {
            for (uint16 i = 0; i < 2; i++) _stage(_slot(r, i), 1);
        }
        uint32[] memory slots = ff.latest(3);
        eq(slots.length, 3, "as many as asked for");
        eq(slots[0], _slot(2, 1), "last first");
        eq(slots[1], _slot(2, 0), "then");
        eq(slots[2], _slot(1, 1), "then");
        eq(ff.latest(100).length, 4, "no more than there are");
        eq(ff.latest(0).length, 0, "none");
        vm.prank(OPERATOR);
        ff.cancel(_slot(2, 0));
        slots = ff.latest(3);
        eq(slots[0], _slot(2, 1), "last first");
        eq(slots[1], _slot(1, 1), "without what was taken back");
        eq(slots[2], _slot(1, 0), "then");
    }

    function test_f_latestGivesSixtyFourAtMost() public {
        _joinMany(1);
        for (uint16 r = 1; r <= 66; r++) {
            _rollToOpen(_slot(r, 0));
            _stage(_slot(r, 0), 1);
        }
        eq(ff.latest(1_000).length, 64, "at most");
    }

    function test_f_aSlotsPiecesAreLookedUpBothWays() public {
        (, uint32 slot) = _oneStaged(2);
        (bytes32 root, uint64 raw, uint8 log2Padded) = ff.piece(slot, 1);
        eq(root, _root(slot, 1), "root");
        eq(raw, RAW - 1, "raw size");
        eq(log2Padded, 35, "padded size");
        (uint64 deal, bool known) = ff.dealOf(root);
        yes(known, "known");
        eq(deal, _deal(slot, 1), "deal");
        (deal, known) = ff.dealOf(bytes32(uint256(3)));
        no(known, "known");
        eq(deal, 0, "none");
        (root,,) = ff.piece(slot, 2);
        eq(root, 0, "no such piece");
    }

    function test_f_holdersAreListedInPages() public {
        _joinMany(1);
        uint32 slot = _slot(1, 0);
        _stage(slot, 3);
        for (uint8 i = 0; i < 2; i++) _prove(1000, slot, i, 10 + i);
        _publish(_proposal(1000, slot, 2));
        IFilFil.Holder[] memory all = ff.holders(slot, 0, 10);
        eq(all.length, 3, "holders");
        for (uint8 i = 0; i < 3; i++) {
            eq(all[i].miner, 1000, "miner");
            eq(all[i].piece, i, "in order");
            eq(uint8(all[i].state), uint8(i < 2 ? IFilFil.Held.active : IFilFil.Held.published), "state");
        }
        eq(all[1].sector, 11, "sector");
        IFilFil.Holder[] memory page = ff.holders(slot, 1, 1);
        eq(page.length, 1, "page");
        eq(page[0].piece, 1, "its piece");
        eq(ff.holders(slot, 3, 5).length, 0, "behind the end");
        eq(ff.holders(_slot(9, 9), 0, 5).length, 0, "of no slot");
        eq(keccak256(abi.encode(ff.holder(slot, 1, 1000))), keccak256(abi.encode(page[0])), "one by one is the same");
    }

    function test_f_theIndexSaysWhatWasLost() public {
        (uint64 miner, uint32 slot,,) = _oneStored();
        _actor(miner).removeSector(7);
        ff.reportDead(slot, 0, miner, hex"822020");
        eq(uint8(ff.holders(slot, 0, 1)[0].state), uint8(IFilFil.Held.dead), "state");
    }

    function test_f_theRosterIsListedInPages() public {
        _joinMany(5);
        uint64[] memory all = ff.roster(0, 100);
        eq(all.length, 5, "all");
        for (uint64 i = 0; i < 5; i++) eq(all[i], 1000 + i, "by position");
        uint64[] memory page = ff.roster(3, 1);
        eq(page.length, 1, "page");
        eq(page[0], 1003, "its member");
        eq(ff.roster(5, 1).length, 0, "behind the end");
    }
}
