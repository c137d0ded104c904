// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/revert_text.hpp"

#include "base/units.hpp"
#include "incentive/fil_text.hpp"
#include "rpc/excerpt.hpp"

#include <algorithm>
#include <array>

namespace filfil::incentive {
namespace {

using enum ErrorCode;

constexpr RevertText texts[] = {
    {"Refused", denied, "the contract does not take the piece: {reason:reason}", "{reason:remedy}"},
    {"NotRegistered", not_found, "{miner:miner} is not registered with the contract",
     "register it first, or check the miner's number"},
    {"AlreadyRegistered", invalid_argument, "{miner:miner} is registered already",
     "nothing has to be done; one that left can come back once its bond was withdrawn"},
    {"NotController", denied, "{by} may not act for {miner:miner}",
     "send it from the miner's owner, worker or a control address"},
    {"NotAMiner", invalid_argument, "{miner:miner} is no storage provider", "check the miner's number"},
    {"TooLittlePower", denied, "the storage provider has {has:bytes} of power, and the contract wants {needs:bytes}",
     "register once the miner has grown to that"},
    {"Full", busy, "the contract has its {maxProviders} providers", "try again when one has left"},
    {"BondTooSmall", invalid_argument, "a bond of {given:fil} was sent, and {needs:fil} are wanted",
     "send that much; what is more becomes your credit"},
    {"NotOwner", denied, "only the contract's owner may do this", "send it from the owner's address"},
    {"NotOperator", denied, "only the contract's operator may do this",
     "send it from the operator's address, or have the owner change that"},
    {"NotGuardian", denied, "only the contract's guardian or owner may do this", "send it from one of their addresses"},
    {"NotOffered", denied, "ownership of the contract was not offered to this address",
     "have the owner offer it to the address that accepts"},
    {"IsPaused", busy, "staging is paused", "wait until the contract's owner lets it go on"},
    {"BadParams", invalid_argument, "the parameter {field:field} is out of its range",
     "see the contract's limits for it"},
    {"UnknownSlot", not_found, "there is no {slot:slot}",
     "check the number; only this round's slots and the next's are fixed"},
    {"SlotClosed", denied, "{slot:slot} is closed", "what is for it has to come before its window ends"},
    {"TargetNotReached", busy, "{slot:slot} wants the snapshot of epoch {target}, which is not there yet",
     "try again after that epoch"},
    {"WrongEpoch", invalid_argument, "the snapshot is of epoch {epoch}, and the slot wants epoch {target}",
     "take it at that epoch, or at the tipset before it where it has none"},
    {"WrongRecipe", invalid_argument, "the snapshot's recipe is {given}, and the round's is {wanted}",
     "make it with the recipe of the round"},
    {"BadPieces", invalid_argument, "{index:piece} of the list cannot be staged",
     "stage 1 to 64 pieces, each with a root and with sizes that fit each other"},
    {"RootStaged", invalid_argument, "a piece with the root {root} is staged already",
     "a commitment serves one slot only"},
    {"AlreadyStaged", invalid_argument, "{slot:slot} has its snapshot and the alternative",
     "nothing more can be staged for it"},
    {"NotStaged", not_found, "nothing is staged for {slot:slot}", "check the slot's number"},
    {"AlreadyClaimed", denied, "somebody stores a piece of {slot:slot} already",
     "what is stored can be changed no more"},
    {"RewardTooLarge", invalid_argument, "a reward of {given:fil} is above the round's limit of {cap:fil}",
     "stage a smaller reward, or have the owner raise the limit"},
    {"NoFunds", busy, "the contract has {has:fil} to give, and {needs:fil} are needed",
     "fund the contract, or send the rest along"},
    {"NotHeld", not_found, "{miner:miner} does not hold {piece:piece} of {slot:slot}", "check the numbers"},
    {"NotActive", busy, "the sector in which {miner:miner} holds {piece:piece} of {slot:slot} is not active",
     "wait until it is proven, or report it where it is gone for good"},
    {"NotDead", denied, "the sector in which {miner:miner} holds {piece:piece} of {slot:slot} is alive",
     "nothing has to be done"},
    {"TermOver", denied, "the piece was to be kept until epoch {until} only, which is past",
     "close its account instead"},
    {"TooEarly", busy, "this can be done from epoch {epoch} on", "try again then"},
    {"NothingToDo", invalid_argument, "there is nothing to do", "nothing has to be done"},
    {"AlreadyAttested", invalid_argument, "{miner:miner} has attested {slot:slot} already", "it counts once"},
    {"TooLong", too_large, "a text of {size} bytes was sent, and {limit} may be", "shorten it"},
    {"FilPlusRefused", denied, "the contract takes no datacap and no verified deals",
     "make the deal with verified = false"},
    {"BadDeal", invalid_argument, "the contract does not take the deal's {field:term}",
     "make the proposal with the terms that fil-fil proposes"},
    {"NotAnActor", denied, "{by} is no actor that may call this", "only Filecoin's miner and market actors call it"},
    {"UnknownMethod", unsupported, "the contract has no method {method}", "nothing of this kind can be sent to it"},
    {"UnknownCodec", unsupported, "the contract reads no parameters of the codec {codec}", "send them as CBOR (0x51)"},
    {"Cbor", corrupt, "what an actor sent to the contract is wrong from byte {offset} on",
     "report it with the message that failed: the network may have changed what it sends"},
    {"ActorCall", internal, "method {method} of the actor {actor:miner} failed with the exit code {exitCode}",
     "look the exit code up with the actor's method; the miner or its sector may not be as was expected"},
    {"PaymentFailed", internal, "the payment did not go through", "check that the receiver can take FIL"},
    {"Reentered", denied, "the contract was called out of its own payment", "send it in a transaction of its own"},
    {"AdvanceFirst", busy, "more rounds are due than one transaction can open", "call advance() until they are open"},
    {"DealNotFound", not_found, "the contract knows no deal {dealId}", "check the number"},
};

struct RefusalText {
    std::string_view sentence;
    std::string_view remedy;
};

constexpr RefusalText refusals[] = {
    {"it was taken", "nothing has to be done"},
    {"the storage provider is not registered", "register it first"},
    {"no slot wants this commitment", "check that the piece is the staged one, with the staged padding"},
    {"the slot is another provider's", "look up your own windows, and store their pieces"},
    {"the window is not open yet", "try again when it opens"},
    {"the window is closed", "wait for your next window"},
    {"the piece has another padded size than the staged one", "store it with the staged size"},
    {"the sector ends before the least term", "take a sector that lives longer, or extend it"},
    {"this provider has stored it already", "nothing has to be done"},
    {"the provider has begun with the slot's other alternative", "store the pieces of that one"},
};

constexpr std::string_view parameter_names[] = {
    "slotLength", "windowLength", "lead",   "replicas", "maxProviders", "maxMisses", "disputeAt", "minTerm",
    "upfront",    "slash",        "bounty", "bondStep", "bond",         "minPower",  "rewardCap", "recipe"};

constexpr std::string_view proposal_terms[] = {
    "piece", "piece size",          "verified",         "client", "provider", "label", "start epoch", "end epoch",
    "price", "provider collateral", "client collateral"};

std::string plain(const AbiValue& value, std::string_view type) {
    if (const U256* number = value.as_number()) return type.starts_with('i') ? I256{*number}.text() : number->text();
    if (const bool* boolean = value.as_bool()) return *boolean ? "true" : "false";
    if (const EthAddress* address = value.as_address()) {
        const auto id = address->id();
        return id ? "f0" + std::to_string(*id) : address->text();
    }
    if (const Bytes* bytes = value.as_bytes()) return "0x" + to_hex(*bytes);
    if (const std::string* text = value.as_text()) return "\"" + rpc::excerpt(*text) + "\"";
    return "a list of " + std::to_string(value.as_list()->size());
}

std::string in_words(const U256& number, std::string_view form) {
    if (form == "fil") return format_fil(number);
    const auto small = number.as_uint64();
    if (!small) return number.text();
    if (form == "bytes") return format_size(*small);
    if (form == "miner") return "f0" + std::to_string(*small);
    if (form == "slot") return slot_text(*small);
    if (form == "piece") return piece_text(*small);
    if (form == "field") return parameter_name(*small);
    if (form == "reason") return refusal_sentence(*small);
    if (form == "remedy") return refusal_remedy(*small);
    if (form == "term") return *small < std::size(proposal_terms) ? std::string(proposal_terms[*small]) : "fields";
    return number.text();
}

}    // namespace

std::span<const RevertText> revert_texts() noexcept { return texts; }

std::string refusal_sentence(std::uint64_t reason) {
    if (reason < std::size(refusals)) return std::string(refusals[reason].sentence);
    return "for a reason that this version does not know (" + std::to_string(reason) + ")";
}

std::string refusal_remedy(std::uint64_t reason) {
    return std::string(reason < std::size(refusals) ? refusals[reason].remedy : "update fil-fil");
}

std::string slot_text(std::uint64_t slot) {
    return "slot " + std::to_string(slot & 0xffff) + " of round " + std::to_string(slot >> 16);
}

std::string piece_text(std::uint64_t piece) {
    return "piece " + std::to_string(piece & 0x7f) + ((piece & 0x80) != 0 ? " of the alternative" : "");
}

std::string parameter_name(std::uint64_t place) {
    if (place < std::size(parameter_names)) return std::string(parameter_names[place]);
    return "field " + std::to_string(place);
}

std::string fill_in(std::string_view text, std::span<const AbiParameter> parameters, const AbiValue::List& arguments) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        out += text.substr(0, open);
        if (open == std::string_view::npos) break;
        const std::size_t close = std::min(text.find('}', open), text.size() - 1);
        const std::string_view whole = text.substr(open, close + 1 - open);
        const std::string_view inside = whole.substr(1, whole.size() - 2);
        const std::string_view name = inside.substr(0, inside.find(':'));
        const std::string_view form = name.size() < inside.size() ? inside.substr(name.size() + 1) : "";
        const auto found = std::ranges::find(parameters, name, &AbiParameter::name);
        const auto at = static_cast<std::size_t>(found - parameters.begin());
        if (at >= arguments.size()) {
            out += whole;
        } else if (const U256* number = arguments[at].as_number(); number != nullptr && !form.empty()) {
            out += in_words(*number, form);
        } else {
            out += plain(arguments[at], found->type);
        }
        text.remove_prefix(close + 1);
    }
    return out;
}

}    // namespace filfil::incentive
