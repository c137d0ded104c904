// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Ids} from "mocks/Ids.sol";
import {Wire} from "mocks/Wire.sol";
import {Base} from "support/Base.sol";

/// Whatever bytes arrive, the contract takes them or names what is wrong, in gas bounded by their number.
contract Hostile is Base {
    uint32 private s_slot;

    function setUp() public override {
        super.setUp();
        (, s_slot) = _oneStaged(1);
    }

    function _send(address from, uint64 method, bytes memory input) private returns (bool ok, bytes memory out) {
        bytes memory call = abi.encodeCall(IFilFil.handle_filecoin_method, (method, Ids.CBOR, input));
        uint256 used = gasleft();
        vm.prank(from);
        (ok, out) = address(ff).call(call);
        used -= gasleft();
        yes(used < 150_000 + 2_500 * input.length, "bounded gas");
    }

    function _named(bytes memory why) private pure returns (bytes4 name) {
        name = bytes4(why);
        yes(
            name == IFilFil.Cbor.selector || name == IFilFil.FilPlusRefused.selector || name == IFilFil.BadDeal.selector
                || name == IFilFil.Refused.selector,
            "a named refusal"
        );
    }

    function testFuzz_anyBytesFromAMiner(bytes calldata input) public {
        (bool ok, bytes memory out) = _send(Ids.masked(1000), Ids.SECTOR_CONTENT_CHANGED, input);
        if (!ok) eq(bytes32(bytes4(out)), bytes32(IFilFil.Cbor.selector), "only for malformed CBOR");
        _reconciles();
    }

    function testFuzz_anyBytesToAuthenticate(bytes calldata input) public {
        (bool ok, bytes memory out) = _send(ANYONE, Ids.AUTHENTICATE, input);
        no(ok, "nothing is authenticated by chance");
        _named(out);
        (ok, out) = _send(ANYONE, Ids.AUTHENTICATE, bytes.concat(hex"82", hex"40", Wire.data(input)));
        no(ok, "nothing is authenticated by chance");
        _named(out);
    }

    function testFuzz_anyBytesFromTheMarket(bytes calldata input) public {
        (bool ok, bytes memory out) = _send(address(MARKET), Ids.NOTIFY_DEAL, input);
        no(ok, "nothing is published by chance");
        _named(out);
    }

    /// Bytes that begin like what is wanted go deeper than chance does.
    function testFuzz_aNotificationThatGoesWrongSomewhere(uint256 where, uint8 value, uint8 more) public {
        bytes memory input = bytes.concat(
            hex"8283",
            Wire.unsigned(300),
            Wire.unsigned(_until()),
            hex"8183",
            Wire.pieceCid(_root(s_slot, 0)),
            bytes.concat(Wire.unsigned(PADDED), hex"4401020304", hex"83", Wire.unsigned(301), hex"20", hex"80")
        );
        input[where % input.length] = bytes1(value);
        input = bytes.concat(input, new bytes(more % 3));
        (bool ok, bytes memory out) = _send(Ids.masked(1000), Ids.SECTOR_CONTENT_CHANGED, input);
        if (!ok) {
            eq(bytes32(bytes4(out)), bytes32(IFilFil.Cbor.selector), "only for malformed CBOR");
            eq(ff.holders(s_slot, 0, 1).length, 0, "and nothing is kept of it");
        }
        _reconciles();
    }

    function testFuzz_aProposalThatGoesWrongSomewhere(uint256 where, uint8 value) public {
        bytes memory proposal = MARKET.encode(_proposal(1000, s_slot, 0), true);
        proposal[where % proposal.length] = bytes1(value);
        (bool ok, bytes memory why) = MARKET.authenticate(address(ff), proposal);
        if (!ok) _named(why);
        (bool ok2, bytes memory why2) = MARKET.notify(address(ff), proposal, 3);
        yes(ok == ok2, "both say the same");
        if (!ok2) eq(why2, why, "for the same reason");
        _reconciles();
    }

    function testFuzz_wellFormedIsAlwaysTaken(uint64 sector, int64 until, bytes32 root, uint64 padded, bytes calldata payload) public {
        bytes memory input = bytes.concat(
            hex"8183", Wire.unsigned(sector), Wire.integer(until), hex"8183", Wire.pieceCid(root), Wire.unsigned(padded), Wire.data(payload)
        );
        vm.prank(Ids.masked(1000));
        (,, bytes memory answer) = ff.handle_filecoin_method(Ids.SECTOR_CONTENT_CHANGED, Ids.CBOR, input);
        eq(answer, hex"8181f5", "taken");
        _reconciles();
    }

    function testFuzz_theRightPieceIsPaidWhateverElseIsSaid(uint64 sector, uint32 longer, bytes calldata payload) public {
        uint64 until = uint64(block.number) + MIN_TERM + longer;
        bytes memory input = bytes.concat(
            hex"8183", Wire.unsigned(sector), Wire.unsigned(until), hex"8183", Wire.pieceCid(_root(s_slot, 0)), Wire.unsigned(PADDED), Wire.data(payload)
        );
        vm.prank(Ids.masked(1000));
        ff.handle_filecoin_method(Ids.SECTOR_CONTENT_CHANGED, Ids.CBOR, input);
        IFilFil.Holder memory h = ff.holder(s_slot, 0, 1000);
        eq(h.sector, sector, "sector");
        eq(h.until, until, "until");
        eq(_creditOf(1000), 3.6 ether, "credit");
    }

    function testFuzz_anyPlaceOfASectorSettlesOnlyWhereItIs(bytes calldata aux) public {
        _prove(1000, s_slot, 0, 7);
        vm.roll(block.number + 100);
        vm.assume(keccak256(aux) != keccak256(_aux(1000, 7)));
        (bool ok, bytes memory why) = address(ff).call(abi.encodeCall(IFilFil.settle, (s_slot, 0, 1000, aux)));
        no(ok, "settled");
        yes(bytes4(why) == IFilFil.ActorCall.selector || bytes4(why) == IFilFil.TooLong.selector || bytes4(why) == IFilFil.NotActive.selector, "named");
        (ok, why) = address(ff).call(abi.encodeCall(IFilFil.reportDead, (s_slot, 0, 1000, aux)));
        no(ok, "reported");
        yes(bytes4(why) == IFilFil.ActorCall.selector || bytes4(why) == IFilFil.TooLong.selector || bytes4(why) == IFilFil.NotDead.selector, "named");
    }
}
