// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/base64.hpp"
#include "fake_boost.hpp"
#include "fake_mk12.hpp"
#include "fake_mk20.hpp"
#include "ipld/piece_cid.hpp"
#include "market/boost_backend.hpp"
#include "market/deal_backend.hpp"
#include "market/mk12_backend.hpp"
#include "market/mk20_backend.hpp"
#include "outside.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace filfil::market {

using namespace std::chrono_literals;

inline DealOrder test_order() {
    DealOrder out;
    out.deal = incentive::U256(3 << 8 | 1).as_uint64().value();
    out.provider = chain::Address::of_id(1000);
    out.contract = incentive::EthAddress::parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed").value();
    out.root.fill(std::byte{0x11});
    out.payload_size = 900;
    out.padded_size = 1024;
    out.payload_root = ipld::cid_of_block(ipld::Codec::dag_cbor, bytes_of("head"));
    out.start = 3000;
    out.duration = 600'000;
    out.collateral = 1500;
    out.path = "/pieces/p1.car";
    return out;
}

/// The wallet of a node that signs by hashing.
struct TestWallet {
    chain::Address address = chain::Address::parse("f17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy").value();
    bool has_key = true;
    std::size_t signatures = 0;

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

    incentive::Ask ask(Executor& loop) {
        return [this, &loop](const std::string& method, const rpc::Json& params, rpc::Client::AnswerHandler handler) {
            rpc::Answer answer;
            const std::string name = params[0].get<std::string>();
            if (method != "Filecoin.WalletSign" || !has_key || name.substr(1) != address.text().substr(1)) {
                answer.error = rpc::RemoteError{.code = 1, .message = "key not found"};
            } else {
                ++signatures;
                const Bytes message = from_base64(params[1].get<std::string>()).value();
                answer.result = rpc::Json{{"Type", 1}, {"Data", to_base64(sign(address, message))}};
            }
            loop.post([handler = std::move(handler), answer] { handler(answer); });
        };
    }
};

/// The daemon's piece locator, as far as a market sees it.
class TestLocator final : public HttpServer {
public:
    std::map<std::string, std::string> pieces{};    ///< by the CID that is asked for
    std::string token = "secret";
    int status = 200;

    void handle(HttpRequest request, Respond respond) override {
        if (find_field(request.fields, "Authorization").value_or("") != "Bearer " + token)
            return respond({.status = 401});
        const auto found = pieces.find(request.target.substr(request.target.find("id=") + 3));
        if (found == pieces.end()) return respond({.status = 404});
        if (status != 200) return respond({.status = status});
        respond(part_of(found->second, std::string(find_field(request.fields, "Range").value_or(""))));
    }
    static HttpResponse part_of(const std::string& bytes, const std::string& range) {
        const std::size_t dash = range.find('-');
        if (!range.starts_with("bytes=") || dash == std::string::npos) return {.status = 200, .body = bytes};
        const std::size_t from = std::stoull(range.substr(6));
        const std::size_t to = std::min<std::size_t>(std::stoull(range.substr(dash + 1)), bytes.size() - 1);
        return {.status = 206,
                .fields = {{"Content-Range", "bytes " + std::to_string(from) + "-" + std::to_string(to) + "/" +
                                                 std::to_string(bytes.size())}},
                .body = bytes.substr(from, to - from + 1)};
    }
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }
};

/// A daemon's World, and a market node on the same network.
template <class Fake>
class MarketRig : public testing::Test {
protected:
    static constexpr auto place = "http://market:12310";

    template <class... Arguments>
    void listen_with(Arguments&&... arguments) {
        fake = std::make_unique<Fake>(outside.loop, outside.clock, outside.transport,
                                      std::forward<Arguments>(arguments)...);
        listener = std::move(*outside.transport.listen({.at = {"market", 12310}}, *fake));
        locator_listener = std::move(*outside.transport.listen({.at = {"daemon", 9100}}, locator));
        fake->locator_fields = {{"Authorization", "Bearer secret"}};
    }

