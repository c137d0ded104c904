// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "./IFilFil.sol";
import {Fevm} from "./Fevm.sol";
import {CborReader, CborWriter} from "./Cbor.sol";
import {Proposals} from "./Proposal.sol";
import {Rounds} from "./Rounds.sol";
import {Holdings} from "./Holdings.sol";

/// @title What Filecoin's actors tell and ask, and what Curio's market asks.
abstract contract Market is Holdings {
    using CborReader for CborReader.Reader;
    using Rounds for Rounds.Clock;

    uint256 private constant MAX_DELAY = 40_320; // epochs from a deal's publication to its start: two weeks to seal it
    uint64 private constant RECEIVE = 3726118371; // datacap or another token of FRC-0046 arrives

    /// @notice IFilFil says what it does.
    function handle_filecoin_method(uint64 method, uint64 codec, bytes calldata input)
        external
        returns (uint32 exitCode, uint64 returnCodec, bytes memory answer)
    {
        if (method == RECEIVE) revert IFilFil.FilPlusRefused();
        if (
            method != Fevm.AUTHENTICATE_MESSAGE && method != Fevm.MARKET_NOTIFY_DEAL
                && method != Fevm.SECTOR_CONTENT_CHANGED
        ) revert IFilFil.UnknownMethod(method);
        if (codec != Fevm.CBOR) revert IFilFil.UnknownCodec(codec);
        if (method == Fevm.MARKET_NOTIFY_DEAL) {
            _notified(input);
            return (0, 0, "");
        }
        return (0, Fevm.CBOR, method == Fevm.SECTOR_CONTENT_CHANGED ? _changed(input) : _authenticate(input));
    }

    // -------------------------------------------------------------------------------------------- sectors (FIP-0109)

    /// @dev The answer has the input's shape, so it is never longer than the input.
    function _changed(bytes calldata input) private nonReentrant returns (bytes memory answer) {
        (bool isActor, uint64 miner) = Fevm.actorOf(msg.sender);
        if (!isActor) revert IFilFil.NotAnActor(msg.sender);
        if (!_open().due(block.number)) _judge(miner);

        answer = new bytes(input.length);
        uint256 size;
        CborReader.Reader memory reader = CborReader.open(input);
        uint256 sectors = reader.readArray();
        size = _put(answer, size, sectors);
        for (; sectors != 0; --sectors) {
            reader.readTuple(3);
            uint64 sector = reader.readUint();
            int64 until = reader.readInt(); // the sector lives as long, at least
            uint256 pieces = reader.readArray();
            size = _put(answer, size, pieces);
            for (; pieces != 0; --pieces) {
                reader.readTuple(3);
                (, bytes32 root) = reader.readCommitment();
                uint64 padded = reader.readUint();
                reader.skipBytes(); // what the provider had to say to us
                _proven(miner, root, padded, sector, until > 0 ? uint64(until) : 0);
                answer[size++] = 0xf5; // true: a `false` would undo the provider's whole batch
            }
        }
        reader.end();
        // shortened in place: there is no other way to give back a part of bytes in memory
        assembly ("memory-safe") {
            mstore(answer, size)
        }
    }

    /// @dev Writes the head of an array.
    function _put(bytes memory answer, uint256 size, uint256 count) private pure returns (uint256) {
        bytes memory head = CborWriter.array(count);
        for (uint256 i; i < head.length; ++i) {
            answer[size++] = head[i];
        }
        return size;
    }

    // ------------------------------------------------------------------------------- deals of the built-in market

    /// @dev Of [signature, message]: the message is the proposal. What is signed does not matter: anybody may propose
    /// what the rules allow. Called with no right to write, so nothing here may.
    function _authenticate(bytes calldata input) private view returns (bytes memory) {
        CborReader.Reader memory reader = CborReader.open(input);
        reader.readTuple(2);
        reader.skipBytes();
        bytes memory message = reader.readBytes();
        reader.end();
        _agree(Proposals.read(message));
        return hex"f5";
    }

    /// @dev Of [proposal, deal id], after it was published. All is checked again: the same message may hold a deal twice.
    function _notified(bytes calldata input) private nonReentrant {
        (bool isActor, uint64 actor) = Fevm.actorOf(msg.sender);
        if (!isActor || actor != Fevm.MARKET) revert IFilFil.NotAnActor(msg.sender);
        CborReader.Reader memory reader = CborReader.open(input);
        reader.readTuple(2);
        Proposals.Proposal memory proposal = Proposals.read(reader.readBytes());
        uint64 dealId = reader.readUint();
        reader.end();
        bool current = !_open().due(block.number);
        (, uint64 miner) = Fevm.idOf(proposal.provider);
        if (current) _judge(miner);
        _publish(miner, _agree(proposal), dealId, uint64(proposal.start), uint64(proposal.end));
    }

    /// @dev Reverts where a proposal is not one that this contract makes. The numbers are places in the proposal.
    function _agree(Proposals.Proposal memory proposal) private view returns (uint64 deal) {
        if (proposal.verified) revert IFilFil.FilPlusRefused();
        if (!Fevm.isAddressOf(proposal.client, address(this))) revert IFilFil.BadDeal(3);
        (bool isId, uint64 miner) = Fevm.idOf(proposal.provider);
        if (!isId) revert IFilFil.BadDeal(4);
        // A published deal counts as stored until its start, and holds its share: so that must not be far.
        if (proposal.start <= int256(block.number) || proposal.start > int256(block.number + MAX_DELAY)) {
            revert IFilFil.BadDeal(6);
        }
        if (proposal.end <= proposal.start) revert IFilFil.BadDeal(7);
        if (proposal.priced) revert IFilFil.BadDeal(8);
        if (proposal.escrowed) revert IFilFil.BadDeal(10);
        IFilFil.Refusal why;
        // the term counts from the deal's start: what it lasts from now on would be more
        uint256 term = uint64(proposal.end) - uint64(proposal.start);
        (why, deal) = _check(miner, proposal.root, proposal.size, block.number + term);
        if (why != IFilFil.Refusal.none) revert IFilFil.Refused(why);
    }
}
