// SPDX-License-Identifier: Apache-2.0 OR MIT

// A fake market node as a program of its own, for tests with real processes:
//
//     fake_market mk20|mk12|boost [--listen HOST:PORT] [--miner f01000] [--letter f|t] [--contract 0x…]
//                 [--locator URL --locator-token TOKEN] [--pulled FOLDER] [--token TOKEN] [--every MILLISECONDS]
//
// It prints "listening on HOST:PORT", and runs until it is ended. Deals go on by a step every so many milliseconds, or
// by POST /control {"advance": 1} (market_control.hpp). Pieces that it has pulled are put into FOLDER by their CIDs.
// Signatures are not checked: any of the wallet's kind will do.

#include "fake_boost.hpp"
#include "fake_mk12.hpp"
#include "fake_mk20.hpp"
#include "market_control.hpp"
#include "net/asio_transport.hpp"

#include <charconv>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <string>

using namespace filfil;
using namespace filfil::market;

namespace {

int wrong(const std::string& what) {
    std::fprintf(stderr, "fake_market: %s\n", what.c_str());
    return 2;
}

bool set_f05(F05Rules& rules, const std::string& name, const rpc::Json& value) {
    if (name == "head" && value.is_number_integer())
        rules.head = value.get<std::int64_t>();
    else if (name == "least_collateral" && value.is_number_integer())
        rules.least_collateral = value.get<std::uint64_t>();
    else if (name == "free" && value.is_boolean())
        rules.free = value.get<bool>();
    else
        return false;
    return true;
}

}    // namespace

int main(int count, char** arguments) {
    std::map<std::string, std::string> options = {
        {"--listen", "127.0.0.1:0"}, {"--miner", "f01000"}, {"--letter", "f"}, {"--contract", ""}, {"--locator", ""},
        {"--locator-token", ""},     {"--token", "admin"},  {"--every", "0"},  {"--pulled", ""}};
    if (count < 2) return wrong("name a kind: mk20, mk12 or boost");
    const std::string kind = arguments[1];
    for (int i = 2; i < count; i += 2) {
        const auto found = options.find(arguments[i]);
        if (found == options.end() || i + 1 == count)
            return wrong(std::string(arguments[i]) + " is not known or has no value");
        found->second = arguments[i + 1];
    }
    const auto at = parse_endpoint(options["--listen"]);
    if (!at.ok()) return wrong(at.error().text());
    unsigned every = 0;
    const std::string& text = options["--every"];
    if (std::from_chars(text.data(), text.data() + text.size(), every).ec != std::errc())
        return wrong("--every is no number");

    NullLogSink log;
    const SystemClock clock;
    ThreadPool executor(1);
    net::AsioTransport transport(log, 1);
    std::unique_ptr<FakeMarket> market;
    MarketControl::More more;
    if (kind == "mk20") {
        auto made = std::make_unique<FakeMk20>(
            executor, clock, transport, [](const chain::Address& wallet, ByteView, ByteView signature) {
                return signature.size() > 1 &&
                       signature[0] == static_cast<std::byte>(wallet.protocol() == chain::AddressProtocol::bls ? 2
                                                              : wallet.protocol() == chain::AddressProtocol::delegated
                                                                  ? 3
                                                                  : 1);
            });
        made->miners = {options["--miner"]};
        made->letter = options["--letter"][0];
        if (!options["--contract"].empty()) made->contracts[options["--contract"]] = true;
        more = [fake = made.get()](const std::string& name, const rpc::Json& value) {
            if (name != "contract_allowed" || !value.is_boolean()) return false;
            for (auto& [contract, allowed] : fake->contracts) allowed = value.get<bool>();
            return true;
        };
        market = std::move(made);
    } else if (kind == "mk12") {
        auto made = std::make_unique<FakeMk12>(executor, clock, transport);
        made->rules.miners = {options["--miner"]};
        more = [fake = made.get()](const std::string& name, const rpc::Json& value) {
            return set_f05(fake->rules, name, value);
        };
        market = std::move(made);
    } else if (kind == "boost") {
        auto made = std::make_unique<FakeBoost>(executor, clock, transport);
        made->rules.miners = {options["--miner"]};
        made->token = options["--token"];
        made->has_file = [](const std::string& path) { return std::filesystem::is_regular_file(path); };
        more = [fake = made.get()](const std::string& name, const rpc::Json& value) {
            return set_f05(fake->rules, name, value);
        };
        market = std::move(made);
    } else {
        return wrong("'" + kind + "' is none of mk20, mk12, boost");
    }
    if (!options["--locator"].empty()) {
        const auto url = parse_url(options["--locator"]);
        if (!url.ok()) return wrong(url.error().text());
        market->locator = *url;
    }
    market->locator_fields = {{"Authorization", "Bearer " + options["--locator-token"]}};
    if (!options["--pulled"].empty())
        market->on_piece = [folder = options["--pulled"]](const FakeDeal& deal, const std::string& bytes) {
            std::ofstream(folder + "/" + deal.piece, std::ios::binary) << bytes;
        };
    std::function<void()> tick = [&] {
        market->advance();
        executor.post_after(std::chrono::milliseconds(every), tick);
    };
    if (every != 0) executor.post(tick);
    MarketControl control(*market, executor, std::move(more));
    const auto listener = transport.listen({.at = *at}, control);
    if (!listener.ok()) return wrong(listener.error().text());
    std::printf("listening on %s\n", text_of((*listener)->endpoint()).c_str());
    std::fflush(stdout);
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable never;
    never.wait(lock, [] { return false; });
    return 0;
}
