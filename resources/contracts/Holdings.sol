// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "./IFilFil.sol";
import {Fevm} from "./Fevm.sol";
import {CborReader, CborWriter} from "./Cbor.sol";
import {Roster} from "./Roster.sol";

/// @title Who stores which piece, and what it earns by that.
abstract contract Holdings is Roster {
    using CborReader for CborReader.Reader;

    uint64 private constant DEAD = 0; // of ValidateSectorStatus
    uint64 private constant ACTIVE = 1;
    int256 private constant DEAL_EXPIRED = 32; // f05's exit code for a deal that is over
    uint256 private constant GRACE = 86_400; // epochs after `until` in which the rest can be settled: 30 days

    // -------------------------------------------------------------------------------------------------- claiming

    /// @dev The share of a piece of a slot's reward: equal ones, the first piece has the remainder.
    function _share(Slot storage staged, uint8 index) private view returns (uint128 share) {
        uint128 count = index >= ALTERNATIVE ? staged.alternatives : staged.pieces;
        share = staged.reward / count;
        if (index & ~ALTERNATIVE == 0) share += staged.reward % count;
    }

    /// @dev Writes down that the miner has the piece. Its share leaves what is locked for the slot: it is owed now.
    function _hold(uint64 miner, uint64 deal) private returns (Holding storage holding) {
        uint32 slot = uint32(deal >> 8);
        uint8 index = uint8(deal);
        uint128 share = _share(_slots[slot], index);
        _slots[slot].locked -= share;
        _money.locked -= share;
        _money.owed += share;
        holding = _holdings[_byMiner(deal, miner)];
        holding.share = share;
        Progress storage progress = _progress[_byMiner(slot, miner)];
        progress.held |= uint64(1) << (index & ~ALTERNATIVE);
        progress.alternative = index >= ALTERNATIVE;
        _holders[slot].push((uint72(index) << 64) | miner);
    }

    /// @dev Pays out of what is owed.
    function _pay(uint64 miner, Holding storage holding, uint128 amount) private {
        holding.paid += amount;
        _money.owed -= amount;
        _creditMiner(miner, amount);
    }

    /// @dev What was owed and will not be paid returns to the pool.
    function _return(Holding storage holding) private returns (uint128 amount) {
        amount = holding.share - holding.paid;
        _money.owed -= amount;
        _money.pool += amount;
    }

    /// @dev A piece is in a sector. Payment starts now.
    function _start(uint64 miner, uint64 deal, Holding storage holding, uint64 sector, uint256 until) private {
        uint32 slot = uint32(deal >> 8);
        uint8 index = uint8(deal);
        Slot storage staged = _slots[slot];
        if (until > type(uint40).max) until = type(uint40).max;
        holding.state = IFilFil.Held.active;
        holding.sector = sector;
        holding.start = uint40(block.number < until ? block.number : until);
        holding.until = uint40(until);
        uint128 upfront = _part(holding.share, _params[staged.version].upfront);
        _pay(miner, holding, upfront);
        emit IFilFil.PieceActivated(slot, index, miner, sector, uint64(until), upfront);

        Progress storage progress = _progress[_byMiner(slot, miner)];
        uint64 active = progress.active | (uint64(1) << (index & ~ALTERNATIVE));
        progress.active = active;
        uint256 count = progress.alternative ? staged.alternatives : staged.pieces;
        if (active != (uint256(1) << count) - 1) return;
        emit IFilFil.SlotCompleted(slot, miner);
        Provider storage provider_ = _providers[miner];
        if (provider_.judged == slot >> 16) {
            // its window is open: what is complete needs no judgement any more
            ++provider_.judged;
            provider_.misses = 0;
        }
    }

    /// @dev A sector's notification: takes the piece, or says why not.
    function _proven(uint64 miner, bytes32 root, uint256 padded, uint64 sector, uint256 until) internal {
        (IFilFil.Refusal why, uint64 deal) = _check(miner, root, padded, until);
        if (why != IFilFil.Refusal.none) emit IFilFil.PieceIgnored(miner, root, uint8(why));
        else _start(miner, deal, _hold(miner, deal), sector, until);
    }

    /// @dev A deal of the built-in market was published.
    function _publish(uint64 miner, uint64 deal, uint64 dealId, uint64 start, uint64 until) internal {
        Holding storage holding = _hold(miner, deal);
        holding.state = IFilFil.Held.published;
        holding.dealId = dealId;
        holding.start = _u40(start);
        holding.until = _u40(until);
        emit IFilFil.DealPublished(uint32(deal >> 8), uint8(deal), miner, dealId);
    }

    function _u40(uint64 value) private pure returns (uint40) {
        return value > type(uint40).max ? type(uint40).max : uint40(value);
    }

    // ------------------------------------------------------------------------------------------------ afterwards

    function _holding(uint32 slot, uint8 index, uint64 miner, IFilFil.Held wanted)
        private
        view
        returns (Holding storage holding)
    {
        holding = _holdings[_byMiner(_dealId(slot, index), miner)];
        if (holding.state == IFilFil.Held.none) revert IFilFil.NotHeld(slot, index, miner);
        if (holding.state != wanted) revert IFilFil.NotActive(slot, index, miner);
    }

    /// @dev What the miner's actor says of a sector (FIP-0112).
    function _sectorIs(uint64 miner, uint64 sector, uint64 status, bytes calldata aux) private returns (bool) {
        _tooLong(aux.length);
        bytes memory question = abi.encodePacked(
            CborWriter.array(3), CborWriter.fromUint(sector), CborWriter.fromUint(status), CborWriter.fromBytes(aux)
        );
        return CborReader.open(Fevm.query(miner, Fevm.VALIDATE_SECTOR_STATUS, question)).readBool();
    }

    /// @dev What an active piece has earned and was not credited for, up to which epoch: now, or the end of its term.
    function _due(uint32 slot, Holding storage holding) private view returns (uint128 amount, uint64 to) {
        uint128 share = holding.share;
        uint256 earned = share;
        to = holding.until;
        if (block.number < to) {
            to = uint64(block.number);
            uint128 upfront = _part(share, _params[_slots[slot].version].upfront);
            earned = upfront + uint256(share - upfront) * (to - holding.start) / (holding.until - holding.start);
        }
        amount = uint128(earned) - holding.paid;
    }

    /// @notice IFilFil says what it does.
    function due(uint32 slot, uint8 index, uint64 miner) external view returns (uint128 amount, uint64 to) {
        Holding storage holding = _holdings[_byMiner(_dealId(slot, index), miner)];
        if (holding.state == IFilFil.Held.active) return _due(slot, holding);
    }

    /// @notice IFilFil says what it does.
    function location(uint64 miner, uint64 sector)
        external
        view
        returns (uint8 status, bytes memory aux, uint64 expiration)
    {
        function(uint64, uint64) internal returns (uint8, bytes memory, uint64) asks = _locate;
        function(uint64, uint64) internal view returns (uint8, bytes memory, uint64) looks;
        // the questions are asked with no right to write, though by a DELEGATECALL, which Solidity takes for a change
        assembly ("memory-safe") {
            looks := asks
        }
        return looks(miner, sector);
    }

    function _locate(uint64 miner, uint64 sector)
        private
        returns (uint8 status, bytes memory aux, uint64 expiration)
    {
        bytes memory number = CborWriter.fromUint(sector);
        bytes memory answer =
            Fevm.query(miner, Fevm.GENERATE_SECTOR_LOCATION, abi.encodePacked(CborWriter.array(1), number));
        CborReader.Reader memory reader = CborReader.open(answer);
        reader.readTuple(2);
        status = uint8(reader.readUint());
        aux = reader.readBytes();
        int256 exitCode;
        (exitCode, answer) = Fevm.ask(miner, Fevm.GET_NOMINAL_SECTOR_EXPIRATION, number);
        if (exitCode == 0) expiration = uint64(CborReader.open(answer).readInt());
    }

    /// @notice IFilFil says what it does.
    function settle(uint32 slot, uint8 index, uint64 miner, bytes calldata aux) external nonReentrant {
        _advance();
        Holding storage holding = _holding(slot, index, miner, IFilFil.Held.active);
        if (!_sectorIs(miner, holding.sector, ACTIVE, aux)) revert IFilFil.NotActive(slot, index, miner);
        (uint128 amount, uint64 to) = _due(slot, holding);
        if (to == holding.until) holding.state = IFilFil.Held.done;
        else if (amount == 0) revert IFilFil.NothingToDo();
        _pay(miner, holding, amount);
        emit IFilFil.Settled(slot, index, miner, amount, to);
    }

    /// @notice IFilFil says what it does.
    function activateDeal(uint32 slot, uint8 index, uint64 miner) external nonReentrant {
        _advance();
        _judge(miner);
        Holding storage holding = _holding(slot, index, miner, IFilFil.Held.published);
        (bool activated,) = _activation(holding.dealId);
        if (!activated) revert IFilFil.NotActive(slot, index, miner);
        bytes memory question = CborWriter.fromUint(holding.dealId);
        uint64 sector = CborReader.open(Fevm.query(Fevm.MARKET, Fevm.GET_DEAL_SECTOR, question)).readUint();
        _start(miner, _dealId(slot, index), holding, sector, holding.until);
    }

    /// @dev What f05 says of a deal. Only its own words count: a call that failed for want of gas must not end a deal.
    function _activation(uint64 dealId) private returns (bool activated, bool over) {
        (int256 exitCode, bytes memory output) =
            Fevm.ask(Fevm.MARKET, Fevm.GET_DEAL_ACTIVATION, CborWriter.fromUint(dealId));
        if (exitCode == DEAL_EXPIRED) return (false, true);
        if (exitCode != 0) revert IFilFil.ActorCall(Fevm.MARKET, Fevm.GET_DEAL_ACTIVATION, exitCode);
        CborReader.Reader memory answer = CborReader.open(output);
        answer.readTuple(2);
        int64 from = answer.readInt();
        over = answer.readInt() >= 0;
        activated = from >= 0 && !over;
    }

    /// @notice IFilFil says what it does.
    function reportDead(uint32 slot, uint8 index, uint64 miner, bytes calldata aux) external nonReentrant {
        _advance();
        _judge(miner);
        Holding storage holding = _holding(slot, index, miner, IFilFil.Held.active);
        if (block.number >= holding.until) revert IFilFil.TermOver(holding.until);
        if (!_sectorIs(miner, holding.sector, DEAD, aux)) revert IFilFil.NotDead(slot, index, miner);
        holding.state = IFilFil.Held.dead;
        uint128 returned = _return(holding);
        IFilFil.Params storage then_ = _params[_slots[slot].version];
        uint128 bounty = _part(_slash(miner, then_.slash), then_.bounty);
        _money.pool -= bounty;
        _creditAddress(msg.sender, bounty);
        emit IFilFil.Dead(slot, index, miner, msg.sender, returned, bounty);
        _strike(miner, then_.maxMisses);
    }

    /// @notice IFilFil says what it does.
    function close(uint32 slot, uint8 index, uint64 miner) external nonReentrant {
        _advance();
        Holding storage holding = _holdings[_byMiner(_dealId(slot, index), miner)];
        if (holding.state == IFilFil.Held.published) {
            if (block.number <= holding.start) revert IFilFil.TooEarly(uint64(holding.start) + 1);
            if (block.number < holding.until) {
                (bool activated,) = _activation(holding.dealId);
                if (activated) revert IFilFil.TooEarly(holding.until);
            }
        } else {
            _holding(slot, index, miner, IFilFil.Held.active);
            uint256 from = holding.until + GRACE;
            if (block.number < from) revert IFilFil.TooEarly(uint64(from));
        }
        holding.state = IFilFil.Held.done;
        emit IFilFil.Closed(slot, index, miner, _return(holding));
    }
}
