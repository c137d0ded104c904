// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "served.hpp"

#include "commp/cpu_backend.hpp"
#include "commp/stream.hpp"
#include "ipld/cbor_writer.hpp"

#include <gtest/gtest.h>

namespace filfil::retrieval::samples {

Result<void> MemoryPiece::read(std::uint64_t offset, ByteSpan out) const {
    if (offset > m_bytes.size() || out.size() > m_bytes.size() - offset)
        return Error(ErrorCode::internal, "a read outside of the piece");
    std::ranges::copy(ByteView(m_bytes).subspan(offset, out.size()), out.begin());
    return {};
}

Bytes random_bytes(std::uint64_t seed, std::size_t size) {
    SeededRandom random(seed);
    Bytes out(size);
    random.fill(out);
    return out;
}

commp::Piece commit(ByteView payload) {
    InlineExecutor executor;
    SystemClock clock;
    auto backend = commp::make_cpu_backend("portable", executor, clock);
    EXPECT_TRUE(backend.ok());
    commp::PieceStream stream(**backend);
    EXPECT_TRUE(stream.write(payload).ok());
    auto piece = stream.finish();
    EXPECT_TRUE(piece.ok());
    return *piece;
}

Sample make_sample(Bytes payload, std::string file_name, std::atomic<int>* alive) {
    Sample out;
    out.payload = payload;
    out.piece = commit(payload);
    out.served = {commp::piece_cid_v1(out.piece), out.piece.payload_size, out.piece.padded_size, std::move(file_name),
                  std::make_shared<MemoryPiece>(std::move(payload), alive)};
    out.v1 = out.served.piece_cid.text();
    out.v2 = commp::piece_cid_v2(out.piece).text();
    return out;
}

Result<std::optional<ServedPiece>> FakeCatalog::find(const ipld::Cid& piece_cid) {
    const std::lock_guard lock(m_mutex);
    if (m_failure) return *m_failure;
    const auto found = m_pieces.find(piece_cid);
    if (found == m_pieces.end()) return std::optional<ServedPiece>();
    return std::optional(found->second);
}

Result<std::optional<Bytes>> FakeCatalog::block(const ipld::Cid& cid) {
    const std::lock_guard lock(m_mutex);
    if (m_failure) return *m_failure;
    const auto found = m_blocks.find(cid);
    if (found == m_blocks.end()) return std::optional<Bytes>();
    return std::optional(found->second);
}

void FakeCatalog::add(const ServedPiece& piece) {
    const std::lock_guard lock(m_mutex);
    m_pieces[piece.piece_cid] = piece;
}

void FakeCatalog::drop_pieces() {
    const std::lock_guard lock(m_mutex);
    m_pieces.clear();
}

ipld::Cid FakeCatalog::add_block(ipld::Codec codec, ByteView data) {
    const std::lock_guard lock(m_mutex);
    const ipld::Cid cid = ipld::cid_of_block(codec, data);
    m_blocks[cid] = to_bytes(data);
    return cid;
}

void FakeCatalog::put_block(const ipld::Cid& cid, Bytes data) {
    const std::lock_guard lock(m_mutex);
    m_blocks[cid] = std::move(data);
}

void FakeCatalog::drop_block(const ipld::Cid& cid) {
    const std::lock_guard lock(m_mutex);
    m_blocks.erase(cid);
}

void FakeCatalog::fail(std::optional<Error> error) {
    const std::lock_guard lock(m_mutex);
    m_failure = std::move(error);
}

Bytes node_of(const std::vector<ipld::Cid>& links, std::uint64_t salt) {
    ipld::CborWriter out;
    out.list(links.size() + 1);
    for (const ipld::Cid& link : links) out.link(link.bytes());
    out.number(salt);
    return to_bytes(out.bytes());
}

std::string Answer::field(std::string_view name) const {
    const auto found = find_field(fields, name);
    return found ? std::string(*found) : std::string();
}

Result<Bytes> drain(BodyStream& stream, std::size_t step) {
    Bytes out;
    Bytes buffer(step);
    for (;;) {
        FILFIL_TRY(const std::size_t got, stream.read(buffer));
        if (got == 0) return out;
        out.insert(out.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got));
    }
}

HttpResponse Served::respond(HttpRequest request) {
    int answers = 0;
    HttpResponse out;
    server.handle(std::move(request), [&](HttpResponse response) {
        ++answers;
        out = std::move(response);
    });
    EXPECT_EQ(answers, 1);
    return out;
}

Answer Served::ask(HttpRequest request) {
    const bool head = request.method == "HEAD";
    HttpResponse response = respond(std::move(request));
    Answer out;
    out.status = response.status;
    out.fields = std::move(response.fields);
    out.streamed = response.stream != nullptr;
    if (!response.stream) {
        out.size = response.body.size();
        if (!head) out.body = to_bytes(bytes_of(response.body));
        return out;
    }
    EXPECT_TRUE(response.body.empty());
    out.size = response.stream->size();
    if (head) return out;
    auto body = drain(*response.stream);
    if (!body.ok()) {
        out.broken = body.error();
        return out;
    }
    out.body = std::move(*body);
    if (out.size) EXPECT_EQ(out.body.size(), *out.size);
    return out;
}

void expect_plain_line(const Answer& answer) {
    EXPECT_EQ(answer.field("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(answer.field("Cache-Control"), "no-store");
    const std::string text = answer.text();
    ASSERT_FALSE(text.empty());
    EXPECT_EQ(text.find('\n'), text.size() - 1) << text;
    EXPECT_NE(text.find("; "), std::string::npos) << "no remedy: " << text;
}

}    // namespace filfil::retrieval::samples
