// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/contract_model.hpp"

#include "incentive/model/machine.hpp"

#include <algorithm>
#include <map>

namespace filfil::incentive::model {
namespace {

using Selector = std::array<std::byte, 4>;
using Function = Bytes (*)(Machine& machine, ByteView arguments);

struct Entry {
    std::string_view signature;
    bool changes = false;    ///< the state
    bool payable = false;
    Function run = nullptr;
};

/// Reads the arguments, runs the member, writes what it gives back.
template <class Call, auto member>
Bytes run(Machine& machine, ByteView arguments) {
    const auto input = read_abi<typename Call::Input>(Call::inputs, arguments);
    if (!input.ok()) revert_silently();
    return write_abi(Call::outputs, (machine.*member)(*input)).value();
}

enum class Kind : std::uint8_t { view, change, payable };

template <class Call, auto member>
std::pair<const Selector, Entry> entry(Kind kind) {
    return {Call::selector, Entry{Call::signature, kind != Kind::view, kind == Kind::payable, &run<Call, member>}};
}

const std::map<Selector, Entry>& functions() {
    using M = Machine;
    static const std::map<Selector, Entry> all = {
        entry<calls::Advance, &M::advance>(Kind::change),
        entry<calls::Register, &M::register_>(Kind::payable),
        entry<calls::Exit, &M::exit>(Kind::change),
        entry<calls::Poke, &M::poke>(Kind::change),
        entry<calls::Withdraw, &M::withdraw>(Kind::change),
        entry<calls::Stage, &M::stage>(Kind::payable),
        entry<calls::Cancel, &M::cancel>(Kind::change),
        entry<calls::Reclaim, &M::reclaim>(Kind::change),
        entry<calls::Attest, &M::attest>(Kind::change),
        entry<calls::SetEndpoint, &M::set_endpoint>(Kind::change),
        entry<calls::Due, &M::due>(Kind::view),
        entry<calls::Location, &M::location>(Kind::view),
        entry<calls::Settle, &M::settle>(Kind::change),
        entry<calls::ActivateDeal, &M::activate_deal>(Kind::change),
        entry<calls::ReportDead, &M::report_dead>(Kind::change),
        entry<calls::Close, &M::close>(Kind::change),
        entry<calls::HandleFilecoinMethod, &M::handle_filecoin_method>(Kind::change),
        entry<calls::VerifyDeal, &M::verify_deal>(Kind::view),
        entry<calls::GetDealState, &M::get_deal_state>(Kind::view),
        entry<calls::QueueParams, &M::queue_params>(Kind::change),
        entry<calls::SetOperator, &M::set_operator>(Kind::change),
        entry<calls::SetGuardian, &M::set_guardian>(Kind::change),
        entry<calls::SetPaused, &M::set_paused>(Kind::change),
        entry<calls::OfferOwnership, &M::offer_ownership>(Kind::change),
        entry<calls::AcceptOwnership, &M::accept_ownership>(Kind::change),
        entry<calls::SetSuccessor, &M::set_successor>(Kind::change),
        entry<calls::MoveToSuccessor, &M::move_to_successor>(Kind::change),
        entry<calls::Fund, &M::fund>(Kind::payable),
        entry<calls::WithdrawOwn, &M::withdraw_own>(Kind::change),
        entry<calls::Windows, &M::windows>(Kind::view),
        entry<calls::Schedule, &M::schedule>(Kind::view),
        entry<calls::Round, &M::round>(Kind::view),
        entry<calls::RoundOf, &M::round_of>(Kind::view),
        entry<calls::Params, &M::params>(Kind::view),
        entry<calls::QueuedParams, &M::queued_params>(Kind::view),
        entry<calls::SlotWindow, &M::slot_window>(Kind::view),
        entry<calls::SlotInfo, &M::slot_info>(Kind::view),
        entry<calls::Piece, &M::piece>(Kind::view),
        entry<calls::DealOf, &M::deal_of>(Kind::view),
        entry<calls::Holder, &M::holder>(Kind::view),
        entry<calls::Holders, &M::holders>(Kind::view),
        entry<calls::Latest, &M::latest>(Kind::view),
        entry<calls::Roster, &M::roster>(Kind::view),
        entry<calls::Provider, &M::provider>(Kind::view),
        entry<calls::ActiveProviders, &M::active_providers>(Kind::view),
        entry<calls::BondNow, &M::bond_now>(Kind::view),
        entry<calls::Credit, &M::credit>(Kind::view),
        entry<calls::Totals, &M::totals>(Kind::view),
        entry<calls::Owner, &M::owner>(Kind::view),
        entry<calls::PendingOwner, &M::pending_owner>(Kind::view),
        entry<calls::Operator, &M::operator_>(Kind::view),
        entry<calls::Guardian, &M::guardian>(Kind::view),
        entry<calls::Paused, &M::paused>(Kind::view),
        entry<calls::Successor, &M::successor>(Kind::view),
        entry<calls::Version, &M::version>(Kind::view),
    };
    return all;
}

/// What is asked for; null: money without a word.
const Entry* function_of(ByteView input) {
    if (input.empty()) return nullptr;
    Selector selector{};
    if (input.size() < selector.size()) revert_silently();
    std::ranges::copy(input.first(selector.size()), selector.begin());
    const auto found = functions().find(selector);
    if (found == functions().end()) revert_silently();
    return &found->second;
}

/// Whole words: what wallets append to tell their transactions apart is behind them, and is not looked at.
ByteView parameters_of(ByteView input) {
    constexpr std::size_t word = 32;
    const ByteView all = input.subspan(Selector{}.size());
    return all.first(all.size() / word * word);
}

/// On a state of its own: what comes of it is for who calls.
Outcome run_on(State& state, const Message& message, Outside& outside) {
    Machine machine(state, message, outside);
    Outcome out;
    try {
        const Entry* function = function_of(message.input);
        if (function != nullptr && !function->payable && !message.value.zero()) revert_silently();
        state.balance = add(state.balance, message.value).value();
        if (function == nullptr)
            machine.receive();
        else
            out.output = function->run(machine, parameters_of(message.input));
        out.logs = std::move(machine.logs());
        out.succeeded = true;
    } catch (const Reverted& why) {
        out.output = why.data();
        out.logs.clear();
    }
    return out;
}

/// Whether a call is none of those that only look, so that it needs a copy of the state.
bool may_change(const Message& message) {
    Selector selector{};
    if (message.input.size() < selector.size()) return true;
    std::ranges::copy(ByteView(message.input).first(selector.size()), selector.begin());
    const auto found = functions().find(selector);
    return found == functions().end() || found->second.changes || !message.value.zero();
}

}    // namespace

Outcome ContractModel::deploy(const contract::Constructor& how, const EthAddress& self, ContractModel& contract) {
    Outcome out;
    auto state = std::make_shared<State>();
    state->self = self;
    try {
        Machine::construct(*state, how, out.logs);
        contract.m_state = std::move(state);
        out.succeeded = true;
    } catch (const Reverted& why) {
        out.output = why.data();
    }
    return out;
}

Outcome ContractModel::call(const Message& message, Outside& outside) {
    if (!may_change(message)) return look(message, outside);
    auto state = std::make_shared<State>(*m_state);
    Outcome out = run_on(*state, message, outside);
    if (out.succeeded) m_state = std::move(state);
    return out;
}

Outcome ContractModel::look(const Message& message, Outside& outside) const {
    if (may_change(message)) return ContractModel(*this).call(message, outside);
    // A view: it changes nothing of the state that it is given.
    return run_on(const_cast<State&>(*m_state), message, outside);
}

void ContractModel::receive_silently(const U256& amount) {
    auto state = std::make_shared<State>(*m_state);
    state->balance = add(state->balance, amount).value();
    m_state = std::move(state);
}

bool ContractModel::knows(const AbiEntry& function) {
    return std::ranges::any_of(functions(), [&](const auto& one) {
        return one.second.signature == function.signature && one.second.changes == function.changes_state &&
               one.second.payable == function.takes_money;
    });
}

}    // namespace filfil::incentive::model
