// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {MockMiner} from "mocks/MockMiner.sol";
import {Base} from "support/Base.sol";
import {Ids} from "mocks/Ids.sol";
import {Wire} from "mocks/Wire.sol";

/// What each call costs in the EVM's gas, each in a transaction of its own (--isolate); tools/gas.mjs puts it into
/// docs/contract.md. The gas of the mocked actors is in it.
contract Gas is Base {
    function _notify(uint64 miner, uint32 slot, uint8 count) private {
        bytes memory sent = bytes.concat(hex"8183", Wire.unsigned(9), Wire.unsigned(_until()), Wire.array(count));
        for (uint8 i = 0; i < count; i++) sent = bytes.concat(sent, hex"83", Wire.pieceCid(_root(slot, i)), Wire.unsigned(PADDED), hex"40");
        vm.prank(Ids.masked(miner));
        ff.handle_filecoin_method(Ids.SECTOR_CONTENT_CHANGED, Ids.CBOR, sent);
    }

    function _keep(string memory name) private {
        vm.snapshotGasLastCall("gas", name);
    }

    function test_gas_ofTheUsualLife() public {
        _joinMany(3);
        _miner(1003);
        uint256 bond = ff.bondNow();
        vm.prank(_controller(1003));
        ff.register{value: bond}(1003);
        _keep("register");
        ff.windows(1001);
        _keep("windows (view)");
        ff.round();
        _keep("round()");
        uint32 slot = _slot(1, 0);
        IFilFil.StageArgs memory a = _args(slot, 1);
        vm.prank(OPERATOR);
        ff.stage(a);
        _keep("stage, 1 piece");
        vm.prank(OPERATOR);
        ff.cancel(slot);
        _keep("cancel, 1 piece");
        a = _args(slot, 10);
        vm.prank(OPERATOR);
        ff.stage(a);
        _keep("stage, 10 pieces");
        _notify(1000, slot, 1);
        _keep("SectorContentChanged, first piece");
        _notify(1000, slot, 10);
        _keep("SectorContentChanged, 9 pieces and one known");
        _notify(1001, slot, 1);
        _keep("SectorContentChanged, not taken");
        _actor(1000).setSector(9, 1, 9, 0, int64(_until()));
        vm.roll(block.number + 50);
        ff.due(slot, 0, 1000);
        _keep("due (view)");
        ff.settle(slot, 0, 1000, _aux(1000, 9));
        _keep("settle");
        ff.withdraw(1000);
        _keep("withdraw");
        _actor(1000).removeSector(9);
        vm.prank(ANYONE);
        ff.reportDead(slot, 1, 1000, hex"822020");
        _keep("reportDead");
        vm.prank(_controller(1000));
        ff.exit(1000);
        _keep("exit");
        vm.roll(block.number + 300);
        ff.advance();
        _keep("advance, one round");
        ff.poke(1001);
        _keep("poke");
    }

    function test_gas_ofADealOfTheMarket() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        bytes memory proposal = MARKET.encode(_proposal(miner, slot, 0), true);
        bytes memory asked = bytes.concat(hex"82", Wire.data(hex"dead"), Wire.data(proposal));
        vm.prank(address(MARKET));
        ff.handle_filecoin_method(Ids.AUTHENTICATE, Ids.CBOR, asked);
        _keep("AuthenticateMessage");
        uint64 id = _publish(_proposal(miner, slot, 0));
        MARKET.activate(id, 4);
        ff.activateDeal(slot, 0, miner);
        _keep("activateDeal");
    }

    function test_gas_ofSixtyFourRoundsAtOnce() public {
        _joinMany(1);
        vm.roll(block.number + 100 * 80);
        ff.advance();
        _keep("advance, 64 rounds");
    }
}
