// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {Ids} from "./Ids.sol";

/// Stands at f01 and knows which address is which actor number, both ways, for the mocked precompiles to ask.
contract MockInit {
    mapping(bytes32 => uint64) private m_idOf;
    mapping(uint64 => bytes) private m_delegated;
    mapping(uint64 => bool) private m_there;

    /// Makes an actor known by its number alone.
    function setActor(uint64 id) external {
        m_there[id] = true;
    }

    /// Makes an actor known by its number and another address: f1, f2, f3, or the f410 of an account or contract.
    function setAddress(uint64 id, bytes calldata raw) external {
        m_there[id] = true;
        m_idOf[keccak256(raw)] = id;
        if (raw.length > 0 && raw[0] == 0x04) m_delegated[id] = raw;
    }

    function there(uint64 id) public view returns (bool) {
        return m_there[id] || Ids.masked(id).code.length > 0;
    }

    function delegated(uint64 id) external view returns (bytes memory) {
        return m_delegated[id];
    }

    /// Reverts where `raw` is no address at all.
    function resolve(bytes calldata raw) external view returns (bool found, uint64 id) {
        require(raw.length > 1 && uint8(raw[0]) <= 4, "not an address");
        if (raw[0] != 0x00) {
            require(raw[0] == 0x04 || raw.length == (raw[0] == 0x03 ? 49 : 21), "not an address");
            id = m_idOf[keccak256(raw)];
            return (id != 0, id);
        }
        require(raw.length <= 11, "not an address");
        uint256 value = 0;
        for (uint256 i = 1; i < raw.length; i++) {
            value |= uint256(uint8(raw[i]) & 0x7f) << (7 * (i - 1));
            require((uint8(raw[i]) >= 0x80) == (i + 1 < raw.length), "not an address");
        }
        require(value <= type(uint64).max, "not an address");
        return (true, uint64(value));
    }
}
