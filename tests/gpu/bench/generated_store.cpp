// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/generated_store.hpp"

#include "car/reader.hpp"
#include "car/writer.hpp"
#include "chaingen/generator.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace filfil::bench {
namespace {

/// Bytes on their way from the thread that makes a chain to the one that loads it.
class Pipe {
public:
    /// @return Error::cancelled if nobody reads any more
    Result<void> write(ByteView bytes) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_runs.size() < most_runs || m_left; });
        if (m_left) return Error(ErrorCode::cancelled, "nobody reads the chain that is being made");
        m_runs.push_back(to_bytes(bytes));
        m_changed.notify_all();
        return {};
    }

    /// The last call of the writer. @param failure why there is no more, nothing for a clean end
    void end(std::optional<Error> failure) {
        const std::scoped_lock lock(m_mutex);
        m_failure = std::move(failure);
        m_ended = true;
        m_changed.notify_all();
    }

    /// The last call of the reader.
    void leave() {
        const std::scoped_lock lock(m_mutex);
        m_left = true;
        m_changed.notify_all();
    }

    Result<std::size_t> read(ByteSpan out) {
        std::size_t done = 0;
        while (done < out.size()) {
            if (m_taken == m_current.size() && !next()) break;
            const std::size_t n = std::min(out.size() - done, m_current.size() - m_taken);
            std::memcpy(out.data() + done, m_current.data() + m_taken, n);
            m_taken += n;
            done += n;
        }
        if (done == 0 && m_failure) return *m_failure;
        return done;
    }

private:
    static constexpr std::size_t most_runs = 64;

    bool next() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return !m_runs.empty() || m_ended; });
        if (m_runs.empty()) return false;
        m_current = std::move(m_runs.front());
        m_runs.pop_front();
        m_taken = 0;
        m_changed.notify_all();
        return true;
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Bytes> m_runs;
    bool m_ended = false;
    bool m_left = false;
    std::optional<Error> m_failure;
    Bytes m_current;    ///< these two of the reader alone
    std::size_t m_taken = 0;
};

class PipeSink final : public car::ByteSink {
public:
    explicit PipeSink(Pipe& pipe) : m_pipe(pipe) {}
    [[nodiscard]] Result<void> write(ByteView bytes) override { return m_pipe.write(bytes); }

private:
    Pipe& m_pipe;
};

class PipeFile final : public ReadableFile {
public:
    explicit PipeFile(Pipe& pipe) : m_pipe(pipe) {}
    [[nodiscard]] const std::string& name() const noexcept override { return m_name; }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return std::nullopt; }
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override { return m_pipe.read(out); }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t, ByteSpan) override {
        return Error(ErrorCode::unsupported, m_name + ": can only be read from front to back");
    }

private:
    Pipe& m_pipe;
    std::string m_name = "the generated chain";
};

class WriterSink final : public chaingen::BlockSink {
public:
    explicit WriterSink(car::Writer& writer) : m_writer(writer) {}
    [[nodiscard]] Result<void> block(ByteView cid, ByteView data) override { return m_writer.block(cid, data); }

private:
    car::Writer& m_writer;
};

struct Made {
    chain::TipsetKey head;
    std::uint64_t bytes = 0;
};

Result<Made> make_chain(const chaingen::Config& config, Pipe& pipe) {
    PipeSink sink(pipe);
    car::Writer writer(sink);
    // The head is known last: this root only takes its place.
    const std::vector<ipld::Cid> unknown{ipld::cid_of_block(ipld::Codec::dag_cbor, {})};
    FILFIL_CHECK(writer.header(unknown));
    WriterSink blocks(writer);
    FILFIL_TRY(chaingen::Generator generator, chaingen::Generator::make(config, blocks));
    for (;;) {
        FILFIL_TRY(const chain::HeadChanges changes, generator.next());
        if (changes.empty()) break;
    }
    FILFIL_CHECK(writer.finish());
    return Made{generator.head(), generator.section_bytes()};
}

}    // namespace

Result<std::uint64_t> fill_from_generator(snapshot::Engine& engine, std::uint64_t bytes) {
    chaingen::Config config = chaingen::Config::of_size(bytes, 1);
    // Tipsets as large as mainnet's large ones, where the chain is long enough for a few.
    if (constexpr std::uint64_t large = 8'000'000; bytes >= 100 * large) {
        config.tipset_bytes = large;
        config.tipsets = bytes * 3 / 10 / large;
    }
    Pipe pipe;
    snapshot::LoadOptions loading;
    // Its maker has just hashed each block.
    loading.check_hashes = false;
    std::uint64_t made_bytes = 0;
    std::jthread maker([&] {
        auto made = make_chain(config, pipe);
        if (!made.ok()) return pipe.end(std::move(made).error());
        // Looked at by load() behind the last block, which comes after this.
        loading.head.key = made->head;
        made_bytes = made->bytes;
        pipe.end(std::nullopt);
    });
    const auto load = [&]() -> Result<void> {
        FILFIL_TRY(car::Reader reader, car::Reader::open(std::make_unique<PipeFile>(pipe)));
        InlineExecutor here;
        FILFIL_TRY([[maybe_unused]] const snapshot::LoadReport report, engine.load(reader, here, loading));
        return engine.settle();
    };
    const Result<void> loaded = load();
    pipe.leave();
    maker.join();
    if (!loaded.ok()) return loaded.error();
    return made_bytes;
}

}    // namespace filfil::bench
