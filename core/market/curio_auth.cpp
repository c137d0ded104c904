// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/curio_auth.hpp"

#include "base/base64.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace filfil::market {
namespace {

using rpc::Json;

/// A signature of any of these kinds has 65 to 96 bytes.
constexpr std::size_t most_signature_bytes = 200;

unsigned kind_of(const chain::Address& wallet) noexcept {
    switch (wallet.protocol()) {
        case chain::AddressProtocol::secp256k1: return 1;
        case chain::AddressProtocol::bls: return 2;
        case chain::AddressProtocol::delegated: return 3;
        default: return 0;
    }
}

}    // namespace

std::string minute_text(Clock::Duration wall) {
    const auto time = std::chrono::floor<std::chrono::minutes>(wall);
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{std::chrono::sys_days(day)};
    const auto minutes = static_cast<int>((time - day).count());
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:00Z", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), minutes / 60, minutes % 60);
    return out.data();
}

ipld::Digest256 curio_auth_digest(const chain::Address& wallet, std::string_view method, std::string_view path,
                                  Clock::Duration wall) {
    Bytes message = to_bytes(wallet.bytes());
    const auto put = [&](std::string_view text) {
        const ByteView bytes = bytes_of(text);
        message.insert(message.end(), bytes.begin(), bytes.end());
    };
    put(method);
    put(path.substr(0, path.find('?')));
    put(minute_text(wall));
    return ipld::sha2_256(message);
}

std::string_view curio_key_type(const chain::Address& wallet) noexcept {
    constexpr std::array<std::string_view, 4> names = {"", "secp256k1", "bls", "delegated"};
    return wallet.empty() ? "" : names[kind_of(wallet)];
}

std::string curio_authorization(const chain::Address& wallet, ByteView signature) {
    return "CurioAuth " + std::string(curio_key_type(wallet)) + ":" + to_base64(wallet.bytes()) + ":" +
           to_base64(signature);
}

Result<Bytes> read_signature(const Json& json, const chain::Address& wallet) {
    const auto wrong = [](const std::string& what) {
        return Error(ErrorCode::corrupt, "Filecoin.WalletSign: " + what, "name a Lotus or Forest node");
    };
    const auto kind = rpc::integer_field(json, "Type");
    if (!kind.ok()) return wrong(kind.error().message);
    const auto text = rpc::text_field(json, "Data");
    if (!text.ok()) return wrong(text.error().message);
    if (text->size() > most_signature_bytes * 2) return wrong("the signature is too long");
    auto data = from_base64(*text);
    if (!data.ok()) return wrong("Data: " + data.error().message);
    if (data->empty() || data->size() > most_signature_bytes) return wrong("the signature has no right length");
    if (*kind != static_cast<std::int64_t>(kind_of(wallet)))
        return wrong("a signature of kind " + std::to_string(*kind) + " is none of " + wallet.text());
    data->insert(data->begin(), static_cast<std::byte>(*kind));
    return std::move(*data);
}

void NodeSigner::sign(ByteView message, Handler<Bytes> handler) {
    const std::string method = "Filecoin.WalletSign";
    m_ask(method, Json::array({name(), to_base64(message)}),
          m_here([this, method, handler = std::move(handler)](rpc::Answer answer) {
              const bool missing = answer.error && answer.error->message.find("key not found") != std::string::npos;
              auto result = std::move(answer).to_result(method);
              if (!result.ok()) {
                  Error error = std::move(result).error();
                  if (error.code == ErrorCode::denied)
                      error.remedy =
                          "give a token of the node with the permission to sign (lotus auth create-token --perm sign)";
                  if (error.code == ErrorCode::unsupported)
                      error.remedy = "this node has no wallet that this program can use: name a Lotus or Forest node";
                  if (missing)
                      error.remedy = "the node's wallet has no key of " + name() + ": lotus wallet list shows them";
                  handler(std::move(error));
                  return;
              }
              handler(read_signature(*result, m_wallet));
          }));
}

}    // namespace filfil::market
