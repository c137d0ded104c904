// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

/// CBOR as the mocks write and read it. Shares no line with the contract's own codec: each is the other's check.
library Wire {
    error BadWire(uint256 pos);

    function head(uint8 major, uint64 value) internal pure returns (bytes memory) {
        uint8 top = major << 5;
        if (value < 24) return abi.encodePacked(uint8(top | value));
        if (value <= type(uint8).max) return abi.encodePacked(top | 24, uint8(value));
        if (value <= type(uint16).max) return abi.encodePacked(top | 25, uint16(value));
        if (value <= type(uint32).max) return abi.encodePacked(top | 26, uint32(value));
        return abi.encodePacked(top | 27, value);
    }

    function array(uint64 count) internal pure returns (bytes memory) {
        return head(4, count);
    }

    function integer(int64 value) internal pure returns (bytes memory) {
        return value < 0 ? head(1, uint64(-(value + 1))) : head(0, uint64(value));
    }

    function unsigned(uint64 value) internal pure returns (bytes memory) {
        return head(0, value);
    }

    function data(bytes memory value) internal pure returns (bytes memory) {
        return bytes.concat(head(2, uint64(value.length)), value);
    }

    function text(string memory value) internal pure returns (bytes memory) {
        return bytes.concat(head(3, uint64(bytes(value).length)), bytes(value));
    }

    function truth(bool value) internal pure returns (bytes memory) {
        return value ? bytes(hex"f5") : bytes(hex"f4");
    }

    /// The commitment CID of a piece behind its tag.
    function pieceCid(bytes32 root) internal pure returns (bytes memory) {
        return abi.encodePacked(hex"d82a5828000181e203922020", root);
    }

    /// A token amount or a power: nothing for 0, else a sign byte and the magnitude without leading zeros.
    function big(uint256 value) internal pure returns (bytes memory) {
        if (value == 0) return data("");
        uint64 size = 0;
        for (uint256 rest = value; rest != 0; rest >>= 8) size++;
        bytes memory digits = new bytes(size + 1);
        for (uint64 i = 0; i < size; i++) digits[size - i] = bytes1(uint8(value >> (8 * i)));
        return data(digits);
    }

    /// An f0 address.
    function idAddress(uint64 id) internal pure returns (bytes memory out) {
        out = hex"00";
        do {
            uint8 group = uint8(id & 0x7f);
            id >>= 7;
            out = abi.encodePacked(out, id == 0 ? group : group | 0x80);
        } while (id != 0);
    }

    /// An f410 address.
    function ethAddress(address who) internal pure returns (bytes memory) {
        return abi.encodePacked(hex"040a", who);
    }

    /// One item's head: its major type, its value, and where what follows begins.
    function readHead(bytes memory cbor, uint256 pos) internal pure returns (uint8 major, uint64 value, uint256 next) {
        if (pos >= cbor.length) revert BadWire(pos);
        uint8 first = uint8(cbor[pos]);
        major = first >> 5;
        uint8 info = first & 31;
        if (info < 24) return (major, info, pos + 1);
        if (info > 27) revert BadWire(pos);
        uint256 size = 1 << (info - 24);
        if (pos + 1 + size > cbor.length) revert BadWire(pos);
        for (uint256 i = 0; i < size; i++) value = (value << 8) | uint8(cbor[pos + 1 + i]);
        return (major, value, pos + 1 + size);
    }

    function readUnsigned(bytes memory cbor, uint256 pos) internal pure returns (uint64, uint256) {
        (uint8 major, uint64 value, uint256 next) = readHead(cbor, pos);
        if (major != 0) revert BadWire(pos);
        return (value, next);
    }

    function readInteger(bytes memory cbor, uint256 pos) internal pure returns (int64, uint256) {
        (uint8 major, uint64 value, uint256 next) = readHead(cbor, pos);
        if (major > 1 || value > uint64(type(int64).max)) revert BadWire(pos);
        return (major == 0 ? int64(value) : -1 - int64(value), next);
    }

    function readArray(bytes memory cbor, uint256 pos) internal pure returns (uint64, uint256) {
        (uint8 major, uint64 value, uint256 next) = readHead(cbor, pos);
        if (major != 4) revert BadWire(pos);
        return (value, next);
    }

    function readData(bytes memory cbor, uint256 pos) internal pure returns (bytes memory out, uint256 next) {
        uint8 major;
        uint64 size;
        (major, size, next) = readHead(cbor, pos);
        if (major != 2 || next + size > cbor.length) revert BadWire(pos);
        out = new bytes(size);
        for (uint256 i = 0; i < size; i++) out[i] = cbor[next + i];
        next += size;
    }
}
