// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "./IFilFil.sol";
import {PieceCids} from "./Proposal.sol";
import {Rounds} from "./Rounds.sol";
import {Rules} from "./Rules.sol";

/// @title What can be looked up.
abstract contract Views is Rules {
    using Rounds for Rounds.Clock;

    uint256 private constant MAX_WINDOWS = 64; // a call
    uint256 private constant MAX_HOLDERS = 256; // a call
    uint256 private constant MAX_LATEST = 64; // a call
    uint256 private constant MAX_SCANNED = 256; // entries that latest() looks at: some are cancelled

    /// @notice IFilFil says what it does.
    function round() external view returns (IFilFil.Round memory) {
        return _view(_current());
    }

    /// @notice IFilFil says what it does.
    function roundOf(uint16 number) external view returns (IFilFil.Round memory) {
        return _view(_roundNumber(number));
    }

    function _view(Rounds.Clock memory clock) private pure returns (IFilFil.Round memory) {
        return IFilFil.Round(
            clock.number,
            clock.start,
            clock.positions,
            clock.slotLength,
            clock.windowLength,
            clock.lead,
            clock.replicas,
            clock.version
        );
    }

    /// @notice IFilFil says what it does.
    function params() external view returns (IFilFil.Params memory) {
        return _params[_current().version];
    }

    /// @notice IFilFil says what it does.
    function queuedParams() external view returns (IFilFil.Params memory queued, uint16 fromRound) {
        Rounds.Clock memory clock = _current();
        fromRound = clock.queuedFrom;
        if (fromRound != 0) queued = _params[uint256(clock.version) + 1];
    }

    /// @notice IFilFil says what it does.
    function schedule(uint64 miner, uint256 count) external view returns (IFilFil.Window[] memory found) {
        Provider memory provider_ = _providers[miner];
        Rounds.Clock memory clock = _current();
        if (count > MAX_WINDOWS) count = MAX_WINDOWS;
        found = new IFilFil.Window[](count);
        uint256 n;
        // two turns more: the window of the open round may be over, and the provider may start in the next one
        for (uint256 turn; turn < count + 2 && n < count; ++turn) {
            (bool has, IFilFil.Window memory window) = _windowIn(provider_, clock);
            if (has) found[n++] = window;
            if (!clock.goesOn()) break;
            _step(clock);
        }
        // shortened in place: there is no other way to give back a part of an array in memory
        assembly ("memory-safe") {
            mstore(found, n)
        }
    }

    /// @notice IFilFil says what it does.
    function slotWindow(uint32 slot) external view returns (uint64 target, uint64 open, uint64 closing) {
        (uint256 a, uint256 b, uint256 c) = _clockOf(slot).window(uint16(slot));
        return (uint64(a), uint64(b), uint64(c));
    }

    /// @notice IFilFil says what it does.
    function roster(uint256 from, uint256 count) external view returns (uint64[] memory miners) {
        uint256 size = _current().next;
        size = from >= size ? 0 : size - from;
        if (count < size) size = count;
        miners = new uint64[](size);
        for (uint256 i; i < size; ++i) {
            miners[i] = _roster[from + i];
        }
    }

    /// @notice IFilFil says what it does.
    function provider(uint64 miner)
        external
        view
        returns (
            IFilFil.Standing standing,
            uint32 position,
            uint16 firstRound,
            uint16 lastRound,
            uint8 misses,
            uint128 bond,
            uint256 earned
        )
    {
        Provider memory p = _providers[miner];
        Rounds.Clock memory clock = _current();
        uint256 number = clock.number < p.firstRound ? p.firstRound : clock.number;
        standing = _standing(p, clock);
        position = uint32(_positionIn(p, number));
        (firstRound, lastRound, misses, bond) = (p.firstRound, p.lastRound, p.misses, p.bond);
        earned = _minerCredit[miner];
    }

    /// @notice IFilFil says what it does.
    function activeProviders() external view returns (uint256) {
        return _clock.members;
    }

    /// @notice IFilFil says what it does.
    function bondNow() external view returns (uint256) {
        return _bond(_current());
    }

    /// @notice IFilFil says what it does.
    function slotInfo(uint32 slot)
        external
        view
        returns (
            uint64 epoch,
            uint64 open,
            uint64 closing,
            uint8 pieces,
            uint8 alternatives,
            uint128 reward,
            bytes32 tipset,
            uint64 stagedAt,
            bool disputed
        )
    {
        Slot memory s = _slots[slot];
        return (s.epoch, s.open, s.close, s.pieces, s.alternatives, s.reward, s.tipset, s.stagedAt, s.disputed);
    }

    /// @notice IFilFil says what it does.
    function piece(uint32 slot, uint8 index) external view returns (bytes32 root, uint64 rawSize, uint8 log2Padded) {
        IFilFil.Piece memory p = _pieces[_dealId(slot, index)];
        return (p.root, p.rawSize, p.log2Padded);
    }

    /// @notice IFilFil says what it does.
    function dealOf(bytes32 root) external view returns (uint64 deal, bool known) {
        deal = _dealOf[root];
        known = deal != 0;
    }

    /// @notice IFilFil says what it does.
    function latest(uint256 count) external view returns (uint32[] memory slots) {
        if (count > MAX_LATEST) count = MAX_LATEST;
        slots = new uint32[](count);
        uint256 n;
        uint256 left = _staged.length;
        for (uint256 scanned; scanned < MAX_SCANNED && left != 0 && n < count; ++scanned) {
            uint32 slot = _staged[--left];
            if (slot != 0) slots[n++] = slot;
        }
        // shortened in place: there is no other way to give back a part of an array in memory
        assembly ("memory-safe") {
            mstore(slots, n)
        }
    }

    /// @notice IFilFil says what it does.
    function holder(uint32 slot, uint8 index, uint64 miner) public view returns (IFilFil.Holder memory) {
        Holding memory h = _holdings[_byMiner(_dealId(slot, index), miner)];
        return IFilFil.Holder(miner, index, h.state, h.sector, h.until, h.paid, h.share);
    }

    /// @notice IFilFil says what it does.
    function holders(uint32 slot, uint256 from, uint256 count) external view returns (IFilFil.Holder[] memory found) {
        uint72[] storage all = _holders[slot];
        uint256 size = from >= all.length ? 0 : all.length - from;
        if (size > MAX_HOLDERS) size = MAX_HOLDERS;
        if (count < size) size = count;
        found = new IFilFil.Holder[](size);
        for (uint256 i; i < size; ++i) {
            uint72 entry = all[from + i];
            found[i] = holder(slot, uint8(entry >> 64), uint64(entry));
        }
    }

    /// @notice IFilFil says what it does.
    function totals() external view returns (IFilFil.Totals memory) {
        Money memory m = _money;
        return IFilFil.Totals(m.pool, m.locked, m.owed, m.credit, m.bonds);
    }

    /// @notice IFilFil says what it does.
    function credit(address who) external view returns (uint256) {
        return _credit[who];
    }

    /// @notice IFilFil says what it does.
    function owner() external view returns (address) {
        return _owner;
    }

    /// @notice IFilFil says what it does.
    function pendingOwner() external view returns (address) {
        return _pendingOwner;
    }

    /// @notice IFilFil says what it does.
    function operator() external view returns (address) {
        return _operator;
    }

    /// @notice IFilFil says what it does.
    function guardian() external view returns (address) {
        return _guardian;
    }

    /// @notice IFilFil says what it does.
    function paused() external view returns (bool) {
        return _paused;
    }

    /// @notice IFilFil says what it does.
    function successor() external view returns (address) {
        return _successor;
    }

    /// @notice IFilFil says what it does.
    function version() external pure returns (uint256) {
        return 1;
    }

    /// @notice IFilFil says what it does.
    function verifyDeal(IFilFil.CurioDealView calldata deal) external view returns (bool) {
        IFilFil.Piece memory piece_ = _curioPiece(deal.dealId);
        if (deal.state != IFilFil.DealState.Open || deal.allocationId != 0 || deal.finalizedEpoch != 0) return false;
        if (deal.providerActorId > type(uint64).max || deal.duration > type(uint64).max) return false;
        if (deal.startEpoch > type(uint64).max) return false;
        (bool ok, bytes32 root, uint256 log2Padded, uint256 rawSize) = PieceCids.read(deal.pieceCidV2);
        if (!ok || root != piece_.root || log2Padded != piece_.log2Padded || rawSize != piece_.rawSize) return false;
        uint256 start = deal.startEpoch > block.number ? deal.startEpoch : block.number;
        (IFilFil.Refusal why,) =
            _check(uint64(deal.providerActorId), root, uint256(1) << log2Padded, start + deal.duration);
        return why == IFilFil.Refusal.none;
    }

    /// @notice IFilFil says what it does.
    function getDealState(uint256 dealId) external view returns (IFilFil.DealState) {
        _curioPiece(dealId);
        uint32 slot = uint32(dealId >> 8);
        if (block.number < _slots[slot].close) return IFilFil.DealState.Open;
        return _holders[slot].length != 0 ? IFilFil.DealState.Active : IFilFil.DealState.Finalized;
    }

    function _curioPiece(uint256 dealId) private view returns (IFilFil.Piece memory piece_) {
        piece_ = _pieces[dealId];
        if (piece_.root == 0) revert IFilFil.DealNotFound(dealId);
    }
}
