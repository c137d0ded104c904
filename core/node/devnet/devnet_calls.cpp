// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/base64.hpp"
#include "node/devnet/devnet_impl.hpp"
#include "node/tipset_json.hpp"

namespace filfil::node {
namespace {

using namespace std::string_literals;
using rpc::Json;

/// Deeper than any reader goes.
constexpr std::size_t very_deep = 20'000;

WireError unknown_method(std::string_view name, Flavour flavour) {
    if (flavour == Flavour::forest) return {method_not_found, "Method not found"};
    return {method_not_found, "method '" + std::string(name) + "' not found"};
}

WireError not_permitted(const MethodSpec& method, Flavour flavour) {
    const std::string_view name = method.name.substr(method.name.find('.') + 1);
    if (flavour == Flavour::forest) return {internal_error, "Unauthorized"};
    return {lotus_application_error, "missing permission to invoke '" + std::string(name) + "' (need 'sign')"};
}

}    // namespace

bool Devnet::Impl::is_passed_on(std::string_view method) const noexcept {
    return evm != nullptr && (method.starts_with("eth_") || method == "net_version" || method == "web3_clientVersion");
}

void Devnet::Impl::run(WireCall call, bool may_sign, Done done) {
    if (const auto hook = run_hook(call)) return done(*hook);
    if (is_passed_on(call.method)) return evm->call(std::move(call.method), std::move(call.params), std::move(done));
    const MethodSpec* method = find_method(call.method, options);
    if (method == nullptr) return done(unknown_method(call.method, options.flavour));
    if (method->kind == MethodSpec::Kind::notify || method->kind == MethodSpec::Kind::export_)
        return done(WireError{method_not_found, "method '" + std::string(method->name) +
                                                    "' not supported in this mode (no out channel support)"});
    if (const auto wrong = check_params(*method, call.params, options.flavour)) return done(*wrong);
    if (happens(Fault::error))
        return done(WireError{lotus() ? lotus_application_error : internal_error, "context deadline exceeded"});
    run_method(*method, call, may_sign, done);
}

void Devnet::Impl::run_method(const MethodSpec& method, const WireCall& call, bool may_sign, const Done& done) {
    if (method.kind == MethodSpec::Kind::sign) {
        if (!may_sign) return done(not_permitted(method, options.flavour));
        if (evm == nullptr) return done(unknown_method(method.name, options.flavour));
        return wallet->run(method.name, call.params, done);
    }
    if (method.name == "Filecoin.ChainReadObj") return done(run_read(method, call.params));
    auto result = method.run(view(), call.params);
    if (!result.ok()) return done(told(method, result.error(), options.flavour));
    done(std::move(*result));
}

/// A block, and what faults make of it.
Outcome Devnet::Impl::run_read(const MethodSpec& method, const Json& params) {
    const auto cid = parse_cid(params[0]);
    if (cid.ok() && chain->has(*cid) && !missed_once.contains(*cid) && happens(Fault::missing_once)) {
        missed_once.insert(*cid);
        return told(method, missing_object(view(), *cid), options.flavour);
    }
    auto data = read_object(view(), params);
    if (!data.ok()) return told(method, data.error(), options.flavour);
    if (!data->empty() && happens(Fault::wrong_bytes))
        (*data)[random.below(data->size())] ^= static_cast<std::byte>(1 + random.below(255));
    return Json(to_base64(*data));
}

/// What tests steer a devnet by.
std::optional<Outcome> Devnet::Impl::run_hook(const WireCall& call) {
    if (!options.test_hooks || !call.method.starts_with("Devnet.")) return std::nullopt;
    const std::string_view name = std::string_view(call.method).substr(7);
    const Json& params = call.params;
    if (name == "Step") {
        const bool many = params.is_array() && !params.empty() && params[0].is_number_unsigned();
        for (auto left = many ? params[0].get<std::uint64_t>() : 1; left > 0; --left) {
            const auto stepped = next_event();
            if (!stepped.ok()) return WireError{internal_error, stepped.error().text()};
            if (!*stepped) break;
        }
        schedule();
    } else if (name == "Pause") {
        paused = true;
    } else if (name == "Resume") {
        paused = false;
        schedule();
    } else if (name == "Fault") {
        if (!params.is_array() || params.size() != 1 || !params[0].is_string())
            return WireError{invalid_params, R"(Devnet.Fault takes one text like "drop=0.1")"};
        if (const auto set = faults.set(params[0].get<std::string>()); !set.ok())
            return WireError{invalid_params, set.error().text()};
    } else if (name != "Head") {
        return std::nullopt;
    }
    Json key = Json::array();
    for (const ipld::Cid& cid : head->key) key.push_back(cid.text());
    return Json{{"event", event}, {"epoch", head->epoch.value}, {"head", std::move(key)},
                {"ended", ended}, {"paused", paused},           {"evm_in_step", evm_in_step()}};
}

/// Sends an answer, unless a fault has it otherwise.
void Devnet::Impl::deliver(std::string text, const Way& way) {
    if (happens(Fault::stall)) return way.stall();
    if (happens(Fault::drop)) return way.drop();
    if (happens(Fault::garbage)) text = garbage(text);
    if (!happens(Fault::slow)) return way.send(std::move(text));
    const auto most = static_cast<std::uint64_t>(options.slowest.count());
    const Clock::Duration delay(static_cast<Clock::Duration::rep>(random.below(most + 1)));
    post([send = way.send, text = std::move(text)] { send(text); }, delay);
}

std::string Devnet::Impl::garbage(const std::string& text) {
    switch (random.below(7)) {
        case 0: return "<html><body><h1>502 Bad Gateway</h1></body></html>";
        case 1: return text.substr(0, random.below(text.size() + 1));
        case 2: return std::string(very_deep, '[');
        case 3: return R"({"jsonrpc":"2.0","id":"nobody's","result":null})";
        case 4: return R"({"jsonrpc":"2.0","id":1,"result":")" + std::string(options.huge_bytes, 'A') + "\"}";
        case 5: return "\xff\xfe\x00 no text"s;
        default: break;
    }
    // The right answer to nothing that was asked: another type under the right id.
    Json answer = Json::parse(text, nullptr, false);
    if (!answer.is_object()) return "[]";
    answer.erase("error");
    answer["result"] = Json{{"Cids", 7}, {"Height", "high"}, {"/", Json::array()}};
    return text_of(answer);
}

}    // namespace filfil::node
