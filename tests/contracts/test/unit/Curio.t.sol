// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Base} from "support/Base.sol";

/// Row c3 as Curio's mk20 market asks before it takes a deal: the same rules by verifyDeal().
contract Curio is Base {
    /// FRC-0069: CIDv1, raw, 0x1011, padding as LEB128, height, root.
    function _pieceCidV2(bytes32 root, uint64 rawSize, uint8 log2Padded) private pure returns (bytes memory) {
        uint256 padding = ((uint256(1) << log2Padded) / 128) * 127 - rawSize;
        bytes memory digits;
        do {
            uint8 part = uint8(padding & 0x7f);
            padding >>= 7;
            digits = abi.encodePacked(digits, padding == 0 ? part : part | 0x80);
        } while (padding != 0);
        bytes memory digest = abi.encodePacked(digits, log2Padded - 5, root);
        return abi.encodePacked(hex"01559120", uint8(digest.length), digest);
    }

    function _view(uint64 miner, uint32 slot, uint8 piece) private pure returns (IFilFil.CurioDealView memory v) {
        v.dealId = _deal(slot, piece);
        v.state = IFilFil.DealState.Open;
        v.providerActorId = miner;
        v.clientId = hex"01";
        v.pieceCidV2 = _pieceCidV2(_root(slot, piece), RAW - piece, 35);
        v.duration = MIN_TERM;
    }

    function test_c3_curioFindsVersionOne() public view {
        eq(ff.version(), 1, "version");
    }

    function test_c3_curiosSelectorsAreThese() public pure {
        eq(bytes32(IFilFil.version.selector), bytes32(bytes4(0x54fd4d50)), "version");
        eq(bytes32(IFilFil.verifyDeal.selector), bytes32(bytes4(0x2e9b812d)), "verifyDeal");
        eq(bytes32(IFilFil.getDealState.selector), bytes32(bytes4(0xee84880d)), "getDealState");
        eq(bytes32(IFilFil.DealNotFound.selector), bytes32(bytes4(0xcb58af1f)), "DealNotFound");
    }

    function test_c3_aDealCurioAsksAboutIsVerifiedByTheSameRules() public {
        (uint64 miner, uint32 slot) = _oneStaged(2);
        yes(ff.verifyDeal(_view(miner, slot, 0)), "piece 0");
        yes(ff.verifyDeal(_view(miner, slot, 1)), "piece 1, with padding");
        IFilFil.CurioDealView memory v = _view(miner, slot, 0);
        v.startEpoch = block.number + 500;
        yes(ff.verifyDeal(v), "with a start");
    }

    function test_c3_whatIsNotThisPieceIsNotVerified() public {
        (uint64 miner, uint32 slot) = _oneStaged(2);
        IFilFil.CurioDealView memory v = _view(miner, slot, 0);
        v.pieceCidV2 = _pieceCidV2(_root(slot, 1), RAW, 35);
        no(ff.verifyDeal(v), "another root");
        v.pieceCidV2 = _pieceCidV2(_root(slot, 0), RAW - 1, 35);
        no(ff.verifyDeal(v), "another raw size");
        v.pieceCidV2 = _pieceCidV2(_root(slot, 0), RAW, 36);
        no(ff.verifyDeal(v), "another padded size");
        v.pieceCidV2 = hex"0155912022";
        no(ff.verifyDeal(v), "cut short");
        v.pieceCidV2 = "";
        no(ff.verifyDeal(v), "nothing");
    }

    function test_c3_piecesAreReadStrictlyFromTheirCid() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        bytes memory good = _pieceCidV2(_root(slot, 0), RAW, 35); // 01 55 91 20 22 00 1e root
        IFilFil.CurioDealView memory v = _view(miner, slot, 0);
        for (uint256 i = 0; i < 7; i++) {
            bytes memory bad = bytes.concat(good);
            bad[i] = bytes1(uint8(bad[i]) ^ 0x40);
            v.pieceCidV2 = bad;
            no(ff.verifyDeal(v), vm.toString(i));
        }
        v.pieceCidV2 = bytes.concat(good, hex"00");
        no(ff.verifyDeal(v), "longer");
        // The padding 0 as two digits, and padding as large as the piece.
        v.pieceCidV2 = abi.encodePacked(hex"01559120", uint8(35), hex"8000", uint8(30), _root(slot, 0));
        no(ff.verifyDeal(v), "not minimal");
        v.pieceCidV2 = abi.encodePacked(hex"01559120", uint8(35), hex"ff7f", uint8(2), _root(slot, 0));
        no(ff.verifyDeal(v), "all padding");
        v.pieceCidV2 = abi.encodePacked(hex"01559120", uint8(34), hex"00", uint8(1), _root(slot, 0));
        no(ff.verifyDeal(v), "too low");
        v.pieceCidV2 = abi.encodePacked(hex"01559120", uint8(34), hex"00", uint8(200), _root(slot, 0));
        no(ff.verifyDeal(v), "too high");
    }

    function test_c3_whatTheRulesRefuseIsNotVerified() public {
        _joinMany(2);
        uint32 slot = _slot(1, 1);
        _stage(slot, 1);
        no(ff.verifyDeal(_view(1001, slot, 0)), "not open yet");
        _rollToOpen(slot);
        yes(ff.verifyDeal(_view(1001, slot, 0)), "open");
        no(ff.verifyDeal(_view(1000, slot, 0)), "another's slot");
        no(ff.verifyDeal(_view(5555, slot, 0)), "nobody");
        IFilFil.CurioDealView memory v = _view(1001, slot, 0);
        v.duration = MIN_TERM - 1;
        no(ff.verifyDeal(v), "too short");
        _prove(1001, slot, 0, 3);
        no(ff.verifyDeal(_view(1001, slot, 0)), "stored already");
        vm.roll(block.number + WINDOW);
        no(ff.verifyDeal(_view(1001, slot, 0)), "closed");
    }

    function test_c3_aDealWithDatacapOrOfAnotherStateIsNotVerified() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        IFilFil.CurioDealView memory v = _view(miner, slot, 0);
        v.allocationId = 1;
        no(ff.verifyDeal(v), "with an allocation");
        v = _view(miner, slot, 0);
        v.finalizedEpoch = 1;
        no(ff.verifyDeal(v), "finalized");
        v = _view(miner, slot, 0);
        v.state = IFilFil.DealState.Active;
        no(ff.verifyDeal(v), "active");
        v = _view(miner, slot, 0);
        v.providerActorId = 1 << 64 | miner;
        no(ff.verifyDeal(v), "a provider beyond all numbers");
        v = _view(miner, slot, 0);
        v.duration = type(uint256).max;
        no(ff.verifyDeal(v), "for ever and longer");
        v = _view(miner, slot, 0);
        v.startEpoch = type(uint256).max;
        no(ff.verifyDeal(v), "never");
    }

    function test_c3_anUnknownDealIsNotFound() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        IFilFil.CurioDealView memory v = _view(miner, slot, 0);
        v.dealId = _deal(slot, 1);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.DealNotFound.selector, v.dealId));
        ff.verifyDeal(v);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.DealNotFound.selector, type(uint256).max));
        ff.getDealState(type(uint256).max);
    }

    function test_c3_aDealsStateIsThatOfItsSlot() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        uint256 id = _deal(slot, 0);
        eq(uint8(ff.getDealState(id)), uint8(IFilFil.DealState.Open), "open");
        _prove(miner, slot, 0, 1);
        vm.roll(block.number + WINDOW);
        eq(uint8(ff.getDealState(id)), uint8(IFilFil.DealState.Active), "stored");
        _stage(_slot(2, 0), 1);
        vm.roll(block.number + 200);
        eq(uint8(ff.getDealState(_deal(_slot(2, 0), 0))), uint8(IFilFil.DealState.Finalized), "missed");
    }
}
