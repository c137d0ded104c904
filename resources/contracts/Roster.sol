// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "./IFilFil.sol";
import {Fevm} from "./Fevm.sol";
import {CborReader, CborWriter} from "./Cbor.sol";
import {Rounds} from "./Rounds.sol";
import {Rules} from "./Rules.sol";

/// @title Rounds, who has which position in them, and who is thrown out.
/// @notice _roster is that of the next round. The position of a provider in the round that is open, or in one before, is
/// in its own word, so rounds open without a write for each provider.
abstract contract Roster is Rules {
    using Rounds for Rounds.Clock;
    using CborReader for CborReader.Reader;

    uint256 private constant MAX_OPENINGS = 64; // of rounds, a call
    uint256 private constant MAX_MOVES = 8; // into holes, a round
    uint256 private constant MAX_JUDGED = 32; // rounds back; older misses are forgiven
    uint256 private constant MAX_POSITIONS = 2048; // holes included
    uint256 private constant BOND_ROUNDS = 2; // after the last one, before the bond can be taken

    // --------------------------------------------------------------------------------------------------- rounds

    /// @dev Opens the rounds that are due, 64 at most.
    function _open() internal returns (Rounds.Clock memory clock) {
        clock = _clock;
        uint256 opened;
        for (; opened < MAX_OPENINGS && clock.due(block.number); ++opened) {
            uint16 version = clock.version;
            _history[clock.number] = clock;
            _step(clock);
            _announce(clock, version);
        }
        if (opened != 0) _clock = clock;
    }

    /// @dev The first thing that every change does.
    function _advance() internal returns (Rounds.Clock memory clock) {
        clock = _open();
        if (clock.due(block.number)) revert IFilFil.AdvanceFirst();
        // In the second half of a round it would be too late to change who has which window in the next one.
        if (!clock.compacted && clock.goesOn() && block.number < clock.start + (clock.length() + 1) / 2) {
            _compact();
            clock = _clock;
        }
    }

    function _announce(Rounds.Clock memory clock, uint16 versionBefore) private {
        if (clock.version != versionBefore) emit IFilFil.ParamsApplied(clock.version, clock.number);
        emit IFilFil.RoundOpened(clock.number, clock.start, clock.positions, clock.version);
    }

    /// @notice IFilFil says what it does.
    function advance() external nonReentrant {
        Rounds.Clock memory clock = _open();
        if (!clock.due(block.number)) _advance();
    }

    /// @dev Moves the last ones of the roster into holes, from the next round on.
    function _compact() private {
        _clock.compacted = true;
        uint16 from = _clock.number + 1;
        uint256 moved;
        // a stale entry costs a turn too, so that the work of a call has a bound
        for (uint256 turn; turn < 2 * MAX_MOVES && moved < MAX_MOVES && _holes.length != 0; ++turn) {
            uint16 hole = _holes[_holes.length - 1];
            uint16 last = _clock.next;
            if (hole >= last || _roster[hole] != 0) {
                _holes.pop();
                continue;
            }
            uint64 miner = _roster[--last];
            Provider storage provider_ = _providers[miner];
            if (provider_.moveRound != 0 && provider_.moveRound != from) {
                // the position before its last move is forgotten now: until then it has to be judged by it
                _judge(miner);
                if (provider_.standing != IFilFil.Standing.active) continue;
                provider_.index = provider_.nextIndex;
            }
            _holes.pop();
            provider_.nextIndex = hole;
            provider_.moveRound = from;
            _roster[hole] = miner;
            delete _roster[last];
            _trim(last);
            ++moved;
            emit IFilFil.Moving(miner, last, hole, from);
        }
    }

    /// @dev The roster ends behind its last member.
    function _trim(uint16 next) private {
        while (next != 0 && _roster[next - 1] == 0) --next;
        _clock.next = next;
    }

    /// @dev Its place in the next round becomes a hole.
    function _vacate(uint64 miner) private {
        Provider storage provider_ = _providers[miner];
        uint16 next = _clock.next;
        uint16 place = uint16(_positionIn(provider_, uint256(_clock.number) + 1));
        assert(_roster[place] == miner);
        delete _roster[place];
        _holes.push(place);
        --_clock.members;
        _trim(next);
    }

    // ---------------------------------------------------------------------------------------------- coming, going

    /// @notice IFilFil says what it does.
    function register(uint64 miner) external payable nonReentrant {
        Rounds.Clock memory clock = _advance();
        if (_providers[miner].standing != IFilFil.Standing.none) revert IFilFil.AlreadyRegistered(miner);
        IFilFil.Params storage now_ = _params[clock.version];
        _onlyMiner(miner, now_.minPower);
        _onlyController(miner);
        if (clock.members >= now_.maxProviders) revert IFilFil.Full(now_.maxProviders);
        uint256 needed = _bond(clock);
        if (msg.value < needed) revert IFilFil.BondTooSmall(msg.value, needed);

        bool opens = clock.idle(block.number);
        uint16 version = clock.version;
        if (opens) {
            uint256 number = 1;
            if (clock.number != 0) {
                _history[clock.number] = clock;
                // The number that would have been next may stand in the slots that were staged for it in vain.
                number = clock.numberAt(block.number) + 1;
                if (number > Rounds.LAST) revert IFilFil.Full(Rounds.LAST);
            }
            clock.number = uint16(number);
            _shape(clock);
            clock.start = uint40(block.number + clock.slotLength);
            clock.positions = 0;
            clock.compacted = true;
        }
        uint16 place = clock.next;
        uint16 first = clock.number + 1;
        if (block.number < clock.start) {
            place = clock.positions++;
            first = clock.number;
        }
        if (place >= MAX_POSITIONS) revert IFilFil.Full(MAX_POSITIONS);
        if (first > Rounds.LAST) revert IFilFil.Full(Rounds.LAST);
        clock.next = place + 1;
        ++clock.members;
        _clock = clock;
        if (opens) _announce(clock, version);
        _roster[place] = miner;
        _providers[miner] = Provider({
            index: place,
            nextIndex: 0,
            moveRound: 0,
            firstRound: first,
            lastRound: 0,
            judged: first,
            misses: 0,
            standing: IFilFil.Standing.active,
            bond: uint128(needed)
        });
        _money.bonds += uint128(needed);
        if (msg.value > needed) _creditAddress(msg.sender, _u128(msg.value - needed));
        emit IFilFil.Registered(miner, msg.sender, place, first, needed);
    }

    /// @notice IFilFil says what it does.
    function exit(uint64 miner) external nonReentrant {
        _advance();
        _judge(miner);
        Provider memory provider_ = _registered(miner);
        _onlyController(miner);
        if (provider_.standing == IFilFil.Standing.leaving) revert IFilFil.NothingToDo();
        _vacate(miner);
        uint16 last = _clock.number;
        _providers[miner].standing = IFilFil.Standing.leaving;
        _providers[miner].lastRound = last;
        emit IFilFil.ExitQueued(miner, last);
    }

    /// @notice IFilFil says what it does.
    function poke(uint64 miner) external nonReentrant {
        _advance();
        _judge(miner);
    }

    /// @notice IFilFil says what it does.
    function withdraw(uint64 miner) external nonReentrant {
        Rounds.Clock memory clock = _advance();
        _judge(miner);
        Provider memory provider_ = _providers[miner];
        uint256 earned = _minerCredit[miner];
        uint128 bond;
        bool over = (provider_.standing == IFilFil.Standing.leaving || provider_.standing == IFilFil.Standing.removed)
            && clock.numberAt(block.number) >= uint256(provider_.lastRound) + BOND_ROUNDS;
        if (over) {
            bond = provider_.bond;
            delete _providers[miner];
            _money.bonds -= bond;
        }
        if (!over && earned == 0) revert IFilFil.NothingToDo();
        _minerCredit[miner] = 0;
        _money.credit -= uint128(earned);

        CborReader.Reader memory answer = CborReader.open(Fevm.query(miner, Fevm.GET_OWNER, ""));
        answer.readTuple(2);
        bytes memory to = answer.readBytes();
        if (earned + bond != 0) Fevm.pay(to, earned + bond);
        emit IFilFil.Withdrawn(miner, to, earned, bond);
    }

    /// @dev f04 has a claim of power for miners alone: this is what makes a number a miner's.
    function _onlyMiner(uint64 miner, uint256 needs) private {
        (int256 exitCode, bytes memory output) = Fevm.ask(Fevm.POWER, Fevm.MINER_POWER, CborWriter.fromUint(miner));
        if (exitCode != 0 || miner == 0) revert IFilFil.NotAMiner(miner);
        CborReader.Reader memory answer = CborReader.open(output);
        answer.readTuple(2);
        (bool negative, uint256 power) = answer.readBigInt();
        if (negative) power = 0;
        if (power < needs) revert IFilFil.TooLittlePower(power, needs);
    }

    // -------------------------------------------------------------------------------------------------- judging

    /// @dev Whether the miner holds all pieces of one staging. A deal of the built-in market counts until its start.
    function _complete(uint64 miner, uint32 slot, Slot storage staged) private view returns (bool) {
        Progress storage progress = _progress[_byMiner(slot, miner)];
        uint256 count = progress.alternative ? staged.alternatives : staged.pieces;
        uint256 all = (uint256(1) << count) - 1;
        if (progress.active == all) return true;
        if (progress.held != all) return false;
        uint256 first = progress.alternative ? ALTERNATIVE : 0;
        for (uint256 i; i < count; ++i) {
            if ((progress.active >> i) & 1 != 0) continue;
            Holding storage holding = _holdings[_byMiner(_dealId(slot, first + i), miner)];
            if (holding.state != IFilFil.Held.published || block.number > holding.start) return false;
        }
        return true;
    }

    /// @dev Counts the misses of the windows that closed since it was last done. Rounds that are due must be open.
    function _judge(uint64 miner) internal {
        Provider memory provider_ = _providers[miner];
        if (!_present(provider_.standing)) return;
        Rounds.Clock memory clock = _clock;
        uint16 last = clock.number;
        if (provider_.lastRound != 0 && provider_.lastRound < last) last = provider_.lastRound;
        uint16 number = provider_.judged;
        if (uint256(number) + MAX_JUDGED <= last) number = last + 1 - uint16(MAX_JUDGED);
        uint8 misses = provider_.misses;
        uint16 version;
        for (; number <= last; ++number) {
            Rounds.Clock memory round_ = number == clock.number ? clock : _history[number];
            uint256 index = _positionIn(provider_, number) / round_.replicas;
            (,, uint256 close) = round_.window(index);
            if (block.number < close) break;
            uint32 slot = Rounds.slotOf(number, index);
            Slot storage staged = _slots[slot];
            if (staged.pieces == 0 || staged.stagedAt > staged.open) continue;
            if (_complete(miner, slot, staged)) {
                misses = 0;
                continue;
            }
            ++misses;
            emit IFilFil.Missed(miner, slot, misses);
            if (misses >= _params[round_.version].maxMisses) {
                version = round_.version;
                ++number;
                break;
            }
        }
        if (number == provider_.judged && misses == provider_.misses) return;
        _providers[miner].judged = number;
        _providers[miner].misses = misses;
        if (version != 0) {
            _slash(miner, _params[version].slash);
            _remove(miner, 1);
        }
    }

    /// @dev One strike more, for a sector that was lost.
    function _strike(uint64 miner, uint8 maxMisses) internal {
        Provider storage provider_ = _providers[miner];
        if (!_present(provider_.standing)) return;
        if (++provider_.misses >= maxMisses) _remove(miner, 2);
    }

    /// @dev Takes a part of what is left of the bond. It goes to the pool.
    function _slash(uint64 miner, uint16 share) internal returns (uint128 amount) {
        amount = _part(_providers[miner].bond, share);
        if (amount == 0) return 0;
        _providers[miner].bond -= amount;
        _money.bonds -= amount;
        _money.pool += amount;
        emit IFilFil.Slashed(miner, amount);
    }

    function _remove(uint64 miner, uint8 reason) private {
        Provider storage provider_ = _providers[miner];
        if (provider_.standing == IFilFil.Standing.active) {
            _vacate(miner);
            provider_.lastRound = _clock.number;
        }
        provider_.standing = IFilFil.Standing.removed;
        emit IFilFil.Removed(miner, reason);
    }

    /// @notice IFilFil says what it does. It is here, and not with the other views, to cost no more than it has to.
    function windows(uint64 miner)
        external
        view
        returns (uint64 start, uint64 end, uint32 slot, uint8 misses, IFilFil.Standing standing)
    {
        Provider memory provider_ = _providers[miner];
        Rounds.Clock memory clock = _current();
        misses = provider_.misses;
        standing = _standing(provider_, clock);
        (bool has, IFilFil.Window memory window) = _windowIn(provider_, clock);
        if (!has && clock.goesOn()) {
            _step(clock);
            (, window) = _windowIn(provider_, clock);
        }
        return (window.open, window.close, window.slot, misses, standing);
    }
}
