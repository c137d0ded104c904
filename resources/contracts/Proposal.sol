// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {CborReader} from "./Cbor.sol";

/// @title Deal proposals of the built-in market.
library Proposals {
    using CborReader for CborReader.Reader;

    /// @notice What of a proposal matters here.
    struct Proposal {
        bytes32 root; // of the piece commitment; 0: the CID is of another kind
        uint64 size; // padded
        bool verified;
        bytes client; // addresses as bytes
        bytes provider;
        int64 start;
        int64 end;
        bool priced; // the price for an epoch is not 0
        bool escrowed; // the client's collateral is not 0
    }

    /// @notice Reads a DealProposal: an array of eleven, nothing behind it.
    function read(bytes memory data) internal pure returns (Proposal memory proposal) {
        CborReader.Reader memory reader = CborReader.open(data);
        reader.readTuple(11);
        (, proposal.root) = reader.readCommitment();
        proposal.size = reader.readUint();
        proposal.verified = reader.readBool();
        proposal.client = reader.readBytes();
        proposal.provider = reader.readBytes();
        reader.skipString(); // the label
        proposal.start = reader.readInt();
        proposal.end = reader.readInt();
        (, uint256 amount) = reader.readBigInt();
        proposal.priced = amount != 0;
        reader.readBigInt(); // the provider's collateral
        (, amount) = reader.readBigInt();
        proposal.escrowed = amount != 0;
        reader.end();
    }
}

/// @title Piece CIDs of version 2 (FRC-0069): a commitment with the size of what was committed to.
library PieceCids {
    /// @notice Reads the binary form: CIDv1, raw, fr32-sha2-256-trunc254-padbintree, digest = padding as unsigned
    /// LEB128, height of the tree, root. @return ok whether it is one, in the shortest form
    function read(bytes memory cid) internal pure returns (bool ok, bytes32 root, uint256 log2Padded, uint256 rawSize) {
        uint256 size = cid.length;
        // 0x01 0x55, 0x1011 as LEB128, the digest's size; then at least 1 byte of padding, 1 of height, 32 of root
        if (size < 39 || size > 48 || cid[0] != 0x01 || cid[1] != 0x55 || cid[2] != 0x91 || cid[3] != 0x20) {
            return (false, 0, 0, 0);
        }
        if (uint8(cid[4]) != size - 5) return (false, 0, 0, 0);
        uint256 digits = size - 38;
        uint256 padding;
        for (uint256 i; i < digits; ++i) {
            uint8 part = uint8(cid[5 + i]);
            bool last = i == digits - 1;
            if ((part < 0x80) != last || (last && part == 0 && i != 0)) return (false, 0, 0, 0);
            padding |= uint256(part & 0x7f) << (7 * i);
        }
        log2Padded = uint256(uint8(cid[size - 33])) + 5;
        if (log2Padded < 7 || log2Padded > 63) return (false, 0, 0, 0);
        uint256 capacity = (uint256(1) << log2Padded) / 128 * 127;
        if (padding >= capacity) return (false, 0, 0, 0);
        return (true, CborReader.word(cid, size - 32), log2Padded, capacity - padding);
    }
}
