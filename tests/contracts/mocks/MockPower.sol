// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {Ids} from "./Ids.sol";
import {Wire} from "./Wire.sol";

/// Stands at f04: who is a miner, and of which power.
contract MockPower {
    mapping(uint64 => uint256) private m_powerPlusOne;

    function setPower(uint64 miner, uint256 rawBytes) external {
        m_powerPlusOne[miner] = rawBytes + 1;
    }

    function clearPower(uint64 miner) external {
        m_powerPlusOne[miner] = 0;
    }

    function handle_filecoin_method(uint64 method, uint64 codec, bytes calldata params)
        external
        view
        returns (uint32, uint64, bytes memory)
    {
        if (method != Ids.MINER_POWER) return (Ids.UNHANDLED_MESSAGE, 0, "");
        require(codec == Ids.CBOR, "no CBOR");
        (uint64 miner, uint256 end) = Wire.readUnsigned(params, 0);
        require(end == params.length, "more than one item");
        uint256 power = m_powerPlusOne[miner];
        if (power == 0) return (Ids.NOT_FOUND, 0, "");
        power -= 1;
        return (0, Ids.CBOR, bytes.concat(Wire.array(2), Wire.big(power), Wire.big(power * 10)));
    }
}
