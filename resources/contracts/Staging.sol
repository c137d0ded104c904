// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "./IFilFil.sol";
import {Rounds} from "./Rounds.sol";
import {Views} from "./Views.sol";

/// @title What the operator says of the snapshots, and what providers say of it.
abstract contract Staging is Views {
    using Rounds for Rounds.Clock;

    uint256 private constant MAX_PIECES = 64;
    uint256 private constant MAX_BACK = 64; // epochs from a slot's target back to the tipset that was taken
    uint8 private constant MIN_LOG2 = 7; // the smallest piece has 128 bytes
    uint8 private constant MAX_LOG2 = 36; // the largest sector has 64 GiB

    /// @dev The first half opens the rounds that are due, before anything is changed.
    modifier change() {
        IFilFil(address(this)).advance();
        if (_clock.due(block.number)) revert IFilFil.AdvanceFirst();
        _enter();
        _;
        _leave();
    }

    function _onlyOperator() private view {
        if (msg.sender != _operator) revert IFilFil.NotOperator();
    }

    /// @notice IFilFil says what it does.
    function stage(IFilFil.StageArgs calldata args) external payable change {
        _onlyOperator();
        if (_paused) revert IFilFil.IsPaused();
        uint32 slot = args.slot;
        Rounds.Clock memory clock = _clockOf(slot);
        (uint256 target, uint256 open, uint256 close) = clock.window(uint16(slot));
        if (block.number < target) revert IFilFil.TargetNotReached(slot, uint64(target));
        if (block.number >= close || close > type(uint32).max) revert IFilFil.SlotClosed(slot);
        if (args.epoch > target || args.epoch + MAX_BACK < target) {
            revert IFilFil.WrongEpoch(args.epoch, uint64(target));
        }
        IFilFil.Params storage now_ = _params[clock.version];
        if (args.recipe != now_.recipe) revert IFilFil.WrongRecipe(args.recipe, now_.recipe);
        _tooLong(args.payload.length);
        _money.pool += _u128(msg.value);

        Slot storage staged = _slots[slot];
        uint8 count = uint8(args.pieces.length > MAX_PIECES ? 0 : args.pieces.length);
        if (count == 0) revert IFilFil.BadPieces(0);
        uint8 alternative = staged.pieces == 0 ? 0 : 1;
        if (alternative == 0) {
            if (args.reward > now_.rewardCap) revert IFilFil.RewardTooLarge(args.reward, now_.rewardCap);
            uint256 needed = uint256(args.reward) * clock.replicas;
            if (needed > _money.pool) revert IFilFil.NoFunds(_money.pool, needed);
            _money.pool -= uint128(needed);
            _money.locked += uint128(needed);
            _slots[slot] = Slot({
                epoch: uint32(args.epoch),
                open: uint32(open),
                close: uint32(close),
                stagedAt: uint32(block.number),
                pieces: count,
                alternatives: 0,
                replicas: clock.replicas,
                disputed: false,
                version: clock.version,
                against: 0,
                place: uint32(_staged.length),
                reward: args.reward,
                locked: uint128(needed),
                tipset: args.tipset
            });
            _staged.push(slot);
        } else {
            if (staged.alternatives != 0) revert IFilFil.AlreadyStaged(slot);
            if (_holders[slot].length != 0) revert IFilFil.AlreadyClaimed(slot);
            if (args.reward != staged.reward) revert IFilFil.RewardTooLarge(args.reward, staged.reward);
            staged.alternatives = count;
        }
        _stagePieces(slot, alternative, args.pieces);
        _announceStaging(args, alternative);
    }

    function _announceStaging(IFilFil.StageArgs calldata args, uint8 alternative) private {
        emit IFilFil.SnapshotStaged(
            args.slot, alternative, args.epoch, args.tipset, args.recipe, args.reward, args.payload, args.pieces
        );
    }

    function _stagePieces(uint32 slot, uint8 alternative, IFilFil.Piece[] calldata pieces) private {
        for (uint256 i; i < pieces.length; ++i) {
            IFilFil.Piece calldata piece_ = pieces[i];
            uint8 log2Padded = piece_.log2Padded;
            if (
                log2Padded < MIN_LOG2 || log2Padded > MAX_LOG2 || piece_.rawSize == 0 || piece_.root == 0
                    || piece_.rawSize > (uint256(1) << log2Padded) / 128 * 127
            ) revert IFilFil.BadPieces(uint8(i));
            if (_dealOf[piece_.root] != 0) revert IFilFil.RootStaged(piece_.root);
            uint64 deal = _dealId(slot, alternative == 0 ? i : i | ALTERNATIVE);
            _dealOf[piece_.root] = deal;
            _pieces[deal] = piece_;
        }
    }

    /// @notice IFilFil says what it does.
    function cancel(uint32 slot) external change {
        _onlyOperator();
        Slot storage staged = _slots[slot];
        if (staged.pieces == 0) revert IFilFil.NotStaged(slot);
        if (_holders[slot].length != 0) revert IFilFil.AlreadyClaimed(slot);
        _unlock(staged);
        _forget(slot, 0, staged.pieces);
        _forget(slot, ALTERNATIVE, staged.alternatives);
        _staged[staged.place] = 0;
        delete _slots[slot];
        emit IFilFil.StagingCancelled(slot);
    }

    function _forget(uint32 slot, uint256 first, uint256 count) private {
        for (uint256 i; i < count; ++i) {
            uint64 deal = _dealId(slot, first + i);
            delete _dealOf[_pieces[deal].root];
            delete _pieces[deal];
        }
    }

    /// @dev What is still locked for a slot returns to the pool.
    function _unlock(Slot storage staged) private returns (uint128 amount) {
        amount = staged.locked;
        staged.locked = 0;
        _money.locked -= amount;
        _money.pool += amount;
    }

    /// @notice IFilFil says what it does.
    function reclaim(uint32 slot) external change {
        Slot storage staged = _slots[slot];
        if (staged.pieces == 0) revert IFilFil.NotStaged(slot);
        if (block.number < staged.close) revert IFilFil.TooEarly(staged.close);
        uint128 amount = _unlock(staged);
        if (amount == 0) revert IFilFil.NothingToDo();
        emit IFilFil.Reclaimed(slot, amount);
    }

    /// @notice IFilFil says what it does.
    function attest(uint64 miner, uint32 slot, bytes32 root) external change {
        _registered(miner);
        _onlyController(miner);
        Slot storage staged = _slots[slot];
        if (staged.pieces == 0) revert IFilFil.NotStaged(slot);
        Progress storage progress = _progress[_byMiner(slot, miner)];
        // What was cancelled and staged anew is to be looked at anew.
        uint32 staging = staged.place + 1;
        if (progress.attested == staging) revert IFilFil.AlreadyAttested(slot, miner);
        progress.attested = staging;
        bool same =
            root != 0 && (root == _pieces[_dealId(slot, 0)].root || root == _pieces[_dealId(slot, ALTERNATIVE)].root);
        emit IFilFil.Attested(slot, miner, root, same);
        if (same) return;
        uint16 against = ++staged.against;
        uint8 disputeAt = _params[staged.version].disputeAt;
        if (disputeAt != 0 && against >= disputeAt && !staged.disputed) {
            staged.disputed = true;
            emit IFilFil.Disputed(slot, against);
        }
    }

    /// @notice IFilFil says what it does.
    function setEndpoint(uint64 miner, string calldata url) external change {
        _registered(miner);
        _onlyController(miner);
        _tooLong(bytes(url).length);
        emit IFilFil.EndpointSet(miner, url);
    }
}
