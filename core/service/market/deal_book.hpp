// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/event_bus.hpp"
#include "service/market/deal_entry.hpp"
#include "service/worker_queue.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace filfil::service {

/// The deals that are worked on, in memory and in the journal: what changes is written down in order, and again where
/// the journal could not take it, so that nothing is lost by a disk that is full for a while. Publishes "deal" with
/// each change. Lives on the loop; nothing is told after it was destroyed.
class DealBook {
public:
    template <class T>
    using Handler = std::function<void(Result<T>)>;

    struct Parts {
        World& world;
        std::shared_ptr<WorkerQueue> queue;
        std::shared_ptr<journal::Journal> journal;
        EventBus& events;
        std::string contract;    ///< its address, lower case
        std::function<std::optional<Epoch>()> head;
        std::function<rpc::Json(const DealEntry&)> json;    ///< what is published of a deal
    };

    explicit DealBook(Parts parts) : m_parts(std::move(parts)) {}

    /// Takes up what an earlier run left open. A record that cannot be read is told of in the log and left alone.
    void start(Handler<void> started);

    /// @return null where it is not worked on: it was never begun, or has ended
    [[nodiscard]] DealEntry* find(const DealKey& key);
    [[nodiscard]] DealEntry* find(std::int64_t id);
    [[nodiscard]] std::map<DealKey, DealEntry>& all() noexcept { return m_deals; }
    [[nodiscard]] const std::map<DealKey, DealEntry>& all() const noexcept { return m_deals; }

    /// Begins one, at the stage that it has. What has the same key already stays.
    DealEntry& add(DealEntry deal);

    /// Moves it on, or back, and is over with its error. Where it ends it is forgotten here once it is written.
    void set_stage(DealEntry& deal, DealStage stage, rpc::Json details = rpc::Json::object());

    /// Why it does not go on; nothing: it does. Written down where the sentence is another.
    void set_error(DealEntry& deal, std::optional<Error> error);

    /// Something was said or asked.
    void note(DealEntry& deal, std::string kind, std::string name, rpc::Json details);

    /// Something in it was changed.
    void touch(DealEntry& deal);

    /// Writes what is not written yet: also now and then, for what failed before.
    void flush();

    /// Why the journal does not take what changes, while it does not.
    [[nodiscard]] const std::optional<Error>& trouble() const noexcept { return m_trouble; }

    /// Calls back once each of these is in the journal, with its ids by key; or why one could not be written, the first
    /// time.
    void when_written(std::vector<DealKey> keys, Handler<std::vector<std::int64_t>> handler);

    /// Writes it, and calls back once all that stands in it now is written; or why it could not be, and is then tried
    /// again by flush().
    void when_written(DealEntry& deal, Handler<void> handler);

private:
    struct Waiting {
        std::vector<DealKey> keys;
        Handler<std::vector<std::int64_t>> handler;
    };

    void write(DealEntry& deal);
    void written(const DealKey& key, std::size_t steps, const Result<std::int64_t>& id);
    void tell_waiting();

    Parts m_parts;
    std::map<DealKey, DealEntry> m_deals;
    std::map<DealKey, std::int64_t> m_ids;    ///< of all that were written in this run
    std::vector<Waiting> m_waiting;
    std::optional<Error> m_trouble;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}    // namespace filfil::service
