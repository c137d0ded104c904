// SPDX-License-Identifier: Apache-2.0 OR MIT

// filfil_fetch_bench [--size 40GiB] [--piece-size 32GiB] [--piece-locator]
//
// A snapshot that is never anywhere whole: a process that serves its pieces makes their bytes when they are asked for,
// and another one fetches them, checks every block and every commitment, and throws them away. Prints the rate and how
// much memory either took. By --piece-locator the pieces are asked for as a market node does it, with the locator's
// token.
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/units.hpp"
#include "car/header.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/hash_source.hpp"
#include "ipld/cid.hpp"
#include "ipld/varint.hpp"
#include "net/asio_transport.hpp"
#include "retrieval/fetch/fetcher.hpp"
#include "retrieval/server.hpp"
#include "snapshot/pieces.hpp"
#include "snapshot/range_file.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>

using namespace filfil;

namespace {

constexpr std::size_t data_bytes = 1000;    ///< of a block
constexpr std::size_t digest_bytes = 32;
constexpr std::string_view locator_token = "a market node's token";

/// A CAR of raw blocks of one size, each of other bytes, made when they are read.
class GeneratedSource final : public snapshot::SectionSource {
public:
    explicit GeneratedSource(std::uint64_t size) {
        const Bytes data = data_of(0);
        const ipld::Cid root = ipld::cid_of_block(ipld::Codec::raw, data);
        m_header = car::encode_header(std::vector{root});
        const ByteView cid = root.bytes();
        ipld::append_varint(m_front, cid.size() + data_bytes);
        m_front.insert(m_front.end(), cid.begin(), cid.end() - digest_bytes);
        m_section = m_front.size() + digest_bytes + data_bytes;
        m_sections = std::max<std::uint64_t>(1, size / m_section);
    }

    ByteView header() const noexcept override { return m_header; }
    std::uint64_t body_size() const noexcept override { return m_sections * m_section; }
    std::uint64_t sections() const noexcept override { return m_sections; }
    Result<std::uint64_t> boundary_at(std::uint64_t offset) const override {
        return (offset + m_section - 1) / m_section * m_section;
    }

    Result<void> read(std::uint64_t offset, ByteSpan out) const override {
        constexpr std::size_t batch = 256;
        std::vector<Bytes> blocks(batch);
        std::vector<ByteView> views(batch);
        std::vector<ipld::Digest256> digests(batch);
        while (!out.empty()) {
            const std::uint64_t first = offset / m_section;
            const std::uint64_t end = std::min((offset + out.size() - 1) / m_section + 1, first + batch);
            const auto count = static_cast<std::size_t>(end - first);
            for (std::size_t i = 0; i < count; ++i) {
                blocks[i] = data_of(first + i);
                views[i] = blocks[i];
            }
            ipld::blake2b_256_many(std::span(views).first(count), std::span(digests).first(count));
            for (std::size_t i = 0; i < count && !out.empty(); ++i) {
                std::size_t skip = static_cast<std::size_t>(offset - (first + i) * m_section);
                for (const ByteView part : {ByteView(m_front), ByteView(digests[i]), views[i]}) {
                    const std::size_t passed = std::min(skip, part.size());
                    skip -= passed;
                    const std::size_t given = std::min(part.size() - passed, out.size());
                    std::copy_n(part.begin() + static_cast<std::ptrdiff_t>(passed), given, out.begin());
                    out = out.subspan(given);
                    offset += given;
                }
            }
        }
        return {};
    }

private:
    static Bytes data_of(std::uint64_t number) {
        Bytes out(data_bytes);
        SeededRandom(number).fill(out);
        return out;
    }

