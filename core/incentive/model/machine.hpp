// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/model/outside.hpp"
#include "incentive/model/proposal.hpp"
#include "incentive/model/state.hpp"

#include <utility>

namespace filfil::incentive::model {

namespace calls = contract::calls;
namespace errors = contract::errors;
namespace events = contract::events;

/// Why a piece is not taken; 0 is taken.
enum class Refusal : std::uint8_t {
    none,
    not_registered,
    unknown_piece,
    not_your_slot,
    window_not_open,
    window_closed,
    wrong_size,
    term_too_short,
    already_stored,
    other_alternative
};

/// One call as it is carried out: changes the state that it was given, whatever becomes of the call. Each function of
/// the contract is a member of the same name; what ends one is Reverted.
class Machine {
public:
    Machine(State& state, const Message& message, Outside& outside)
        : m_state(state), m_message(message), m_now(message.epoch), m_outside(outside) {}

    [[nodiscard]] std::vector<Log>& logs() noexcept { return m_logs; }

    static void construct(State& state, const contract::Constructor& how, std::vector<Log>& logs);

    // Rounds and providers: roster.cpp, judging.cpp
    calls::Advance::Output advance(const calls::Advance::Input&);
    calls::Register::Output register_(const calls::Register::Input& in);
    calls::Exit::Output exit(const calls::Exit::Input& in);
    calls::Poke::Output poke(const calls::Poke::Input& in);
    calls::Withdraw::Output withdraw(const calls::Withdraw::Input& in);

    // Stagings: staging.cpp
    calls::Stage::Output stage(const calls::Stage::Input& in);
    calls::Cancel::Output cancel(const calls::Cancel::Input& in);
    calls::Reclaim::Output reclaim(const calls::Reclaim::Input& in);
    calls::Attest::Output attest(const calls::Attest::Input& in);
    calls::SetEndpoint::Output set_endpoint(const calls::SetEndpoint::Input& in);

    // What is stored: holdings.cpp
    calls::Due::Output due(const calls::Due::Input& in);
    calls::Location::Output location(const calls::Location::Input& in);
    calls::Settle::Output settle(const calls::Settle::Input& in);
    calls::ActivateDeal::Output activate_deal(const calls::ActivateDeal::Input& in);
    calls::ReportDead::Output report_dead(const calls::ReportDead::Input& in);
    calls::Close::Output close(const calls::Close::Input& in);

    // What actors and markets say and ask: market.cpp
    calls::HandleFilecoinMethod::Output handle_filecoin_method(const calls::HandleFilecoinMethod::Input& in);
    calls::VerifyDeal::Output verify_deal(const calls::VerifyDeal::Input& in);
    calls::GetDealState::Output get_deal_state(const calls::GetDealState::Input& in);

    // Who runs it, and the pool: office.cpp
    calls::QueueParams::Output queue_params(const calls::QueueParams::Input& in);
    calls::SetOperator::Output set_operator(const calls::SetOperator::Input& in);
    calls::SetGuardian::Output set_guardian(const calls::SetGuardian::Input& in);
    calls::SetPaused::Output set_paused(const calls::SetPaused::Input& in);
    calls::OfferOwnership::Output offer_ownership(const calls::OfferOwnership::Input& in);
    calls::AcceptOwnership::Output accept_ownership(const calls::AcceptOwnership::Input&);
    calls::SetSuccessor::Output set_successor(const calls::SetSuccessor::Input& in);
    calls::MoveToSuccessor::Output move_to_successor(const calls::MoveToSuccessor::Input& in);
    calls::Fund::Output fund(const calls::Fund::Input& in);
    calls::WithdrawOwn::Output withdraw_own(const calls::WithdrawOwn::Input&);
    void receive();    ///< money without a word

    // Views: views.cpp
    calls::Windows::Output windows(const calls::Windows::Input& in);
    calls::Schedule::Output schedule(const calls::Schedule::Input& in);
    calls::Round::Output round(const calls::Round::Input&);
    calls::RoundOf::Output round_of(const calls::RoundOf::Input& in);
    calls::Params::Output params(const calls::Params::Input&);
    calls::QueuedParams::Output queued_params(const calls::QueuedParams::Input&);
    calls::SlotWindow::Output slot_window(const calls::SlotWindow::Input& in);
    calls::SlotInfo::Output slot_info(const calls::SlotInfo::Input& in);
    calls::Piece::Output piece(const calls::Piece::Input& in);
    calls::DealOf::Output deal_of(const calls::DealOf::Input& in);
    calls::Holder::Output holder(const calls::Holder::Input& in);
    calls::Holders::Output holders(const calls::Holders::Input& in);
    calls::Latest::Output latest(const calls::Latest::Input& in);
    calls::Roster::Output roster(const calls::Roster::Input& in);
    calls::Provider::Output provider(const calls::Provider::Input& in);
    calls::ActiveProviders::Output active_providers(const calls::ActiveProviders::Input&);
    calls::BondNow::Output bond_now(const calls::BondNow::Input&);
    calls::Credit::Output credit(const calls::Credit::Input& in);
    calls::Totals::Output totals(const calls::Totals::Input&);
    calls::Owner::Output owner(const calls::Owner::Input&);
    calls::PendingOwner::Output pending_owner(const calls::PendingOwner::Input&);
    calls::Operator::Output operator_(const calls::Operator::Input&);
    calls::Guardian::Output guardian(const calls::Guardian::Input&);
    calls::Paused::Output paused(const calls::Paused::Input&);
    calls::Successor::Output successor(const calls::Successor::Input&);
    calls::Version::Output version(const calls::Version::Input&);

private:
    using Miner = std::uint64_t;

