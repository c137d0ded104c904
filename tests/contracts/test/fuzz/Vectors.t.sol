// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Ids} from "mocks/Ids.sol";
import {Wire} from "mocks/Wire.sol";
import {Base} from "support/Base.sol";

/// What tools/vectors.mjs generated with encoders and decoders that are not ours, held against the contract.
contract Vectors is Base {
    string private s_json;

    /// Where anvil's first account deploys first; the golden proposal names it.
    address private constant DEPLOYER = 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266;

    function setUp() public override {
        super.setUp();
        string memory folder = vm.envOr("FILFIL_CONTRACTS_WORK", string("../../build/contracts"));
        s_json = vm.readFile(string.concat(folder, "/vectors.json"));
        _join(1000);
    }

    function test_vectors_methodNumbersAreThoseOfTheirNames() public view {
        uint256[] memory numbers = vm.parseJsonUintArray(s_json, ".methodNumbers");
        uint64[15] memory used = [
            Ids.AUTHENTICATE, Ids.NOTIFY_DEAL, Ids.RECEIVE, Ids.SECTOR_CONTENT_CHANGED, Ids.IS_CONTROLLING_ADDRESS, Ids.GET_OWNER,
            Ids.VALIDATE_SECTOR_STATUS, Ids.GENERATE_SECTOR_LOCATION, Ids.GET_NOMINAL_SECTOR_EXPIRATION, Ids.MINER_POWER,
            Ids.GET_DEAL_ACTIVATION, Ids.GET_DEAL_SECTOR, Ids.GET_DEAL_TERM, Ids.GET_DEAL_PROVIDER, Ids.GET_DEAL_DATA_COMMITMENT
        ];
        for (uint256 i = 0; i < used.length; i++) {
            bool found = false;
            for (uint256 j = 0; j < numbers.length; j++) found = found || numbers[j] == used[i];
            yes(found, vm.toString(uint256(used[i])));
        }
    }

    function test_vectors_theMocksEncodeProposalsAsEveryoneElseDoes() public view {
        bytes memory golden = vm.parseJsonBytes(s_json, ".proposalId");
        bytes32 root = vm.parseJsonBytes32(s_json, ".pieceRoot");
        bytes memory made = bytes.concat(
            bytes.concat(hex"8b", Wire.pieceCid(root), Wire.unsigned(34359738368), hex"f4", Wire.data(Wire.idAddress(3001234))),
            bytes.concat(Wire.data(Wire.idAddress(1000)), Wire.text(vm.parseJsonString(s_json, ".label")), Wire.integer(6000000)),
            bytes.concat(Wire.integer(7000000), Wire.big(0), Wire.big(5200000000000000), Wire.big(0))
        );
        eq(made, golden, "the golden proposal");
        eq(golden.length, 150, "its size");
    }

    /// The contract at the golden proposal's client, its slot's window open, the golden piece staged.
    function _golden() private {
        vm.prank(DEPLOYER);
        ff = _deploy(_params());
        eq(address(ff), vm.parseJsonAddress(s_json, ".contract"), "the client");
        INIT.setAddress(CONTRACT_ID, Wire.ethAddress(address(ff)));
        ff.fund{value: 100 ether}("");
        vm.roll(5_999_000);
        _join(1000);
        uint32 slot = _slot(1, 0);
        _rollToTarget(slot);
        IFilFil.StageArgs memory a = _args(slot, 1);
        a.pieces[0].root = vm.parseJsonBytes32(s_json, ".pieceRoot");
        vm.prank(OPERATOR);
        ff.stage(a);
        _rollToOpen(slot);
    }

    function test_vectors_theGoldenProposalIsAuthenticatedInBothForms() public {
        _golden();
        (bool ok,) = MARKET.authenticate(address(ff), vm.parseJsonBytes(s_json, ".proposalId"));
        yes(ok, "client f0");
        (ok,) = MARKET.authenticate(address(ff), vm.parseJsonBytes(s_json, ".proposalEth"));
        yes(ok, "client f410");
    }

    function test_vectors_theGoldenProposalIsNotified() public {
        _golden();
        vm.expectEmit(address(ff));
        emit IFilFil.DealPublished(_slot(1, 0), 0, 1000, 4_242);
        (bool ok,) = MARKET.notify(address(ff), vm.parseJsonBytes(s_json, ".proposalId"), 4_242);
        yes(ok, "notified");
        eq(ff.holder(_slot(1, 0), 0, 1000).until, 7_000_000, "until");
    }

    function test_vectors_oneAcceptedPieceIsAnswered8181f5() public {
        bytes memory sent = bytes.concat(hex"81830718648183", Wire.pieceCid(bytes32(uint256(9))), hex"190800", hex"40");
        vm.prank(Ids.masked(1000));
        (,, bytes memory answer) = ff.handle_filecoin_method(Ids.SECTOR_CONTENT_CHANGED, Ids.CBOR, sent);
        eq(answer, hex"8181f5", "answer");
    }

    function test_vectors_wellFormedNotificationsAreMirroredAndMalformedOnesRefused() public {
        bytes[] memory inputs = vm.parseJsonBytesArray(s_json, ".content.input");
        bytes[] memory answers = vm.parseJsonBytesArray(s_json, ".content.answer");
        yes(inputs.length > 500, "there are vectors");
        for (uint256 i = 0; i < inputs.length; i++) this.oneNotification(inputs[i], answers[i]);
    }

    function oneNotification(bytes calldata input, bytes calldata wanted) external {
        // From a registered miner and from an actor that is none: the same answer.
        for (uint64 miner = 1000; miner <= 1001; miner++) {
            vm.prank(Ids.masked(miner));
            (bool ok, bytes memory out) =
                address(ff).call(abi.encodeCall(IFilFil.handle_filecoin_method, (Ids.SECTOR_CONTENT_CHANGED, Ids.CBOR, input)));
            if (wanted.length == 0) {
                if (ok || bytes4(out) != IFilFil.Cbor.selector) revert WrongBytes("malformed, and not refused as that", out, input);
            } else {
                if (!ok) revert WrongBytes("well-formed, and refused", out, input);
                (uint32 exitCode, uint64 codec, bytes memory answer) = abi.decode(out, (uint32, uint64, bytes));
                eq(exitCode, 0, "exit code");
                eq(codec, Ids.CBOR, "codec");
                if (keccak256(answer) != keccak256(wanted)) revert WrongBytes("another answer than the input's mirror", answer, input);
            }
        }
    }

    function test_vectors_malformedProposalsAreRefusedAsCborAndOthersByTheRules() public {
        bytes[] memory inputs = vm.parseJsonBytesArray(s_json, ".proposals.input");
        bool[] memory fine = vm.parseJsonBoolArray(s_json, ".proposals.fine");
        yes(inputs.length > 500, "there are vectors");
        for (uint256 i = 0; i < inputs.length; i++) this.oneProposal(inputs[i], fine[i]);
    }

    function oneProposal(bytes calldata input, bool fine) external {
        (bool ok, bytes memory why) = MARKET.authenticate(address(ff), input);
        no(ok, "no such piece was staged");
        if ((bytes4(why) == IFilFil.Cbor.selector) == fine) revert WrongBytes(fine ? "well-formed" : "malformed", why, input);
        (ok, why) = MARKET.notify(address(ff), input, 7);
        no(ok, "no such piece was staged");
        if ((bytes4(why) == IFilFil.Cbor.selector) == fine) revert WrongBytes(fine ? "well-formed, notified" : "malformed, notified", why, input);
    }
}
