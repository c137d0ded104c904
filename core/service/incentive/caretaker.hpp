// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/alerts.hpp"
#include "service/incentive/holding_book.hpp"
#include "service/incentive/piece_steps.hpp"
#include "service/incentive/till.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace filfil::service {

/// Looks after what own miners hold, for as long as they hold it: settles a day before its term ends and once more just
/// before, since nobody can say afterwards how a sector ended; once more where the sector lives on; activates deals of
/// the built-in market once their sectors are proven; and sees when a sector is about to end.
///
/// Each of these takes effect once, whatever crashes. Lives on the loop; nothing is told after it was destroyed.
class Caretaker {
public:
    struct Parts {
        World& world;
        Desk& desk;
        HoldingBook& holdings;
        Till& till;
        incentive::EthNode& node;
        std::function<std::optional<Epoch>()> head;
        std::function<Config::Incentive()> settings;
    };

    explicit Caretaker(Parts parts) : m_parts(std::move(parts)) {}

    /// The head is another.
    void on_head();

    /// The sector of a deal of the built-in market is proven: it is activated now, not at the next look.
    void deal_is_proven(std::uint32_t slot, std::uint8_t piece, std::uint64_t miner);

    /// What somebody has to do.
    [[nodiscard]] std::vector<Alert> alerts() const;

    /// {"pieces", "sectors_seen", "epoch", "trouble"}: how many are looked after; of how many it is known when their
    /// sector ends, as of which epoch the miners' actors were asked, and why they could not be
    [[nodiscard]] rpc::Json json() const;

private:
    using Key = std::tuple<std::uint32_t, std::uint8_t, std::uint64_t>;    // slot, piece, miner

    struct Piece {
        HeldPiece held;
        std::optional<SectorPlace> place{};    ///< as of the last look at it
        std::uint64_t place_read_at = 0;       ///< also where that failed; 0: never
        std::set<std::string> done{};          ///< stages
        std::uint64_t try_from = 0;            ///< epoch
        bool busy = false;
        bool looking = false;
        std::optional<Error> failed{};
    };

    void read_holdings();
    void act();
    void look_at_sector(const Key& key, Piece& piece);
    void settle(const Key& key, Piece& piece, const std::string& stage);
    void send_settlement(const Key& key, Piece& piece, const std::string& stage, const SectorPlace& place);
    void activate(const Key& key, Piece& piece);
    void send(const Key& key, const std::string& prefix, incentive::SendOrder order, const std::string& stage);
    void over(Piece& piece, const std::string& stage);
    void failed(Piece& piece, const Error& why);
    [[nodiscard]] std::uint64_t now() const;
    [[nodiscard]] std::string name_of(const HeldPiece& held) const;
    [[nodiscard]] bool ends_soon(const Piece& piece) const;

    /// Calls with the piece, unless it or this is gone.
    template <class T>
    Desk::Handler<T> of_piece(const Key& key, std::function<void(Piece&, const Result<T>&)> then) {
        return [this, key, then = std::move(then), alive = std::weak_ptr<int>(m_alive)](const Result<T>& result) {
            if (alive.expired()) return;
            const auto found = m_pieces.find(key);
            if (found != m_pieces.end()) then(found->second, result);
        };
    }

    Parts m_parts;
    std::map<Key, Piece> m_pieces;
    std::optional<std::uint64_t> m_read_at;    ///< the head then
    bool m_reading = false;
    std::uint64_t m_seen_at = 0;
    std::optional<Error> m_trouble;    ///< why a miner's actor could not be asked, the last time
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}    // namespace filfil::service
