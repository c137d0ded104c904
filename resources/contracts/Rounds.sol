// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

/// @title The arithmetic of rounds, slots and positions. Nothing here touches storage.
library Rounds {
    /// @notice A round and what is known of the next one: one word of storage.
    struct Clock {
        uint16 number; // 0: none was opened
        uint40 start;
        uint16 positions;
        uint32 slotLength;
        uint32 windowLength;
        uint32 lead;
        uint8 replicas;
        uint16 version; // of the parameters
        uint16 next; // positions of the next round, as things stand
        uint16 members; // providers that will have one of them
        uint16 queuedFrom; // the round from which version + 1 of the parameters holds; 0: none is queued
        bool compacted; // whether holes were looked after in this round
    }

    /// @notice The number of the last round that there can be. What is owed is paid after it all the same.
    uint256 internal constant LAST = type(uint16).max - 1;

    /// @notice How many slots `positions` take.
    function slots(uint256 positions, uint256 replicas) internal pure returns (uint256) {
        return (positions + replicas - 1) / replicas;
    }

    /// @notice Epochs from the start of the round to the start of the next. 0 only where no round was opened.
    function length(Clock memory clock) internal pure returns (uint256) {
        return clock.number == 0 ? 0 : slots(clock.positions, clock.replicas) * clock.slotLength;
    }

    /// @notice The epoch at which the next round starts.
    function end(Clock memory clock) internal pure returns (uint256) {
        return clock.start + length(clock);
    }

    /// @notice Whether there will be a next round, as things stand: somebody has a position in it, and it has a number.
    function goesOn(Clock memory clock) internal pure returns (bool) {
        return clock.next != 0 && clock.number < LAST;
    }

    /// @notice Whether the next round should be open at `epoch`.
    function due(Clock memory clock, uint256 epoch) internal pure returns (bool) {
        return goesOn(clock) && epoch >= end(clock);
    }

    /// @notice Whether there is no round at `epoch`: the last one is over and nobody has a position in a next one.
    function idle(Clock memory clock, uint256 epoch) internal pure returns (bool) {
        return clock.next == 0 && epoch >= end(clock);
    }

    /// @notice The number of the round at `epoch`; in idle time rounds are counted on, each as long as the last one, so
    /// that what waits for a round to come does not wait for ever.
    function numberAt(Clock memory clock, uint256 epoch) internal pure returns (uint256 number) {
        number = clock.number;
        if (number != 0 && idle(clock, epoch)) number += 1 + (epoch - end(clock)) / length(clock);
    }

    /// @notice The epochs of slot `index` of the round. target is 0 where the chain is younger than the lead.
    function window(Clock memory clock, uint256 index)
        internal
        pure
        returns (uint256 target, uint256 open, uint256 close)
    {
        open = clock.start + index * clock.slotLength;
        close = open + clock.windowLength;
        target = open > clock.lead ? open - clock.lead : 0;
    }

    /// @notice slot of (round, index).
    function slotOf(uint256 number, uint256 index) internal pure returns (uint32) {
        return uint32((number << 16) | index);
    }
}