    Bytes m_header;
    Bytes m_front;    ///< of each section, to its digest
    std::size_t m_section = 0;
    std::uint64_t m_sections = 0;
};

class GeneratedPiece final : public retrieval::PieceBytes {
public:
    GeneratedPiece(const snapshot::SectionSource& source, const snapshot::PlannedPiece& piece)
        : m_source(source), m_piece(piece) {}
    std::uint64_t size() const noexcept override { return m_piece.payload_size; }
    bool in_memory() const noexcept override { return true; }
    Result<void> read(std::uint64_t offset, ByteSpan out) const override {
        const ByteView header = m_source.header();
        if (offset < header.size()) {
            const auto from = static_cast<std::size_t>(offset);
            const std::size_t front = std::min(header.size() - from, out.size());
            std::ranges::copy(header.subspan(from, front), out.begin());
            out = out.subspan(front);
            offset += front;
        }
        return out.empty() ? Result<void>() : m_source.read(m_piece.range.begin + offset - header.size(), out);
    }

private:
    const snapshot::SectionSource& m_source;
    snapshot::PlannedPiece m_piece;
};

class Pieces final : public retrieval::Catalog {
public:
    Result<std::optional<retrieval::ServedPiece>> find(const ipld::Cid& cid) override {
        const auto found = m_pieces.find(cid);
        if (found == m_pieces.end()) return std::optional<retrieval::ServedPiece>();
        return std::optional(found->second);
    }
    Result<std::optional<Bytes>> block(const ipld::Cid&) override { return std::optional<Bytes>(); }
    Counts counts() const override { return {m_pieces.size(), 0}; }
    void add(retrieval::ServedPiece piece) { m_pieces[piece.piece_cid] = std::move(piece); }

private:
    std::map<ipld::Cid, retrieval::ServedPiece> m_pieces;
};

/// What is outside of one of the two processes. What is used by threads of others goes last.
struct Parts {
    SystemClock clock;
    NullLogSink log;
    SystemFiles files;
    SystemRandom random;
    ThreadPool workers{0};
    ThreadPool loop{1};
    net::AsioTransport transport{log, 2};
    World world{clock, loop, workers, files, transport, random, log};
};

/// The most memory that this process has had, bytes.
std::uint64_t peak_memory() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) * KiB;
    return 0;
}

[[noreturn]] void give_up(const Error& error) {
    std::cerr << "filfil_fetch_bench: " << error.text() << '\n';
    std::_Exit(2);
}

template <class T>
T need(Result<T> result) {
    if (!result.ok()) give_up(result.error());
    return std::move(result).value();
}

