// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "../incentive/fake_chain.hpp"
#include "incentive/contract_abi.hpp"
#include "incentive/contract_types.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace filfil::service {

namespace contract = incentive::contract;
namespace calls = incentive::contract::calls;

/// A contract with one provider, its pieces and sectors, on an Ethereum chain with a wallet: what is sent to it takes
/// effect there. Answers as of the epoch that `now` gives.
class FakeOffice {
public:
    static inline const std::string wallet = "f1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za";
    static constexpr std::uint64_t wallet_id = 1234;
    static constexpr std::uint64_t miner = 1000;

    struct Piece {
        std::uint32_t slot = 1U << 16;
        contract::Holder holder{};
        std::uint64_t start = 0;
    };

    explicit FakeOffice(Executor& executor) : chain(executor) {
        chain.chain_id = 31'415'926;
        chain.wallet[wallet] = wallet_id;
        chain.balances[incentive::EthAddress::of_id(wallet_id)] = *incentive::U256::parse("100000000000000000000");
        chain.signing = std::chrono::seconds(1);
        chain.lies = [this](const std::string& method, const rpc::Json& asked) { return answer(method, asked); };
        chain.refuses = [this](const incentive::EthAddress&, const Bytes& input) { return refusal(input); };
        round.number = 1;
        round.start = 1;
        round.positions = 1;
        round.slot_length = 10'000;
        round.window_length = 10'000;
        round.lead = 5;
        round.replicas = 1;
    }

    /// A piece that the miner holds; `share` attoFIL in all, a tenth of it paid at its start.
    Piece& hold(std::uint8_t index, incentive::Held state, std::uint64_t sector, std::uint64_t start,
                std::uint64_t until, std::uint64_t share = 1'000'000'000'000) {
        Piece piece;
        piece.holder = {.miner = miner,
                        .piece = index,
                        .state = static_cast<std::uint8_t>(state),
                        .sector = sector,
                        .until = until,
                        .paid = incentive::U256(state == incentive::Held::active ? share / 10 : 0),
                        .share = incentive::U256(share)};
        piece.start = start;
        sectors[sector] = {.status = 1, .aux = Bytes{std::byte{0x82}, std::byte{7}, std::byte{0}}, .expiration = until};
        pieces.push_back(piece);
        return pieces.back();
    }

    /// What a view answers from now on, in place of what it would.
    template <class Call>
    void put(typename Call::Output output) {
        m_put[to_hex(Call::selector)] = data_of<Call>(output);
    }

    /// How many calls of this function took effect.
    template <class Call>
    [[nodiscard]] std::size_t effects() const {
        const auto all = chain.effects();
        return static_cast<std::size_t>(std::ranges::count_if(all, [](const Bytes& input) { return is<Call>(input); }));
    }

    incentive::FakeChain chain;
    std::function<std::uint64_t()> now = [] { return 0; };
    contract::Round round{};
    contract::Params params{};
    std::vector<Piece> pieces;
    std::map<std::uint64_t, calls::Location::Output> sectors;
    incentive::U256 credit{};
    bool knows_places = true;    ///< has location()
    bool deals_active = false;
    std::set<std::string> refused{};    ///< names of functions that always revert, with NotActive

private:
    using Answer = std::optional<incentive::FakeChain::Outcome>;

    template <class Call>
    static bool is(const Bytes& input) {
        return input.size() >= 4 && std::ranges::equal(ByteView(input).first(4), Call::selector);
    }
    /// A wallet of the node may have put something behind the parameters, by which it finds its message again.
    template <class Call>
    static typename Call::Input input_of(const Bytes& input) {
        ByteView parameters = ByteView(input).subspan(4);
        auto read = incentive::read_abi<typename Call::Input>(Call::inputs, parameters);
        while (!read.ok() && !parameters.empty()) {
            parameters = parameters.first(parameters.size() - 1);
            read = incentive::read_abi<typename Call::Input>(Call::inputs, parameters);
        }
        return *read;
    }
    template <class Call>
    static std::string data_of(const typename Call::Output& output) {
        return "0x" + to_hex(incentive::write_abi(Call::outputs, output).value());
    }
    template <class Call>
    static Answer told(const typename Call::Output& output) {
        return rpc::Json(data_of<Call>(output));
    }

    Piece* find(std::uint32_t slot, std::uint8_t index, std::uint64_t of) {
        for (Piece& piece : pieces)
            if (piece.slot == slot && piece.holder.piece == index && piece.holder.miner == of) return &piece;
        return nullptr;
    }

