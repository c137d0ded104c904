// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Ids} from "mocks/Ids.sol";
import {MockMarket} from "mocks/MockMarket.sol";
import {MockMiner} from "mocks/MockMiner.sol";
import {Base} from "support/Base.sol";
import {Vm} from "support/Vm.sol";

/// Everybody who may call the contract, doing anything at any time. What a call must never do fails here at once: an
/// unnamed revert, a refused notification, a window that moved. What must hold between calls is in Invariants.
contract Handler is Base {
    uint64 private constant FIRST = 1000;
    uint64 private constant MINERS = 7;
    address private constant REPORTER = address(0x4E9);
    address private constant SUCCESSOR = address(0x5CC);

    struct Piece {
        uint32 slot;
        uint8 index;
    }

    struct Published {
        uint32 slot;
        uint8 index;
        uint64 miner;
        uint64 id; // of f05
    }

    uint256 public moneyIn;
    uint256 public moneyOut;
    uint256 public earnedOut; // by miners
    uint256 public calls;
    mapping(bytes32 => uint256) public done; // successful calls by name
    uint32[] public stagedSlots;
    Piece[] public pieces; // ever staged, roots by their number
    mapping(uint32 => bool) public known;
    mapping(uint32 => uint8) public replicasOf;
    mapping(uint32 => bool) public reclaimed;
    Published[] private s_published;

    mapping(uint64 => mapping(uint256 => uint64)) private s_opens; // miner, round: what was last said, plus one
    uint64 private s_sector = 1;
    bytes32 private s_salt;
    mapping(uint32 => mapping(uint8 => bytes32)) private s_roots;

    function setUp() public override {
        vm.roll(1_000_000);
        _world();
        ff = _deploy(_params());
        INIT.setAddress(CONTRACT_ID, abi.encodePacked(hex"040a", address(ff)));
        vm.deal(address(this), 1e30);
        vm.deal(OPERATOR, 1e30);
        ff.fund{value: 2_000 ether}("seed");
        moneyIn = 2_000 ether;
        for (uint64 i = 0; i < MINERS; i++) {
            _miner(FIRST + i);
            vm.deal(_controller(FIRST + i), 0);
        }
    }

    function _params() internal pure override returns (IFilFil.Params memory p) {
        p = super._params();
        p.slotLength = 400;
        p.windowLength = 300;
        p.lead = 150;
        p.replicas = 2;
        p.maxProviders = 6;
        p.maxMisses = 2;
        p.minTerm = 2_000;
    }

    function contractUnderTest() external view returns (IFilFil) {
        return ff;
    }

    // ------------------------------------------------------------------------------------------------------ helpers

    function _any(uint256 seed) private pure returns (uint64) {
        return FIRST + uint64(seed % MINERS);
    }

    function _anyPiece(uint256 seed) private view returns (bool there, Piece memory p) {
        if (pieces.length == 0) return (false, p);
        // Mostly one of the last, whose windows are near.
        uint256 back = (seed >> 8) % (seed % 4 == 0 ? pieces.length : (pieces.length < 6 ? pieces.length : 6));
        return (true, pieces[pieces.length - 1 - back]);
    }

    /// Mostly one that is elected for the slot now or next.
    function _minerFor(uint32 slot, uint256 seed) private view returns (uint64) {
        if (seed % 4 == 0) return _any(seed >> 8);
        for (uint64 i = 0; i < MINERS; i++) {
            uint64 miner = _any((seed >> 8) + i);
            (,, uint32 its,,) = ff.windows(miner);
            if (its == slot) return miner;
        }
        for (uint64 i = 0; i < MINERS; i++) {
            if (_standing(_any((seed >> 8) + i)) == IFilFil.Standing.active) return _any((seed >> 8) + i);
        }
        return _any(seed >> 8);
    }

    /// Calls as `from`; a revert must be one of the contract's own errors.
    function _try(address from, uint256 value, bytes memory data, bytes32 name) private returns (bool ok, bytes memory out) {
        if (value > 0) vm.deal(from, from.balance + value);
        uint256 before = address(ff).balance;
        vm.recordLogs();
        vm.prank(from);
        (ok, out) = address(ff).call{value: value}(data);
        if (!ok) {
            bytes4 why = bytes4(out);
            if (out.length < 4 || why == 0x4e487b71 || why == 0x08c379a0) revert WrongBytes("an error without a name", out, data);
            if (value > 0) vm.deal(from, from.balance - value);
        } else {
            done[name]++;
            moneyIn += value;
            moneyOut += before + value - address(ff).balance;
        }
        _look();
    }

    /// What was said of windows in the open and the next round stays, but for announced moves and for who goes.
    function _look() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        IFilFil.Round memory round = ff.round();
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].emitter != address(ff)) continue;
            bytes32 topic = logs[i].topics[0];
            if (topic == IFilFil.Moving.selector) {
                uint64 miner = uint64(uint256(logs[i].topics[1]));
                (,, uint16 from) = abi.decode(logs[i].data, (uint32, uint32, uint16));
                eq(from, round.number + 1, "a move is for the next round");
                uint256 slots = (round.positions + round.replicas - 1) / round.replicas;
                yes(block.number < round.start + (slots * round.slotLength + 1) / 2, "a move is announced in the first half");
                delete s_opens[miner][from];
            } else if (topic == IFilFil.ExitQueued.selector || topic == IFilFil.Removed.selector) {
                uint64 miner = uint64(uint256(logs[i].topics[1]));
                if (topic == IFilFil.Removed.selector) delete s_opens[miner][round.number];
                delete s_opens[miner][round.number + 1];
            }
        }
        for (uint64 m = FIRST; m < FIRST + MINERS; m++) _lookAt(m, round);
    }

    function _lookAt(uint64 miner, IFilFil.Round memory round) private {
        IFilFil.Window[] memory all = ff.schedule(miner, 3);
        bool[2] memory seen;
        for (uint256 i = 0; i < all.length; i++) {
            uint256 number = all[i].slot >> 16;
            // Until a round starts, who registers comes into it: it becomes longer, and the next one later.
            if (number > uint256(round.number) + (block.number < round.start ? 0 : 1)) break;
            seen[number - round.number] = true;
            uint64 said = s_opens[miner][number];
            if (said != 0) eq(all[i].open, said - 1, "a window that moved");
            s_opens[miner][number] = all[i].open + 1;
        }
        // One that was announced and is not over is still there.
        for (uint256 n = 0; n < 2; n++) {
            uint64 said = s_opens[miner][round.number + n];
            if (said == 0 || seen[n]) continue;
            (,,,, IFilFil.Standing standing) = ff.windows(miner);
            bool over = block.number >= said - 1 + ff.params().windowLength;
            yes(over || standing == IFilFil.Standing.removed || standing == IFilFil.Standing.left, "a window that vanished");
        }
    }

    // -------------------------------------------------------------------------------------------------------- time

    function pass(uint256 seed) public {
        calls++;
        uint256 to = block.number + 1 + (seed % 160);
        if (seed % 3 == 0 && stagedSlots.length > 0) {
            (, uint64 open,,,,,,,) = ff.slotInfo(stagedSlots[stagedSlots.length - 1]);
            if (open > block.number && open < block.number + 200) to = open;
        }
        vm.roll(to);
        vm.recordLogs();
        _look();
    }

    function passLong(uint256 seed) public {
        calls++;
        uint256 epochs = seed % 16 == 0 ? 90_000 : (seed >> 8) % 3_000;
        uint256 to = block.number + epochs;
        while (block.number < to) {
            vm.roll(block.number + 10_000 < to ? block.number + 10_000 : to);
            _try(REPORTER, 0, abi.encodeCall(IFilFil.advance, ()), "advance");
        }
    }

    // --------------------------------------------------------------------------------------------------- providers

    function register(uint256 seed, uint256 more) public {
        calls++;
        uint64 miner = _any(seed);
        for (uint64 i = 0; i < MINERS && seed % 4 != 0 && _standing(miner) != IFilFil.Standing.none; i++) miner = _any((seed >> 8) + i);
        uint256 value = ff.bondNow() + (more % 4 == 0 ? more % 1 ether : 0);
        if (more % 16 == 1 && value > 0) value -= 1;
        _try(_controller(miner), value, abi.encodeCall(IFilFil.register, (miner)), "register");
    }

    function exit(uint256 seed) public {
        calls++;
        if (seed % 4 != 0) return pass(seed);
        uint64 miner = _any(seed >> 8);
        _try(_controller(miner), 0, abi.encodeCall(IFilFil.exit, (miner)), "exit");
    }

    function poke(uint256 seed) public {
        calls++;
        _try(REPORTER, 0, abi.encodeCall(IFilFil.poke, (_any(seed))), "poke");
    }

    function withdraw(uint256 seed) public {
        calls++;
        uint64 miner = _any(seed);
        for (uint64 i = 0; i < MINERS && seed % 2 == 0 && _standing(miner) == IFilFil.Standing.active; i++) miner = _any((seed >> 8) + i);
        uint256 earned = _creditOf(miner);
        (bool ok,) = _try(REPORTER, 0, abi.encodeCall(IFilFil.withdraw, (miner)), "withdraw");
        if (ok) earnedOut += earned;
    }

    function withdrawOwn(uint256 seed) public {
        calls++;
        address who = seed % 2 == 0 ? REPORTER : _controller(_any(seed >> 8));
        _try(who, 0, abi.encodeCall(IFilFil.withdrawOwn, ()), "withdrawOwn");
    }

    function attest(uint256 seed, uint256 which) public {
        calls++;
        (bool there, Piece memory p) = _anyPiece(which);
        if (!there) return;
        uint64 miner = _any(seed);
        bytes32 root = seed % 3 == 0 ? bytes32(which) : s_roots[p.slot][p.index];
        _try(_controller(miner), 0, abi.encodeCall(IFilFil.attest, (miner, p.slot, root)), "attest");
    }

    // ---------------------------------------------------------------------------------------------------- operator

    function stage(uint256 seed, uint256 reward) public {
        calls++;
        IFilFil.Round memory round = ff.round();
        if (round.number == 0) return;
        // The slot that is open or comes next, or another.
        uint256 slots = (round.positions + round.replicas - 1) / round.replicas;
        uint256 index = block.number < round.start ? 0 : (block.number + 150 - round.start) / round.slotLength;
        uint16 number = round.number;
        if (index >= slots) (number, index) = (number + 1, 0);
        if (seed % 8 == 0) index = (seed >> 8) % (slots + 1);
        uint32 slot = _slot(number, uint16(index));
        uint64 target;
        try ff.slotWindow(slot) returns (uint64 t, uint64, uint64) {
            target = t;
        } catch {
            return;
        }
        _stageAt(slot, target, seed, reward);
    }

    function _stageAt(uint32 slot, uint64 target, uint256 seed, uint256 reward) private {
        s_salt = keccak256(abi.encode(s_salt, seed));
        (,,, uint8 had,, uint128 before,,,) = ff.slotInfo(slot);
        uint8 first = had == 0 ? 0 : 0x80;
        IFilFil.StageArgs memory a;
        a.slot = slot;
        a.epoch = target - uint64((seed >> 32) % 3);
        a.tipset = s_salt;
        a.recipe = keccak256("recipe");
        a.pieces = new IFilFil.Piece[](1 + ((seed >> 16) % 3));
        for (uint256 i = 0; i < a.pieces.length; i++) a.pieces[i] = IFilFil.Piece(keccak256(abi.encode(s_salt, i)), RAW, 35);
        a.reward = had != 0 ? before : uint128(reward % 120 ether);
        (bool ok,) = _try(OPERATOR, seed % 5 == 0 ? reward % 3 ether : 0, abi.encodeCall(IFilFil.stage, (a)), had == 0 ? bytes32("stage") : bytes32("alternative"));
        if (!ok) return;
        // A round that everybody leaves is never opened; what was staged for it keeps the replicas it was to have.
        if (had == 0) replicasOf[slot] = ff.roundOf(uint16(slot >> 16)).replicas;
        if (!known[slot]) stagedSlots.push(slot);
        known[slot] = true;
        reclaimed[slot] = reclaimed[slot] && had != 0;
        for (uint8 i = 0; i < a.pieces.length; i++) {
            s_roots[slot][first + i] = a.pieces[i].root;
            pieces.push(Piece(slot, first + i));
        }
    }

    function cancel(uint256 seed) public {
        calls++;
        if (stagedSlots.length == 0 || seed % 2 != 0) return pass(seed);
        uint32 slot = stagedSlots[stagedSlots.length - 1 - (seed % 8 == 0 ? (seed >> 8) % stagedSlots.length : 0)];
        _try(OPERATOR, 0, abi.encodeCall(IFilFil.cancel, (slot)), "cancel");
    }

    function reclaim(uint256 seed) public {
        calls++;
        (bool there, Piece memory p) = _anyPiece(seed);
        if (!there) return;
        (bool ok,) = _try(REPORTER, 0, abi.encodeCall(IFilFil.reclaim, (p.slot)), "reclaim");
        if (ok) reclaimed[p.slot] = true;
    }

    // ------------------------------------------------------------------------------------------------------ storing

    /// A notification of up to three pieces, right ones and wrong ones. It never fails, and nothing is refused.
    function prove(uint256 seed, uint256 which, uint256 term) public {
        calls++;
        (bool there, Piece memory p) = _anyPiece(which);
        uint64 miner = there ? _minerFor(p.slot, seed) : _any(seed);
        uint256 count = 1 + ((seed >> 8) % 3);
        MockMiner.Changes[] memory c = new MockMiner.Changes[](1);
        c[0].sector = s_sector++;
        c[0].until = int64(uint64(block.number + 1_900 + (term % 4_000)));
        c[0].pieces = new MockMiner.Piece[](count);
        for (uint256 i = 0; i < count; i++) {
            if (i > 0) (there, p) = _anyPiece(which >> (16 * i));
            bytes32 root = there ? s_roots[p.slot][p.index] : bytes32(which);
            c[0].pieces[i] = MockMiner.Piece(root, (seed >> 16) % 16 == 0 ? PADDED / 2 : PADDED, "");
        }
        vm.recordLogs();
        bytes memory answer = _actor(miner).prove(address(ff), c, true);
        eq(answer.length, 2 + count, "answered");
        done["prove"]++;
        // Who was paid can be seen among the events.
        Vm.Log[] memory logs = vm.getRecordedLogs();
        done["activated"] += _count(logs, IFilFil.PieceActivated.selector);
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].emitter != address(ff) || logs[i].topics[0] != IFilFil.PieceIgnored.selector) continue;
            (, uint8 reason) = abi.decode(logs[i].data, (bytes32, uint8));
            done[bytes32(abi.encodePacked("ignored", bytes1(0x30 + reason)))]++;
        }
        vm.recordLogs();
        _lookWith(logs);
    }

    /// What the window rules need of events that were read already.
    function _lookWith(Vm.Log[] memory logs) private {
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].emitter == address(ff) && logs[i].topics[0] == IFilFil.Removed.selector) {
                uint64 miner = uint64(uint256(logs[i].topics[1]));
                uint16 number = ff.round().number;
                delete s_opens[miner][number];
                delete s_opens[miner][number + 1];
            }
        }
        _look();
    }

    function hostile(uint256 seed, bytes calldata input) public {
        calls++;
        vm.recordLogs();
        (bool ok,, bytes memory why) = _actor(_any(seed)).notify(address(ff), Ids.SECTOR_CONTENT_CHANGED, input);
        if (!ok) eq(bytes32(bytes4(why)), bytes32(IFilFil.Cbor.selector), "only for malformed CBOR");
        _lookWith(vm.getRecordedLogs());
    }

    /// f05 asks, and publishes what it was told yes for: then the notification agrees.
    function publish(uint256 seed, uint256 which, uint256 term) public {
        calls++;
        (bool there, Piece memory p) = _anyPiece(which);
        if (!there) return;
        uint64 miner = _minerFor(p.slot, seed);
        MockMarket.Proposal memory proposal = _proposal(miner, p.slot, p.index);
        proposal.root = s_roots[p.slot][p.index];
        proposal.start = int64(uint64(block.number) + uint64(term % 400));
        proposal.end = proposal.start + int64(uint64(1_900 + ((term >> 16) % 4_000)));
        vm.record();
        (bool yes_,) = MARKET.authenticate(address(ff), MARKET.encode(proposal, false));
        (, bytes32[] memory writes) = vm.accesses(address(ff));
        eq(writes.length, 0, "authenticate writes nothing");
        MockMarket.Proposal[] memory all = new MockMarket.Proposal[](1);
        all[0] = proposal;
        vm.recordLogs();
        try MARKET.publish(all) returns (uint64 id) {
            yes(yes_, "published though not authenticated");
            s_published.push(Published(p.slot, p.index, miner, id));
            done["publish"]++;
            if (seed % 2 == 0) _activateInMarket(miner, id);
        } catch {
            // Judging the miner's misses may remove it between the question and the notification.
            no(yes_ && _standing(miner) == IFilFil.Standing.none, "authenticated, and nobody");
        }
        _lookWith(vm.getRecordedLogs());
    }

    function activate(uint256 seed, uint256 which) public {
        calls++;
        if (s_published.length == 0) return;
        Published memory p = s_published[s_published.length - 1 - (which % (s_published.length < 4 ? s_published.length : 4))];
        (uint64 miner, uint64 id) = (p.miner, p.id);
        if (seed % 4 != 0) _activateInMarket(miner, id);
        _try(REPORTER, 0, abi.encodeCall(IFilFil.activateDeal, (p.slot, p.index, miner)), "activateDeal");
    }

    function _activateInMarket(uint64 miner, uint64 id) private {
        MockMarket.Deal memory deal = MARKET.deal(id);
        if (deal.activated >= 0 || int64(uint64(block.number)) > deal.start) return;
        MARKET.activate(id, s_sector);
        _actor(miner).setSector(s_sector, 1, s_sector % 48, s_sector / 48, deal.end);
        s_sector++;
    }

    function terminate(uint256 seed, uint256 which) public {
        calls++;
        if (s_published.length == 0 || seed % 4 != 0) return pass(seed);
        MARKET.terminate(s_published[which % s_published.length].id);
    }

    function settle(uint256 seed, uint256 which) public {
        calls++;
        (bool there, Piece memory p) = _anyPiece(which);
        if (!there) return;
        uint64 miner = _any(seed);
        bytes memory aux = _aux(miner, ff.holder(p.slot, p.index, miner).sector);
        _try(REPORTER, 0, abi.encodeCall(IFilFil.settle, (p.slot, p.index, miner, aux)), "settle");
    }

    /// All that is held of the last slots: what chance alone would rarely hit.
    function settleAll(uint256 seed) public {
        calls++;
        uint256 slots = stagedSlots.length;
        for (uint256 i = slots > 3 ? slots - 3 : 0; i < slots; i++) {
            IFilFil.Holder[] memory all = ff.holders(stagedSlots[i], 0, 8);
            for (uint256 j = 0; j < all.length; j++) {
                bytes memory data = seed % 4 == 0
                    ? abi.encodeCall(IFilFil.close, (stagedSlots[i], all[j].piece, all[j].miner))
                    : abi.encodeCall(IFilFil.settle, (stagedSlots[i], all[j].piece, all[j].miner, _aux(all[j].miner, all[j].sector)));
                _try(REPORTER, 0, data, seed % 4 == 0 ? bytes32("close") : bytes32("settle"));
            }
        }
    }

    function loseAndReport(uint256 seed, uint256 which) public {
        calls++;
        uint256 count = stagedSlots.length;
        if (count == 0) return;
        uint32 slot = stagedSlots[count - 1 - (which % (count < 5 || seed % 8 == 0 ? count : 5))];
        IFilFil.Holder[] memory all = ff.holders(slot, 0, 16);
        if (all.length == 0) return;
        IFilFil.Holder memory h = all[(which >> 32) % all.length];
        for (uint256 i = 0; i < all.length && h.state != IFilFil.Held.active; i++) h = all[i];
        if (seed % 2 == 0 && h.state == IFilFil.Held.active) _actor(h.miner).removeSector(h.sector);
        _try(REPORTER, 0, abi.encodeCall(IFilFil.reportDead, (slot, h.piece, h.miner, _aux(h.miner, h.sector))), "reportDead");
    }

    function close(uint256 which) public {
        calls++;
        if (stagedSlots.length == 0) return;
        uint32 slot = stagedSlots[which % stagedSlots.length];
        IFilFil.Holder[] memory all = ff.holders(slot, 0, 16);
        if (all.length == 0) return;
        IFilFil.Holder memory h = all[(which >> 32) % all.length];
        _try(REPORTER, 0, abi.encodeCall(IFilFil.close, (slot, h.piece, h.miner)), "close");
    }

    // -------------------------------------------------------------------------------------------------------- owner

    function fund(uint256 amount) public {
        calls++;
        _try(REPORTER, amount % 500 ether, abi.encodeCall(IFilFil.fund, ("")), "fund");
    }

    function queueParams(uint256 seed) public {
        calls++;
        if (seed % 12 != 0) return pass(seed);
        IFilFil.Params memory p = _params();
        p.slotLength = 300 + uint32((seed >> 8) % 200);
        p.windowLength = 150 + uint32((seed >> 16) % (p.slotLength - 149));
        p.lead = 1 + uint32((seed >> 32) % 200);
        p.replicas = 1 + uint8((seed >> 48) % 3);
        p.maxProviders = 4 + uint16((seed >> 56) % 4);
        p.maxMisses = 1 + uint8((seed >> 64) % 4);
        p.upfront = uint16((seed >> 72) % 10_001);
        p.slash = uint16((seed >> 88) % 10_001);
        p.bounty = uint16((seed >> 104) % 10_001);
        p.bondStep = uint16((seed >> 120) % 5);
        p.bond = uint128((seed >> 136) % 20 ether);
        _try(OWNER, 0, abi.encodeCall(IFilFil.queueParams, (p)), "queueParams");
    }

    function pauseOrGoOn(uint256 seed) public {
        calls++;
        if (seed % 4 != 0) return pass(seed);
        _try(GUARDIAN, 0, abi.encodeCall(IFilFil.setPaused, (true)), "pause");
        _try(REPORTER, 0, abi.encodeCall(IFilFil.advance, ()), "advance");
        _try(OWNER, 0, abi.encodeCall(IFilFil.setPaused, (false)), "goOn");
    }

    function moveOn(uint256 seed, uint256 amount) public {
        calls++;
        if (seed % 8 == 0) _try(OWNER, 0, abi.encodeCall(IFilFil.setSuccessor, (SUCCESSOR)), "setSuccessor");
        _try(OWNER, 0, abi.encodeCall(IFilFil.moveToSuccessor, (amount % 20 ether)), "moveToSuccessor");
    }

    // --------------------------------------------------------------------------------------------- for Invariants

    function slotCount() external view returns (uint256) {
        return stagedSlots.length;
    }

    function minerAt(uint64 i) external pure returns (uint64) {
        return FIRST + i;
    }

    function minerCount() external pure returns (uint64) {
        return MINERS;
    }

    function reporter() external pure returns (address) {
        return REPORTER;
    }

    function controllerOf(uint64 miner) external pure returns (address) {
        return _controller(miner);
    }
}
