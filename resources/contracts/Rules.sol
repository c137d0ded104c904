// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "./IFilFil.sol";
import {Fevm} from "./Fevm.sol";
import {CborReader, CborWriter} from "./Cbor.sol";
import {Rounds} from "./Rounds.sol";
import {Store} from "./Store.sol";

/// @title Which round is open, who is elected in it, and who would be paid for what: questions alone.
abstract contract Rules is Store {
    using Rounds for Rounds.Clock;

    /// @dev Turns `clock` into the next round. Whether it is due is for the caller to know.
    function _step(Rounds.Clock memory clock) internal view {
        clock.start = uint40(clock.end());
        ++clock.number;
        clock.positions = clock.next;
        clock.compacted = false;
        _shape(clock);
    }

    /// @dev The parameters of a round that is about to open.
    function _shape(Rounds.Clock memory clock) internal view {
        if (clock.queuedFrom == 0 || clock.queuedFrom > clock.number) return;
        clock.queuedFrom = 0;
        ++clock.version;
        IFilFil.Params storage now_ = _params[clock.version];
        clock.slotLength = now_.slotLength;
        clock.windowLength = now_.windowLength;
        clock.lead = now_.lead;
        clock.replicas = now_.replicas;
    }

    /// @dev The round that is open now, as if all that are due had been opened.
    function _current() internal view returns (Rounds.Clock memory clock) {
        clock = _clock;
        while (clock.due(block.number)) {
            if (clock.queuedFrom == 0 && clock.positions == clock.next) {
                // from here on all rounds are alike
                uint256 length = clock.length();
                uint256 rounds = (block.number - clock.start) / length;
                uint256 left = Rounds.LAST - clock.number;
                if (rounds > left) rounds = left;
                clock.number += uint16(rounds);
                clock.start += uint40(rounds * length);
            } else {
                _step(clock);
            }
        }
    }

    /// @dev Round `number` where it is known: those past, the one that is open, the next. Else all zeros.
    function _roundNumber(uint256 number) internal view returns (Rounds.Clock memory clock) {
        clock = _current();
        if (number == clock.number) return clock;
        if (number == uint256(clock.number) + 1) {
            if (!clock.goesOn()) return _history[0]; // zeros
            _step(clock);
            return clock;
        }
        return number == _clock.number && number != 0 ? _clock : _history[number];
    }

    /// @dev The round of a slot. Reverts where there is no such slot.
    function _clockOf(uint32 slot) internal view returns (Rounds.Clock memory clock) {
        clock = _roundNumber(slot >> 16);
        if (clock.number == 0 || uint16(slot) >= Rounds.slots(clock.positions, clock.replicas)) {
            revert IFilFil.UnknownSlot(slot);
        }
    }

    function _positionIn(Provider memory provider_, uint256 number) internal pure returns (uint256) {
        return provider_.moveRound != 0 && number >= provider_.moveRound ? provider_.nextIndex : provider_.index;
    }

    function _present(IFilFil.Standing standing) internal pure returns (bool) {
        return standing == IFilFil.Standing.active || standing == IFilFil.Standing.leaving;
    }

    function _elected(Provider memory provider_, uint256 number) internal pure returns (bool) {
        return _present(provider_.standing) && number >= provider_.firstRound
            && (provider_.lastRound == 0 || number <= provider_.lastRound);
    }

    function _registered(uint64 miner) internal view returns (Provider memory provider_) {
        provider_ = _providers[miner];
        if (!_present(provider_.standing)) revert IFilFil.NotRegistered(miner);
    }

    /// @dev The provider's window in the round of `clock`; false where it has none in it, or none any more.
    function _windowIn(Provider memory provider_, Rounds.Clock memory clock)
        internal
        view
        returns (bool has, IFilFil.Window memory window)
    {
        if (clock.number == 0 || !_elected(provider_, clock.number)) return (false, window);
        uint256 index = _positionIn(provider_, clock.number) / clock.replicas;
        (uint256 target, uint256 open, uint256 close) = clock.window(index);
        if (block.number >= close) return (false, window);
        return (true, IFilFil.Window(Rounds.slotOf(clock.number, index), uint64(target), uint64(open), uint64(close)));
    }

    function _standing(Provider memory provider_, Rounds.Clock memory clock) internal view returns (IFilFil.Standing) {
        bool over = provider_.standing == IFilFil.Standing.leaving && clock.numberAt(block.number) > provider_.lastRound;
        return over ? IFilFil.Standing.left : provider_.standing;
    }

    function _bond(Rounds.Clock memory clock) internal view returns (uint256 bond) {
        IFilFil.Params storage now_ = _params[clock.version];
        bond = now_.bond;
        if (now_.bondStep != 0) bond = _u128(bond + bond * clock.members / now_.bondStep);
    }

    /// @notice Whether `miner` would get paid if it proved a piece now, in a sector that lives until `until`. The one
    /// rule for deals, proofs and questions.
    function _check(uint64 miner, bytes32 root, uint256 padded, uint256 until)
        internal
        view
        returns (IFilFil.Refusal why, uint64 deal)
    {
        Provider memory provider_ = _providers[miner];
        if (!_present(provider_.standing)) return (IFilFil.Refusal.notRegistered, 0);
        deal = _dealOf[root];
        if (deal == 0) return (IFilFil.Refusal.unknownPiece, 0);
        uint32 slot = uint32(deal >> 8);
        Slot storage staged = _slots[slot];
        uint256 number = slot >> 16;
        if (!_elected(provider_, number) || _positionIn(provider_, number) / staged.replicas != uint16(slot)) {
            return (IFilFil.Refusal.notYourSlot, deal);
        }
        if (block.number < staged.open) return (IFilFil.Refusal.windowNotOpen, deal);
        if (block.number >= staged.close) return (IFilFil.Refusal.windowClosed, deal);
        if (padded != uint256(1) << _pieces[deal].log2Padded) return (IFilFil.Refusal.wrongSize, deal);
        if (until < block.number + _params[staged.version].minTerm) return (IFilFil.Refusal.termTooShort, deal);
        if (_holdings[_byMiner(deal, miner)].state != IFilFil.Held.none) return (IFilFil.Refusal.alreadyStored, deal);
        Progress storage progress = _progress[_byMiner(slot, miner)];
        if (progress.held != 0 && progress.alternative != (uint8(deal) >= ALTERNATIVE)) {
            return (IFilFil.Refusal.otherAlternative, deal);
        }
    }

    /// @dev Only for a number that is known to be a miner's: any actor could answer this question with yes.
    function _onlyController(uint64 miner) internal {
        bytes memory answer =
            Fevm.query(miner, Fevm.IS_CONTROLLING_ADDRESS, CborWriter.fromBytes(Fevm.filecoinAddress(msg.sender)));
        if (!CborReader.readBool(CborReader.open(answer))) revert IFilFil.NotController(miner, msg.sender);
    }
}