    void pull_from_daemon(const ipld::Cid& piece) {
        fake->locator = parse_url("http://daemon:9100/pieces").value();
        locator.pieces[piece.text()] = std::string(order.payload_size, 'x');
    }

    /// The answer of one call, which must not come inside it, and only once.
    template <class T, class Start>
    Result<T> answer(Start start, Clock::Duration limit = 10min) {
        const auto out = std::make_shared<std::optional<Result<T>>>();
        start([out](Result<T> told) {
            EXPECT_FALSE(out->has_value()) << "called twice";
            *out = std::move(told);
        });
        EXPECT_FALSE(out->has_value()) << "called inside the call";
        outside.run_until([&] { return out->has_value(); }, limit);
        return out->value_or(Error(ErrorCode::internal, "no answer"));
    }
    Result<DealStatus> propose() {
        return answer<DealStatus>([&](auto handler) { backend->propose(order, handler); });
    }
    Result<DealStatus> provide() {
        return answer<DealStatus>([&](auto handler) { backend->provide(order, handler); });
    }
    Result<DealStatus> status() {
        return answer<DealStatus>([&](auto handler) { backend->status(order, handler); });
    }
    DealState state() {
        const auto told = status();
        EXPECT_TRUE(told.ok()) << told.error().text();
        return told.ok() ? told->state : DealState::unknown;
    }
    Preflight preflight() {
        const auto told = answer<Preflight>([&](auto handler) { backend->preflight(order, handler); });
        EXPECT_TRUE(told.ok()) << told.error().text();
        return told.ok() ? *told : Preflight{};
    }
    static const PreflightRow* row(const Preflight& rows, std::string_view part) {
        for (const PreflightRow& one : rows)
            if (one.what.find(part) != std::string::npos) return &one;
        return nullptr;
    }
    void step() {
        fake->advance();
        outside.advance(1s);
    }

    /// Every row that is not good has what to do about it.
    static void expect_fixes(const Preflight& rows) {
        for (const PreflightRow& one : rows) {
            EXPECT_FALSE(one.what.empty());
            EXPECT_FALSE(one.why.empty()) << one.what;
            EXPECT_EQ(one.fix.empty(), one.state == PreflightRow::State::good) << one.what;
        }
    }

    Outside outside;
    TestLocator locator;
    DealOrder order = test_order();
    std::unique_ptr<Fake> fake;
    std::unique_ptr<Transport::Listener> listener;
    std::unique_ptr<Transport::Listener> locator_listener;
    std::unique_ptr<DealBackend> backend;
};

class Mk20Rig : public MarketRig<FakeMk20> {
protected:
    void SetUp() override {
        listen_with([](const auto& by, ByteView message, ByteView signature) {
            return TestWallet::verify(by, message, signature);
        });
        fake->contracts[order.contract.text()] = true;
        backend = another();
    }
    std::unique_ptr<DealBackend> another() {
        return std::move(*make_mk20_backend(
            outside.world, wallet.ask(outside.loop),
            {.market = parse_url("http://market:12310/market/mk20").value(), .wallet = wallet.address}));
    }

    TestWallet wallet;
};

class Mk12Rig : public MarketRig<FakeMk12> {
protected:
    void SetUp() override {
        listen_with();
        backend = another();
    }
    std::unique_ptr<DealBackend> another() {
        return make_mk12_backend(outside.world, {.market = parse_url("http://market:12310/market/mk12/").value()});
    }
};

class BoostRig : public MarketRig<FakeBoost> {
protected:
    void SetUp() override {
        listen_with();
        backend = another();
    }
    std::unique_ptr<DealBackend> another(const std::string& token = "admin") {
        return make_boost_backend(outside.world, {.api = parse_url("http://market:12310/rpc/v0").value(),
                                                  .token = token,
                                                  .graphql = parse_url("http://market:12310/graphql/query").value()});
    }
};

}    // namespace filfil::market