    calls::Due::Output due_of(const Piece& piece) const {
        if (piece.holder.state != static_cast<std::uint8_t>(incentive::Held::active)) return {};
        const std::uint64_t to = std::min(now(), piece.holder.until);
        const std::uint64_t share = *piece.holder.share.as_uint64();
        const std::uint64_t rest = share - share / 10;
        const std::uint64_t earned = to == piece.holder.until
                                         ? share
                                         : share / 10 + rest * (to - piece.start) / (piece.holder.until - piece.start);
        return {.amount = incentive::U256(earned - *piece.holder.paid.as_uint64()), .to = to};
    }

    /// What came into the chain since the last question.
    void catch_up() {
        const auto all = chain.effects();
        for (; m_seen < all.size(); ++m_seen) {
            const Bytes& input = all[m_seen];
            if (is<calls::Settle>(input)) {
                const auto in = input_of<calls::Settle>(input);
                Piece* piece = find(in.slot, in.piece, in.miner);
                const auto due = due_of(*piece);
                piece->holder.paid = *add(piece->holder.paid, due.amount);
                credit = *add(credit, due.amount);
                if (due.to == piece->holder.until)
                    piece->holder.state = static_cast<std::uint8_t>(incentive::Held::done);
            } else if (is<calls::ActivateDeal>(input)) {
                const auto in = input_of<calls::ActivateDeal>(input);
                Piece* piece = find(in.slot, in.piece, in.miner);
                piece->holder.state = static_cast<std::uint8_t>(incentive::Held::active);
            } else if (is<calls::Withdraw>(input)) {
                credit = {};
            }
        }
    }

    static Bytes not_active() {
        const contract::errors::NotActive why{.slot = 1U << 16, .piece = 0, .miner = miner};
        Bytes out(why.selector.begin(), why.selector.end());
        const Bytes rest = incentive::write_abi(why.inputs, why).value();
        out.insert(out.end(), rest.begin(), rest.end());
        return out;
    }

    std::optional<Bytes> refusal(const Bytes& input) const {
        if (is<calls::ActivateDeal>(input) && !deals_active) return not_active();
        if (is<calls::Settle>(input)) {
            const auto in = input_of<calls::Settle>(input);
            if (refused.contains("settle/" + std::to_string(in.piece))) return not_active();
        }
        return std::nullopt;
    }

    Answer answer(const std::string& method, const rpc::Json& asked) {
        if (method == "eth_getCode") return rpc::Json("0x60");
        if (method != "eth_call") return std::nullopt;
        const Bytes input = from_hex(asked[0]["data"].get<std::string>().substr(2)).value();
        if (const auto put = m_put.find(to_hex(ByteView(input).first(4))); put != m_put.end())
            return rpc::Json(put->second);
        catch_up();
        if (is<calls::Version>(input)) return told<calls::Version>({.value = incentive::U256(1)});
        if (is<calls::Successor>(input)) return told<calls::Successor>({});
        if (is<calls::Round>(input)) return told<calls::Round>({.value = round});
        if (is<calls::Params>(input)) return told<calls::Params>({.value = params});
        if (is<calls::Schedule>(input)) return told<calls::Schedule>({});
        if (is<calls::Holders>(input)) {
            const auto in = input_of<calls::Holders>(input);
            calls::Holders::Output out;
            for (const Piece& piece : pieces)
                if (piece.slot == in.slot) out.value.push_back(piece.holder);
            return told<calls::Holders>(out);
        }
        if (is<calls::Due>(input)) {
            const auto in = input_of<calls::Due>(input);
            const Piece* piece = find(in.slot, in.index, in.miner);
            return told<calls::Due>(piece == nullptr ? calls::Due::Output{} : due_of(*piece));
        }
        if (is<calls::Location>(input) && knows_places) {
            const auto in = input_of<calls::Location>(input);
            return told<calls::Location>(sectors[in.sector]);
        }
        if (is<calls::Provider>(input))
            return told<calls::Provider>(
                {.standing = 1, .first_round = 1, .bond = incentive::U256(5), .earned = credit});
        const bool tried = is<calls::Settle>(input) || is<calls::Withdraw>(input) || is<calls::ActivateDeal>(input) ||
                           is<calls::Fund>(input) || is<calls::SetPaused>(input) || is<calls::QueueParams>(input) ||
                           is<calls::SetEndpoint>(input);
        if (tried) return std::nullopt;
        return incentive::FakeChain::Refused{3, "execution reverted", rpc::Json("0x")};
    }

    std::map<std::string, std::string> m_put;
    std::size_t m_seen = 0;
};

}    // namespace filfil::service
