// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/file_backend.hpp"

#include "incentive/deal_proposal.hpp"
#include "market/f05_deal.hpp"
#include "market_rig.hpp"

namespace filfil::market {
namespace {

class FileRig : public testing::Test {
protected:
    template <class T, class Start>
    Result<T> answer(Start start) {
        const auto out = std::make_shared<std::optional<Result<T>>>();
        start([out](Result<T> told) { *out = std::move(told); });
        EXPECT_FALSE(out->has_value()) << "called inside the call";
        outside.run_until([&] { return out->has_value(); });
        return out->value_or(Error(ErrorCode::internal, "no answer"));
    }
    Result<DealStatus> propose() {
        return answer<DealStatus>([&](auto handler) { backend->propose(order, handler); });
    }
    Result<DealStatus> status() {
        return answer<DealStatus>([&](auto handler) { backend->status(order, handler); });
    }
    Preflight preflight() {
        return answer<Preflight>([&](auto handler) { backend->preflight(order, handler); }).value();
    }
    [[nodiscard]] std::string path() const { return "deals/deal-" + ulid_of(order) + ".json"; }

    Outside outside;
    FileOptions options{.folder = "deals", .pieces = "http://daemon/piece"};
    DealOrder order = test_order();
    std::unique_ptr<DealBackend> backend = make_file_backend(outside.world, options);
};

TEST_F(FileRig, AManifestHasAllThatHasToBeTyped) {
    EXPECT_EQ(status()->state, DealState::unknown);
    const auto told = propose();
    ASSERT_TRUE(told.ok()) << told.error().text();
    EXPECT_EQ(told->state, DealState::awaiting_data);
    const auto json = rpc::parse_json(chars_of(outside.files.contents(path()))).value();
    EXPECT_EQ(json["piece_cid_v2"], piece_cid_v2(order)->text());
    EXPECT_EQ(json["direct"]["market_address"], order.contract.text());
    EXPECT_EQ(json["direct"]["market_deal_id"], order.deal);
    EXPECT_EQ(json["url"], "http://daemon/piece/" + piece_cid_v2(order)->text());
    EXPECT_EQ(json["path"], order.path);
    const Bytes bytes = from_hex(json["f05"]["proposal_cbor_hex"].get<std::string>()).value();
    EXPECT_EQ(incentive::decode_deal_proposal(bytes).value(), f05_proposal(order).value());
    EXPECT_EQ(json["f05"]["signature_hex"], "dead");
    for (const char* name :
         {"id", "uuid", "provider", "contract_filecoin", "piece_cid", "payload_size", "padded_size", "payload_cid"})
        EXPECT_TRUE(json.contains(name)) << name;

    outside.files.put("other", {});
    const auto changes = outside.files.changes();
    EXPECT_TRUE(propose()->found);
    EXPECT_EQ(outside.files.changes(), changes);
    EXPECT_EQ(answer<DealStatus>([&](auto handler) { backend->cancel(order, handler); })->state, DealState::cancelled);
    EXPECT_EQ(status()->state, DealState::unknown);
}

TEST_F(FileRig, WithoutAStartThereIsNoDealOfF05) {
    order.start = 0;
    const auto json = rpc::parse_json(deal_manifest(order, options).value()).value();
    EXPECT_TRUE(json["f05"].is_null());
    order.payload_size = 0;
    EXPECT_EQ(propose().error().code, ErrorCode::invalid_argument);
}

TEST_F(FileRig, ADiskThatIsFullOrAManifestThatIsDamagedIsNamed) {
    outside.files.fill_up_after(10);
    EXPECT_EQ(propose().error().code, ErrorCode::io);
    EXPECT_FALSE(outside.files.has(path()));
    EXPECT_EQ(preflight()[0].state, PreflightRow::State::bad);
    outside.files.make_room();
    ASSERT_TRUE(propose().ok());
    for (const char* damaged : {"", "{", "[]", R"({"id":5})", R"({"id":"another"})"}) {
        outside.files.put(path(), to_bytes(bytes_of(damaged)));
        const auto told = status();
        ASSERT_FALSE(told.ok()) << damaged;
        EXPECT_EQ(told.error().code, ErrorCode::corrupt);
        EXPECT_FALSE(told.error().remedy.empty());
    }
}

TEST_F(FileRig, PowerLostAtAnyMomentLeavesAWholeManifestOrNone) {
    bool died = true;
    for (std::uint64_t step = 1; died; ++step) {
        outside.files.crash_at(step);
        const bool told = propose().ok();
        died = outside.files.crashed();
        if (died) {
            outside.workers.clear();
            SeededRandom random(step);
            outside.files.restart(random);
        }
        if (told && died) {
            EXPECT_EQ(status()->state, DealState::awaiting_data);
        }
        const auto after = status();
        ASSERT_TRUE(after.ok()) << step << ": " << after.error().text();
        EXPECT_TRUE(propose().ok());
        EXPECT_EQ(status()->state, DealState::awaiting_data);
        outside.files.erase(path());
        ASSERT_LT(step, 100U);
    }
}

TEST_F(FileRig, PreflightAsksForAFolderAndForThePiece) {
    EXPECT_EQ(preflight()[1].state, PreflightRow::State::good);
    options.pieces.clear();
    backend = make_file_backend(outside.world, options);
    order.path.clear();
    EXPECT_EQ(preflight()[1].state, PreflightRow::State::bad);
    EXPECT_FALSE(outside.files.has("deals/.try"));
}

}    // namespace
}    // namespace filfil::market
