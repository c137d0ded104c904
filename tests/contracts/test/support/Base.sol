// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Ids} from "mocks/Ids.sol";
import {MockInit} from "mocks/MockInit.sol";
import {MockMarket} from "mocks/MockMarket.sol";
import {MockMiner} from "mocks/MockMiner.sol";
import {MockPower} from "mocks/MockPower.sol";
import {Beacon, CallActor, CallActorId, LookupDelegated, ResolveAddress} from "mocks/Precompiles.sol";
import {Wire} from "mocks/Wire.sol";
import {Check} from "./Check.sol";
import {Vm} from "./Vm.sol";

/// A Filecoin of mocks, the contract as its artefact deploys it, and words for what happens in it.
abstract contract Base is Check {
    IFilFil internal ff;

    address internal constant OWNER = address(0x0A11CE);
    address internal constant OPERATOR = address(0x0B0B);
    address internal constant GUARDIAN = address(0x06A2D);
    address internal constant ANYONE = address(0xA11);
    uint64 internal constant CONTRACT_ID = 3001234;

    uint32 internal constant SLOT_LENGTH = 100;
    uint32 internal constant WINDOW = 60;
    uint32 internal constant LEAD = 20;
    uint32 internal constant MIN_TERM = 10_000;
    uint32 internal constant MONTH = 86_400;
    uint64 internal constant PADDED = 1 << 35;
    uint64 internal constant RAW = 34_091_302_912;
    uint128 internal constant REWARD = 12 ether;

    MockInit internal constant INIT = MockInit(address(uint160((0xff << 152) | uint256(1))));
    MockPower internal constant POWER = MockPower(address(uint160((0xff << 152) | uint256(4))));
    MockMarket internal constant MARKET = MockMarket(address(uint160((0xff << 152) | uint256(5))));

    function setUp() public virtual {
        vm.roll(1_000_000);
        _world();
        ff = _deploy(_params());
        INIT.setAddress(CONTRACT_ID, Wire.ethAddress(address(ff)));
        vm.deal(address(this), 1_000_000 ether);
        vm.deal(OPERATOR, 1_000_000 ether);
        vm.deal(ANYONE, 1_000 ether);
        ff.fund{value: 1_000 ether}("seed");
    }

    receive() external payable {}

    // ------------------------------------------------------------------------------------------------- the world

    function _world() internal {
        vm.etch(Ids.RESOLVE_ADDRESS, type(ResolveAddress).runtimeCode);
        vm.etch(Ids.LOOKUP_DELEGATED, type(LookupDelegated).runtimeCode);
        vm.etch(Ids.CALL_ACTOR, type(CallActor).runtimeCode);
        vm.etch(Ids.CALL_ACTOR_ID, type(CallActorId).runtimeCode);
        vm.etch(Ids.BEACON, type(Beacon).runtimeCode);
        vm.etch(address(INIT), type(MockInit).runtimeCode);
        vm.etch(address(POWER), type(MockPower).runtimeCode);
        vm.etch(address(MARKET), type(MockMarket).runtimeCode);
    }

    function _params() internal pure virtual returns (IFilFil.Params memory p) {
        p.slotLength = SLOT_LENGTH;
        p.windowLength = WINDOW;
        p.lead = LEAD;
        p.replicas = 1;
        p.maxProviders = 8;
        p.maxMisses = 3;
        p.disputeAt = 2;
        p.minTerm = MIN_TERM;
        p.upfront = 3_000;
        p.slash = 5_000;
        p.bounty = 1_000;
        p.bondStep = 4;
        p.bond = 10 ether;
        p.minPower = 1 << 40;
        p.rewardCap = 100 ether;
        p.recipe = keccak256("recipe");
    }

    /// The artefact's bytes; where lines are counted, the same source compiled for that.
    function _creationCode() internal view returns (bytes memory) {
        if (vm.envOr("FILFIL_CONTRACT_FROM_SOURCE", false)) return vm.getCode("FilFil.sol:FilFil");
        string memory artefact = vm.envOr("FILFIL_CONTRACT_ARTEFACT", string("../../resources/contracts/FilFil.json"));
        return vm.parseJsonBytes(vm.readFile(artefact), ".bytecode");
    }

    function _create(bytes memory code) internal returns (address made, bytes memory why) {
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
        }
        if (made != address(0)) return (made, "");
        assembly ("memory-safe") {
            why := mload(0x40)
            mstore(why, returndatasize())
            returndatacopy(add(why, 32), 0, returndatasize())
            mstore(0x40, add(why, and(add(returndatasize(), 63), not(31))))
        }
    }

    function _tryDeploy(IFilFil.Params memory p) internal returns (address, bytes memory) {
        return _create(bytes.concat(_creationCode(), abi.encode(OWNER, OPERATOR, GUARDIAN, p)));
    }

    function _deploy(IFilFil.Params memory p) internal returns (IFilFil) {
        (address made, bytes memory why) = _tryDeploy(p);
        if (made == address(0)) {
            assembly ("memory-safe") {
                revert(add(why, 32), mload(why))
            }
        }
        return IFilFil(made);
    }

    // ----------------------------------------------------------------------------------------------------- miners

    function _controller(uint64 miner) internal pure returns (address) {
        return address(uint160(0xC0_0000) + uint160(miner));
    }

    function _actor(uint64 miner) internal pure returns (MockMiner) {
        return MockMiner(Ids.masked(miner));
    }

    /// A miner that exists, with power enough, owned by _controller(miner).
    function _miner(uint64 miner) internal {
        vm.etch(Ids.masked(miner), type(MockMiner).runtimeCode);
        INIT.setAddress(miner + 500_000, Wire.ethAddress(_controller(miner)));
        _actor(miner).setOwner(Wire.ethAddress(_controller(miner)));
        POWER.setPower(miner, 1 << 50);
        vm.deal(_controller(miner), 10_000 ether);
    }

    function _join(uint64 miner) internal {
        _miner(miner);
        uint256 bond = ff.bondNow();
        vm.prank(_controller(miner));
        ff.register{value: bond}(miner);
    }

    /// `count` providers, 1000 and up, and the epoch at which their first round starts.
    function _joinMany(uint64 count) internal {
        for (uint64 i = 0; i < count; i++) _join(1000 + i);
        vm.roll(ff.round().start);
    }

    // ------------------------------------------------------------------------------------------------------- time

    /// To a far epoch, with advance() called on the way as somebody will have done.
    function _rollFar(uint256 to) internal {
        while (block.number + 60 * SLOT_LENGTH < to) {
            vm.roll(block.number + 60 * SLOT_LENGTH);
            ff.advance();
        }
        vm.roll(to);
        ff.advance();
    }

    // ------------------------------------------------------------------------------------------------------ slots

    function _slot(uint16 round, uint16 index) internal pure returns (uint32) {
        return (uint32(round) << 16) | index;
    }

    function _deal(uint32 slot, uint8 piece) internal pure returns (uint64) {
        return (uint64(slot) << 8) | piece;
    }

    function _root(uint32 slot, uint8 piece) internal pure returns (bytes32) {
        // A commitment's two top bits are clear.
        return keccak256(abi.encode("root", slot, piece)) & bytes32(~uint256(0xc0));
    }

    function _pieces(uint32 slot, uint8 count, uint8 from) internal pure returns (IFilFil.Piece[] memory pieces) {
        pieces = new IFilFil.Piece[](count);
        for (uint8 i = 0; i < count; i++) pieces[i] = IFilFil.Piece(_root(slot, from + i), RAW - i, 35);
    }

    /// What is staged for a slot: the target's own tipset, `count` pieces, REWARD.
    function _args(uint32 slot, uint8 count) internal view returns (IFilFil.StageArgs memory a) {
        (uint64 target,,) = ff.slotWindow(slot);
        a.slot = slot;
        a.epoch = target;
        a.tipset = keccak256(abi.encode("tipset", slot));
        a.recipe = keccak256("recipe");
        a.payload = hex"0171a0e40220";
        a.pieces = _pieces(slot, count, 0);
        a.reward = REWARD;
    }

    function _rollToTarget(uint32 slot) internal {
        (uint64 target,,) = ff.slotWindow(slot);
        if (block.number < target) vm.roll(target);
    }

    function _rollToOpen(uint32 slot) internal {
        (, uint64 open,) = ff.slotWindow(slot);
        vm.roll(open);
    }

    /// At the slot's target, unless it is later already.
    function _stage(uint32 slot, uint8 count) internal {
        _rollToTarget(slot);
        IFilFil.StageArgs memory a = _args(slot, count);
        vm.prank(OPERATOR);
        ff.stage(a);
    }

    /// Another fork's tipset with the same number of pieces.
    function _stageAlternative(uint32 slot, uint8 count) internal {
        IFilFil.StageArgs memory a = _args(slot, count);
        a.tipset = keccak256(abi.encode("fork", slot));
        a.pieces = _pieces(slot, count, 0x80);
        vm.prank(OPERATOR);
        ff.stage(a);
    }

    function _changes(bytes32 root, uint64 padded, uint64 sector, uint64 until) internal pure returns (MockMiner.Changes[] memory c) {
        c = new MockMiner.Changes[](1);
        c[0].sector = sector;
        c[0].until = int64(until);
        c[0].pieces = new MockMiner.Piece[](1);
        c[0].pieces[0] = MockMiner.Piece(root, padded, "");
    }

    function _until() internal view returns (uint64) {
        return uint64(block.number) + MIN_TERM * 2;
    }

    /// The miner proves a sector with that piece; success is required, as Curio requires it.
    function _prove(uint64 miner, uint32 slot, uint8 piece, uint64 sector) internal {
        _proveUntil(miner, slot, piece, sector, _until());
    }

    function _proveUntil(uint64 miner, uint32 slot, uint8 piece, uint64 sector, uint64 until) internal {
        _actor(miner).prove(address(ff), _changes(_root(slot, piece), PADDED, sector, until), true);
    }

    function _aux(uint64 miner, uint64 sector) internal view returns (bytes memory aux) {
        (, aux) = _actor(miner).location(sector);
    }

    function _settle(uint64 miner, uint32 slot, uint8 piece, uint64 sector) internal {
        ff.settle(slot, piece, miner, _aux(miner, sector));
    }

    /// One provider, round 1 open, its slot staged and its window open.
    function _oneStaged(uint8 pieces) internal returns (uint64 miner, uint32 slot) {
        miner = 1000;
        slot = _slot(1, 0);
        _join(miner);
        _stage(slot, pieces);
        _rollToOpen(slot);
    }

    /// The same, with piece 0 in sector 7 for MIN_TERM * 2 epochs.
    function _oneStored() internal returns (uint64 miner, uint32 slot, uint64 start, uint64 until) {
        (miner, slot) = _oneStaged(1);
        start = uint64(block.number);
        until = _until();
        _proveUntil(miner, slot, 0, 7, until);
    }

    // ----------------------------------------------------------------------------------------------------- deals

    function _proposal(uint64 miner, uint32 slot, uint8 piece) internal view returns (MockMarket.Proposal memory p) {
        p.client = address(ff);
        p.root = _root(slot, piece);
        p.paddedSize = PADDED;
        p.provider = miner;
        p.label = "a label";
        p.start = int64(uint64(block.number) + 100);
        p.end = p.start + int64(uint64(MIN_TERM)) * 2;
        p.amounts[1] = 1 ether;
    }

    function _publish(MockMarket.Proposal memory p) internal returns (uint64) {
        MockMarket.Proposal[] memory all = new MockMarket.Proposal[](1);
        all[0] = p;
        return MARKET.publish(all);
    }

    // ------------------------------------------------------------------------------------------------------ money

    function _sum(IFilFil.Totals memory t) internal pure returns (uint256) {
        return t.pool + t.locked + t.owed + t.credit + t.bonds;
    }

    /// Nothing came from nowhere and nothing went anywhere.
    function _reconciles() internal view {
        eq(_sum(ff.totals()), address(ff).balance, "the five counters and the balance");
    }

    function _creditOf(uint64 miner) internal view returns (uint256 amount) {
        (,,,,,, amount) = ff.provider(miner);
    }

    function _standing(uint64 miner) internal view returns (IFilFil.Standing standing) {
        (standing,,,,,,) = ff.provider(miner);
    }

    function _misses(uint64 miner) internal view returns (uint8 misses) {
        (,,,, misses,,) = ff.provider(miner);
    }

    // ----------------------------------------------------------------------------------------------------- events

    /// How many events with this topic the contract emitted since vm.recordLogs().
    function _count(Vm.Log[] memory logs, bytes32 topic) internal view returns (uint256 found) {
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].emitter == address(ff) && logs[i].topics[0] == topic) found++;
        }
    }

    function _last(Vm.Log[] memory logs, bytes32 topic) internal view returns (Vm.Log memory) {
        for (uint256 i = logs.length; i > 0; i--) {
            if (logs[i - 1].emitter == address(ff) && logs[i - 1].topics[0] == topic) return logs[i - 1];
        }
        revert Untrue("no such event");
    }

    /// The reason of the one PieceIgnored event there is.
    function _ignored(Vm.Log[] memory logs) internal view returns (uint8 reason) {
        eq(_count(logs, IFilFil.PieceIgnored.selector), 1, "PieceIgnored events");
        (, reason) = abi.decode(_last(logs, IFilFil.PieceIgnored.selector).data, (bytes32, uint8));
    }
}
