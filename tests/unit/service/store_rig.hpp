// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/base64.hpp"
#include "incentive/contract_abi.hpp"
#include "incentive/key_file.hpp"
#include "incentive/model/model_chain.hpp"
#include "incentive/model/model_node.hpp"
#include "sealing_yard.hpp"
#include "service/incentive/staging.hpp"
#include "service_rig.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::service {

namespace calls = incentive::contract::calls;
namespace contract = incentive::contract;

/// A node that has the contract's chain, and of Filecoin's methods what storing needs: a wallet that signs by hashing.
class StoreNode final : public HttpServer {
public:
    explicit StoreNode(incentive::model::ModelChain& chain) : eth(chain) {}

    incentive::model::ModelNode eth;
    std::string wallet = "t17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy";
    bool has_key = true;
    bool has_collateral = true;

    static Bytes sign(const chain::Address& by, ByteView message) {
        Bytes in = to_bytes(by.bytes());
        in.insert(in.end(), message.begin(), message.end());
        const ipld::Digest256 half = ipld::sha2_256(in);
        Bytes out(65);
        std::ranges::copy(half, out.begin());
        std::ranges::copy(half, out.begin() + 32);
        return out;
    }
    static bool verify(const chain::Address& by, ByteView message, ByteView signature) {
        return !signature.empty() && signature[0] == std::byte{1} &&
               std::ranges::equal(signature.subspan(1), sign(by, message));
    }

    void handle(HttpRequest request, Respond respond) override {
        const auto asked = rpc::parse_json(request.body);
        const std::string method = asked.ok() && asked->is_object() ? asked->value("method", "") : "";
        if (!method.starts_with("Filecoin.")) return eth.handle(std::move(request), std::move(respond));
        Json out = {{"jsonrpc", "2.0"}, {"id", (*asked)["id"]}};
        const Json& params = (*asked)["params"];
        if (method == "Filecoin.WalletSign" && has_key) {
            const Bytes message = from_base64(params[1].get<std::string>()).value();
            const auto by = chain::Address::parse(params[0].get<std::string>()).value();
            out["result"] = {{"Type", 1}, {"Data", to_base64(sign(by, message))}};
        } else if (method == "Filecoin.StateDealProviderCollateralBounds" && has_collateral) {
            out["result"] = {{"Min", "1000"}, {"Max", "100000"}};
        } else {
            out["error"] = {{"code", -32601}, {"message", "method '" + method + "' not found"}};
        }
        respond({.status = 200, .fields = {{"Content-Type", "application/json"}}, .body = rpc::write_json(out)});
    }
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }
};

/// A daemon of miner t01000, the contract's model on a chain that goes with the devnet, and a market whose sectors are
/// proven there. Slots are 60 epochs long, and want the snapshot of 25 epochs before.
template <class Fake>
class StoreRig : public testing::Test {
protected:
    static constexpr std::uint64_t miner = 1000;
    static constexpr std::uint64_t slot_length = 60;
    static constexpr std::uint64_t lead = 25;
    static constexpr auto kind = std::is_same_v<Fake, market::FakeMk20>   ? MarketKind::curio_mk20
                                 : std::is_same_v<Fake, market::FakeMk12> ? MarketKind::curio_mk12
                                                                          : MarketKind::boost;

    static incentive::EthAddress person(std::uint8_t number) {
        std::array<std::byte, incentive::EthAddress::size> bytes{};
        bytes[0] = std::byte{0xa0};
        bytes[19] = std::byte{number};
        return incentive::EthAddress(bytes);
    }
    static incentive::U256 fil(std::uint64_t amount) {
        return incentive::multiply(amount, 1'000'000'000'000'000'000U).value();
    }

    void SetUp() override {
        rig = std::make_unique<ServiceRig>(ServiceRig::Options{.null_rate = 0, .start = false});
        Config& config = rig->config;
        at = person(99);
        config.incentive.contract = at.text();
        config.incentive.miners = {"t01000"};
        config.incentive.policy = SlotPolicy::automatic;
        config.incentive.confirmations = 2;
        config.incentive.gas_alarm = "0 FIL";
        config.chain.eth_url = "http://evm:8545/";
        config.recipe.piece_size = 32 * KiB;
        config.deals.poll = std::chrono::seconds(2);
        config.retrieval.locator_token_file = "/locator";
        rig->files.put("/locator", to_bytes(bytes_of("secret")));
        rig->files.put("/boost", to_bytes(bytes_of("admin")));
        MarketSetting setting{.kind = kind, .url = "http://market:12310"};
        if (kind == MarketKind::curio_mk20) setting.wallet = "t17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy";
        if (kind == MarketKind::boost) {
            setting.graphql = "http://market:12310/graphql/query";
            setting.token_file = "/boost";
            setting.folder = "/pieces";
        }
        config.markets = {setting};
        key = incentive::SecretKey::generate(random);
        const auto text = incentive::encode_key_file(*key, "a-password", random, {.n = 2, .r = 1, .p = 1});
        rig->files.put("/key.json", to_bytes(bytes_of(*text)));
        rig->files.put("/password", to_bytes(bytes_of("a-password")));
        config.incentive.key_file = "/key.json";
        config.incentive.password_file = "/password";
        const auto recipe = snapshot::hash_of(default_recipe(config));
        contract::Constructor how{.owner_ = person(1),
                                  .operator_ = person(3),
                                  .guardian_ = person(2),
                                  .first = {.slot_length = slot_length,
                                            .window_length = slot_length,
                                            .lead = lead,
                                            .replicas = 1,
                                            .max_providers = 8,
                                            .max_misses = 3,
                                            .dispute_at = 0,
                                            .min_term = 1'000,
                                            .upfront = 3'000,
                                            .reward_cap = fil(5)}};
        std::ranges::copy(std::as_bytes(std::span(recipe)), how.first.recipe.begin());
        ASSERT_TRUE(chain.deploy(at, how).succeeded);
        chain.give(key->address(), fil(100));
        chain.neighbours.add_miner(miner, person(4), 10);
        chain.send_as(person(5), {.to = at, .value = fil(100)});
        follow();
        chain.send_as(person(4), {.to = at, .data = incentive::encode_call<calls::Register>({.miner = miner}).value()});
        chain.mine();
        evm_listener = std::move(rig->node.transport.listen({.at = {"evm", 8545}}, evm).value());

        if constexpr (std::is_same_v<Fake, market::FakeMk20>) {
            fake = std::make_unique<Fake>(rig->node.loop, rig->clock, rig->node.transport, StoreNode::verify);
            fake->letter = 't';
            fake->contracts[at.text()] = true;
            fake->miners = {"f01000", "t01000"};
            fake->sector_size = 64 * KiB;
        } else {
            fake = std::make_unique<Fake>(rig->node.loop, rig->clock, rig->node.transport);
            fake->rules.miners = {"f01000"};
        }
        if constexpr (std::is_same_v<Fake, market::FakeBoost>)
            fake->has_file = [this](const std::string& path) { return rig->files.has(path); };
        else
            fake->locator = parse_url("http://127.0.0.1:5347/pieces").value();
        fake->locator_fields = {{"Authorization", "Bearer secret"}};
        fake->on_piece = [this](const market::FakeDeal&, const std::string& bytes) { pulled.push_back(bytes); };
        market_listener = std::move(rig->node.transport.listen({.at = {"market", 12310}}, *fake).value());
        yard.join(*fake, miner);
    }
    void TearDown() override {
        rig->kill();
        evm_listener.reset();
        market_listener.reset();
        fake.reset();
    }

