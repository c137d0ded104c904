// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/worklist.hpp"

namespace filfil::batch {

std::vector<WorkItem> take_stock(Files& files, Executor& executor, std::vector<Entry> entries) {
    std::vector<WorkItem> items(entries.size());
    const unsigned threads = executor.concurrency();
    run_parallel(executor, threads, [&](unsigned first) {
        for (std::size_t i = first; i < items.size(); i += threads) {
            WorkItem& item = items[i];
            item.entry = std::move(entries[i]);
            const auto info = files.info(item.entry.path);
            if (!info.ok()) continue;
            item.size = info->size;
            item.mtime_ns = info->mtime_ns;
        }
    });
    return items;
}

std::uint64_t bytes_to_do(std::span<const WorkItem> items) noexcept {
    std::uint64_t sum = 0;
    for (const WorkItem& item : items) sum += item.finished ? 0 : item.size;
    return sum;
}

}    // namespace filfil::batch
