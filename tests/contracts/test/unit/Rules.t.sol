// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Ids} from "mocks/Ids.sol";
import {MockMiner} from "mocks/MockMiner.sol";
import {IActor} from "mocks/Precompiles.sol";
import {Wire} from "mocks/Wire.sol";
import {Base} from "support/Base.sol";

/// Answers any question with what it was told, however strange.
contract StrangeActor {
    uint32 public exitCode;
    uint64 public codec;
    bytes public answer;

    function set(uint32 exitCode_, uint64 codec_, bytes calldata answer_) external {
        (exitCode, codec, answer) = (exitCode_, codec_, answer_);
    }

    function handle_filecoin_method(uint64, uint64, bytes calldata) external view returns (uint32, uint64, bytes memory) {
        return (exitCode, codec, answer);
    }
}

/// Tries to change something in every call it gets.
contract WritingActor {
    uint256 public written;

    function handle_filecoin_method(uint64, uint64, bytes calldata) external returns (uint32, uint64, bytes memory) {
        written++;
        return (0, 0x51, hex"f5");
    }
}

/// The ten rules of the reference's section 2.3, in its order.
contract Rules is Base {
    function test_rule1_authenticateIsReadOnlyAndAnswersCborTrue() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        bytes memory params = bytes.concat(hex"82", Wire.data(hex"dead"), Wire.data(MARKET.encode(_proposal(miner, slot, 0), false)));
        vm.record();
        (bool ok, bytes memory out) =
            address(ff).staticcall(abi.encodeCall(IActor.handle_filecoin_method, (Ids.AUTHENTICATE, Ids.CBOR, params)));
        yes(ok, "a static call");
        (uint32 exitCode, uint64 codec, bytes memory answer) = abi.decode(out, (uint32, uint64, bytes));
        eq(exitCode, 0, "exit code");
        eq(codec, Ids.CBOR, "codec");
        eq(answer, hex"f5", "answer");
        (, bytes32[] memory writes) = vm.accesses(address(ff));
        eq(writes.length, 0, "writes");
    }

    function test_rule2_aNotificationCountsOnlyFromAMaskedActorThatIsRegistered() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        bytes memory sent = bytes.concat(hex"818307", Wire.unsigned(_until()), hex"8183", Wire.pieceCid(_root(slot, 0)), Wire.unsigned(PADDED), hex"40");
        // The controller of the miner is not the miner.
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotAnActor.selector, _controller(miner)));
        vm.prank(_controller(miner));
        ff.handle_filecoin_method(Ids.SECTOR_CONTENT_CHANGED, Ids.CBOR, sent);
        // An address that only looks like one, a bit off.
        address near = address(uint160(Ids.masked(miner)) | (uint160(1) << 64));
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotAnActor.selector, near));
        vm.prank(near);
        ff.handle_filecoin_method(Ids.SECTOR_CONTENT_CHANGED, Ids.CBOR, sent);
        // A multisig that is no registered miner.
        vm.prank(Ids.masked(4444));
        (,, bytes memory answer) = ff.handle_filecoin_method(Ids.SECTOR_CONTENT_CHANGED, Ids.CBOR, sent);
        eq(answer, hex"8181f5", "taken notice of");
        eq(ff.holders(slot, 0, 1).length, 0, "and nothing else");
        vm.prank(Ids.masked(miner));
        ff.handle_filecoin_method(Ids.SECTOR_CONTENT_CHANGED, Ids.CBOR, sent);
        eq(ff.holders(slot, 0, 1).length, 1, "the miner itself");
    }

    function test_rule3_aPolicyFailureIsAcceptedAndNotPaid() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        // One good piece among four that are not.
        MockMiner.Changes[] memory c = new MockMiner.Changes[](1);
        c[0].sector = 3;
        c[0].until = int64(_until());
        c[0].pieces = new MockMiner.Piece[](5);
        for (uint256 i = 0; i < 5; i++) c[0].pieces[i] = MockMiner.Piece(bytes32(i + 1), PADDED, "");
        c[0].pieces[2].root = _root(slot, 0);
        c[0].pieces[3] = MockMiner.Piece(_root(slot, 0), PADDED, "");
        vm.recordLogs();
        eq(_actor(miner).prove(address(ff), c, true), hex"8185f5f5f5f5f5", "all accepted");
        eq(_count(vm.getRecordedLogs(), IFilFil.PieceIgnored.selector), 4, "ignored");
        eq(_creditOf(miner), 3.6 ether, "one paid");
    }

    function test_rule4_onlyMalformedCborReverts() public {
        _join(1000);
        bytes[8] memory bad = [
            bytes(hex""), hex"9fff", hex"8000", hex"81", hex"818300", hex"a0", hex"8183000080ff", hex"1b00000000"
        ];
        for (uint256 i = 0; i < bad.length; i++) {
            (bool ok,, bytes memory why) = _actor(1000).notify(address(ff), Ids.SECTOR_CONTENT_CHANGED, bad[i]);
            no(ok, vm.toString(i));
            eq(bytes32(bytes4(why)), bytes32(IFilFil.Cbor.selector), vm.toString(i));
        }
        (bool fine,, bytes memory answer) = _actor(1000).notify(address(ff), Ids.SECTOR_CONTENT_CHANGED, hex"80");
        yes(fine, "an empty list is well-formed");
        eq(answer, hex"80", "and so is its answer");
    }

    function test_rule5_aDealOfTheMarketCostsTheContractNothing() public {
        // Nothing is ever put into f05's escrow, so there is nothing to drain; see C3Market for each field.
        (uint64 miner, uint32 slot) = _oneStaged(1);
        uint256 before = address(ff).balance;
        _publish(_proposal(miner, slot, 0));
        eq(address(ff).balance, before, "balance");
        eq(address(MARKET).balance, 0, "escrow");
    }

    function test_rule6_theFirstActivationOfAPieceCounts() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        uint64 until = _until();
        _proveUntil(miner, slot, 0, 7, until);
        _proveUntil(miner, slot, 0, 8, until + 5_000);
        IFilFil.Holder memory h = ff.holder(slot, 0, miner);
        eq(h.sector, 7, "sector");
        eq(h.until, until, "until");
        eq(_creditOf(miner), 3.6 ether, "credit");
    }

    function test_rule7_aMinersAnswersCannotReenter() public {
        // Questions are read-only calls: an actor that writes fails, and so does who asked it.
        _miner(1000);
        vm.etch(Ids.masked(1000), type(WritingActor).runtimeCode);
        uint256 bond = ff.bondNow();
        vm.expectPartialRevert(IFilFil.ActorCall.selector);
        vm.prank(_controller(1000));
        ff.register{value: bond}(1000);
    }

    function test_rule8_aSectorMustLiveForTheMinimalTerm() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        vm.recordLogs();
        _proveUntil(miner, slot, 0, 7, uint64(block.number) + MIN_TERM - 1);
        eq(_ignored(vm.getRecordedLogs()), uint8(IFilFil.Refusal.termTooShort), "reason");
    }

    function test_rule9_anActorsExitCodeIsLookedAtNotOnlyTheCall() public {
        (uint64 miner, uint32 slot, uint64 start,) = _oneStored();
        vm.roll(start + 10);
        vm.etch(Ids.masked(miner), type(StrangeActor).runtimeCode);
        StrangeActor strange = StrangeActor(Ids.masked(miner));
        strange.set(18, Ids.CBOR, hex"f5"); // true, with an exit code
        vm.expectRevert(abi.encodeWithSelector(IFilFil.ActorCall.selector, miner, Ids.VALIDATE_SECTOR_STATUS, int256(18)));
        ff.settle(slot, 0, miner, hex"820700");
        // Success with an answer that is none.
        bytes[5] memory answers = [bytes(hex""), hex"f6", hex"8100", hex"f4f4f4f4", hex"1901"];
        for (uint256 i = 0; i < answers.length; i++) {
            strange.set(0, answers[i].length == 0 ? 0 : Ids.CBOR, answers[i]);
            (bool ok, bytes memory why) = address(ff).call(abi.encodeCall(IFilFil.settle, (slot, 0, miner, hex"820700")));
            no(ok, vm.toString(i));
            yes(why.length >= 4, "a named error");
        }
        strange.set(0, Ids.CBOR, hex"f5");
        ff.settle(slot, 0, miner, hex"820700");
    }

    function test_rule9_actorsAreCalledWithCborAndMethodsThatExist() public {
        // The mocked precompile refuses reserved methods, other codecs, and to be reached by anything but DELEGATECALL.
        (bool ok,) = Ids.CALL_ACTOR_ID.call(abi.encode(uint64(0), uint256(0), uint64(0), uint64(0), bytes(""), uint64(1)));
        no(ok, "by CALL");
        (ok,) = Ids.CALL_ACTOR_ID.delegatecall(abi.encode(uint64(2), uint256(0), uint64(0), uint64(0), bytes(""), uint64(1)));
        no(ok, "a reserved method");
        (ok,) = Ids.CALL_ACTOR_ID.delegatecall(abi.encode(uint64(5000), uint256(0), uint64(0), uint64(0x71), bytes("80"), uint64(1)));
        no(ok, "another codec");
    }

    function test_rule10_windowsAreEpochsNotBlocks() public {
        // Null rounds: whole stretches of epochs without a block; nothing depends on a call in each.
        _joinMany(2);
        uint64 start = uint64(block.number);
        vm.roll(start + 199);
        eq(ff.round().number, 1, "still");
        vm.roll(start + 10_001);
        eq(ff.round().number, 51, "counted by epochs");
    }

    function test_rules_otherMethodsAndCodecsAreRefusedByName() public {
        vm.expectRevert(abi.encodeWithSelector(IFilFil.UnknownMethod.selector, 3844450838));
        vm.prank(Ids.masked(7));
        ff.handle_filecoin_method(3844450838, Ids.CBOR, hex"");
        vm.expectRevert(abi.encodeWithSelector(IFilFil.UnknownCodec.selector, 0x71));
        vm.prank(Ids.masked(7));
        ff.handle_filecoin_method(Ids.SECTOR_CONTENT_CHANGED, 0x71, hex"80");
        vm.expectRevert(abi.encodeWithSelector(IFilFil.UnknownCodec.selector, 0));
        ff.handle_filecoin_method(Ids.AUTHENTICATE, 0, hex"");
    }

    function test_rules_aCallWithNoSuchFunctionReverts() public {
        (bool ok,) = address(ff).call(hex"deadbeef");
        no(ok, "an unknown selector");
        (ok,) = address(ff).call{value: 1}(hex"deadbeef");
        no(ok, "with money");
    }

    function test_rules_manyPiecesCostInProportion() public {
        _join(1000);
        uint256 small = _cost(10);
        uint256 large = _cost(200);
        yes(large < small * 25, "twenty times the pieces, at most twenty-five times the gas");
    }

    function _cost(uint256 pieces) private returns (uint256 used) {
        bytes memory sent = bytes.concat(hex"818300", Wire.unsigned(5_000_000), Wire.array(uint64(pieces)));
        for (uint256 i = 0; i < pieces; i++) {
            sent = bytes.concat(sent, hex"83", Wire.pieceCid(bytes32(i + 1)), Wire.unsigned(PADDED), hex"40");
        }
        used = gasleft();
        vm.prank(Ids.masked(1000));
        ff.handle_filecoin_method(Ids.SECTOR_CONTENT_CHANGED, Ids.CBOR, sent);
        used -= gasleft();
    }

    function test_rules_aNegativePowerIsNone() public {
        _miner(1000);
        vm.etch(address(POWER), type(StrangeActor).runtimeCode);
        StrangeActor(address(POWER)).set(0, Ids.CBOR, hex"8243017fff4100");
        uint256 bond = ff.bondNow();
        vm.expectRevert(abi.encodeWithSelector(IFilFil.TooLittlePower.selector, 0, 1 << 40));
        vm.prank(_controller(1000));
        ff.register{value: bond}(1000);
    }
}
