// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/piece.hpp"
#include "outside.hpp"
#include "retrieval/server.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::retrieval::samples {

/// The bytes of a piece in memory, of which one can be told when they are gone.
class MemoryPiece final : public PieceBytes {
public:
    explicit MemoryPiece(Bytes bytes, std::atomic<int>* alive = nullptr) : m_bytes(std::move(bytes)), m_alive(alive) {
        if (m_alive != nullptr) ++*m_alive;
    }
    ~MemoryPiece() override {
        // What reads on after this does not find what it looks for.
        std::ranges::fill(m_bytes, std::byte{0xee});
        if (m_alive != nullptr) --*m_alive;
    }
    std::uint64_t size() const noexcept override { return m_bytes.size(); }
    Result<void> read(std::uint64_t offset, ByteSpan out) const override;
    bool in_memory() const noexcept override { return true; }

private:
    Bytes m_bytes;
    std::atomic<int>* m_alive;
};

Bytes random_bytes(std::uint64_t seed, std::size_t size);

/// The commitment of a payload, computed.
commp::Piece commit(ByteView payload);

struct Sample {
    Bytes payload;
    commp::Piece piece;
    ServedPiece served;
    std::string v1;
    std::string v2;
};

Sample make_sample(Bytes payload, std::string file_name = "sample.car", std::atomic<int>* alive = nullptr);

class FakeCatalog final : public Catalog {
public:
    Result<std::optional<ServedPiece>> find(const ipld::Cid& piece_cid) override;
    Result<std::optional<Bytes>> block(const ipld::Cid& cid) override;
    Counts counts() const override { return {3, 4}; }

    void add(const ServedPiece& piece);
    void drop_pieces();
    ipld::Cid add_block(ipld::Codec codec, ByteView data);
    /// Without asking whether the data has that hash.
    void put_block(const ipld::Cid& cid, Bytes data);
    void drop_block(const ipld::Cid& cid);
    void fail(std::optional<Error> error);

private:
    std::mutex m_mutex;
    std::map<ipld::Cid, ServedPiece> m_pieces;
    std::map<ipld::Cid, Bytes> m_blocks;
    std::optional<Error> m_failure;
};

/// A DAG-CBOR block: a list of the links, then `salt`.
Bytes node_of(const std::vector<ipld::Cid>& links, std::uint64_t salt = 0);

/// What a client sees of an answer.
struct Answer {
    int status = 0;
    HttpFields fields{};
    bool streamed = false;
    std::optional<std::uint64_t> size{};    ///< what Content-Length says; nothing where it is sent in chunks
    Bytes body{};                           ///< nothing of it is read for HEAD
    std::optional<Error> broken{};          ///< why the connection broke in the middle

    [[nodiscard]] std::string field(std::string_view name) const;    ///< "" where it is missing
    [[nodiscard]] std::string text() const { return std::string(chars_of(body)); }
};

/// Reads to the end, `step` bytes at a time.
Result<Bytes> drain(BodyStream& stream, std::size_t step = 1000);

/// A server on virtual time with a catalog of its own.
class Served {
public:
    explicit Served(RetrievalOptions options = {.locator_token = "secret", .requests_a_second_a_peer = 0},
                    const MetricSource* metrics = nullptr)
        : server(outside.world, catalog, metrics, std::move(options)) {}

    Answer ask(HttpRequest request);
    Answer get(std::string target, HttpFields fields = {}) {
        return ask({.target = std::move(target), .fields = std::move(fields), .peer = "192.0.2.1"});
    }
    Answer head(std::string target, HttpFields fields = {}) {
        return ask({.method = "HEAD", .target = std::move(target), .fields = std::move(fields), .peer = "192.0.2.1"});
    }

    /// The answer itself, unread.
    HttpResponse respond(HttpRequest request);

    Outside outside;
    FakeCatalog catalog;
    Server server;
};

/// One line of plain text that says what and what to do.
void expect_plain_line(const Answer& answer);

}    // namespace filfil::retrieval::samples
