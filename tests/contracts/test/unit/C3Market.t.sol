// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {IFilFil} from "contracts/IFilFil.sol";
import {Ids} from "mocks/Ids.sol";
import {MockMarket} from "mocks/MockMarket.sol";
import {Wire} from "mocks/Wire.sol";
import {Vm} from "support/Vm.sol";
import {Base} from "support/Base.sol";

/// Row c3 by a deal of the built-in market whose client is the contract (FIP-0044).
contract C3Market is Base {
    function _refused(MockMarket.Proposal memory p, bytes memory why) private {
        (bool ok, bytes memory said) = MARKET.authenticate(address(ff), MARKET.encode(p, false));
        no(ok, "authenticated");
        eq(said, why, "why");
        // The same rules once more when it is notified: two equal deals in one message pass the first check both.
        (ok, said) = MARKET.notify(address(ff), MARKET.encode(p, true), 77);
        no(ok, "notified");
        eq(said, why, "why it is not notified");
        _reconciles();
    }

    function _refused(MockMarket.Proposal memory p, IFilFil.Refusal reason) private {
        _refused(p, abi.encodeWithSelector(IFilFil.Refused.selector, reason));
    }

    function _badDeal(MockMarket.Proposal memory p, uint8 field) private {
        _refused(p, abi.encodeWithSelector(IFilFil.BadDeal.selector, field));
    }

    function test_c3_aDealIsPublishedActivatedAndPaid() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        vm.expectEmit(address(ff));
        emit IFilFil.DealPublished(slot, 0, miner, 1);
        uint64 id = _publish(p);
        IFilFil.Holder memory h = ff.holder(slot, 0, miner);
        eq(uint8(h.state), uint8(IFilFil.Held.published), "published");
        eq(h.share, REWARD, "its share is reserved");
        eq(_creditOf(miner), 0, "and not paid yet");
        eq(ff.totals().owed, REWARD, "owed");
        _reconciles();

        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotActive.selector, slot, 0, miner));
        ff.activateDeal(slot, 0, miner);

        vm.roll(block.number + 50);
        MARKET.activate(id, 21);
        vm.expectEmit(address(ff));
        emit IFilFil.PieceActivated(slot, 0, miner, 21, uint64(p.end), 3.6 ether);
        ff.activateDeal(slot, 0, miner);
        h = ff.holder(slot, 0, miner);
        eq(uint8(h.state), uint8(IFilFil.Held.active), "active");
        eq(h.sector, 21, "sector");
        eq(h.until, uint64(p.end), "until");
        eq(_creditOf(miner), 3.6 ether, "credit");
        _reconciles();

        _actor(miner).setSector(21, 1, 3, 0, p.end);
        _rollFar(uint64(p.end));
        _settle(miner, slot, 0, 21);
        eq(_creditOf(miner), REWARD, "all");
        _reconciles();
    }

    function test_c3_anAuthenticationAnswersCborTrue() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        bytes memory params = bytes.concat(hex"82", Wire.data(hex"dead"), Wire.data(MARKET.encode(_proposal(miner, slot, 0), false)));
        vm.prank(address(MARKET));
        (uint32 exitCode, uint64 codec, bytes memory answer) = ff.handle_filecoin_method(Ids.AUTHENTICATE, Ids.CBOR, params);
        eq(exitCode, 0, "exit code");
        eq(codec, Ids.CBOR, "codec");
        eq(answer, hex"f5", "true");
    }

    function test_c3_anyoneMayAskForAnAuthentication() public {
        // Boost and Curio simulate the call with other senders.
        (uint64 miner, uint32 slot) = _oneStaged(1);
        bytes memory params = bytes.concat(hex"82", Wire.data(hex"dead"), Wire.data(MARKET.encode(_proposal(miner, slot, 0), false)));
        vm.prank(ANYONE);
        (,, bytes memory answer) = ff.handle_filecoin_method(Ids.AUTHENTICATE, Ids.CBOR, params);
        eq(answer, hex"f5", "true");
    }

    function test_c3_bothFormsOfTheClientsAddressAreTaken() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        (bool ok,) = MARKET.authenticate(address(ff), MARKET.encode(p, false));
        yes(ok, "f410");
        (ok,) = MARKET.authenticate(address(ff), MARKET.encode(p, true));
        yes(ok, "f0");
    }

    function test_c3_aDealOfWhoIsNotRegisteredIsRefused() public {
        (, uint32 slot) = _oneStaged(1);
        _miner(2000);
        _refused(_proposal(2000, slot, 0), IFilFil.Refusal.notRegistered);
    }

    function test_c3_aDealForAnUnknownPieceIsRefused() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        _refused(_proposal(miner, slot, 9), IFilFil.Refusal.unknownPiece);
    }

    function test_c3_aDealForAnothersSlotIsRefused() public {
        _joinMany(2);
        _stage(_slot(1, 1), 1);
        _rollToOpen(_slot(1, 1));
        _refused(_proposal(1000, _slot(1, 1), 0), IFilFil.Refusal.notYourSlot);
    }

    function test_c3_aDealBeforeAndAfterTheWindowIsRefused() public {
        _join(1000);
        uint32 slot = _slot(1, 0);
        _stage(slot, 1);
        _refused(_proposal(1000, slot, 0), IFilFil.Refusal.windowNotOpen);
        _rollToOpen(slot);
        vm.roll(block.number + WINDOW);
        _refused(_proposal(1000, slot, 0), IFilFil.Refusal.windowClosed);
    }

    function test_c3_aDealOfAnotherSizeIsRefused() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        p.paddedSize = PADDED / 2;
        _refused(p, IFilFil.Refusal.wrongSize);
    }

    function test_c3_aDealThatIsTooShortIsRefused() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        p.end = p.start + int64(uint64(MIN_TERM)) - 1;
        _refused(p, IFilFil.Refusal.termTooShort);
    }

    function test_c3_aDealThatHasStartedIsRefused() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        p.start = int64(uint64(block.number));
        _badDeal(p, 6);
        p.start = -1;
        _badDeal(p, 6);
    }

    function test_c3_aDealThatStartsTooFarAheadIsRefused() public {
        // Until its start it holds its share and is no miss.
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        p.start = int64(uint64(block.number) + 40_320 + 1);
        p.end = p.start + int64(uint64(MIN_TERM));
        _badDeal(p, 6);
        p.start -= 1;
        (bool ok,) = MARKET.authenticate(address(ff), MARKET.encode(p, false));
        yes(ok, "two weeks to seal it");
    }

    function test_c3_aDealThatEndsBeforeItStartsIsRefused() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        p.end = p.start;
        _badDeal(p, 7);
        p.end = -1;
        _badDeal(p, 7);
    }

    function test_c3_aDealCountsAsAMissOnceItsStartPassedWithoutASector() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        p.start = int64(uint64(block.number) + WINDOW - 10); // before the window closes
        p.end = p.start + int64(uint64(MIN_TERM));
        _publish(p);
        vm.roll(block.number + WINDOW);
        ff.poke(miner);
        eq(_misses(miner), 1, "misses");
    }

    function test_c3_aDealThatTheMarketForgotIsClosed() public {
        // f05 answers 32 once a deal was not activated in time and was cleared away.
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        uint64 id = _publish(p);
        MARKET.terminate(id);
        vm.roll(uint64(p.start) + 1);
        ff.close(slot, 0, miner);
        eq(ff.totals().owed, 0, "owed");
        _reconciles();
    }

    function test_c3_aMarketThatFailsOtherwiseClosesNothing() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        bytes memory raw = MARKET.encode(p, true);
        MARKET.notify(address(ff), raw, 99); // a number f05 does not know: exit code 17
        vm.roll(uint64(p.start) + 1);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.ActorCall.selector, 5, Ids.GET_DEAL_ACTIVATION, int256(17)));
        ff.close(slot, 0, miner);
        _rollFar(uint64(p.end));
        ff.close(slot, 0, miner); // whatever it says from its end on
        _reconciles();
    }

    function test_c3_aDealThatCostsTheContractAnythingIsRefused() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        p.amounts[0] = 1;
        _badDeal(p, 8);
        p.amounts[0] = 0;
        p.amounts[2] = 1;
        _badDeal(p, 10);
    }

    function test_c3_aDealOfAnotherClientIsRefused() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        p.client = ANYONE;
        (bool ok, bytes memory why) = MARKET.authenticate(address(ff), MARKET.encode(p, false));
        no(ok, "authenticated");
        eq(why, abi.encodeWithSelector(IFilFil.BadDeal.selector, 3), "why");
    }

    function test_c3_aProviderThatIsNoActorNumberIsRefused() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        bytes memory good = MARKET.encode(_proposal(miner, slot, 0), true);
        // The provider's f0 address (43 00 e8 07) as one of another kind.
        bytes memory bad = _replace(good, hex"4300e807", hex"4301e807");
        (bool ok, bytes memory why) = MARKET.authenticate(address(ff), bad);
        no(ok, "authenticated");
        eq(why, abi.encodeWithSelector(IFilFil.BadDeal.selector, 4), "why");
    }

    function _replace(bytes memory all, bytes memory what, bytes memory with) private pure returns (bytes memory) {
        for (uint256 i = 0; i + what.length <= all.length; i++) {
            bool same = true;
            for (uint256 j = 0; j < what.length && same; j++) same = all[i + j] == what[j];
            if (!same) continue;
            for (uint256 j = 0; j < what.length; j++) all[i + j] = with[j];
            return all;
        }
        revert Untrue("the bytes to replace are there");
    }

    function test_c3_theLabelMayBeBytesToo() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        bytes memory good = MARKET.encode(_proposal(miner, slot, 0), false);
        bytes memory label = bytes.concat(hex"67", "a label");
        bytes memory asBytes = bytes.concat(hex"47", "a label");
        (bool ok,) = MARKET.authenticate(address(ff), _replace(good, label, asBytes));
        yes(ok, "a label of bytes");
    }

    function test_c3_twoEqualDealsInOneMessageAreNotBothTaken() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal[] memory two = new MockMarket.Proposal[](2);
        two[0] = _proposal(miner, slot, 0);
        two[1] = _proposal(miner, slot, 0);
        two[1].amounts[1] = 2 ether;
        vm.expectRevert(
            abi.encodeWithSelector(
                MockMarket.NotNotified.selector, 1, abi.encodeWithSelector(IFilFil.Refused.selector, IFilFil.Refusal.alreadyStored)
            )
        );
        MARKET.publish(two);
        eq(ff.totals().owed, 0, "the whole message failed");
    }

    function test_c3_aPublishedPieceCannotBePublishedAgain() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        _publish(_proposal(miner, slot, 0));
        _refused(_proposal(miner, slot, 0), IFilFil.Refusal.alreadyStored);
    }

    function test_c3_onlyTheMarketNotifies() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        bytes memory params =
            bytes.concat(hex"82", Wire.data(MARKET.encode(_proposal(miner, slot, 0), true)), Wire.unsigned(1));
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotAnActor.selector, ANYONE));
        vm.prank(ANYONE);
        ff.handle_filecoin_method(Ids.NOTIFY_DEAL, Ids.CBOR, params);
        // A registered miner is an actor, and still not the market.
        (bool ok, uint32 exitCode,) = _actor(miner).notify(address(ff), Ids.NOTIFY_DEAL, params);
        no(ok && exitCode == 0, "from a miner");
    }

    function test_c3_aSectorsNotificationActivatesAPublishedDealOrIsIgnoredAndNothingIsPaidTwice() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        uint64 id = _publish(_proposal(miner, slot, 0));
        _prove(miner, slot, 0, 30);
        MARKET.activate(id, 30);
        try ff.activateDeal(slot, 0, miner) {} catch {}
        eq(_creditOf(miner), 3.6 ether, "one first share");
        _reconciles();
    }

    function test_c3_aTerminatedDealIsNeverActivated() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        uint64 id = _publish(_proposal(miner, slot, 0));
        MARKET.activate(id, 30);
        MARKET.terminate(id);
        vm.expectRevert();
        ff.activateDeal(slot, 0, miner);
        eq(_creditOf(miner), 0, "credit");
    }

    function test_c3_whatIsNotPublishedCannotBeActivated() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.NotHeld.selector, slot, 0, miner));
        ff.activateDeal(slot, 0, miner);
        _prove(miner, slot, 0, 30);
        vm.expectRevert();
        ff.activateDeal(slot, 0, miner);
    }

    function test_c3_aDealThatWasNotActivatedInTimeIsClosed() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        _publish(p);
        vm.expectRevert(abi.encodeWithSelector(IFilFil.TooEarly.selector, uint64(p.start) + 1));
        ff.close(slot, 0, miner);
        uint256 pool = ff.totals().pool;
        vm.roll(uint64(p.start) + 1);
        vm.expectEmit(address(ff));
        emit IFilFil.Closed(slot, 0, miner, REWARD);
        ff.close(slot, 0, miner);
        eq(ff.totals().pool - pool, REWARD, "back in the pool");
        _reconciles();
    }

    function test_c3_anActivatedDealIsNotClosedAtItsStart() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        uint64 id = _publish(p);
        MARKET.activate(id, 30);
        vm.roll(uint64(p.start) + 1);
        vm.expectRevert();
        ff.close(slot, 0, miner);
        ff.activateDeal(slot, 0, miner);
        eq(_creditOf(miner), 3.6 ether, "credit");
    }

    function test_c3_aPublishedDealIsNoMissUntilItsStartIsPast() public {
        (uint64 miner, uint32 slot) = _oneStaged(1);
        MockMarket.Proposal memory p = _proposal(miner, slot, 0);
        p.start = int64(uint64(block.number) + 1_000);
        p.end = p.start + int64(uint64(MIN_TERM)) * 2;
        _publish(p);
        vm.roll(block.number + WINDOW);
        ff.poke(miner);
        eq(_misses(miner), 0, "misses");
    }
}
