// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/base64.hpp"
#include "fake_mk20.hpp"
#include "office_rig.hpp"

#include "ipld/piece_cid.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace filfil::service {

using namespace std::chrono_literals;

/// A daemon whose miner t01000 has a window before it, Curio beside it, and a node that knows of sectors and funds.
class PreflightRig : public OfficeRig {
protected:
    static constexpr std::uint32_t slot = 1U << 16;
    static constexpr std::uint64_t target = 27;

    void SetUp() override {
        OfficeRig::SetUp();
        rig->files.put("/secrets/locator", to_bytes(bytes_of("locator-secret")));
        rig->config.retrieval.locator_token_file = "/secrets/locator";
        rig->config.markets = {{.kind = MarketKind::curio_mk20, .url = "http://market:12310"}};
        curio = std::make_unique<market::FakeMk20>(
            rig->wires, rig->clock, rig->node.transport,
            [](const chain::Address&, ByteView, ByteView signature) { return signature.size() == 65; });
        curio->letter = 't';
        curio->miners = {"t01000"};
        curio->contracts = {{incentive::EthAddress::parse(rig->config.incentive.contract)->text(), true}};
        curio_listener = std::move(*rig->node.transport.listen({.at = {"market", 12310}}, *curio));
        office->chain.lies = [this, before = office->chain.lies](const std::string& method, const Json& asked) {
            if (auto told = answer(method, asked)) return told;
            return before(method, asked);
        };
        window(100'000, 101'000);
        office->put<calls::Paused>({.value = false});
        office->put<calls::SlotInfo>({});
    }
    void TearDown() override {
        OfficeRig::TearDown();
        curio_listener.reset();
    }

    /// The miner's next window.
    void window(std::uint64_t open, std::uint64_t close, std::uint8_t standing = 1) {
        calls::Schedule::Output schedule;
        schedule.value = {{.slot = slot, .target = target, .open = open, .close = close}};
        office->put<calls::Schedule>(schedule);
        office->put<calls::Windows>({.start = open, .end = close, .slot = slot, .misses = 0, .standing = standing});
    }

    /// Takes the snapshot of the target. @return what the journal has of it
    journal::SnapshotRecord take() {
        const Json job = rig->take({{"target", "none"}, {"epoch", target}});
        EXPECT_EQ(job["state"], "done") << job.dump(1);
        const std::lock_guard lock(rig->journal.mutex);
        for (const auto& [id, row] : rig->journal.snapshots)
            if (row.epoch.value == static_cast<std::int64_t>(target)) return row;
        ADD_FAILURE() << "no snapshot";
        return {};
    }

    static contract::Piece piece_of(const journal::PieceRecord& own) {
        contract::Piece out;
        const auto info = ipld::read_piece_cid(own.piece_cid);
        out.root = info->root;
        out.raw_size = own.payload_size;
        while ((std::uint64_t{1} << out.log2_padded) < own.padded_size) ++out.log2_padded;
        return out;
    }

    /// The operator stages these pieces for the slot.
    void stage(std::vector<contract::Piece> pieces) {
        calls::SlotInfo::Output info;
        info.epoch = target;
        info.open = 100'000;
        info.closing = 101'000;
        info.pieces = static_cast<std::uint8_t>(pieces.size());
        info.reward = *incentive::U256::parse("2500000000000000000");
        info.staged_at = target + 5;
        office->put<calls::SlotInfo>(info);
        staged = std::move(pieces);
    }
    void stage_own(const journal::SnapshotRecord& own) {
        std::vector<contract::Piece> pieces;
        for (const journal::PieceRecord& one : own.pieces) pieces.push_back(piece_of(one));
        stage(std::move(pieces));
    }

    /// What FilFil.Preflight says of the one miner.
    Json preflight(Json params = Json::object()) {
        last = rig->ask("FilFil.Preflight", std::move(params));
        if (last.value("miners", Json::array()).size() != 1) {
            ADD_FAILURE() << last.dump(1);
            return Json::object();
        }
        return last["miners"][0];
    }
    static Json row(const Json& miner, const std::string& part_of_what) {
        for (const Json& one : miner.value("rows", Json::array()))
            if (one["what"].get<std::string>().find(part_of_what) != std::string::npos) {
                EXPECT_EQ(one["fix"].get<std::string>().empty(), one["state"] == "good") << one.dump(1);
                EXPECT_FALSE(one["why"].get<std::string>().empty()) << one.dump(1);
                return one;
            }
        ADD_FAILURE() << "no row '" << part_of_what << "' in " << miner.dump(1);
        return {{"state", "none"}, {"found", ""}, {"fix", ""}};
    }
    std::string state(const std::string& part_of_what, Json params = Json::object()) {
        return row(preflight(std::move(params)), part_of_what)["state"];
    }

    std::unique_ptr<market::FakeMk20> curio;
    std::unique_ptr<Transport::Listener> curio_listener;
    std::vector<contract::Piece> staged;
    std::map<std::string, Json> node_says;    ///< in place of what the node would
    std::set<std::string> node_does_not;      ///< methods that it refuses
    Json last;

private:
    using Answer = std::optional<incentive::FakeChain::Outcome>;

    Answer answer(const std::string& method, const Json& asked) {
        if (node_does_not.contains(method)) return incentive::FakeChain::Refused{-32601, "no such method"};
        if (const auto said = node_says.find(method); said != node_says.end()) return said->second;
        if (method == "eth_getLogs") return Json::array();
        if (method == "Filecoin.WalletSign") return Json{{"Type", 1}, {"Data", to_base64(Bytes(64, std::byte{7}))}};
        if (method == "Filecoin.WalletBalance") return Json("7000000000000000000");
        if (method == "Filecoin.StateMinerInfo") return Json{{"SectorSize", std::uint64_t{32} << 30}};
        if (method == "Filecoin.StateMinerActiveSectors") {
            Json out = Json::array();
            for (int i = 0; i < 20; ++i)
                out.push_back({{"SectorNumber", i},
                               {"Expiration", 700'000},
                               {"DealWeight", "0"},
                               {"VerifiedDealWeight", "0"},
                               {"SectorKeyCID", nullptr}});
            return out;
        }
        if (method == "Filecoin.ChainHead") {
            const auto now = std::chrono::duration_cast<std::chrono::seconds>(rig->clock.wall()).count();
            return Json{{"Height", epoch()}, {"Blocks", Json::array({{{"Timestamp", now - 2}}})}};
        }
        if (method == "Filecoin.ChainGetFinalizedTipSet") return Json{{"Height", target + 1}};
        if (method != "eth_call") return std::nullopt;
        const Bytes input = from_hex(asked[0]["data"].get<std::string>().substr(2)).value();
        if (!std::ranges::equal(ByteView(input).first(4), calls::Piece::selector)) return std::nullopt;
        const auto in = incentive::read_abi<calls::Piece::Input>(calls::Piece::inputs, ByteView(input).subspan(4));
        if (!in.ok() || in->index >= staged.size())
            return incentive::FakeChain::Refused{3, "execution reverted", Json("0x")};
        const contract::Piece& piece = staged[in->index];
        const calls::Piece::Output output{
            .root = piece.root, .raw_size = piece.raw_size, .log2_padded = piece.log2_padded};
        return Json("0x" + to_hex(incentive::write_abi(calls::Piece::outputs, output).value()));
    }
};

}    // namespace filfil::service
