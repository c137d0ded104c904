// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/receipt_log.hpp"
#include "memory_files.hpp"

#include <cstddef>
#include <cstdint>

using namespace filfil;
using namespace filfil::batch;

namespace {

class NoClock final : public Clock {
public:
    [[nodiscard]] Duration steady() const override { return {}; }
    [[nodiscard]] Duration wall() const override { return {}; }
};

std::vector<WorkItem> three_files() {
    std::vector<WorkItem> items(3);
    const char* name = "abc";
    for (std::size_t i = 0; i < items.size(); ++i) {
        items[i].entry.path = std::string(1, name[i]);
        items[i].size = 12;
        items[i].mtime_ns = 1'700'000'000'123'456'789;
    }
    return items;
}

}    // namespace

/// Any bytes as the file of receipts of an earlier run: it is refused and left as it is, or it is gone on with, and
/// then has in the end one receipt for each file; going on once more finds all of them and changes nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string before(reinterpret_cast<const char*>(data), size);
    MemoryFiles files;
    files.files["log"] = before;
    const NoClock clock;
    std::vector<WorkItem> items = three_files();
    auto log = ReceiptLog::resume(files, clock, "log", {}, items);
    if (!log.ok()) {
        require(files.files["log"] == before);
        return 0;
    }
    for (const WorkItem& item : items) {
        if (item.finished) continue;
        Receipt receipt;
        receipt.path = item.entry.path;
        receipt.error = "is not there";
        require((*log)->take(receipt).ok());
    }
    log->reset();

    const std::string after = files.files["log"];
    const ReceiptFormat format = after.starts_with("path,") ? ReceiptFormat::csv : ReceiptFormat::jsonl;
    std::vector<WorkItem> again = three_files();
    auto resumed = ReceiptLog::resume(files, clock, "log", {format, false, 0}, again);
    require(resumed.ok());
    for (std::size_t i = 0; i < items.size(); ++i) require(items[i].finished == again[i].finished);
    // What was appended were errors, which that took out again; then there is nothing left to change.
    const std::string rest = files.files["log"];
    resumed->reset();
    std::vector<WorkItem> third = three_files();
    require(ReceiptLog::resume(files, clock, "log", {format, false, 0}, third).ok());
    require(files.files["log"] == rest);
    return 0;
}
