// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/wallet.hpp"
#include "journal/journal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::incentive {

/// What came of a transaction that took effect.
struct SendOutcome {
    Hash32 hash{};
    std::uint64_t block = 0;
    U256 gas_used{};
    U256 gas_price{};                        ///< attoFIL a unit; 0 where the node did not tell
    std::optional<EthAddress> contract{};    ///< that it made
    bool operator==(const SendOutcome&) const = default;
};

rpc::Json json_of(const SendOutcome& outcome);
Result<SendOutcome> parse_outcome(const rpc::Json& json);

/// Effects of the journal: one is what is to take effect once, under its own key. Behind it, under KEY/tx/1, KEY/tx/2,
/// …, stands each draft, written down before it was sent, or when more of it became known. An effect that failed can be
/// tried again: drafts belong to one attempt. Drafts are finished before their effect is.
inline constexpr std::string_view transaction_kind = "transaction";
inline constexpr std::string_view draft_kind = "transaction draft";

/// What is written down of the effect itself.
std::string request_text(const std::string& title, const Call& call);

struct SendRequest {
    std::string title;
    Call call;
};
Result<SendRequest> parse_request(const std::string& text);

struct LoggedDraft {
    std::uint32_t number = 0;
    Draft draft{};
};

/// An effect as the journal has it.
struct LoggedSend {
    journal::EffectRecord effect{};
    std::uint32_t next_number = 1;          ///< of drafts
    std::vector<LoggedDraft> open{};        ///< of this attempt, oldest first
    std::optional<std::string> sender{};    ///< of those, as text
    std::optional<SendOutcome> done{};      ///< a draft of this attempt took effect
    std::optional<Error> reverted{};        ///< or was refused by the contract
};

/// All methods wait for a disk, so they are called on the workers. Error::corrupt for records that cannot be read.
class SendLog {
public:
    explicit SendLog(journal::Journal& journal) : m_journal(journal) {}

    /// Nothing for a key that was never intended.
    Result<std::optional<LoggedSend>> read(const std::string& key);

    /// Those that are open, oldest first.
    Result<std::vector<std::string>> open_keys();

    /// Writes the effect down, where it is not yet, and then the draft. Nothing may be sent before.
    Result<void> write(const std::string& key, const std::string& request, std::uint32_t attempt, std::uint32_t number,
                       const EthAddress& sender, const Draft& draft);

    /// The drafts are finished first, the one that was taken last; then the effect.
    Result<void> finish_done(const std::string& key, const std::vector<std::uint32_t>& drafts, std::uint32_t taken,
                             const SendOutcome& outcome);
    Result<void> finish_reverted(const std::string& key, const std::vector<std::uint32_t>& drafts, std::uint32_t taken,
                                 const SendOutcome& outcome, const Error& why);

    /// It has no open draft: nothing was sent, or nothing that can take effect any more.
    Result<void> finish_failed(const std::string& key, const Error& why);

    /// The drafts cannot take effect any more; the effect stays open.
    Result<void> give_up_drafts(const std::string& key, const std::vector<std::uint32_t>& drafts,
                                const std::string& why);

private:
    Result<void> close(const std::string& key, journal::EffectRecord::State state, const std::string& result);
    Result<void> close_drafts(const std::string& key, const std::vector<std::uint32_t>& drafts,
                              std::optional<std::uint32_t> without, const std::string& result);

    journal::Journal& m_journal;
};

}    // namespace filfil::incentive
