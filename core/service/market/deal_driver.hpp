// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/incentive/desk.hpp"
#include "service/market/deal_book.hpp"
#include "service/market/markets.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace filfil::service {

/// Takes a deal from its order to its payment: proposes it, asks the market how far it is, and the contract, which is
/// the judge of what is stored and paid.
///
///     proposing ──► proposed ─► fetching ─► publishing ─► sealing ─► proven      by the market
///         └─────────────┴───────────┴────────────┴────────────┴─────────┴──► notified ──► paid      by the contract
///
/// What the market refuses is tried again, ever more slowly, as long as the window is open: whoever puts right what is
/// wrong has nothing more to do. Lives on the loop; nothing is told after it was destroyed.
class DealDriver {
public:
    struct Parts {
        World& world;
        Desk& desk;
        Markets& markets;
        DealBook& book;
        std::function<std::optional<Epoch>()> head;
        std::function<bool()> in_step;    ///< whether that is the node's
        std::function<Config::Deals()> settings;
        std::function<void(const DealEntry&)> stored{};    ///< told of each that comes to notified
        std::function<void(const DealEntry&)> failed{};    ///< of each that has failed and could be tried again

        /// Told of deals of f05, that the contract has as published, when the market says that they are proven.
        std::function<void(const DealKey&)> to_activate{};
        std::uint64_t confirmations = 5;    ///< epochs after which what the contract says counts
    };

    explicit DealDriver(Parts parts) : m_parts(std::move(parts)) {}

    /// Does what is due for it, if anything is: to be called often. Only of stages from proposing on.
    void drive(const DealKey& key);

    /// Takes it back from the market. @param handler Error::unsupported where the market cannot, and the deal stays
    void cancel(const DealKey& key, std::function<void(Result<void>)> handler);

    /// Ends what cannot come in time any more.
    void miss(DealEntry& deal);

private:
    // deal_driver.cpp
    void ask_contract(DealEntry& deal);
    void contract_said(DealEntry& deal, const Result<calls::Holder::Output>& holder);
    void judge(DealEntry& deal, const contract::Holder& holder);
    void judge_published(DealEntry& deal);
    void contract_said_before(DealEntry& deal, const Result<calls::Holder::Output>& holder);
    [[nodiscard]] bool is_paid(const contract::Holder& holder) const;
    void wait(DealEntry& deal, Clock::Duration least);
    enum class Again : std::uint8_t {
        helps,
        does_not
    };    ///< another try: not where the contract has closed the piece
    void stop(DealEntry& deal, const Error& why, Again again = Again::helps);
    static void too_late_to_cancel(DealEntry& deal);
    [[nodiscard]] bool over(const DealEntry& deal) const;
    [[nodiscard]] std::string name_of(const DealEntry& deal) const;

    // deal_driver_market.cpp
    [[nodiscard]] static bool nothing_is_there(const DealEntry& deal);
    void propose(DealEntry& deal);
    void staged_piece_read(DealEntry& deal, const Result<calls::Piece::Output>& staged);
    void written_down(DealEntry& deal, const Result<void>& written);
    void send(DealEntry& deal);
    void proposed(DealEntry& deal, const Result<market::DealStatus>& status);
    void cancel_what_is_proposed(DealEntry& deal);
    [[nodiscard]] Stall* market_of(const DealEntry& deal) const;
    [[nodiscard]] Error no_such_market(const DealEntry& deal) const;
    void wait_for_its_market(DealEntry& deal);
    void ask_market(DealEntry& deal);
    void heard(DealEntry& deal, const Result<market::DealStatus>& status);
    void take_status(DealEntry& deal, const market::DealStatus& status);
    void ask_for_activation(DealEntry& deal);
    void account_looked_at(DealEntry& deal, const Result<calls::Close::Output>& may_be_closed);
    [[nodiscard]] bool is_unheard(const DealEntry& deal) const;

    /// What comes back for a deal that is still there; it is not busy any more then.
    template <class T>
    std::function<void(Result<T>)> of(DealEntry& deal, void (DealDriver::*then)(DealEntry&, const Result<T>&)) {
        deal.busy = true;
        return [this, key = deal.key, then, alive = std::weak_ptr<int>(m_alive)](const Result<T>& result) {
            if (alive.expired()) return;
            DealEntry* const entry = m_parts.book.find(key);
            if (entry == nullptr) return;
            entry->busy = false;
            // What has ended meanwhile stays as it ended.
            if (is_end(entry->stage)) return m_parts.book.touch(*entry);
            (this->*then)(*entry, result);
        };
    }

    Parts m_parts;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}    // namespace filfil::service
