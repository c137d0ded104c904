// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/verify.hpp"

#include "car/block_checker.hpp"
#include "car/link_ledger.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace filfil::car {
namespace {

Error cancelled(const std::string& name) {
    return {ErrorCode::cancelled, name + ": stopped before all blocks were checked"};
}

/// What one worker found. Workers take batches in the file's order, so each one's list of bad blocks is in order too.
struct Findings {
    std::uint64_t blocks = 0;
    std::uint64_t bad_blocks = 0;
    std::vector<BadBlock> bad;
    std::uint64_t unchecked_blocks = 0;
    std::optional<BadBlock> unchecked;
    std::uint64_t unscanned_blocks = 0;
    std::optional<LinkLedger> links;
};

BadBlock bad_block(const Section& section) { return {section.number, section.offset, section.cid_copy()}; }

void take_section(const Section& section, Verdict verdict, std::size_t name_at_most, Findings& out) {
    ++out.blocks;
    if (verdict == Verdict::unknown) {
        ++out.unchecked_blocks;
        if (!out.unchecked) out.unchecked = bad_block(section);
    } else if (verdict == Verdict::wrong) {
        ++out.bad_blocks;
        if (out.bad.size() < name_at_most) out.bad.push_back(bad_block(section));
        return;    // what it links to is not what its CID stands for
    }
    if (!out.links) return;
    out.links->hold(section.cid);
    if (!out.links->link(section.codec, section.data)) ++out.unscanned_blocks;
}

/// Shares one reader among workers: each takes the next batch under a lock and hashes it outside.
class SharedReader {
public:
    SharedReader(Reader& reader, std::stop_token stop) : m_reader(reader), m_stop(std::move(stop)) {}

    bool next(Batch& batch) {
        const std::scoped_lock lock(m_mutex);
        if (m_fault || m_stopped) return false;
        if (m_stop.stop_requested()) {
            m_stopped = true;
            return false;
        }
        auto more = m_reader.read(batch);
        if (!more.ok()) m_fault = std::move(more).error();
        return !m_fault && *more;
    }

    // Only once all workers have ended.
    [[nodiscard]] bool stopped() const noexcept { return m_stopped; }
    [[nodiscard]] const std::optional<Error>& fault() const noexcept { return m_fault; }

private:
    std::mutex m_mutex;
    Reader& m_reader;
    std::stop_token m_stop;
    std::optional<Error> m_fault;
    bool m_stopped = false;
};

void join(VerifyReport& report, const std::vector<Findings>& all, std::size_t name_at_most) {
    for (const Findings& one : all) {
        report.blocks += one.blocks;
        report.bad_blocks += one.bad_blocks;
        report.unchecked_blocks += one.unchecked_blocks;
        report.unscanned_blocks += one.unscanned_blocks;
        report.bad.insert(report.bad.end(), one.bad.begin(), one.bad.end());
        if (one.unchecked && (!report.unchecked || one.unchecked->section < report.unchecked->section))
            report.unchecked = one.unchecked;
    }
    std::ranges::sort(report.bad, {}, &BadBlock::section);
    if (report.bad.size() > name_at_most) report.bad.resize(name_at_most);
}

Result<VerifyReport> check_all(std::unique_ptr<ReadableFile> file, Executor& executor, const VerifyOptions& options,
                               std::optional<Word128> key, std::vector<Word128>& missing) {
    FILFIL_TRY(Reader reader, Reader::open(std::move(file), options.reader));
    SharedReader shared(reader, options.stop);
    std::vector<Findings> all(executor.concurrency());
    run_parallel(executor, executor.concurrency(), [&](unsigned worker) {
        Findings& found = all[worker];
        if (key) found.links.emplace(*key);
        BlockChecker checker;
        Batch batch;
        while (shared.next(batch)) {
            const std::span<const Verdict> verdicts = checker.check(batch.sections());
            for (std::size_t i = 0; i < verdicts.size(); ++i)
                take_section(batch.sections()[i], verdicts[i], options.name_at_most, found);
        }
    });
    if (shared.stopped()) return cancelled(reader.name());

    VerifyReport report;
    report.header = reader.header();
    report.bytes = reader.good_bytes();
    report.damage = reader.damage();
    report.fault = shared.fault();
    join(report, all, options.name_at_most);
    if (key) {
        for (std::size_t i = 1; i < all.size(); ++i) all[0].links->take(*all[i].links);
        missing = all[0].links->missing();
        report.missing_links = missing.size();
    }
    return report;
}

/// Reads the CAR again and names the first missing links in the order of the file.
Result<std::vector<MissingLink>> name_missing(Files& files, const std::string& path, Word128 key,
                                              const std::vector<Word128>& missing, const VerifyOptions& options) {
    ReaderOptions again = options.reader;
    again.progress = nullptr;
    FILFIL_TRY(Reader reader, Reader::open(files, path, again));
    const std::size_t most = std::min(options.name_at_most, missing.size());
    std::vector<MissingLink> out;
    std::vector<Word128> named;
    while (out.size() < most) {
        if (options.stop.stop_requested()) return cancelled(path);
        auto section = reader.next();
        if (!section.ok() || !*section) break;    // the fault, if there is one, is in the report already
        const auto same = ipld::matches((*section)->hash, (*section)->data);
        if (same.ok() && !*same) continue;
        for_each_block_link((*section)->codec, (*section)->data, [&](ByteView cid) {
            const Word128 word = siphash_128(key, cid);
            if (out.size() == most || !std::ranges::binary_search(missing, word) ||
                std::ranges::find(named, word) != named.end())
                return;
            if (auto copy = ipld::Cid::from_bytes(cid); copy.ok())
                out.push_back({std::move(copy).value(), (*section)->number, (*section)->offset});
            named.push_back(word);
        });
    }
    return out;
}

}    // namespace

Result<VerifyReport> verify(Files& files, const std::string& path, Executor& executor, const VerifyOptions& options) {
    FILFIL_TRY(auto file, files.open(path));
    if (options.link_key == nullptr) return verify(std::move(file), executor, options);
    const Word128 key{options.link_key->next(), options.link_key->next()};
    std::vector<Word128> missing;
    FILFIL_TRY(VerifyReport report, check_all(std::move(file), executor, options, key, missing));
    if (!missing.empty()) {
        FILFIL_TRY(report.missing, name_missing(files, path, key, missing, options));
    }
    return report;
}

Result<VerifyReport> verify(std::unique_ptr<ReadableFile> file, Executor& executor, const VerifyOptions& options) {
    std::vector<Word128> missing;
    return check_all(std::move(file), executor, options, std::nullopt, missing);
}

}    // namespace filfil::car
