// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "./IFilFil.sol";
import {Fevm} from "./Fevm.sol";
import {Rounds} from "./Rounds.sol";
import {Staging} from "./Staging.sol";

/// @title The second half of the contract: who runs it, what they stage, and all that can be looked up.
/// @notice One contract may have 24,576 bytes of code, and this one needs more. So FilFil creates this half when it is
/// created itself, and passes on to it, by delegatecall, every call that it does not know: both work on FilFil's state
/// and money, and neither can be exchanged. Called at its own address it has no state and can do nothing.
contract Office is Staging {
    using Rounds for Rounds.Clock;

    uint256 private constant SUCCESSOR_ROUNDS = 2;

    /// @notice IFilFil says what it does.
    function queueParams(IFilFil.Params calldata next) external change {
        _onlyOwner();
        Rounds.Clock memory clock = _clock;
        _onlySane(next);
        bool idle = clock.idle(block.number);
        // The slots of the next round are fixed already. So a change that was queued for it stays.
        if (!idle && clock.queuedFrom == clock.number + 1) revert IFilFil.TooEarly(uint64(clock.end()));
        uint16 from = uint16(clock.numberAt(block.number) + (idle ? 1 : 2));
        uint16 version = clock.version + 1;
        _clock.queuedFrom = from;
        _params[version] = next;
        emit IFilFil.ParamsQueued(version, from, next);
    }

    /// @notice IFilFil says what it does.
    function setOperator(address next) external change {
        _onlyOwner();
        _operator = next;
        emit IFilFil.OperatorSet(next);
    }

    /// @notice IFilFil says what it does.
    function setGuardian(address next) external change {
        _onlyOwner();
        _guardian = next;
        emit IFilFil.GuardianSet(next);
    }

    /// @notice IFilFil says what it does.
    function setPaused(bool on) external change {
        if (msg.sender != _owner) {
            if (msg.sender != _guardian) revert IFilFil.NotGuardian();
            if (!on) revert IFilFil.NotOwner();
        }
        _paused = on;
        emit IFilFil.PausedSet(on, msg.sender);
    }

    /// @notice IFilFil says what it does.
    function offerOwnership(address next) external change {
        _onlyOwner();
        _pendingOwner = next;
        emit IFilFil.OwnershipOffered(next);
    }

    /// @notice IFilFil says what it does.
    function acceptOwnership() external change {
        if (msg.sender != _pendingOwner) revert IFilFil.NotOffered();
        _pendingOwner = address(0);
        _owner = msg.sender;
        emit IFilFil.OwnerSet(msg.sender);
    }

    /// @notice IFilFil says what it does.
    function setSuccessor(address next) external change {
        _onlyOwner();
        Rounds.Clock memory clock = _clock;
        _successor = next;
        _successorRound = uint32(clock.numberAt(block.number));
        emit IFilFil.SuccessorSet(next);
    }

    // ---------------------------------------------------------------------------------------------------- money

    /// @notice Money that comes with no word about it is for the pool.
    receive() external payable {
        _fund("");
    }

    /// @notice IFilFil says what it does.
    function fund(string calldata memo) external payable change {
        _tooLong(bytes(memo).length);
        _fund(memo);
    }

    /// @dev Actors can send money without a call (method 0), which nobody tells us: the pool takes it in here.
    function _fund(string memory memo) private {
        if (_clock.version == 0) revert IFilFil.PaymentFailed(); // at this half's own address: it would be lost
        Money memory money = _money;
        uint256 known = uint256(money.pool) + money.locked + money.owed + money.credit + money.bonds;
        uint128 amount = _u128(address(this).balance - known);
        _money.pool += amount;
        emit IFilFil.Funded(msg.sender, amount, memo);
    }

    /// @notice IFilFil says what it does.
    function withdrawOwn() external change {
        uint256 amount = _credit[msg.sender];
        if (amount == 0) revert IFilFil.NothingToDo();
        _credit[msg.sender] = 0;
        _money.credit -= uint128(amount);
        emit IFilFil.WithdrawnOwn(msg.sender, amount);
        _send(msg.sender, amount);
    }

    /// @notice IFilFil says what it does.
    function moveToSuccessor(uint256 amount) external change {
        _onlyOwner();
        Rounds.Clock memory clock = _clock;
        address to = _successor;
        if (to == address(0) || amount == 0) revert IFilFil.NothingToDo();
        // before the first round nobody was promised anything
        if (clock.number != 0 && clock.numberAt(block.number) < uint256(_successorRound) + SUCCESSOR_ROUNDS) {
            revert IFilFil.TooEarly(uint64(clock.end()));
        }
        if (amount > _money.pool) revert IFilFil.NoFunds(_money.pool, amount);
        _money.pool -= uint128(amount);
        emit IFilFil.MovedToSuccessor(to, amount);
        _send(to, amount);
    }

    function _send(address to, uint256 amount) private {
        (bool isActor, uint64 id) = Fevm.actorOf(to);
        if (isActor) return Fevm.pay(Fevm.idAddress(id), amount);
        (bool done,) = to.call{value: amount}("");
        if (!done) revert IFilFil.PaymentFailed();
    }
}
