// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/random.hpp"
#include "base/units.hpp"
#include "batch/run.hpp"
#include "check/payload.hpp"

#include <map>

namespace filfil::check {
namespace {

/// Files of a batch as cuts of one buffer, called "0", "1", …
class Cuts final : public Files {
public:
    explicit Cuts(Bytes bytes) : m_bytes(std::move(bytes)) {}

    void add(std::size_t offset, std::size_t size) { m_files.push_back(ByteView(m_bytes).subspan(offset, size)); }
    [[nodiscard]] std::size_t count() const noexcept { return m_files.size(); }

    [[nodiscard]] Result<std::unique_ptr<ReadableFile>> open(const std::string& path) override {
        return memory_file(path, at(path));
    }
    [[nodiscard]] Result<FileInfo> info(const std::string& path) override {
        return FileInfo{.kind = FileInfo::Kind::file, .size = at(path).size(), .mtime_ns = 1};
    }
    [[nodiscard]] Result<std::unique_ptr<ReadableFile>> open_standard_input() override { return no(); }
    [[nodiscard]] Result<std::unique_ptr<OutputFile>> create(const std::string&) override { return no(); }
    [[nodiscard]] Result<std::unique_ptr<AppendFile>> open_append(const std::string&) override { return no(); }
    [[nodiscard]] Result<std::vector<std::string>> list(const std::string&) override { return no(); }
    [[nodiscard]] Result<void> make_folders(const std::string&) override { return no(); }
    [[nodiscard]] Result<void> remove(const std::string&) override { return no(); }

private:
    static Error no() { return {ErrorCode::unsupported, "these files can only be read"}; }
    [[nodiscard]] ByteView at(const std::string& path) const { return m_files.at(std::stoul(path)); }

    Bytes m_bytes;
    std::vector<ByteView> m_files;
};

class Receipts final : public batch::ReceiptSink {
public:
    [[nodiscard]] Result<void> take(const batch::Receipt& receipt) override {
        if (!receipt.ok()) return Error(ErrorCode::internal, receipt.path + ": " + receipt.error);
        m_cids[receipt.path] = receipt.computed->piece_cid_v2;
        return {};
    }
    [[nodiscard]] const std::map<std::string, std::string>& cids() const noexcept { return m_cids; }

private:
    std::map<std::string, std::string> m_cids;
};

Result<Receipts> run(const Context& context, Cuts& files, commp::Backend& backend) {
    ThreadPool threads(std::max(1U, context.threads - 1));
    std::vector<batch::Entry> entries(files.count());
    for (std::size_t i = 0; i < entries.size(); ++i) entries[i].path = std::to_string(i);
    const auto items = batch::take_stock(files, threads, std::move(entries));
    Receipts receipts;
    batch::RunOptions options;
    options.workers = context.threads;
    options.allow_small = true;
    FILFIL_TRY([[maybe_unused]] const batch::Summary summary,
               batch::run_batch(items, files, backend, threads, context.clock, receipts, options));
    return receipts;
}

}    // namespace

Outcome packed_files(const Context& context) {
    const std::size_t count = context.pick<std::size_t>(60, 1000, 5000);
    const std::size_t most = context.pick<std::size_t>(40'000, 2'200'000, 2'200'000);
    Cuts files(random_bytes(2 * most, context.seed));
    SeededRandom random(context.seed);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        // Most files of a batch are small; some are too large to be packed.
        const std::size_t size = static_cast<std::size_t>(random.below(1 + (most >> random.below(16))));
        files.add(static_cast<std::size_t>(random.below(most)), size);
        sum += size;
    }
    FILFIL_TRY(const auto backend, open_backend(context));
    FILFIL_TRY(const Receipts of_card, run(context, files, *backend));
    FILFIL_CHECK(still_on_card(*backend));
    FILFIL_TRY(const Receipts of_cpu, run(context, files, context.cpu));
    for (const auto& [path, cid] : of_cpu.cids()) {
        const auto found = of_card.cids().find(path);
        if (found == of_card.cids().end() || found->second != cid)
            return wrong("file " + path + " of a batch: the card gives " +
                         (found == of_card.cids().end() ? "nothing" : found->second) + ", the CPU " + cid);
    }
    return std::to_string(count) + " files of up to " + format_size(most) + ", " + format_size(sum) + " in all";
}

}    // namespace filfil::check
