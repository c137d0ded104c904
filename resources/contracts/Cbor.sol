// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "./IFilFil.sol";

/// @title Reads the CBOR that actors send, without mercy.
/// @notice Definite lengths only, integers in their shortest form, no depth beyond what the caller walks through: the
/// work is bounded by the size of the input. Whatever is not so reverts with IFilFil.Cbor(offset of the item).
library CborReader {
    /// @notice A place in bytes that are being read.
    struct Reader {
        bytes data;
        uint256 pos;
    }

    uint8 internal constant UINT = 0;
    uint8 internal constant NEGATIVE = 1;
    uint8 internal constant BYTES = 2;
    uint8 internal constant TEXT = 3;
    uint8 internal constant ARRAY = 4;
    uint8 internal constant TAG = 6;

    /// @notice Starts to read `data` at its first byte.
    function open(bytes memory data) internal pure returns (Reader memory reader) {
        reader.data = data;
    }

    /// @notice The head of the next item: its major type (0 to 6) and its argument.
    function head(Reader memory reader) internal pure returns (uint8 major, uint64 argument) {
        bytes memory data = reader.data;
        uint256 pos = reader.pos;
        if (pos >= data.length) revert IFilFil.Cbor(pos);
        uint8 first = uint8(data[pos]);
        major = first >> 5;
        uint256 short = first & 0x1f;
        uint256 next = pos + 1;
        if (short < 24) {
            argument = uint64(short);
        } else {
            if (short > 27) revert IFilFil.Cbor(pos);
            uint256 size = uint256(1) << (short - 24);
            if (next + size > data.length) revert IFilFil.Cbor(pos);
            uint256 value;
            for (uint256 i; i < size; ++i) {
                value = (value << 8) | uint8(data[next + i]);
            }
            // the shortest form: one byte only from 24 on, a wider one only where the next narrower is too small
            if (size == 1 ? value < 24 : value >> (size * 4) == 0) revert IFilFil.Cbor(pos);
            argument = uint64(value);
            next += size;
        }
        reader.pos = next;
    }

    /// @notice An unsigned integer.
    function readUint(Reader memory reader) internal pure returns (uint64) {
        return _expect(reader, UINT);
    }

    /// @notice An integer of either sign that fits 64 bits.
    function readInt(Reader memory reader) internal pure returns (int64) {
        uint256 pos = reader.pos;
        (uint8 major, uint64 argument) = head(reader);
        if (major > NEGATIVE || argument > uint64(type(int64).max)) revert IFilFil.Cbor(pos);
        return major == UINT ? int64(argument) : -1 - int64(argument);
    }

    /// @notice The length of an array. Every item needs a byte at least, so a length beyond the input is refused here.
    function readArray(Reader memory reader) internal pure returns (uint256 count) {
        uint256 pos = reader.pos;
        count = _expect(reader, ARRAY);
        if (count > reader.data.length - reader.pos) revert IFilFil.Cbor(pos);
    }

    /// @notice An array of exactly `count` items.
    function readTuple(Reader memory reader, uint256 count) internal pure {
        uint256 pos = reader.pos;
        if (_expect(reader, ARRAY) != count) revert IFilFil.Cbor(pos);
    }

    /// @notice true or false.
    function readBool(Reader memory reader) internal pure returns (bool) {
        uint256 pos = reader.pos;
        if (pos >= reader.data.length) revert IFilFil.Cbor(pos);
        uint8 first = uint8(reader.data[pos]);
        if (first != 0xf4 && first != 0xf5) revert IFilFil.Cbor(pos);
        reader.pos = pos + 1;
        return first == 0xf5;
    }

    /// @notice A byte string, copied.
    function readBytes(Reader memory reader) internal pure returns (bytes memory) {
        (uint256 from, uint256 size) = _string(reader, BYTES, BYTES);
        return slice(reader.data, from, size);
    }

    /// @notice Steps over a byte string.
    function skipBytes(Reader memory reader) internal pure {
        _string(reader, BYTES, BYTES);
    }

    /// @notice Steps over a byte or text string (the label of a deal is either).
    function skipString(Reader memory reader) internal pure {
        _string(reader, BYTES, TEXT);
    }

    /// @notice A big integer of Filecoin's: no bytes for 0, else a sign byte (0 plus, 1 minus) and the magnitude, big
    /// end first, 32 bytes of it at most.
    function readBigInt(Reader memory reader) internal pure returns (bool negative, uint256 magnitude) {
        uint256 pos = reader.pos;
        (uint256 from, uint256 size) = _string(reader, BYTES, BYTES);
        if (size == 0) return (false, 0);
        uint8 sign = uint8(reader.data[from]);
        if (size > 33 || sign > 1) revert IFilFil.Cbor(pos);
        for (uint256 i = 1; i < size; ++i) {
            magnitude = (magnitude << 8) | uint8(reader.data[from + i]);
        }
        negative = sign == 1;
    }

    /// @notice A CID: tag 42 around bytes that begin with a zero. Where it is the CID of a piece commitment (version 1,
    /// fil-commitment-unsealed, sha2-256-trunc254-padded) `known` is true and `root` is its digest.
    function readCommitment(Reader memory reader) internal pure returns (bool known, bytes32 root) {
        uint256 pos = reader.pos;
        if (_expect(reader, TAG) != 42) revert IFilFil.Cbor(pos);
        (uint256 from, uint256 size) = _string(reader, BYTES, BYTES);
        if (size == 0 || reader.data[from] != 0) revert IFilFil.Cbor(pos);
        if (size == 40) {
            uint256 first = uint256(word(reader.data, from));
            known = first >> 192 == 0x000181e203922020;
            if (known) root = word(reader.data, from + 8);
        }
    }

    /// @notice Nothing may follow.
    function end(Reader memory reader) internal pure {
        if (reader.pos != reader.data.length) revert IFilFil.Cbor(reader.pos);
    }

    /// @notice `size` bytes of `data` from `from` on. Both must be inside.
    function slice(bytes memory data, uint256 from, uint256 size) internal pure returns (bytes memory part) {
        part = new bytes(size);
        // mcopy: byte by byte it would cost a hundred times as much
        assembly ("memory-safe") {
            mcopy(add(part, 32), add(add(data, 32), from), size)
        }
    }

    /// @notice The 32 bytes of `data` from `from` on. They must be inside.
    function word(bytes memory data, uint256 from) internal pure returns (bytes32 value) {
        // there is no other way to load a word of bytes in memory
        assembly ("memory-safe") {
            value := mload(add(add(data, 32), from))
        }
    }

    function _expect(Reader memory reader, uint8 wanted) private pure returns (uint64 argument) {
        uint256 pos = reader.pos;
        uint8 major;
        (major, argument) = head(reader);
        if (major != wanted) revert IFilFil.Cbor(pos);
    }

    function _string(Reader memory reader, uint8 one, uint8 other) private pure returns (uint256 from, uint256 size) {
        uint256 pos = reader.pos;
        uint8 major;
        (major, size) = head(reader);
        if (major != one && major != other) revert IFilFil.Cbor(pos);
        from = reader.pos;
        if (size > reader.data.length - from) revert IFilFil.Cbor(pos);
        reader.pos = from + size;
    }
}

/// @title Writes the little CBOR that is sent to actors.
library CborWriter {
    /// @notice The head of an item in its shortest form.
    function head(uint8 major, uint64 argument) internal pure returns (bytes memory) {
        uint8 top = major << 5;
        if (argument < 24) return abi.encodePacked(top | uint8(argument));
        if (argument <= type(uint8).max) return abi.encodePacked(top | 24, uint8(argument));
        if (argument <= type(uint16).max) return abi.encodePacked(top | 25, uint16(argument));
        if (argument <= type(uint32).max) return abi.encodePacked(top | 26, uint32(argument));
        return abi.encodePacked(top | 27, argument);
    }

    /// @notice An unsigned integer.
    function fromUint(uint64 value) internal pure returns (bytes memory) {
        return head(CborReader.UINT, value);
    }

    /// @notice A byte string.
    function fromBytes(bytes memory value) internal pure returns (bytes memory) {
        return abi.encodePacked(head(CborReader.BYTES, uint64(value.length)), value);
    }

    /// @notice The head of an array.
    function array(uint256 count) internal pure returns (bytes memory) {
        return head(CborReader.ARRAY, uint64(count));
    }
}