    template <class Event>
    void emit(const Event& event);

    // Which round is open, who is elected in it, and who would be paid for what: rules.cpp
    void step(Clock& clock) const;     ///< turns it into the next round
    void shape(Clock& clock) const;    ///< the parameters of a round that is about to open
    [[nodiscard]] Clock current() const;
    [[nodiscard]] Clock round_number(std::uint64_t number) const;
    [[nodiscard]] Clock clock_of(std::uint32_t slot) const;
    [[nodiscard]] Provider provider_of(Miner miner) const;
    [[nodiscard]] Provider registered(Miner miner) const;
    [[nodiscard]] std::optional<contract::Window> window_in(const Provider& provider, const Clock& clock) const;
    [[nodiscard]] Standing standing_of(const Provider& provider, const Clock& clock) const;
    [[nodiscard]] U256 bond_of(const Clock& clock) const;
    [[nodiscard]] const contract::Params& params_of(std::uint64_t version) const;

    /// The one rule for deals, proofs and questions.
    struct Checked {
        Refusal why = Refusal::none;
        std::optional<PieceKey> piece{};
    };
    [[nodiscard]] Checked check(Miner miner, const Root& root, std::uint64_t padded, const U256& until) const;
    void only_controller(Miner miner);

    Outside::Answer ask(std::uint64_t actor, std::uint64_t method, ByteView params);
    Bytes query(std::uint64_t actor, std::uint64_t method, ByteView params);
    void pay(ByteView to, const U256& amount);
    void send(const EthAddress& to, const U256& amount);

    // roster.cpp
    Clock open_rounds();
    Clock advance_first();    ///< what every change does first
    void compact();
    void trim(std::uint64_t next);
    void vacate(Miner miner);
    void only_miner(Miner miner, const U256& needs);

    // judging.cpp
    [[nodiscard]] bool complete(Miner miner, std::uint32_t slot) const;
    void judge(Miner miner);
    void strike(Miner miner, std::uint64_t most);
    Amount slash(Miner miner, std::uint64_t share);
    void remove(Miner miner, std::uint8_t reason);

    // staging.cpp
    Amount unlock(Slot& slot);
    Slot& staged(std::uint32_t slot);

    // holdings.cpp
    Holding& hold(Miner miner, const PieceKey& piece);
    void pay_out(Miner miner, Holding& holding, const Amount& amount);
    Amount take_back(Holding& holding);
    void start(Miner miner, const PieceKey& piece, Holding& holding, std::uint64_t sector, std::uint64_t until);
    void proven(Miner miner, const Root& root, std::uint64_t padded, std::uint64_t sector, std::uint64_t until);
    void publish(Miner miner, const PieceKey& piece, std::uint64_t deal, std::uint64_t start, std::uint64_t until);
    Holding& holding_of(std::uint32_t slot, std::uint8_t piece, Miner miner, Held wanted);
    [[nodiscard]] calls::Due::Output due_of(std::uint32_t slot, const Holding& holding) const;
    bool sector_is(Miner miner, std::uint64_t sector, std::uint64_t status, ByteView aux);
    struct Activation {
        bool active = false;
        bool over = false;
    };
    Activation activation(std::uint64_t deal);

    // market.cpp
    Bytes changed(ByteView input);
    Bytes authenticate(ByteView input);
    void notified(ByteView input);
    PieceKey agree(const Proposal& proposal);
    [[nodiscard]] const contract::Piece& piece_of_deal(const U256& deal) const;

    // office.cpp
    void only_owner() const;
    void take_in(const std::string& memo);

    State& m_state;
    const Message& m_message;
    const std::uint64_t m_now;
    Outside& m_outside;
    std::vector<Log> m_logs;
};

/// @return the log of an event
template <class Event>
Log log_of(const Event& event) {
    const auto words = [](std::string_view types, AbiValue::List values) {
        return encode_abi(AbiType::parse(types).value(), std::move(values)).value();
    };
    Log out{{Event::topic}, {}};
    bind::Gather indexed;
    Event::visit_indexed(event, indexed);
    const Bytes topics = words(Event::indexed, std::move(indexed.out));
    for (std::size_t at = 0; at + 32 <= topics.size(); at += 32) {
        out.topics.emplace_back();
        std::ranges::copy(ByteView(topics).subspan(at, 32), out.topics.back().begin());
    }
    bind::Gather data;
    Event::visit_data(event, data);
    out.data = words(Event::data, std::move(data.out));
    return out;
}

template <class Event>
void Machine::emit(const Event& event) {
    m_logs.push_back(log_of(event));
}

/// What parameters of a round have to be. Ends with BadParams(place of the field).
void only_sane(const contract::Params& params);

void only_short(std::size_t size);

/// As the contract tells it: the least number there is where the precompile itself failed.
I256 exit_code_of(const Outside::Answer& answer);

inline constexpr std::uint64_t shares = 10'000;

}    // namespace filfil::incentive::model
