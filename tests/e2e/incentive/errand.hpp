// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "rounds_scene.hpp"

#include <memory>
#include <optional>
#include <string>

namespace filfil::e2e {

/// A command that a party gives its daemon, and that has to succeed: once more where the daemon was killed meanwhile or
/// asks for patience.
class Errand {
public:
    /// @param party must outlive it
    Errand(Party& party, Words words);
    ~Errand() { --m_party.errands; }
    Errand(const Errand&) = delete;
    Errand& operator=(const Errand&) = delete;

    /// Looks how far it is. @return what it said once it has succeeded; an empty object where it failed, which fails
    /// the test
    [[nodiscard]] const std::optional<Json>& look();
    [[nodiscard]] unsigned attempts() const { return m_attempts; }

private:
    void begin();

    Party& m_party;
    Words m_words;
    std::unique_ptr<Process> m_process;
    unsigned m_kills = 0;    ///< of the party, as of this attempt
    unsigned m_attempts = 0;
    std::optional<Json> m_said;
};

/// A transaction of one of the EVM node's accounts, sent once more where a reorganisation makes it
/// forgotten.
class Dispatch {
public:
    Dispatch(Anvil& evm, std::string from, std::string to, std::string data);

    /// Whether it lies so deep that it stays. One that failed fails the test.
    [[nodiscard]] bool settled();

private:
    Anvil& m_evm;
    Json m_transaction;
    Json m_hash;
    Anvil::Missing m_missing;
};

}    // namespace filfil::e2e
