// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {Vm} from "./Vm.sol";

/// Assertions: each fails its test with what was seen, what was wanted, and what it is about.
abstract contract Check {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error Wrong(string what, uint256 seen, uint256 wanted);
    error WrongBytes(string what, bytes seen, bytes wanted);
    error Untrue(string what);

    function eq(uint256 seen, uint256 wanted, string memory what) internal pure {
        if (seen != wanted) revert Wrong(what, seen, wanted);
    }

    function eq(address seen, address wanted, string memory what) internal pure {
        eq(uint160(seen), uint160(wanted), what);
    }

    function eq(bytes32 seen, bytes32 wanted, string memory what) internal pure {
        eq(uint256(seen), uint256(wanted), what);
    }

    function eq(bytes memory seen, bytes memory wanted, string memory what) internal pure {
        if (keccak256(seen) != keccak256(wanted)) revert WrongBytes(what, seen, wanted);
    }

    function yes(bool condition, string memory what) internal pure {
        if (!condition) revert Untrue(what);
    }

    function no(bool condition, string memory what) internal pure {
        if (condition) revert Untrue(what);
    }
}
