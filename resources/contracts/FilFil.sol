// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "./IFilFil.sol";
import {Market} from "./Market.sol";
import {Office} from "./Office.sol";

/// @title The contract that pays storage providers for storing snapshots of Filecoin's chain. IFilFil says what it does.
/// @notice No proxy, no upgrade: who wants another contract names a successor, and what is promised here stays promised.
contract FilFil is Market {
    address private immutable _office; // the second half

    /// @param owner_ decides about everything but the money that is promised
    /// @param operator_ stages snapshots
    /// @param guardian_ may stop that
    /// @param first the parameters of the first round
    constructor(address owner_, address operator_, address guardian_, IFilFil.Params memory first) {
        _onlySane(first);
        _office = address(new Office());
        _owner = owner_;
        _operator = operator_;
        _guardian = guardian_;
        _params[1] = first;
        _clock.version = 1;
        _clock.slotLength = first.slotLength;
        _clock.windowLength = first.windowLength;
        _clock.lead = first.lead;
        _clock.replicas = first.replicas;
        emit IFilFil.OwnerSet(owner_);
        emit IFilFil.OperatorSet(operator_);
        emit IFilFil.GuardianSet(guardian_);
    }

    /// @notice The rest of IFilFil is in the second half of the contract (Office), fixed since this one was created.
    fallback() external payable {
        _passOn();
    }

    /// @notice Money that comes with no word about it is for the pool (Office).
    receive() external payable {
        _passOn();
    }

    function _passOn() private {
        address office = _office;
        // what Solidity has for this would decode the answer; it is to be passed on as it is
        assembly {
            calldatacopy(0, 0, calldatasize())
            let done := delegatecall(gas(), office, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(done) {
                revert(0, returndatasize())
            }
            return(0, returndatasize())
        }
    }
}