    void start() {
        ASSERT_FALSE(rig->start());
        ASSERT_TRUE(rig->wait_state("synced"));
    }

    /// The chain goes on by an epoch, the contract's too, and the market by a step.
    void pass(std::uint64_t epochs = 1, bool market_works = true) {
        for (; epochs > 0; --epochs) {
            ASSERT_TRUE(rig->devnet->step().ok());
            follow();
            rig->clock.advance(std::chrono::seconds(3));
            if (market_works) fake->advance();
            rig->clock.advance(std::chrono::seconds(3));
        }
    }
    void follow() {
        while (chain.head() < epoch()) chain.mine();
        if constexpr (!std::is_same_v<Fake, market::FakeMk20>) {
            if (fake) fake->rules.head = static_cast<std::int64_t>(epoch());
        }
    }
    [[nodiscard]] std::uint64_t epoch() const { return static_cast<std::uint64_t>(rig->devnet->status().epoch.value); }

    /// @return whether it came to that within so many epochs
    template <class There>
    bool until(There there, int epochs = 200, bool market_works = true) {
        for (; epochs > 0; --epochs) {
            if (there()) return true;
            pass(1, market_works);
        }
        return there();
    }

    template <class Call>
    typename Call::Output look(const typename Call::Input& input = {}) {
        const auto out = chain.look(chain.head(), {}, {.to = at, .data = incentive::encode_call<Call>(input).value()});
        EXPECT_TRUE(out.succeeded) << Call::name;
        return incentive::decode_output<Call>(out.output).value();
    }

    /// The first own window there is now.
    calls::Windows::Output window() { return look<calls::Windows>({.miner = miner}); }

    /// As the operator: stages the snapshot that the daemon has taken of the slot's target.
    bool stage(bool other = false) {
        const auto own = window();
        const std::uint64_t target = own.start - lead;
        std::optional<journal::SnapshotRecord> found;
        if (!until([&] {
                for (const auto& [id, one] : rig->journal.snapshots)
                    if (one.epoch.value == static_cast<std::int64_t>(target)) found = one;
                return found.has_value();
            }))
            return false;
        auto args = stage_args(own.slot, *found, fil(1)).value();
        if (other) args.pieces.front().root[5] ^= std::byte{1};
        chain.send_as(person(3), {.to = at, .data = incentive::encode_call<calls::Stage>({.args = args}).value()});
        pass(1, false);
        slot = own.slot;
        return look<calls::SlotInfo>({.slot = own.slot}).staged_at != 0;
    }

    Json deals(const Json& params = Json::object()) { return rig->ask("FilFil.Deals", params)["deals"]; }

    /// The newest deal of the first piece.
    Json deal() {
        const Json all = deals();
        for (const Json& one : all)
            if (one["piece"] == 0) return one;
        return Json::object();
    }
    std::string stage_now() { return deal().value("stage", ""); }
    std::string error_now() {
        const Json one = deal();
        return one.contains("error") && one["error"].is_object() ? one["error"].value("message", "") : "";
    }

    [[nodiscard]] std::optional<Json> alert(const std::string& start_of_code) {
        const Json status = rig->ask("FilFil.Status");
        for (const Json& one : status["alerts"])
            if (one["code"].get<std::string>().starts_with(start_of_code)) return one;
        return std::nullopt;
    }

    SeededRandom random{5};
    std::optional<incentive::SecretKey> key;
    incentive::model::ModelChain chain;
    StoreNode evm{chain};
    incentive::EthAddress at = person(99);
    market::SealingYard yard{chain, person(99)};
    std::unique_ptr<ServiceRig> rig;
    std::unique_ptr<Fake> fake;
    std::unique_ptr<Transport::Listener> evm_listener;
    std::unique_ptr<Transport::Listener> market_listener;
    std::vector<std::string> pulled;    ///< by the market
    std::uint32_t slot = 0;
};

}    // namespace filfil::service