void say(int pipe, const std::string& text) {
    if (::write(pipe, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::_Exit(2);
}

/// Serves until its input ends. Says its port and its pieces first, and its peak of memory last.
void serve(int in, int out, std::uint64_t size, std::uint64_t piece_size) {
    Parts parts;
    InlineExecutor at_once;
    const auto backend = need(commp::make_cpu_backend("", at_once, parts.clock));
    const GeneratedSource source(size);
    const auto planned = need(snapshot::plan_pieces(source, piece_size));
    Pieces pieces;
    std::ostringstream lines;
    for (const auto& one : planned) {
        const auto file = snapshot::range_file(source, one.range, "piece");
        const auto hashed = need(commp::hash_source(
            *file, *backend, parts.workers, {.readers = parts.workers.concurrency(), .allow_small = true, .stop = {}}));
        const commp::Piece piece = need(commp::pad_to(hashed.piece, one.padded_size));
        pieces.add({commp::piece_cid_v1(piece), one.payload_size, one.padded_size, "piece.car",
                    std::make_shared<GeneratedPiece>(source, one)});
        lines << to_hex(piece.root) << ' ' << one.payload_size << ' ' << one.padded_size << '\n';
    }
    retrieval::Server server(parts.world, pieces, nullptr,
                             {.locator_token = std::string(locator_token), .requests_a_second_a_peer = 0});
    const auto listener = need(parts.transport.listen({.at = {"127.0.0.1", 0}}, server));
    say(out, std::to_string(listener->endpoint().port) + " " + std::to_string(planned.size()) + "\n" + lines.str());
    char byte = 0;
    while (::read(in, &byte, 1) > 0) {
    }
    say(out, std::to_string(peak_memory()) + "\n");
}

class Reader {
public:
    explicit Reader(int pipe) : m_pipe(pipe) {}
    std::string line() {
        std::string out;
        for (char c = 0; ::read(m_pipe, &c, 1) == 1 && c != '\n';) out.push_back(c);
        return out;
    }

private:
    int m_pipe;
};

class Shown final : public Progress {
public:
    void advance(std::uint64_t bytes) noexcept override {
        const std::uint64_t before = m_done.fetch_add(bytes);
        if (before / GiB != (before + bytes) / GiB) std::cerr << (before + bytes) / GiB << " GiB\n";
    }

private:
    std::atomic<std::uint64_t> m_done{0};
};

retrieval::FetchPlan read_plan(Reader& reader, bool locator) {
    std::istringstream first(reader.line());
    unsigned port = 0;
    std::size_t count = 0;
    first >> port >> count;
    retrieval::FetchPlan plan;
    plan.sources = {need(retrieval::parse_source("http://127.0.0.1:" + std::to_string(port)))};
    if (locator) plan.sources[0].locator_token = locator_token;
    for (std::size_t i = 0; i < count; ++i) {
        std::istringstream line(reader.line());
        std::string root;
        retrieval::WantedPiece piece;
        line >> root >> piece.payload_size >> piece.padded_size;
        const Bytes bytes = need(from_hex(root));
        if (bytes.size() == piece.root.size()) std::ranges::copy(bytes, piece.root.begin());
        piece.sources = {0};
        plan.pieces.push_back(std::move(piece));
    }
    return plan;
}

int fetch(Reader& reader, int to_server, bool locator) {
    const retrieval::FetchPlan plan = read_plan(reader, locator);
    std::uint64_t bytes = 0;
    for (const auto& piece : plan.pieces) bytes += piece.payload_size;
    std::cerr << plan.pieces.size() << " pieces, " << format_size(bytes) << '\n';

    Parts parts;
    InlineExecutor at_once;
    const auto backend = need(commp::make_cpu_backend("", at_once, parts.clock));
    retrieval::DiscardTarget nowhere;
    Shown shown;
    retrieval::FetchOptions options;
    options.progress = &shown;
    auto fetcher = need(retrieval::Fetcher::make(parts.world, *backend, nowhere, plan, options));
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Result<retrieval::FetchReport>> result;
    const Clock::Duration start = parts.clock.steady();
    parts.loop.post([&] {
        fetcher->start([&](Result<retrieval::FetchReport> given) {
            const std::lock_guard lock(mutex);
            result = std::move(given);
            changed.notify_all();
        });
    });
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return result.has_value(); });
    const double seconds = seconds_between(start, parts.clock.steady());
    lock.unlock();
    const retrieval::FetchReport report = need(std::move(*result));
    parts.loop.post([&] {
        const std::lock_guard guard(mutex);
        fetcher.reset();
        changed.notify_all();
    });
    lock.lock();
    changed.wait(lock, [&] { return fetcher == nullptr; });

    ::close(to_server);
    const std::uint64_t server_peak = std::stoull(reader.line());
    std::cout << "{\"bytes\":" << bytes << ",\"pieces\":" << plan.pieces.size() << ",\"piece_cids\":[";
    for (std::size_t i = 0; i < plan.pieces.size(); ++i)
        std::cout << (i == 0 ? "\"" : ",\"") << retrieval::cid_text(plan.pieces[i]) << '"';
    std::cout << "],\"commp_ok\":"
              << (std::ranges::all_of(report.pieces, &retrieval::FetchedPiece::commp_ok) ? "true" : "false")
              << ",\"locator\":" << (locator ? "true" : "false") << ",\"bytes_on_wire\":" << report.bytes_on_wire
              << ",\"seconds\":" << seconds << ",\"mib_per_s\":" << static_cast<double>(bytes) / seconds / MiB
              << ",\"client_peak_bytes\":" << peak_memory() << ",\"server_peak_bytes\":" << server_peak << "}\n";
    return 0;
}

}    // namespace

int main(int argc, char** argv) {
    std::uint64_t size = 40 * GiB;
    std::uint64_t piece_size = 32 * GiB;
    bool locator = false;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--piece-locator") {
            locator = true;
        } else if ((word == "--size" || word == "--piece-size") && i + 1 < argc) {
            (word == "--size" ? size : piece_size) = need(parse_size(argv[++i]));
        } else {
            std::cerr << "usage: filfil_fetch_bench [--size SIZE] [--piece-size SIZE] [--piece-locator]\n";
            return 2;
        }
    }
    // Two processes, so that each one's memory can be told. Before there are threads.
    int to_server[2];
    int to_client[2];
    if (::pipe(to_server) != 0 || ::pipe(to_client) != 0) return 2;
    const pid_t child = ::fork();
    if (child < 0) return 2;
    if (child == 0) {
        ::close(to_server[1]);
        ::close(to_client[0]);
        serve(to_server[0], to_client[1], size, piece_size);
        return 0;
    }
    ::close(to_server[0]);
    ::close(to_client[1]);
    Reader reader(to_client[0]);
    const int code = fetch(reader, to_server[1], locator);
    ::waitpid(child, nullptr, 0);
    return code;
}
