// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/till.hpp"

#include "incentive/fil_text.hpp"
#include "incentive/key_file.hpp"
#include "incentive/local_key_wallet.hpp"
#include "incentive/node_wallet.hpp"
#include "service/tokens.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

constexpr Clock::Duration try_again_after = std::chrono::seconds(30);

Result<incentive::SecretKey> read_key(Files& files, const Config::Incentive& settings) {
    auto password = read_token(files, settings.password_file);
    if (!password.ok()) return std::move(password).error().in("incentive.password_file");
    auto key = incentive::read_key_file(files, settings.key_file, *password);
    if (!key.ok()) return std::move(key).error().in("incentive.key_file");
    return key;
}

}    // namespace

rpc::Json json_of(const incentive::SendInfo& info) {
    using rpc::Json;
    return {{"key", info.key},
            {"title", info.title},
            {"phase", name_of(info.phase)},
            {"hash", info.hash ? Json(incentive::hash_text(*info.hash)) : Json(nullptr)},
            {"nonce", info.nonce ? Json(*info.nonce) : Json(nullptr)},
            {"block", info.block ? Json(*info.block) : Json(nullptr)},
            {"replacements", info.replacements},
            {"trouble", info.trouble ? Json(info.trouble->text()) : Json(nullptr)}};
}

incentive::FeeLimits Till::limits() const {
    incentive::FeeLimits out;
    // The setting was checked when it was set.
    if (const auto most = incentive::parse_fil(m_settings.most_fee); most.ok()) out.most = *most;
    return out;
}

void Till::start() {
    if (m_settings.wallet.empty() && m_settings.key_file.empty()) {
        m_error = Error(ErrorCode::unsupported, "nothing can be sent: the settings name neither a wallet nor a key",
                        "set incentive.wallet to an address of the node's wallet, and give a token that may sign");
        return;
    }
    if (m_settings.key_file.empty())
        return open(incentive::make_node_wallet(
            m_parts.node,
            {.from = m_settings.wallet, .eth_address = {}, .chain_id = m_parts.chain_id, .limits = limits()}));
    m_parts.queue->run(
        [&files = m_parts.world.files, settings = m_settings] {
            return std::make_shared<Result<incentive::SecretKey>>(read_key(files, settings));
        },
        [this, alive = std::weak_ptr<int>(m_alive)](const std::shared_ptr<Result<incentive::SecretKey>>& key) {
            if (alive.expired()) return;
            if (!key->ok()) return open(key->error());
            open(incentive::make_local_key_wallet(m_parts.node, *std::move(*key), m_parts.chain_id, limits()));
        });
}

void Till::open(Result<std::unique_ptr<incentive::Wallet>> wallet) {
    if (!wallet.ok()) {
        m_error = wallet.error();
        m_parts.world.log.write(LogLevel::error, "incentive", "nothing can be sent: " + m_error->text());
        return;
    }
    m_wallet = *std::move(wallet);
    begin();
}

void Till::begin() {
    const auto again = [this](const Error& why) {
        if (!m_error || m_error->message != why.message)
            m_parts.world.log.write(LogLevel::warning, "incentive", "nothing can be sent yet: " + why.text());
        m_error = why;
        m_parts.world.loop.post_after(try_again_after, [this, alive = std::weak_ptr<int>(m_alive)] {
            if (!alive.expired()) begin();
        });
    };
    m_wallet->open([this, again](const Result<void>& opened) {
        if (!opened.ok()) return again(opened.error());
        incentive::SenderOptions options;
        options.confirmations = m_settings.confirmations;
        m_sender = std::make_unique<incentive::Sender>(m_parts.world, m_parts.journal, m_parts.node, *m_wallet, options,
                                                       [this](const std::string& key) {
                                                           for (const auto& info : m_sender->list())
                                                               if (info.key == key)
                                                                   m_parts.events.publish("transaction", json_of(info));
                                                       });
        m_sender->start([this, again](const Result<std::size_t>& started) {
            if (!started.ok()) return again(started.error());
            m_error.reset();
            m_open = true;
            m_parts.world.log.write(LogLevel::info, "incentive",
                                    "transactions are sent from " + m_wallet->name() +
                                        (*started == 0 ? "" : "; under way: " + std::to_string(*started)));
            look();
        });
    });
}

Result<void> Till::ready() const {
    if (m_error) return *m_error;
    if (!m_open) return Error(ErrorCode::busy, "the wallet is being opened", "ask again in a few seconds");
    return {};
}

Result<void> Till::send(incentive::SendOrder order, std::function<void(Result<incentive::SendOutcome>)> handler) {
    FILFIL_CHECK(ready());
    m_sender->send(std::move(order), std::move(handler));
    return {};
}

Result<void> Till::send_or_wait(std::string_view prefix, incentive::SendOrder order,
                                std::function<void(Result<incentive::SendOutcome>)> handler) {
    FILFIL_CHECK(ready());
    for (const incentive::SendInfo& info : m_sender->list())
        if (info.key.starts_with(prefix) && m_sender->wait(info.key, handler)) return {};
    m_sender->send(std::move(order), std::move(handler));
    return {};
}

bool Till::under_way(std::string_view prefix) const {
    return std::ranges::any_of(list(), [&](const incentive::SendInfo& info) { return info.key.starts_with(prefix); });
}

Result<incentive::EthAddress> Till::address() const {
    FILFIL_CHECK(ready());
    return m_wallet->address();
}

std::string Till::name() const { return m_wallet ? m_wallet->name() : m_settings.wallet; }

void Till::look() {
    if (m_sender && m_open) m_sender->look();
    if (!m_open || m_looking) return;
    m_looking = true;
    m_parts.node.balance(m_wallet->address(), incentive::At::latest(),
                         [this, alive = std::weak_ptr<int>(m_alive)](const Result<incentive::U256>& balance) {
                             if (alive.expired()) return;
                             m_looking = false;
                             if (balance.ok()) m_balance = *balance;
                         });
}

std::optional<std::string> Till::running_low() const {
    const auto least = incentive::parse_fil(m_settings.gas_alarm);
    if (!m_balance || !least.ok() || *m_balance >= *least) return std::nullopt;
    return name() + ", which pays for transactions, has " + incentive::format_fil(*m_balance) + ", less than " +
           incentive::format_fil(*least);
}

std::vector<incentive::SendInfo> Till::list() const {
    return m_sender ? m_sender->list() : std::vector<incentive::SendInfo>();
}

}    // namespace filfil::service
