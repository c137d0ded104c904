// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "./IFilFil.sol";
import {Rounds} from "./Rounds.sol";

/// @title All state of the contract, who may do what, and the five counters that all money is in.
abstract contract Store {
    using Rounds for Rounds.Clock;

    /// @dev One word. A position changes at most once between two judgements: `index` before moveRound, nextIndex from it on.
    struct Provider {
        uint16 index;
        uint16 nextIndex;
        uint16 moveRound; // 0: never moved
        uint16 firstRound;
        uint16 lastRound; // 0: open end
        uint16 judged; // the first round whose window was not judged yet
        uint8 misses;
        IFilFil.Standing standing; // `left` is never stored: it is `leaving` with its last round over
        uint128 bond;
    }

    /// @dev Three words. Epochs fit 32 bits for four thousand years.
    struct Slot {
        uint32 epoch;
        uint32 open;
        uint32 close;
        uint32 stagedAt;
        uint8 pieces; // 0: nothing is staged
        uint8 alternatives;
        uint8 replicas;
        bool disputed;
        uint16 version; // of the parameters
        uint16 against; // attestations
        uint32 place; // in _staged
        uint128 reward;
        uint128 locked;
        bytes32 tipset;
    }

    /// @dev What a miner has of a slot: a bit for each piece of the staging it began with.
    struct Progress {
        uint64 held;
        uint64 active;
        bool alternative;
        uint32 attested; // on which staging: its place in _staged, and 1; 0: on none
    }

    /// @dev Two words.
    struct Holding {
        uint64 sector;
        uint40 start; // published: of the deal; active: of the payment
        uint40 until;
        IFilFil.Held state;
        uint64 dealId; // of the built-in market
        uint128 share;
        uint128 paid;
    }

    /// @dev The sum is the contract's balance, but for what was sent to it without a call: fund() takes that in.
    struct Money {
        uint128 pool;
        uint128 locked;
        uint128 owed;
        uint128 credit;
        uint128 bonds;
    }

    uint256 internal constant SHARES = 10_000;
    uint8 internal constant ALTERNATIVE = 0x80;
    uint256 private constant MAX_EPOCHS = 1 << 24; // of a slot or a lead: sixteen years

    Rounds.Clock internal _clock;
    Money internal _money;
    mapping(uint256 version => IFilFil.Params) internal _params;
    mapping(uint256 number => Rounds.Clock) internal _history; // of rounds that are over
    mapping(uint64 miner => Provider) internal _providers;
    mapping(uint256 position => uint64 miner) internal _roster; // of the next round
    uint16[] internal _holes; // positions that were left; some may be taken again or be beyond the end
    mapping(uint32 slot => Slot) internal _slots;
    uint32[] internal _staged; // in order; 0: cancelled
    mapping(uint256 deal => IFilFil.Piece) internal _pieces;
    mapping(bytes32 root => uint64 deal) internal _dealOf;
    mapping(uint256 slotAndMiner => Progress) internal _progress;
    mapping(uint256 dealAndMiner => Holding) internal _holdings;
    mapping(uint32 slot => uint72[]) internal _holders; // piece << 64 | miner
    mapping(uint64 miner => uint256) internal _minerCredit;

    mapping(address who => uint256) internal _credit;
    address internal _owner;
    address internal _pendingOwner;
    address internal _operator;
    address internal _guardian;
    bool internal _paused;
    uint32 internal _successorRound; // in which it was named
    address internal _successor;

    bool private transient _entered;

    modifier nonReentrant() {
        _enter();
        _;
        _leave();
    }

    function _enter() internal {
        if (_entered) revert IFilFil.Reentered();
        _entered = true;
    }

    function _leave() internal {
        _entered = false;
    }

    function _onlyOwner() internal view {
        if (msg.sender != _owner) revert IFilFil.NotOwner();
    }

    // ---------------------------------------------------------------------------------------------------- keys

    function _dealId(uint32 slot, uint256 piece_) internal pure returns (uint64) {
        return uint64((uint256(slot) << 8) | piece_);
    }

    function _byMiner(uint256 what, uint64 miner) internal pure returns (uint256) {
        return (what << 64) | miner;
    }

    // --------------------------------------------------------------------------------------------------- money

    function _u128(uint256 value) internal pure returns (uint128) {
        if (value > type(uint128).max) revert IFilFil.NoFunds(type(uint128).max, value);
        return uint128(value);
    }

    function _creditMiner(uint64 miner, uint128 amount) internal {
        _minerCredit[miner] += amount;
        _money.credit += amount;
    }

    function _creditAddress(address who, uint128 amount) internal {
        _credit[who] += amount;
        _money.credit += amount;
    }

    function _part(uint128 amount, uint16 share) internal pure returns (uint128) {
        return uint128(uint256(amount) * share / SHARES);
    }

    function _tooLong(uint256 size) internal pure {
        if (size > 128) revert IFilFil.TooLong(size, 128);
    }

    // ------------------------------------------------------------------------------------------------ parameters

    function _onlySane(IFilFil.Params memory p) internal pure {
        if (p.slotLength == 0 || p.slotLength > MAX_EPOCHS) revert IFilFil.BadParams(0);
        if (p.windowLength == 0 || p.windowLength > p.slotLength) revert IFilFil.BadParams(1);
        if (p.lead == 0 || p.lead > MAX_EPOCHS) revert IFilFil.BadParams(2);
        if (p.replicas == 0 || p.replicas > 16) revert IFilFil.BadParams(3);
        if (p.maxProviders == 0 || p.maxProviders > 1024) revert IFilFil.BadParams(4);
        if (p.maxMisses == 0) revert IFilFil.BadParams(5);
        if (p.minTerm == 0) revert IFilFil.BadParams(7);
        if (p.upfront > SHARES) revert IFilFil.BadParams(8);
        if (p.slash > SHARES) revert IFilFil.BadParams(9);
        if (p.bounty > SHARES) revert IFilFil.BadParams(10);
    }
}
