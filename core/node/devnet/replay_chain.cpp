// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/replay_chain.hpp"

#include "car/reader.hpp"
#include "chain/head_events.hpp"
#include "snapshot/car_blocks.hpp"

namespace filfil::node {
namespace {

/// Lines of an events file may be long, but not without end.
constexpr std::uint64_t max_events_bytes = GiB;

Result<std::string> read_text(Files& files, const std::string& path) {
    FILFIL_TRY(const auto file, files.open(path));
    std::string out;
    Bytes part(MiB);
    while (true) {
        FILFIL_TRY(const std::size_t size, file->read(part));
        if (size == 0) return out;
        if (out.size() + size > max_events_bytes)
            return Error(ErrorCode::too_large, path + ": more than " + format_size(max_events_bytes) + " of events");
        out += chars_of(ByteView(part).first(size));
    }
}

Result<std::vector<chain::HeadChanges>> read_events(Files& files, const std::string& path) {
    FILFIL_TRY(const std::string text, read_text(files, path));
    std::vector<chain::HeadChanges> out;
    std::string_view left = text;
    for (std::size_t line = 1; !left.empty(); ++line) {
        const std::size_t end = std::min(left.find('\n'), left.size());
        const std::string_view content = left.substr(0, end);
        left.remove_prefix(std::min(end + 1, left.size()));
        if (content.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        auto changes = chain::parse_head_changes(content);
        if (!changes.ok()) return std::move(changes).error().in(path + ", line " + std::to_string(line));
        out.push_back(std::move(*changes));
    }
    return out;
}

}    // namespace

Result<std::unique_ptr<ReplayChain>> ReplayChain::make(std::unique_ptr<snapshot::BlockSource> blocks,
                                                       std::vector<chain::HeadChanges> events) {
    if (events.empty() || events.front().size() != 1 || events.front().front().type != chain::HeadChange::Type::current)
        return Error(ErrorCode::invalid_argument, "the first event of a replay has to be the current head alone",
                     R"(let the first line be like [{"Type": "current", "Key": ["bafy2…"], "Height": 0}])");
    return std::unique_ptr<ReplayChain>(new ReplayChain(std::move(blocks), std::move(events)));
}

Result<std::unique_ptr<ReplayChain>> ReplayChain::load(Files& files, const std::string& car, const std::string& events,
                                                       Executor& executor, Random& random, std::stop_token stop) {
    FILFIL_TRY(std::vector<chain::HeadChanges> read, read_events(files, events));
    FILFIL_TRY(car::Reader reader, car::Reader::open(files, car));
    FILFIL_TRY(std::unique_ptr<snapshot::BlockSource> blocks,
               snapshot::CarBlocks::load(reader, executor, random, std::move(stop)));
    auto made = make(std::move(blocks), std::move(read));
    if (!made.ok()) return std::move(made).error().in(events);
    return made;
}

Result<chain::HeadChanges> ReplayChain::step() {
    if (m_next == m_events.size()) return chain::HeadChanges{};
    return m_events[m_next++];
}

Result<Bytes> ReplayChain::stored(const ipld::Cid& cid) { return std::move(m_blocks->fetch({&cid, 1}).front()); }

}    // namespace filfil::node
