// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"
#include "service/config.hpp"
#include "service/worker_queue.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace filfil::service {

/// What is done by itself for each own miner, where it was set apart from the setting incentive.policy. The journal
/// remembers it. Lives on the loop; nothing is told after its queue was abandoned.
class SlotPolicies {
public:
    template <class T>
    using Handler = std::function<void(Result<T>)>;

    SlotPolicies(std::shared_ptr<WorkerQueue> queue, std::shared_ptr<journal::Journal> journal)
        : m_queue(std::move(queue)), m_journal(std::move(journal)) {}

    /// Reads what the journal remembers. @return Error::corrupt for what nobody here has written
    void restore(Handler<void> handler);

    /// Durable when told. @param policy nothing: as the setting says
    void set(std::uint64_t miner, std::optional<SlotPolicy> policy, Handler<void> handler);

    /// Nothing where none was set.
    [[nodiscard]] std::optional<SlotPolicy> of(std::uint64_t miner) const;

private:
    std::shared_ptr<WorkerQueue> m_queue;
    std::shared_ptr<journal::Journal> m_journal;
    std::map<std::uint64_t, SlotPolicy> m_policies;
    std::map<std::uint64_t, SlotPolicy> m_asked;    ///< the same with what is being written down
};

}    // namespace filfil::service
